using System.Globalization;
using System.Text;
using System.Text.Json;
using PluginMarket.Core.Tests.Showcase;
using PluginMarket.Core.Tests.Validation.Reports;
using PluginMarket.Fleet.Reports;
using PluginMarket.Messages;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Fleet.Reports;

/// <summary>The page of a fleet and its bill of materials: what they say, and that no name in them is more than a name.</summary>
[Trait("Category", "Fast")]
public sealed class FleetPageTests
{
    [Fact]
    public void Without_drift_a_machine_differs_from_what_most_have()
    {
        var other = ItemReportTests.Home("host-2", "kit@corp");
        other.Plugins[0] = other.Plugins[0] with { Version = "0.9.0", TreeHash = "sha256:" + new string('b', 64) };
        var page = Page([ItemReportTests.Home("host-1", "kit@corp"), other, ItemReportTests.Home("host-3", "kit@corp")], []);

        Assert.Equal(["host-1 InSync", "host-2 Drifted", "host-3 InSync"], Homes(page));
        Assert.Equal("warn", page.GetProperty("homes")[1].GetProperty("cells")[0][2].GetString());
    }

    [Fact]
    public void With_drift_it_says_what_was_found_and_who_did_not_report()
    {
        var page = Page([ItemReportTests.Home("host-1", "kit@corp"), ItemReportTests.Home("host-2", "kit@corp")],
            [ItemReportTests.Drift("host-1", "kit@corp", "Modified"), ItemReportTests.Drift("host-2", "host-2", "InSync"),
                ItemReportTests.Drift("host-3", "host-3", "NoReport") with { CodexHome = null, UserName = null }]);

        Assert.Equal(["host-1 Drifted", "host-2 InSync", "host-3 Unknown"], Homes(page));
        Assert.Equal(["kit@corp"], page.GetProperty("plugins").EnumerateArray().Select(id => id.GetString()));
    }

    [Theory]
    [MemberData(nameof(HostileTextTests.Indexes), MemberType = typeof(HostileTextTests))]
    public void No_name_is_more_than_a_name(int index)
    {
        var text = HostileTextTests.Hostile[index];
        using var scratch = new ScratchFolder();
        var html = Encoding.UTF8.GetString(new FleetPage(text, DateTimeOffset.UnixEpoch).Write([ItemReportTests.Home(text, text)],
            [ItemReportTests.Drift(text, text, "Missing") with { Expected = text, Actual = text, Advice = Remedy.Do($"{text}") }]).Span);
        var page = new ExportedPage(scratch.Write("page.html", html));

        Assert.Single(page.Programs);
        Assert.Contains($"script-src {ExportedPage.Hash(page.Programs[0])}", page.Policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)<script>alert|<img", page.Markup);
        Assert.DoesNotContain(html, c => c != '\n' && char.IsControl(c));
        Assert.False(DisplayText.HasHiddenText(html));
        Assert.Equal(DisplayText.Escape(text), page.Index.GetProperty("homes")[0].GetProperty("computer").GetString());

        using var bill = JsonDocument.Parse(CycloneDxReport.Write([ItemReportTests.Home(text, text)], text, DateTimeOffset.UnixEpoch));
        Assert.Single(bill.RootElement.GetProperty("components").EnumerateArray());
    }

    [Fact]
    public void The_bill_of_materials_has_a_component_for_distinct_bytes_and_its_machines()
    {
        var other = ItemReportTests.Home("host-2", "kit@corp", "notes@corp");
        other.Plugins[0] = other.Plugins[0] with { TreeHash = "sha256:" + new string('b', 64) };
        var homes = new[] { ItemReportTests.Home("host-1", "kit@corp"), other, ItemReportTests.Home("host-3", "kit@corp") };

        using var bill = JsonDocument.Parse(CycloneDxReport.Write(homes, "nightly", DateTimeOffset.UnixEpoch));

        var root = bill.RootElement;
        Assert.Equal(("CycloneDX", "1.6", 1),
            (root.GetProperty("bomFormat").GetString(), root.GetProperty("specVersion").GetString(),
                root.GetProperty("version").GetInt32()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            root.GetProperty("serialNumber").GetString());
        Assert.Equal(["kit 2", "kit 1", "notes 1"], root.GetProperty("components").EnumerateArray().Select(component =>
            string.Create(CultureInfo.InvariantCulture, $"{component.GetProperty("name").GetString()} "
                + $"{component.GetProperty("evidence").GetProperty("occurrences").GetArrayLength()}")));
        Assert.Equal(3, root.GetProperty("components").EnumerateArray().Select(one => one.GetProperty("bom-ref").GetString()).Distinct()
            .Count());
    }

    private static JsonElement Page(PluginInventory[] homes, PluginDrift[] drifts)
    {
        using var scratch = new ScratchFolder();
        return new ExportedPage(scratch.Write("page.html",
            Encoding.UTF8.GetString(new FleetPage(null, DateTimeOffset.UnixEpoch).Write(homes, drifts).Span))).Index;
    }

    private static IEnumerable<string> Homes(JsonElement page) => page.GetProperty("homes").EnumerateArray()
        .Select(home => $"{home.GetProperty("computer").GetString()} {home.GetProperty("status").GetString()}");
}
