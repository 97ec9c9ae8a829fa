using System.Collections.Concurrent;
using PluginMarket.Files;

namespace PluginMarket.Marketplaces;

/// <summary>The catalogs of one command: each is read again only where its file is another one, or was written since.</summary>
internal sealed class CatalogMemory
{
    private readonly ConcurrentDictionary<(string Path, string Root, bool IsRemote), (FileFacts Facts,
        MarketplaceCatalog Catalog)> _catalogs = new();

    /// <summary>The catalog of a file, as it was read before or as it is read now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">The folder that its relative paths start from.</param>
    /// <param name="isRemote">Whether it came over the network.</param>
    /// <param name="facts">What is known of the file, links resolved, taken before it is read; it counts for
    /// nothing where it names no file.</param>
    /// <param name="read">Reads it.</param>
    internal MarketplaceCatalog Read(string path, string root, bool isRemote, FileFacts facts, Func<MarketplaceCatalog> read)
    {
        if (_catalogs.TryGetValue((path, root, isRemote), out var known) && facts.Kind == FileKind.File && known.Facts.IsSameState(facts))
        {
            return known.Catalog;
        }

        var catalog = read();
        _catalogs[(path, root, isRemote)] = (facts, catalog);
        return catalog;
    }
}
