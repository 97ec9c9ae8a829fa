using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Inventory;

[Trait("Category", "Fast")]
public sealed class KnownNamesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly FaultingFileOps _disk = new();
    private readonly TestHome _home;
    private readonly KnownNames _known = new();

    public KnownNamesTests() => _home = new TestHome(_disk);

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("tests/catalogs/complete")]
    [InlineData("docs/samples/marketplace")]
    public void It_knows_the_names_that_the_catalog_lists(string place)
    {
        var root = Path.Join(RepositoryRoot.Path, place);
        var open = Assert.Single(MarketplaceView.Open(_home.Environment, [root]).Marketplaces);
        _home.RegisterLocal(open.Name, root);

        Assert.Equal([open.Name], _known.Marketplaces(_home.Environment));
        Assert.Equal(open.Catalog.Entries.Where(entry => entry.IsListed).Select(entry => $"{entry.Name}@{open.Name}").Distinct(),
            _known.Plugins(_home.Environment, []).Distinct());
        Assert.Equal(open.Catalog.Entries.Where(entry => entry is { IsListed: true, Installation: not "NOT_AVAILABLE" })
            .Select(entry => entry.Name).Distinct(), _known.Plugins(_home.Environment, [open.Name], onlyInstallable: true).Distinct());
        Assert.Equal(_known.Plugins(_home.Environment, [open.Name]), _known.Entries(_home.Environment, root));
        Assert.Empty(_known.Plugins(_home.Environment, ["other"]));
    }

    [Fact]
    public void A_policy_counts_as_an_object_and_as_an_array()
    {
        var root = _home.WriteCatalog("m", """
            {"name": "m", "plugins": [
              {"name": "a", "source": "./a", "policy": ["AVAILABLE", "ON_USE", ["CODEX"]]},
              {"name": "b", "source": "./b", "policy": ["NOT_AVAILABLE", "ON_USE", null]},
              {"name": "c", "source": "./c", "policy": ["AVAILABLE", "ON_USE", ["CHATGPT"]]},
              {"name": "d", "source": "./d", "policy": []},
              {"name": "e", "source": "./e", "policy": {"installation": "NOT_AVAILABLE"}}]}
            """);
        _home.RegisterLocal("m", root);

        Assert.Equal(["a@m", "b@m", "d@m", "e@m"], _known.Plugins(_home.Environment, []));
        Assert.Equal(["a", "d"], _known.Plugins(_home.Environment, ["m"], onlyInstallable: true));
    }

    [Fact]
    public void It_leaves_out_none_of_a_catalog_with_faults()
    {
        var root = SampleCatalogs.RootOf("broken-entries");
        var open = Assert.Single(MarketplaceView.Open(_home.Environment, [root]).Marketplaces);

        var known = _known.Entries(_home.Environment, root).ToHashSet();

        Assert.Superset(open.Catalog.Entries.Where(entry => entry.IsListed).Select(entry => entry.Name).ToHashSet(), known);
        Assert.DoesNotContain("leaves", known);
        Assert.DoesNotContain("github-source", known);
    }

    [Fact]
    public async Task It_knows_categories_and_capabilities_of_entries_and_manifests()
    {
        _home.WritePlugin("m/plugins/one", "one",
            more: """, "interface": {"category": "From the manifest", "capabilities": ["Read", "Write\u202e"]}""");
        _home.WritePlugin("m/plugins/two", "two", more: """, "interface": {"category": "Not this one", "capabilities": ["Read"]}""");
        _home.WriteCatalog("m",
            """{"name": "m", "plugins": [{"name": "one", "source": "./plugins/one"}, {"name": "two", "source": "./plugins/two", "category": "From the entry"}, {"name": "gone", "source": "./plugins/gone"}]}""");
        _home.RegisterLocal("m", _home.Scratch["m"]);

        await UntilAsync(
            () => _known.Categories(_home.Environment, []).Count == 2 && _known.Capabilities(_home.Environment, ["m"]).Count == 2);

        Assert.Equal(["From the entry", "From the manifest"], _known.Categories(_home.Environment, []).Order(StringComparer.Ordinal));
        Assert.Equal(["Read", @"Write\u{202E}"], _known.Capabilities(_home.Environment, []).Order(StringComparer.Ordinal));
        Assert.Empty(_known.Capabilities(_home.Environment, ["other"]));
    }

    [Fact]
    public void No_manifest_is_read_through_a_link_that_leaves_the_marketplace()
    {
        var outside = _home.WritePlugin("outside", "one", more: """, "interface": {"category": "Secret"}""");
        _home.WriteCatalog("m", """{"name": "m", "plugins": [{"name": "one", "source": "./one"}]}""");
        Directory.CreateSymbolicLink(_home.Scratch["m/one"], outside);
        _home.RegisterLocal("m", _home.Scratch["m"]);

        Assert.Empty(_known.Categories(_home.Environment, []));
    }

    [Fact]
    public void A_catalog_is_read_again_when_it_changed_and_not_before()
    {
        var catalog = Path.Join(_home.WriteMarketplace("m", "m", "one"), ".agents/plugins/marketplace.json");
        _home.RegisterLocal("m", _home.Scratch["m"]);
        Assert.Equal(["one@m"], _known.Plugins(_home.Environment, []));
        var reads = Reads(catalog);
        Assert.Equal(1, reads);

        Assert.Equal(["one@m"], _known.Plugins(_home.Environment, []));
        Assert.Equal(reads, Reads(catalog));

        _home.WriteMarketplace("m", "m", "one", "another");
        Assert.Equal(["one@m", "another@m"], _known.Plugins(_home.Environment, []));
        File.Delete(catalog);
        Assert.Empty(_known.Plugins(_home.Environment, []));
    }

    [Fact]
    public void What_is_installed_is_told_without_reading_a_catalog()
    {
        var root = _home.WriteMarketplace("m", "m", "one");
        _home.RegisterLocal("m", root);
        _home.WriteCached("one", "m");
        _home.WriteCached("two", "other", enabled: null);

        Assert.Equal(["one@m", "two@other"], KnownNames.Installed(_home.Environment, []).Order(StringComparer.Ordinal));
        Assert.Equal(["two"], KnownNames.Installed(_home.Environment, ["oth*"]));
        Assert.Equal(0, Reads(Path.Join(root, ".agents/plugins/marketplace.json")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"name": 1, "plugins": []}""")]
    [InlineData("""{"name": "m", "plugins": {}}""")]
    [InlineData("""{"name": "m", "plugins": [1, null, "x", {}, {"name": 1}, {"name": "a"}, {"name": "b/c", "source": "./x"}, {"name": "d", "source": 5}, {"name": "\ud800", "source": "./x"}]}""")]
    public void A_catalog_that_is_none_has_no_names(string text)
    {
        _home.WriteCatalog("m", text);
        _home.RegisterLocal("m", _home.Scratch["m"]);
        Assert.Empty(_known.Plugins(_home.Environment, []));
    }

    private int Reads(string file) =>
        _disk.Calls.Count(call => call.StartsWith("open", StringComparison.Ordinal) && call.EndsWith(file, StringComparison.Ordinal));

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (!isTrue())
        {
            Assert.True(since.Elapsed < Patience, "the manifests were not read");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
