using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Marketplaces;

/// <summary>Which entries of a catalog are new, gone or changed; a local entry also changes with its files.</summary>
/// <param name="Added">Names only the new catalog has, sorted.</param>
/// <param name="Removed">Names only the old catalog has, sorted.</param>
/// <param name="Changed">Names whose text or files differ, sorted.</param>
internal sealed record CatalogDifference(string[] Added, string[] Removed, string[] Changed)
{
    internal bool IsEmpty => Added.Length + Removed.Length + Changed.Length == 0;

    /// <summary>Compares two catalogs whose files are still there.</summary>
    internal static CatalogDifference Between(MarketEnvironment environment, MarketplaceCatalog old, MarketplaceCatalog now,
        CancellationToken cancellation)
    {
        var before = ByName(old);
        var after = ByName(now);
        var changed = new List<string>();
        foreach (var (name, entries) in after.Where(pair => before.ContainsKey(pair.Key)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Equal(environment, old, before[name], now, entries))
            {
                changed.Add(name);
            }
        }

        return new CatalogDifference(Sorted(after.Keys.Except(before.Keys)), Sorted(before.Keys.Except(after.Keys)), Sorted(changed));
    }

    private static Dictionary<string, List<MarketplaceEntry>> ByName(MarketplaceCatalog catalog) =>
        catalog.Entries.Where(entry => entry.Name.Length > 0).GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    private static bool Equal(MarketEnvironment environment, MarketplaceCatalog old, List<MarketplaceEntry> before, MarketplaceCatalog now,
        List<MarketplaceEntry> after) =>
            before.Select(entry => entry.ToJson()).SequenceEqual(after.Select(entry => entry.ToJson()), StringComparer.Ordinal)
            && (after[0].Source is not LocalSource source || SameFiles(Files(environment, old, source), Files(environment, now, source)));

    private static FileTree? Files(MarketEnvironment environment, MarketplaceCatalog catalog, LocalSource source)
    {
        try
        {
            return new LocalFetcher(environment).Open(source,
                new SourceContext(catalog.Root, SourceOrigin.LocalCatalog) { Snapshot = SnapshotState.Unknown }).Tree;
        }
        catch (PluginMarketException)
        {
            return null;
        }
    }

    // Lengths tell most differences without opening a file.
    private static bool SameFiles(FileTree? before, FileTree? after)
    {
        if (before is null || after is null)
        {
            return before is null && after is null;
        }

        try
        {
            return before.Files.SequenceEqual(after.Files) && TreeDigest.Compute(before) == TreeDigest.Compute(after);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
