using System.Text;
using PluginMarket.Authoring;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class EditMarketplaceTests : IDisposable
{
    private const string Catalog = ".agents/plugins/marketplace.json";

    private readonly TestHome _home = new();

    private EditMarketplace Authoring => new(_home.Environment);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_new_marketplace_is_a_catalog_without_plugins()
    {
        var made = Authoring.Create(new NewMarketplaceRequest { Path = _home.Scratch["m/new"], Name = "corp", DisplayName = "Corp \"ö\"" });

        Assert.Equal(("corp", "Corp \"ö\"", 0, 0), (made.Name, made.DisplayName, made.Plugins, made.SkippedEntries));
        Assert.Equal("{\n  \"name\": \"corp\",\n  \"interface\": {\n    \"displayName\": \"Corp \\\"ö\\\"\"\n  },\n  \"plugins\": []\n}\n",
            Text("m/new"));
        Assert.Equal([".agents Directory", ".agents/plugins Directory", Catalog + " File"], Names("m/new"));
    }

    [Theory]
    [InlineData("a.b", MarketErrorCode.NameInvalid)]
    [InlineData("", MarketErrorCode.NameInvalid)]
    [InlineData("nul", MarketErrorCode.NameInvalid)]
    [InlineData("openai-curated", MarketErrorCode.NameReserved)]
    [InlineData("OpenAI_Curated", MarketErrorCode.NameReserved)]
    public void A_name_that_no_marketplace_may_have_is_refused_and_nothing_made(string name, MarketErrorCode code)
    {
        Assert.Equal(code, Refused(() => Authoring.Create(new NewMarketplaceRequest { Path = _home.Scratch["m"], Name = name })));
        Assert.False(Directory.Exists(_home.Scratch["m"]));
    }

    [Theory]
    [InlineData(Catalog)]
    [InlineData(".claude-plugin/marketplace.json")]
    public void A_catalog_that_is_there_is_kept_unless_forced(string place)
    {
        _home.WriteCatalog("m", """{"name":"old","plugins":[]}""", place);
        var request = new NewMarketplaceRequest { Path = _home.Scratch["m"], Name = "corp" };

        Assert.Equal(MarketErrorCode.MarketplaceAlreadyExists, Refused(() => Authoring.Create(request)));
        Assert.Equal("""{"name":"old","plugins":[]}""", File.ReadAllText(_home.Scratch["m/" + place]));
        Assert.Equal("corp", Authoring.Create(request with { Force = true }).Name);
    }

    [Fact]
    public void A_link_in_the_way_is_not_gone_through()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        var outside = _home.Scratch.MakeFolder("outside");
        Directory.CreateSymbolicLink(Path.Join(_home.Scratch.MakeFolder("m"), ".agents"), outside);

        Assert.Equal(MarketErrorCode.PathEscapesRoot,
            Refused(() => Authoring.Create(new NewMarketplaceRequest { Path = _home.Scratch["m"], Name = "corp" })));
        Assert.Empty(Directory.GetFileSystemEntries(outside));

        File.WriteAllText(Path.Join(outside, "real.json"), """{"name":"m","plugins":[]}""");
        File.CreateSymbolicLink(Path.Join(_home.Scratch.MakeFolder("n/.agents/plugins"), "marketplace.json"),
            Path.Join(outside, "real.json"));
        Assert.Equal(MarketErrorCode.PathEscapesRoot, Refused(() => Authoring.AddEntryAsync(Entry("n", "a") with { Force = true })));
    }

    [Theory]
    [InlineData("{\r\n\t\"x\": [1,  2],\r\n\t\"name\": \"m\",\r\n\t\"plugins\": [\r\n\t\t{\r\n\t\t\t\"name\": \"a\",\r\n\t\t\t\"source\": \"./plugins/a\",\r\n\t\t\t\"odd\" : {}\r\n\t\t}\r\n\t]\r\n}", "\r\n\t\t{\r\n\t\t\t\"name\": \"b\",\r\n\t\t\t\"source\": \"./plugins/b\",\r\n\t\t\t\"policy\": {\r\n\t\t\t\t\"installation\": \"AVAILABLE\",\r\n\t\t\t\t\"authentication\": \"ON_USE\"\r\n\t\t\t},\r\n\t\t\t\"category\": \"Ä/B\"\r\n\t\t}")]
    [InlineData("{\"plugins\":[{\"source\":\"./plugins/a\",\"name\":\"a\"}],\"name\":\"m\"}", "{\"name\":\"b\",\"source\":\"./plugins/b\",\"policy\":{\"installation\":\"AVAILABLE\",\"authentication\":\"ON_USE\"},\"category\":\"Ä/B\"}")]
    [InlineData("{\n  \"name\": \"m\",\n  \"plugins\": [\n    { \"name\": \"a\", \"source\": { \"source\": \"local\", \"path\": \"./plugins/a\" } }\n  ]\n}\n", "\n    { \"name\": \"b\", \"source\": { \"source\": \"local\", \"path\": \"./plugins/b\" }, \"policy\": { \"installation\": \"AVAILABLE\", \"authentication\": \"ON_USE\" }, \"category\": \"Ä/B\" }")]
    public async Task An_entry_is_added_in_the_hand_of_the_file_and_taken_out_again_without_a_trace(string text, string added)
    {
        _home.WritePlugin("m/plugins/a", "a");
        _home.WritePlugin("m/plugins/b", "b");
        _home.WriteCatalog("m", text);

        var plugin = await Authoring.AddEntryAsync(Entry("m", "b") with
        {
            Change = new CatalogEntryChange { Installation = "AVAILABLE", Authentication = "ON_USE", Category = "Ä/B" },
        });

        Assert.Equal(("b@m", "Available", "ON_USE", "Ä/B", "1.0.0"),
            (plugin.Id, plugin.Status, plugin.Authentication, plugin.Category, plugin.Version));
        var end = text.IndexOf('}', text.IndexOf("plugins/a", StringComparison.Ordinal));
        while (text[end + 1] == '}' || text[(end + 1)..].StartsWith(" }", StringComparison.Ordinal)
            || text[(end + 1)..].StartsWith("\r\n\t\t}", StringComparison.Ordinal))
        {
            end = text.IndexOf('}', end + 1);
        }

        Assert.Equal(text[..(end + 1)] + "," + added + text[(end + 1)..], Text("m"));
        Assert.Equal("b@m", Assert.Single(await Authoring.RemoveEntryAsync(Entry("m", "b"))).Id);
        Assert.Equal(text, Text("m"));
        Assert.True(Directory.Exists(_home.Scratch["m/plugins/b"]));
    }

    [Fact]
    public async Task A_policy_is_added_changed_and_a_category_taken_away_and_nothing_else_touched()
    {
        _home.WritePlugin("m/a", "a");
        _home.WriteCatalog("m", "{ \"name\": \"m\",\n  \"plugins\": [\n    {\"name\": \"a\", \"source\": \"./a\", \"category\": \"Old\", "
            + "\"keep\" : 1.50},\n    {\"name\": \"z\", \"source\": \"./z\", \"policy\": [\"AVAILABLE\", \"ON_USE\", null]}\n  ]\n}");

        await Authoring.SetEntryAsync(
            Entry("m", "a") with { Change = new CatalogEntryChange { Installation = "INSTALLED_BY_DEFAULT", Category = "" } });
        var plugin = await Authoring.SetEntryAsync(
            Entry("m", "z") with { Change = new CatalogEntryChange { Installation = "NOT_AVAILABLE" } });

        Assert.Equal(("NOT_AVAILABLE", "ON_USE"), (plugin.Installation, plugin.Authentication));
        Assert.Equal("{ \"name\": \"m\",\n  \"plugins\": [\n    {\"name\": \"a\", \"source\": \"./a\", \"keep\" : 1.50, \"policy\" : "
            + "{\"installation\": \"INSTALLED_BY_DEFAULT\"}},\n    {\"name\": \"z\", \"source\": \"./z\", \"policy\": [\"NOT_AVAILABLE\", "
            + "\"ON_USE\", null]}\n  ]\n}", Text("m"));
    }

    [Fact]
    public async Task What_is_there_already_is_not_written_again()
    {
        _home.WritePlugin("m/a", "a");
        var file = Path.Join(_home.WriteCatalog("m", """{"name":"m","plugins":[{"name":"a","source":"./a","category":"C"}]}"""), Catalog);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);

        await Authoring.SetEntryAsync(
            Entry("m", "a") with { Change = new CatalogEntryChange { Category = "C", Source = SourceText.OfPath("./a") } });

        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public async Task A_byte_order_mark_is_kept_and_warned_of()
    {
        _home.WritePlugin("m/plugins/a", "a");
        _home.Scratch.Write("m/" + Catalog, [0xEF, 0xBB, 0xBF, .. "{\"name\":\"m\",\"plugins\":[]}"u8]);

        await Authoring.AddEntryAsync(Entry("m", "a"));

        Assert.True(File.ReadAllBytes(_home.Scratch["m/" + Catalog]) is [0xEF, 0xBB, 0xBF, (byte)'{', ..]);
        Assert.Contains(_home.Log.Warnings, warning => warning.Contains("byte order mark", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a", "./plugins/a", MarketErrorCode.PluginAlreadyExists)]
    [InlineData("A", "./plugins/a", MarketErrorCode.PluginAlreadyExists)]
    [InlineData("twice", "./plugins/a", MarketErrorCode.PluginNameAmbiguous)]
    [InlineData("b c", "./plugins/a", MarketErrorCode.NameInvalid)]
    [InlineData("con", "./plugins/a", MarketErrorCode.NameInvalid)]
    [InlineData("b", "./plugins/none", MarketErrorCode.SourceUnreachable)]
    [InlineData("b", "./plugins/a", MarketErrorCode.ManifestNameMismatch)]
    [InlineData("b", "./plugins", MarketErrorCode.ManifestInvalid)]
    [InlineData("b", "plugins/a", MarketErrorCode.SourceInvalid)]
    [InlineData("b", "./../a", MarketErrorCode.PathEscapesRoot)]
    [InlineData("b", "owner/repo", MarketErrorCode.SourceInvalid)]
    public async Task What_could_not_be_installed_is_refused_and_the_file_kept(string name, string source, MarketErrorCode code)
    {
        const string Before =
            """{"name":"m","plugins":[{"name":"a","source":"./plugins/a"},{"name":"twice","source":"./x"},{"name":"twice","source":"./y"}]}""";
        _home.WritePlugin("m/plugins/a", "a");
        _home.WriteCatalog("m", Before);

        var failure = await Assert.ThrowsAsync<PluginMarketException>(async () => await Authoring.AddEntryAsync(
            Entry("m", name) with { Change = new CatalogEntryChange { Source = SourceText.OfPath(source) } }));

        Assert.Equal(code, failure.Code);
        Assert.Equal(Before, Text("m"));
        Assert.Equal([Path.GetFileName(Catalog)],
            Directory.GetFileSystemEntries(_home.Scratch["m/.agents/plugins"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("github", "o/r", "main", "", MarketErrorCode.SourceNotSupported)]
    [InlineData("url", "ftp://x/y", "main", "", MarketErrorCode.SourceInvalid)]
    [InlineData("url", "https://user:pass@example.com/x", "main", "", MarketErrorCode.CredentialInUrl)]
    [InlineData("url", "o/r", "--upload-pack=x", "", MarketErrorCode.SourceInvalid)]
    [InlineData("url", "o/r", "main", "abc1234", MarketErrorCode.SourceInvalid)]
    public async Task A_remote_source_that_could_not_be_installed_is_refused(string kind, string url, string reference, string sha,
        MarketErrorCode code)
    {
        _home.WriteCatalog("m", """{"name":"m","plugins":[]}""");
        var change = new CatalogEntryChange
        {
            Source = SourceText.OfMembers([new("url", url), new("source", kind), new("ref", reference), new("sha", sha)]),
        };

        Assert.Equal(code, (await Assert.ThrowsAsync<PluginMarketException>(
            async () => await Authoring.AddEntryAsync(Entry("m", "b") with { Change = change, Force = true }))).Code);
    }

    [Fact]
    public async Task Members_of_a_source_are_written_in_the_usual_order()
    {
        _home.WriteCatalog("m", """{"name": "m","plugins": []}""");
        var plugin = await Authoring.AddEntryAsync(Entry("m", "b") with
        {
            Change = new CatalogEntryChange
            {
                Source = SourceText.OfMembers([new("ref", "v1"), new("path", "p"), new("url", "o/r"), new("source", "git-subdir")]),
            },
        });

        Assert.Equal(("git-subdir", "v1"), (plugin.SourceType, plugin.Ref));
        Assert.Equal("""{"name": "m","plugins": [{"name": "b","source": {"source": "git-subdir","url": "o/r","path": "p","ref": "v1"}}]}""",
            Text("m"));
    }

    [Fact]
    public async Task Force_lists_a_folder_that_is_not_there_and_changes_an_entry_that_is()
    {
        _home.WriteCatalog("m", """{"name":"m","plugins":[{"name":"a","source":"./a","x":1}]}""");

        await Authoring.AddEntryAsync(Entry("m", "b") with { Force = true });
        await Authoring.AddEntryAsync(Entry("m", "a") with { Force = true, Change = new CatalogEntryChange { Category = "C" } });

        Assert.Equal("""{"name":"m","plugins":[{"name":"a","source":"./a","x":1,"category":"C"},{"name":"b","source":"./plugins/b"}]}""",
            Text("m"));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_used_can_be_fixed_and_removed()
    {
        _home.WritePlugin("m/bad", "bad");
        _home.WriteCatalog("m",
            """{"name":"m","plugins":[{"name":"bad","source":"../bad"},{"name":"b\u0007d","source":"./x"},{"name":"t","source":"./x"},{"name":"t","source":"./y"}]}""");

        Assert.Equal("Available", (await Authoring.SetEntryAsync(
            Entry("m", "bad") with { Change = new CatalogEntryChange { Source = SourceText.OfPath("./bad") } })).Status);
        await Authoring.RemoveEntryAsync(Entry("m", "b\ad"));
        Assert.Equal(MarketErrorCode.PluginNameAmbiguous, Refused(() => Authoring.RemoveEntryAsync(Entry("m", "t"))));
        Assert.Equal(2, (await Authoring.RemoveEntryAsync(Entry("m", "t") with { Force = true })).Count);
        Assert.Equal("""{"name":"m","plugins":[{"name":"bad","source":"./bad"}]}""", Text("m"));
        Assert.Contains("'bad'", Assert.Throws<PluginMarketException>(
            () => Authoring.RemoveEntryAsync(Entry("m", "bat")).GetAwaiter().GetResult()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parallel_edits_of_one_catalog_are_all_kept()
    {
        const int Writers = 24;
        _home.WriteCatalog("m", "{\n  \"name\": \"m\",\n  \"plugins\": []\n}\n");

        await Parallel.ForAsync(0, Writers,
            async (i, _) => await Authoring.AddEntryAsync(Entry("m", $"p{i}") with { Force = true }, CancellationToken.None));

        var names = JsonFile.Parse(File.ReadAllBytes(_home.Scratch["m/" + Catalog]), "x",
            MarketErrorCode.CatalogUnreadable).Root["plugins"]!.Items.Select(item => item["name"]!.GetString());
        Assert.Equal(Enumerable.Range(0, Writers).Select(i => $"p{i}").Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_change_by_another_program_in_between_is_kept()
    {
        _home.WriteCatalog("m", """{"name":"m","plugins":[]}""");
        var file = _home.Scratch["m/" + Catalog];
        var meddled = false;
        _home.Change(environment => environment with
        {
            Files = new MeddlingFileOps(path =>
            {
                if (path.EndsWith(".tmp", StringComparison.Ordinal) && !meddled)
                {
                    meddled = true;
                    File.WriteAllText(file, """{"name":"m","plugins":[{"name":"theirs","source":"./t"}]}""");
                }
            }),
        });

        await Authoring.AddEntryAsync(Entry("m", "ours") with { Force = true });

        Assert.True(meddled);
        Assert.Equal("""{"name":"m","plugins":[{"name":"theirs","source":"./t"},{"name":"ours","source":"./plugins/ours"}]}""", Text("m"));
    }

    [Fact]
    public async Task The_snapshot_of_a_git_marketplace_is_not_edited()
    {
        _home.WriteConfig("[marketplaces.tools]\nsource_type = \"git\"\nsource = \"https://example.com/tools.git\"\n");
        var root = _home.SnapshotOf("tools");
        Directory.CreateDirectory(Path.Join(root, ".agents", "plugins"));
        await File.WriteAllTextAsync(Path.Join(root, Catalog), """{"name":"tools","plugins":[]}""", TestContext.Current.CancellationToken);

        Assert.Equal(MarketErrorCode.SourceInvalid,
            Refused(() => Authoring.AddEntryAsync(new CatalogEntryRequest { Path = root, Name = "a", Force = true })));
        Assert.Equal(MarketErrorCode.SourceInvalid,
            Refused(() => Authoring.Create(new NewMarketplaceRequest { Path = root, Name = "a", Force = true })));
        Assert.Equal("""{"name":"tools","plugins":[]}""",
            await File.ReadAllTextAsync(Path.Join(root, Catalog), TestContext.Current.CancellationToken));
    }

    private CatalogEntryRequest Entry(string root, string name) => new() { Path = _home.Scratch[root], Name = name };

    private string Text(string root) => Encoding.UTF8.GetString(File.ReadAllBytes(_home.Scratch[$"{root}/{Catalog}"]));

    private IEnumerable<string> Names(string root) =>
        ScratchFolder.Inventory(_home.Scratch[root]).Select(line => string.Join(' ', line.Split(' ')[..2]));

    private static MarketErrorCode Refused(Func<object> work) =>
        Assert.Throws<PluginMarketException>(() => work() is Task task ? Wait(task) : 0).Code;

    private static int Wait(Task task)
    {
        task.GetAwaiter().GetResult();
        return 0;
    }

    /// <summary>A disk on which another program acts when a temporary file is synced.</summary>
    private sealed class MeddlingFileOps(Action<string> act) : FileOps
    {
        public override void FsyncFile(string path)
        {
            base.FsyncFile(path);
            act(path);
        }
    }
}
