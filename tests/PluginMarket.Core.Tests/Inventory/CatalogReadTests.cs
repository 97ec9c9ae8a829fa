using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Inventory;

/// <summary>However many plugins of a catalog are checked, the catalog is read once.</summary>
[Trait("Category", "Fast")]
public sealed class CatalogReadTests : IDisposable
{
    private readonly CountingFiles _files = new();
    private readonly TestHome _home;

    public CatalogReadTests()
    {
        _home = new TestHome(_files);
        string[] names = [.. Enumerable.Range(0, 30).Select(number => $"p{number}")];
        _home.RegisterLocal("big", _home.WriteMarketplace("big", "big", names));
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Capabilities_of_many_entries_read_their_catalog_once()
    {
        var found = (await new PluginQuery(_home.Environment).FindAsync(new PluginFindRequest())).Plugins;
        Assert.Equal((30, 1), (found.Count, _files.Catalogs));

        await using var query = new PluginContentQuery(_home.Environment);
        foreach (var plugin in found)
        {
            Assert.NotEmpty((await query.OpenAsync(plugin.GetEntry()!)).Capabilities);
        }

        Assert.Equal(1, _files.Catalogs);
        foreach (var plugin in found)
        {
            Assert.NotEmpty((await query.OpenAsync(PluginReference.Parse(plugin.Id) with { CatalogPath = plugin.CatalogPath },
                PluginContentPlace.Catalog)).Capabilities);
        }

        Assert.Equal(1, _files.Catalogs);
    }

    [Fact]
    public async Task Checks_of_many_entries_do_not_read_their_catalog_again()
    {
        var found = (await new PluginQuery(_home.Environment).FindAsync(new PluginFindRequest())).Plugins;
        foreach (var plugin in found)
        {
            Assert.NotNull(await new Validator(_home.Environment).CheckEntryAsync(plugin.GetEntry()!, new ValidationRequest()));
        }

        Assert.Equal(1, _files.Catalogs);
    }

    private sealed class CountingFiles : FileOps
    {
        internal int Catalogs { get; private set; }

        protected override void Before(string operation, string path) =>
            Catalogs += operation == "open" && path.EndsWith("marketplace.json", StringComparison.Ordinal) ? 1 : 0;
    }
}
