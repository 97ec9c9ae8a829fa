using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Marketplaces;

namespace PluginMarket.Validation;

/// <summary>One catalog under check.</summary>
/// <param name="Environment">The outside world.</param>
/// <param name="Folder">The marketplace's root, absolute.</param>
/// <param name="Path">The catalog's file, below the root.</param>
/// <param name="Reading">What the reader made of it.</param>
internal sealed record CatalogSubject(MarketEnvironment Environment, string Folder, string Path, CatalogReading Reading)
{
    private IReadOnlyList<(string Place, MarketplaceCatalog? Catalog)>? _others;

    /// <summary>The catalogs at the other places of the repository, which Codex does not read; null for a file that is not a
    /// catalog.</summary>
    internal IReadOnlyList<(string Place, MarketplaceCatalog? Catalog)> Others => _others ??=
        [.. MarketplaceCatalogReader.CatalogPlaces.Where(place => place != Path)
            .Where(place => Environment.Files.Kind(LocalPaths.Join(Folder, place)) == FileKind.File).Select(place => (place, Read(place)))];

    /// <summary>The top value, where it is an object.</summary>
    internal JsonValue? Root => Reading.Json?.Root is { Kind: JsonKind.Object } root ? root : null;

    /// <summary>The entries that can be used or at least named.</summary>
    internal IReadOnlyList<MarketplaceEntry> Entries => Reading.Catalog?.Entries ?? [];

    /// <summary>The entry's source as it is written.</summary>
    internal static JsonValue SourceOf(MarketplaceEntry entry) => entry.Node["source"] ?? entry.Node;

    private MarketplaceCatalog? Read(string place)
    {
        try
        {
            return new MarketplaceCatalogReader(Environment).Inspect(LocalPaths.Join(Folder, place), Folder, isRemote: false).Catalog;
        }
        catch (PluginMarketException)
        {
            return null;
        }
    }

    /// <summary>The file's text.</summary>
    internal string Text => Reading.Json is { } json ? System.Text.Encoding.UTF8.GetString(json.Utf8.Span) : "";
}
