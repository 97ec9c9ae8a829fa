using PluginMarket.Json;

namespace PluginMarket.Marketplaces;

/// <summary>The outcome of reading one catalog file, with all that was noticed: the catalog, or why there is none.</summary>
/// <param name="Catalog">The catalog, where its top level can be read.</param>
/// <param name="Json">The text, where it is JSON.</param>
/// <param name="Failure">Why there is no catalog.</param>
/// <param name="Findings">Everything against the file and its entries.</param>
internal sealed record CatalogReading(MarketplaceCatalog? Catalog, JsonFile? Json, PluginMarketException? Failure,
    IReadOnlyList<ReaderFinding> Findings);
