using System.Collections.Concurrent;
using PluginMarket.Files;

namespace PluginMarket.Marketplaces;

/// <summary>The catalogs of one command, or of one session: each is read again only where its file is another one, or was written
/// since.</summary>
/// <param name="clock">The clock, for a memory that outlives a command: what is so new that a second write may leave its times as they
/// are is read again. Null for the memory of one command.</param>
internal sealed class CatalogMemory(TimeProvider? clock = null)
{
    // What a session keeps of catalogs is many times as long as their text.
    private const long MostBytes = 32L << 20;

    private readonly ConcurrentDictionary<Place, Known> _catalogs = new();

    /// <summary>The catalog of a file, as it was read before or as it is read now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">The folder that its relative paths start from.</param>
    /// <param name="isRemote">Whether it came over the network.</param>
    /// <param name="facts">What is known of the file, links resolved, taken before it is read; it counts for
    /// nothing where it names no file.</param>
    /// <param name="read">Reads it.</param>
    internal MarketplaceCatalog Read(string path, string root, bool isRemote, FileFacts facts, Func<MarketplaceCatalog> read)
    {
        var place = new Place(path, root, isRemote);
        if (_catalogs.TryGetValue(place, out var known) && facts.Kind == FileKind.File && known.Facts.IsSameState(facts))
        {
            return known.Catalog;
        }

        var taken = clock?.GetUtcNow();
        var catalog = read();
        if (taken is { } time && !FolderStamp.IsSettled(facts, time))
        {
            return catalog;
        }

        if (clock is not null && _catalogs.Values.Sum(known => known.Facts.Length) + facts.Length > MostBytes)
        {
            _catalogs.Clear();
        }

        _catalogs[place] = new Known(facts, catalog);
        return catalog;
    }

    private sealed record Place(string Path, string Root, bool IsRemote);

    private sealed record Known(FileFacts Facts, MarketplaceCatalog Catalog);
}
