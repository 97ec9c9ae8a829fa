using System.Globalization;
using PluginMarket.Core.Tests.Showcase;
using PluginMarket.Fleet.Reports;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Fleet.Reports;

/// <summary>The page of a fleet in a real browser: 8 and 300 machines, used by keyboard; it asks for nothing and runs nothing that a name
/// wants.</summary>
[Trait("Category", "Slow")]
public sealed class FleetBrowserTests : IAsyncLifetime
{
    private const string Rows = "document.querySelectorAll('#rows tr').length";

    private readonly ScratchFolder _scratch = new();
    private Chromium? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is { } program)
        {
            _browser = await Chromium.StartAsync(program, _scratch["profile"], TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _scratch.Dispose();
    }

    [Fact]
    public async Task Eight_machines_are_filtered_and_opened_by_keyboard()
    {
        var page = await OpenAsync(8);
        Assert.Equal(8, (int?)await page.AskAsync(Rows));
        Assert.Equal("3", await page.TextAsync("document.querySelector('#numbers .bad strong').textContent"));

        await page.PressAsync("/");
        await page.UntilAsync("document.activeElement.id === 'search'");
        await page.TypeAsync("host-03");
        await page.UntilAsync(Rows + " === 1");
        await page.TabUntilAsync("document.activeElement.closest('#rows')", most: 20);
        await page.PressAsync("Enter");
        await page.UntilAsync("document.getElementById('machine').open");
        Assert.Equal("host-03", await page.TextAsync("document.activeElement.textContent"));
        Assert.Contains("Modified", await page.TextAsync("document.querySelector('#machine').innerText"), StringComparison.Ordinal);
        await page.PressAsync("Escape");
        await page.UntilAsync("!document.getElementById('machine').open && document.activeElement.textContent === 'host-03'");
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task Three_hundred_machines_are_there_and_only_what_differs_can_be_chosen()
    {
        var page = await OpenAsync(300);
        Assert.Equal(300, (int?)await page.AskAsync(Rows));

        await page.TabUntilAsync("document.activeElement.dataset.status === 'Unknown'", most: 20);
        await page.PressAsync("Enter");
        await page.UntilAsync(Rows + " === 1");
        await page.TabUntilAsync("document.activeElement.id === 'clear'", most: 40);
        await page.PressAsync("Enter");
        await page.UntilAsync(Rows + " === 300");
        await page.AskAsync("document.getElementById('differing').click()");
        Assert.Equal(3 + 2, (int?)await page.AskAsync("document.querySelectorAll('#head th').length"));
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task Colours_follow_the_system_and_a_hostile_name_is_shown_as_it_is()
    {
        var page = await OpenAsync(8, "</script><img src=x onerror=alert(1)>");
        var light = await page.TextAsync("getComputedStyle(document.body).backgroundColor");
        await page.PreferAsync("dark");
        await page.UntilAsync($"getComputedStyle(document.body).backgroundColor !== '{light}'");

        Assert.Contains("</script><img src=x onerror=alert(1)>",
            await page.TextAsync("document.getElementById('rows').textContent"), StringComparison.Ordinal);
        Assert.Equal(0, (int?)await page.AskAsync("document.images.length"));
        Assert.Single(page.Requests);
        Assert.Empty(page.Faults);
    }

    [Fact]
    public async Task What_no_column_of_a_plugin_shows_is_below_the_status()
    {
        var page = await OpenAsync(8);

        Assert.Equal("NoReport", await page.TextAsync("[...document.querySelectorAll('#rows td small')].map(one => one.textContent).join()"));
    }

    private async Task<BrowserPage> OpenAsync(int machines, string? hostile = null)
    {
        Assert.SkipWhen(_browser is null, "no Chromium on this machine");
        var page = _browser!.Page;
        var file = _scratch.Write("fleet.html", FleetSample.Page(machines, hostile));
        await page.OpenAsync(new Uri(file));
        await page.UntilAsync("document.documentElement.dataset.ready");
        return page;
    }
}

/// <summary>A fleet of machines with twenty plugins each: three differ in three plugins, one did not report.</summary>
internal static class FleetSample
{
    internal static string Page(int machines, string? hostile = null)
    {
        string[] plugins = [.. Enumerable.Range(1, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"plugin-{i:00}@corp"))];
        string[] names = [.. Enumerable.Range(1, machines - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"host-{i:00}"))];
        if (hostile is not null)
        {
            names[4] = hostile;
        }

        PluginDrift[] drifts =
        [
            ItemReportTests.Drift(names[1], plugins[3], "Missing") with { Reference = "baseline@7", Expected = "1.0.0" },
            ItemReportTests.Drift(names[2], plugins[5], "Modified") with { Reference = "baseline@7", Expected = "(as recorded)" },
            ItemReportTests.Drift(names[4], plugins[8], "Disabled") with { Reference = "baseline@7", Expected = "enabled" },
            ItemReportTests.Drift("host-silent", "host-silent", "NoReport") with { CodexHome = null, UserName = null, CollectedOn = null },
        ];
        return System.Text.Encoding.UTF8.GetString(new FleetPage(null, DateTimeOffset.UnixEpoch).Write(
            [.. names.Select(name => ItemReportTests.Home(name, name == names[1] ? [.. plugins.Except([plugins[3]])] : plugins))],
            drifts).Span);
    }
}
