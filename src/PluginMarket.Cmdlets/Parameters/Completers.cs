using System.Collections;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Records;
using PluginMarket.Validation;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Completes names of marketplaces in view.</summary>
internal sealed class MarketplaceCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) => Known.Marketplaces(market);
}

/// <summary>Completes plugins of the catalogs in view: ids, or names where the marketplace is given.</summary>
internal sealed class CatalogPluginCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        Known.Plugins(market, Bound(bound, "Marketplace"));
}

/// <summary>Completes plugins that may be installed: ids, or names where the marketplace is given.</summary>
internal sealed class InstallablePluginCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        Known.Plugins(market, Bound(bound, "Marketplace"), onlyInstallable: true);
}

/// <summary>Completes what can be compared: installed plugins, and those of the catalogs in view.</summary>
internal sealed class ComparablePluginCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        KnownNames.Installed(market, []).Concat(Known.Plugins(market, []));
}

/// <summary>Completes the versions of the named plugins that updates replaced and that are kept, and the digests of builds of one
/// version.</summary>
internal sealed class KeptVersionCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        new PrunePluginCache(market).NameKept(Bound(bound, "Name"));

    private protected override string Describe(string candidate) => $"{candidate}: kept when an update replaced it";
}

/// <summary>Completes plugins that the history of the home contains.</summary>
internal sealed class HistoryNameCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        new HistoryQuery(market).Read(new HistoryRequest { Marketplaces = Bound(bound, "Marketplace") }).Entries
            .Select(entry => entry.Id).OfType<string>();
}

/// <summary>Completes what can be done in a home.</summary>
internal sealed class HistoryActionCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) => HistoryQuery.Actions;
}

/// <summary>Completes branches, tags and commits that the catalogs in view name for the plugins given so far, or for any.</summary>
internal sealed class RefCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        KnownNames.Refs(market, Bound(bound, "Name"), Bound(bound, "Marketplace"));

    private protected override string Describe(string candidate) => $"{candidate}: named by a catalog";
}

/// <summary>Completes the refs that the named marketplaces follow, or those of all.</summary>
internal sealed class MarketplaceRefCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        KnownNames.MarketplaceRefs(market, Bound(bound, "Name"));

    private protected override string Describe(string candidate) => $"{candidate}: followed by a registered marketplace";
}

/// <summary>Completes the versions of the named plugins that the catalogs in view offer.</summary>
internal sealed class OfferedVersionCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        KnownNames.Versions(market, Bound(bound, "Name"), Bound(bound, "Marketplace"));

    private protected override string Describe(string candidate) => $"{candidate}: offered by a catalog";
}

/// <summary>Completes keywords of plugins in the catalogs in view.</summary>
internal sealed class KeywordCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        Known.Keywords(market, Bound(bound, "Marketplace"));
}

/// <summary>Completes installed plugins: ids, or names where the marketplace is given.</summary>
internal sealed class InstalledPluginCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        KnownNames.Installed(market, Bound(bound, "Marketplace"));
}

/// <summary>Completes categories of the catalogs in view.</summary>
internal sealed class CategoryCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        Known.Categories(market, Bound(bound, "Marketplace"));
}

/// <summary>Completes capabilities that plugins of the catalogs in view claim.</summary>
internal sealed class CapabilityCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        Known.Capabilities(market, Bound(bound, "Marketplace"));
}

/// <summary>Completes ids of the rules of the checks.</summary>
internal sealed class RuleCompleter : LocalCompleter
{
    private protected override IEnumerable<string> Candidates(MarketEnvironment market, IDictionary bound) =>
        RuleSet.All.Select(rule => rule.Id);
}
