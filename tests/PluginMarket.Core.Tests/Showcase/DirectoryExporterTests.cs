using System.Text;
using PluginMarket.Files;
using PluginMarket.Showcase;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Showcase;

[Trait("Category", "Fast")]
public sealed class DirectoryExporterTests : IDisposable
{
    private const string Hostile =
        "</script><script>alert(1)</script><!--<script><img src=http://127.0.0.1:9/x onerror=alert(2)>{{pictures}}]]>&lt;b&gt;\"'`${x}";

    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Hostile_texts_stay_data_in_every_field()
    {
        _home.WritePlugin("m/plugins/evil", "evil", more: ", \"description\": " + Quote(Hostile) + $$"""
            , "keywords": [{{Quote(Hostile)}}], "author": {"name": {{Quote(Hostile)}}}, "license": {{Quote(Hostile)}},
            "interface": {"displayName": {{Quote(Hostile)}}, "shortDescription": {{Quote(Hostile)}}, "longDescription": {{Quote(
                Hostile)}}, "developerName": {{Quote(Hostile)}}, "capabilities": [{{Quote(Hostile)}}],
                  "websiteUrl": {{Quote(Hostile)}}, "brandColor": {{Quote(
                      "red;background:url(http://127.0.0.1:9/)")}}, "defaultPrompt": [{{Quote(Hostile)}}]}
            """);
        _home.Scratch.Write("m/plugins/evil/skills/hello/SKILL.md", $"---\nname: hello\ndescription: {Quote(Hostile)}\n---\n");
        _home.WriteCatalog("m", $$"""{"name": "m", "interface": {"displayName": {{Quote(
            Hostile)}}}, "plugins": [{"name": "evil", "source": "./plugins/evil", "category": {{Quote(Hostile)}}}, {"name": {{Quote(
                Hostile)}}, "source": "../x"}]}""");

        var page = await ExportAsync("m");

        // One program, ours, and the policy lets nothing else run or be loaded.
        var program = Assert.Single(page.Programs);
        Assert.Equal(
            $"default-src 'none'; script-src {ExportedPage.Hash(program)}; style-src {ExportedPage.Hash(page.StyleSheet)}; img-src data:; "
                + $"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            page.Policy);
        Assert.DoesNotContain("<img", page.Markup, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1 + 1 + page.Cards.Count, page.Markup.Split("<script/>").Length - 1);

        // The texts arrive whole.
        var card = page.Card("evil");
        Assert.All(["title", "summary", "category", "publisher"], field => Assert.Equal(Hostile, card.GetProperty(field).GetString()));
        Assert.False(card.TryGetProperty("fill", out _));
        var detail = page.DetailOf("evil");
        Assert.Equal(Hostile, detail.GetProperty("description").GetString());
        Assert.Equal(Hostile, detail.GetProperty("prompts")[0].GetString());
        Assert.Empty(detail.GetProperty("links").EnumerateArray());
        Assert.Equal(Hostile, page.Index.GetProperty("title").GetString());
        var skipped = page.Cards.Single(other => other.TryGetProperty("skipped", out _));
        Assert.Contains("line 1", skipped.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_https_addresses_of_named_hosts_are_linked()
    {
        string[] refused = ["http://example.com/", "javascript:alert(1)", "data:text/html,x", "https://user:secret@example.com/",
            "//example.com", "file:///etc/passwd", "https:"];
        for (var i = 0; i < refused.Length; i++)
        {
            _home.WritePlugin($"m/plugins/p{i}", $"p{i}", more: $$""", "interface": {"displayName": "P", "privacyPolicyUrl": {{Quote(
                refused[i])}}, "termsOfServiceUrl": "https://example.com/terms?a=1#b"}""");
        }

        WriteCatalogOf(refused.Length);

        var page = await ExportAsync("m");

        for (var i = 0; i < refused.Length; i++)
        {
            var link = Assert.Single(page.Detail(i).GetProperty("links").EnumerateArray());
            Assert.Equal(("Terms of service", "https://example.com/terms?a=1#b", "example.com"),
                (link.GetProperty("label").GetString(), link.GetProperty("address").GetString(), link.GetProperty("host").GetString()));
        }
    }

    [Fact]
    public async Task A_picture_is_what_its_bytes_say_and_stays_in_the_plugin()
    {
        var secret = _home.Scratch.Write("secret.png", Png);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["real.png"] = Png,
            ["page.png"] = Encoding.UTF8.GetBytes("<html><script>alert(1)</script></html>          "),
            ["huge.png"] = WithWidth(Png, 100_000),
            ["long.png"] = [.. Png, .. new byte[600 << 10]],
            ["plain.svg"] = Svg("<defs><linearGradient id='a'/></defs><path d='M0 0h9v9z' fill='url(#a)'/>"),
            ["script.svg"] = Svg("<script>alert(1)</script>"),
            ["handler.svg"] = Svg("<path onload='alert(1)'/>"),
            ["remote.svg"] = Svg("<image href='http://127.0.0.1:9/x.png'/>"),
            ["style.svg"] = Svg("<style>path{fill:url(http://127.0.0.1:9/x)}</style>"),
            ["import.svg"] = Svg("<style>@\\69mport 'http://127.0.0.1:9/x'</style>"),
            ["foreign.svg"] = Svg("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>"),
            ["entity.svg"] = Encoding.UTF8.GetBytes(
                "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>"),
        };
        string[] names = [.. files.Keys, "link.png", "missing.png"];
        for (var i = 0; i < names.Length; i++)
        {
            var folder = _home.WritePlugin($"m/plugins/p{i}", $"p{i}",
                more: $$""", "interface": {"displayName": "P", "logo": "./{{names[i]}}"}""");
            if (files.TryGetValue(names[i], out var bytes))
            {
                File.WriteAllBytes(Path.Join(folder, names[i]), bytes);
            }
            else if (names[i] == "link.png")
            {
                FileOps.Default.CreateSymbolicLink(Path.Join(folder, names[i]), secret);
            }
        }

        WriteCatalogOf(names.Length);

        var page = await ExportAsync("m");

        var shown = names.Where((_, i) => page.Cards[i].TryGetProperty("logo", out var _)).ToList();
        Assert.Equal(["real.png", "plain.svg"], shown);
        Assert.Equal(2, page.Pictures);
        Assert.Equal($"data:image/png;base64,{Convert.ToBase64String(Png)}", page.Picture(0));
        Assert.All(Enumerable.Range(0, names.Length).Where(i => !shown.Contains(names[i])),
            i => Assert.Contains(names[i], page.Detail(i).GetProperty("notes")[0].GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ink_can_be_read_on_every_brand_colour()
    {
        string[] steps = ["00", "55", "77", "99", "ff"];
        string[] colors = [.. from red in steps from green in steps from blue in steps select $"#{red}{green}{blue}"];
        for (var i = 0; i < colors.Length; i++)
        {
            _home.WritePlugin($"m/plugins/p{i}", $"p{i}", more: $$""", "interface": {"brandColor": "{{colors[i].ToUpperInvariant()}}"}""");
        }

        WriteCatalogOf(colors.Length);

        var page = await ExportAsync("m");

        for (var i = 0; i < colors.Length; i++)
        {
            var card = page.Card($"p{i}");
            Assert.Equal(colors[i], card.GetProperty("fill").GetString());
            var (one, other) = (Luminance(colors[i]), Luminance(card.GetProperty("ink").GetString()!));
            Assert.True((Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05) >= 4.5, colors[i]);
        }
    }

    [Fact]
    public async Task Commands_are_shown_for_what_can_be_installed()
    {
        _home.WriteMarketplace("m", "m", "p0", "p1");
        _home.WriteCatalog("m",
            """{"name": "m", "plugins": [{"name": "p0", "source": "./plugins/p0"}, {"name": "p1", "source": "./plugins/p1", "policy": {"installation": "NOT_AVAILABLE"}}, {"name": "p2", "source": "../x"}]}""");

        var page = await ExportAsync("m");

        var install = page.DetailOf("p0").GetProperty("install");
        Assert.Equal(("Install-Plugin p0@m", "codex plugin add p0@m", "pluginmarket add p0@m"), (install.GetProperty("PowerShell")
            .GetString(), install.GetProperty("Codex").GetString(), install.GetProperty("Shell").GetString()));
        Assert.False(page.DetailOf("p1").TryGetProperty("install", out _));
        Assert.False(page.DetailOf("p2").TryGetProperty("install", out _));
        Assert.True(page.Card("p2").GetProperty("skipped").GetBoolean());
        Assert.Equal(1, page.Card("p0").GetProperty("brings").GetProperty("Skill").GetInt32());
    }

    [Fact]
    public async Task Folders_of_this_computer_do_not_show()
    {
        _home.WriteCatalog("m", """{"name": "m", "plugins": [{"name": "gone", "source": "./plugins/gone"}]}""");

        var page = await ExportAsync("m");

        Assert.True(page.Card("gone").TryGetProperty("reason", out _));
        Assert.DoesNotContain(_home.Scratch.Path, page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_marketplace_that_cannot_be_read_is_named_beside_the_others()
    {
        _home.WriteMarketplace("m", "m", "p0");
        _home.WriteCatalog("broken", "{");

        var export = await new DirectoryExporter(_home.Environment).ExportAsync(
            new DirectoryExportRequest { Path = _home.Scratch["page.html"], CatalogPaths = [_home.Scratch["m"], _home.Scratch["broken"]] },
            TestContext.Current.CancellationToken);

        Assert.Single(export.Failures);
        var page = new ExportedPage(export.Path!);
        Assert.Single(page.Index.GetProperty("failures").EnumerateArray());
        Assert.Single(page.Cards);
    }

    [Fact]
    public async Task Nothing_is_written_where_nothing_could_be_read()
    {
        var file = _home.Scratch.Write("page.html", "before");

        var export = await new DirectoryExporter(_home.Environment).ExportAsync(
            new DirectoryExportRequest { Path = file, Marketplaces = ["typo"] }, TestContext.Current.CancellationToken);

        Assert.Null(export.Path);
        Assert.Equal(MarketErrorCode.MarketplaceNotFound, Assert.Single(export.Failures).Code);
        Assert.Equal("before", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "SourceInvalid")]
    [InlineData("missing/page.html", "SourceUnreachable")]
    public async Task A_path_that_cannot_hold_a_page_is_refused(string path, string code)
    {
        var request = new DirectoryExportRequest { Path = Path.TrimEndingDirectorySeparator(_home.Scratch[path]) };

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => new DirectoryExporter(_home.Environment).ExportAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal((code, code == "SourceUnreachable"), (failure.Code.ToString(), failure.IsAboutWriting));
    }

    private async Task<ExportedPage> ExportAsync(string root)
    {
        var export = await new DirectoryExporter(_home.Environment).ExportAsync(
            new DirectoryExportRequest { Path = _home.Scratch["page.html"], CatalogPaths = [_home.Scratch[root]] },
            TestContext.Current.CancellationToken);
        Assert.Empty(export.Failures);
        return new ExportedPage(export.Path!);
    }

    private void WriteCatalogOf(int count) =>
        _home.WriteCatalog("m", $$"""{"name": "m", "plugins": [{{string.Join(", ",
            Enumerable.Range(0, count).Select(i => $$"""{"name": "p{{i}}", "source": "./plugins/p{{i}}"}"""))}}]}""");

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static byte[] Svg(string content) =>
        Encoding.UTF8.GetBytes($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{content}</svg>");

    private static byte[] WithWidth(byte[] png, int width)
    {
        var changed = (byte[])png.Clone();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(16), width);
        return changed;
    }

    private static double Luminance(string color)
    {
        var channels = Enumerable.Range(0, 3).Select(i => Convert.ToInt32(color.Substring(1 + (2 * i), 2), 16) / 255.0)
            .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * channels[0]) + (0.7152 * channels[1]) + (0.0722 * channels[2]);
    }
}
