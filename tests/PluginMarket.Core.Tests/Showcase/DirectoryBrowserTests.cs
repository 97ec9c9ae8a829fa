using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PluginMarket.Showcase;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Showcase;

/// <summary>The page in a real browser, used by keyboard: it finds, opens and copies, asks for nothing, and
/// runs nothing that a catalog wants.</summary>
[Trait("Category", "Slow")]
public sealed class DirectoryBrowserTests : IAsyncLifetime
{
    private const string Titles = "[...document.querySelectorAll('#cards h2')].map(title => title.textContent).join(', ')";

    private readonly TestHome _home = new();
    private Chromium? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is { } program)
        {
            _browser = await Chromium.StartAsync(program, _home.Scratch["profile"], TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _home.Dispose();
    }

    [Fact]
    public async Task Typing_filters_the_cards_and_clearing_brings_them_back()
    {
        var page = await OpenSampleAsync();
        Assert.Equal("Brand kit, Issue triage, Release notes, lost-and-found", await page.TextAsync(Titles));

        await page.PressAsync("/");
        await page.UntilAsync("document.activeElement.id === 'search'");
        await page.TypeAsync("triage");

        await page.UntilAsync("document.querySelectorAll('#cards li').length === 1");
        Assert.Equal("Issue triage", await page.TextAsync(Titles));
        Assert.Equal("1 of 4 plugins", await page.TextAsync("document.getElementById('status').textContent"));

        await page.TypeAsync("zzz");
        await page.UntilAsync("!document.getElementById('empty').hidden");
        Assert.Contains("triagezzz", await page.TextAsync("document.querySelector('#empty h2').textContent"), StringComparison.Ordinal);
        await page.TabUntilAsync("document.activeElement.closest('#empty')", most: 40);
        await page.PressAsync("Enter");
        await page.UntilAsync("document.querySelectorAll('#cards li').length === 4");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task A_filter_is_chosen_by_keyboard()
    {
        var page = await OpenSampleAsync();

        await page.TabUntilAsync("document.activeElement.closest('label')?.textContent.startsWith('Design')", most: 20);
        await page.PressAsync(" ");

        await page.UntilAsync("document.querySelectorAll('#cards li').length === 1");
        Assert.Equal("Brand kit", await page.TextAsync(Titles));
        Assert.True((bool?)await page.AskAsync("document.activeElement.checked"), "the focus left the filter");
    }

    [Fact]
    public async Task A_plugin_is_opened_read_copied_and_closed_by_keyboard()
    {
        var page = await OpenSampleAsync();
        await page.GrantClipboardAsync();

        await page.TabUntilAsync("document.activeElement.textContent === 'Issue triage'", most: 60);
        await page.PressAsync("Enter");
        await page.UntilAsync("document.getElementById('plugin').open");
        Assert.Equal("Issue triage", await page.TextAsync("document.activeElement.textContent"));
        Assert.StartsWith("Issue triage", await page.TextAsync("document.title"), StringComparison.Ordinal);
        var sheet = await page.TextAsync("document.querySelector('dialog .sheet').innerText");
        Assert.Contains("https://tracker.example/mcp", sheet, StringComparison.Ordinal);
        Assert.Contains("echo 'Check the open issues before you start.'", sheet, StringComparison.Ordinal);

        await page.TabUntilAsync("document.activeElement.getAttribute('aria-label') === 'Copy the command for PowerShell'", most: 20);
        await page.PressAsync("Enter");
        await page.UntilAsync("document.activeElement.textContent === 'Copied'");
        Assert.Equal("Install-Plugin issue-triage@sample-tools", await page.TextAsync("navigator.clipboard.readText()"));

        // The focus stays in the plugin until it is closed, and returns to where it was.
        for (var i = 0; i < 30; i++)
        {
            await page.PressAsync("Tab", shift: true);
            Assert.True((bool?)await page.AskAsync("document.activeElement === document.body || "
                + "document.getElementById('plugin').contains(document.activeElement)"), "the focus is behind the plugin");
        }

        await page.PressAsync("Escape");
        await page.UntilAsync("!document.getElementById('plugin').open && document.activeElement.textContent === 'Issue triage'");
        Assert.Equal([], Others(page));
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task The_command_is_selected_where_the_browser_keeps_its_clipboard()
    {
        var page = await OpenSampleAsync("#/issue-triage%40sample-tools");
        await page.UntilAsync("document.getElementById('plugin').open");
        await page.AskAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false; 0");

        await page.TabUntilAsync("document.activeElement.getAttribute('aria-label') === 'Copy the command for Codex'", most: 20);
        await page.PressAsync("Enter");

        await page.UntilAsync("document.activeElement.textContent === 'Press Ctrl+C'");
        Assert.Equal("codex plugin add issue-triage@sample-tools", await page.TextAsync("getSelection().toString()"));
    }

    [Fact]
    public async Task It_is_dark_where_the_user_prefers_that_and_as_the_button_says()
    {
        var page = await OpenSampleAsync();
        const string Ground = "getComputedStyle(document.body).backgroundColor";
        await page.PreferAsync("light");
        Assert.Equal("rgb(246, 246, 244)", await page.TextAsync(Ground));
        await page.PreferAsync("dark");
        await page.UntilAsync($"{Ground} === 'rgb(16, 17, 19)'");

        await page.TabUntilAsync("document.activeElement.id === 'theme'", most: 5);
        await page.PressAsync("Enter");

        await page.UntilAsync($"{Ground} === 'rgb(246, 246, 244)'");
        Assert.Equal("Theme: light", await page.TextAsync("document.activeElement.textContent"));
    }

    [Fact]
    public async Task A_hostile_catalog_runs_and_loads_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}/x";
        const string Owned = "globalThis.owned=1;alert(1)";
        string[] hostile =
        [
            $"</script><script>{Owned}</script><img src='{address}' onerror={Owned}><link rel=stylesheet href={address}><iframe "
                + $"src={address}></iframe>",
            $"<!--<script>{Owned}</script>{{{{pictures}}}}{{{{script}}}}</dialog><svg onload={Owned}><a href=javascript:{Owned}>x</a>",
            $"\"><base href={address}><meta http-equiv=refresh content='0;url={address}'><style>@import "
                + $"'{address}';*{{background:url({address})}}</style>",
            "${globalThis.owned=1}`'\"\\\u2028\u2029__proto__",
            $"javascript:{Owned}",
        ];
        for (var i = 0; i < hostile.Length; i++)
        {
            WriteHostile($"m/plugins/evil{i}", $"evil{i}", Quote(hostile[i]), address);
        }

        var entries = hostile.Select((text, i) => $$"""{"name": "evil{{i}}", "source": "./plugins/evil{{i}}", "category": {{Quote(
            text)}}}, {"name": {{Quote(text)}}, "source": "./plugins/evil{{i}}"}""");
        _home.WriteCatalog("m",
            $$"""{"name": "m", "interface": {"displayName": {{Quote(hostile[0])}}}, "plugins": [{{string.Join(",\n", entries)}}]}""");

        var page = await OpenAsync(_home.Scratch["m"], "", title: hostile[0]);

        Assert.Equal("10 plugins", await page.TextAsync("document.getElementById('status').textContent"));
        for (var i = 0; i < hostile.Length; i++)
        {
            await page.AskAsync($"location.hash = '#/evil{i}%40m'");
            await page.UntilAsync($"document.getElementById('plugin').open && document.querySelector('#plugin-title').textContent.length > "
                + $"0 && document.querySelector('dialog').innerText.includes('evil{i}@m')");
            await page.AskAsync("for (const one of document.querySelectorAll('dialog details')) one.open = true; 0");
        }

        await page.PressAsync("Escape");
        await page.UntilAsync("!document.getElementById('plugin').open");
        Assert.Equal("undefined", await page.TextAsync("typeof globalThis.owned"));
        Assert.Equal(0, (int?)await page.AskAsync(
            "document.querySelectorAll('iframe, base, link, object, embed, meta[http-equiv=refresh], [onerror], [onload]').length"));
        Assert.Equal(0,
            (int?)await page.AskAsync("[...document.querySelectorAll('a')].filter(link => !/^(https:|file:)/.test(link.href)).length"));
        Assert.Equal([], Others(page));
        Assert.Empty(page.Faults);
        Assert.False(listener.Pending(), "the page asked for something");
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private void WriteHostile(string folder, string name, string text, string address)
    {
        _home.WritePlugin(folder, name, more: $$"""
            , "description": {{text}}, "keywords": [{{text}}], "author": {"name": {{text}}, "url": {{text}}}, "license": {{text}}, "homepage": {{text}},
            "interface": {"displayName": {{text}}, "shortDescription": {{text}}, "longDescription": {{text}}, "developerName": {{text}}, "category": {{text}}, "capabilities": [{{text}}],
              "websiteUrl": {{text}}, "privacyPolicyUrl": {{text}}, "termsOfServiceUrl": {{text}}, "brandColor": "url({{address}})", "logo": "./logo.svg", "screenshots": ["./logo.svg"], "defaultPrompt": [{{text}}]}
            """);
        _home.Scratch.Write($"{folder}/logo.svg", $"<svg xmlns='http://www.w3.org/2000/svg' "
            + $"onload='globalThis.owned=1'><script>globalThis.owned=1</script><image href='{address}'/></svg>");
        _home.Scratch.Write($"{folder}/skills/hello/SKILL.md", $"---\nname: {text}\ndescription: {text}\n---\n");
        _home.Scratch.Write($"{folder}/.mcp.json",
            $$$"""{"mcpServers": { {{{text}}}: {"command": {{{text}}}, "args": [{{{text}}}]}, "two": {"url": {{{text}}} } } }""");
        _home.Scratch.Write($"{folder}/.app.json", $$$"""{"apps": { {{{text}}}: {"id": {{{text}}}, "category": {{{text}}} } } }""");
        _home.Scratch.Write($"{folder}/hooks/hooks.json",
            $$$"""{"hooks": {"Stop": [{"matcher": {{{text}}}, "hooks": [{"type": "command", "command": {{{text}}} }]}]} }""");
    }

    private Task<BrowserPage> OpenSampleAsync(string place = "") =>
        OpenAsync(Path.Join(RepositoryRoot.Path, "docs", "samples", "marketplace"), place);

    private async Task<BrowserPage> OpenAsync(string catalog, string place, string? title = null)
    {
        Assert.SkipWhen(_browser is null, "THE PLUGIN DIRECTORY WAS NOT OPENED IN A BROWSER: no chromium is on the path.");
        var file = _home.Scratch["page.html"];
        await new DirectoryExporter(_home.Environment).ExportAsync(
            new DirectoryExportRequest { Path = file, CatalogPaths = [catalog], Title = title }, TestContext.Current.CancellationToken);
        await _browser.Page.OpenAsync(new Uri(new Uri(file).AbsoluteUri + place));
        await _browser.Page.UntilAsync("document.documentElement.dataset.ready");
        return _browser.Page;
    }

    // What was asked for beside the page itself.
    private string[] Others(BrowserPage page) =>
        [.. page.Requests.Where(address => address.Split('#')[0] != new Uri(_home.Scratch["page.html"]).AbsoluteUri)];
}
