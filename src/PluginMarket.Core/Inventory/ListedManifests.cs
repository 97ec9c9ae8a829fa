using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Inventory;

/// <summary>Reads what the manifests of local plugins say, and nothing else of the plugins.</summary>
/// <param name="environment">The home and the disk.</param>
/// <param name="memory">What the session remembers of manifests; null where each is read.</param>
internal sealed class ListedManifests(MarketEnvironment environment, ManifestMemory? memory)
{
    private readonly ManifestFetcher _fetcher = new(environment);
    private readonly FileOps _files = environment.Home.SourceFiles;
    private readonly ManifestMemory? _memory = environment.Home.Lasts ? memory : null;

    /// <summary>Reads the manifest of one plugin; may be called from several threads.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="entry">The plugin in it.</param>
    /// <param name="source">Its folder.</param>
    /// <param name="context">The catalog that names it.</param>
    /// <returns>What it says; null where it says what refuses the plugin, where something else may stand for it, or where it cannot be
    /// read.</returns>
    internal ManifestWords? Read(MarketplaceCatalog catalog, MarketplaceEntry entry, LocalSource source, SourceContext context)
    {
        try
        {
            var words = Find(catalog, entry, source, context);
            return words is not null && PluginAdmission.Admits(entry.Name, words) ? words : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return null;
        }
    }

    private ManifestWords? Find(MarketplaceCatalog catalog, MarketplaceEntry entry, LocalSource source, SourceContext context)
    {
        var above = _memory is null || source.Path.IsRoot ? null : _fetcher.FolderAbove(source, context);
        if (above is not null && _memory!.Find(catalog, entry, above, _files) is { } known)
        {
            return known;
        }

        var time = environment.Time.GetUtcNow();
        var place = above is null ? null : Path.Join(above, source.Path.Name);
        var folder = place is null ? null : new FoundFile(place, _files.Examine(place));
        var files = _fetcher.Open(source, context);
        var words = files.Tree.Entries.Any(found => found.Kind == TreeEntryKind.SymbolicLink)
            ? null : ManifestReader.FindWords(files.Tree, files.DisplayRoot, files.DefaultName, environment.Limits);
        if (folder is not null && words is not null && ((ManifestTree)files.Tree).OnlyPlace is { } manifest)
        {
            _memory!.Keep(catalog, entry, above!, folder, manifest, time, words);
        }

        return words;
    }
}
