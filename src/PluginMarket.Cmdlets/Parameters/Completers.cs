using System.Collections;

namespace PluginMarket.Cmdlets;

/// <summary>Completes names of marketplaces in view.</summary>
public sealed class MarketplaceCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        MarketplaceView.Open(market).Marketplaces.Select(marketplace => marketplace.Name);
}

/// <summary>Completes plugins of the catalogs in view: ids, or names where the marketplace is given.</summary>
public sealed class CatalogPluginCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound)
    {
        var wanted = NamePattern.ReadAll(Bound(bound, "Marketplace"));
        return MarketplaceView.Open(market).Marketplaces
            .Where(marketplace => NamePattern.MatchesAny(wanted, marketplace.Name))
            .SelectMany(marketplace => marketplace.Catalog.Entries.Where(entry => entry.IsListed).Select(entry => wanted.Count > 0 ? entry.Name : $"{entry.Name}@{marketplace.Name}"));
    }
}

/// <summary>Completes installed plugins: ids, or names where the marketplace is given.</summary>
public sealed class InstalledPluginCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound)
    {
        var wanted = Bound(bound, "Marketplace");
        return new InstalledPluginQuery(market).List(new InstalledPluginRequest { Marketplaces = wanted }).Plugins
            .Select(plugin => wanted.Count > 0 ? plugin.Name : plugin.Id);
    }
}

/// <summary>Completes categories of the catalogs in view.</summary>
public sealed class CategoryCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        LocalPlugins.Find(market, Bound(bound, "Marketplace")).Select(plugin => plugin.Category).OfType<string>();
}

/// <summary>Completes capabilities that plugins of the catalogs in view claim.</summary>
public sealed class CapabilityCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        LocalPlugins.Find(market, Bound(bound, "Marketplace")).SelectMany(plugin => plugin.Capabilities ?? []);
}

/// <summary>Completes ids of the rules of the checks.</summary>
public sealed class RuleCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) => RuleSet.All.Select(rule => rule.Id);
}

/// <summary>The plugins of the catalogs in view as far as they are on this disk.</summary>
internal static class LocalPlugins
{
    public static IReadOnlyList<Plugin> Find(MarketEnvironment market, IReadOnlyList<string> marketplaces) =>
        new PluginQuery(market).FindAsync(new PluginFindRequest { Marketplaces = marketplaces, Resolve = false }).GetAwaiter().GetResult().Plugins;
}
