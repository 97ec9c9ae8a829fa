using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Inventory;

/// <summary>Reads the versions that entries state, and nothing else of their plugins: a listing of many plugins needs no more.</summary>
internal sealed class StatedVersions
{
    private readonly MarketEnvironment _environment;

    /// <summary>Reads for one home; nothing is touched.</summary>
    public StatedVersions(MarketEnvironment environment) => _environment = environment;

    /// <summary>Reads the version of each entry: the manifest's for a local source, the entry's own for one that is not read;
    /// null where neither states one.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="cancellation">Stops reading.</param>
    public IReadOnlyList<string?> Read(IReadOnlyList<LocatedEntry> entries, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        // What the marketplaces are snapshots of is read once for each, before the threads ask for it.
        foreach (var marketplace in entries.Select(entry => entry.Marketplace).Distinct(ReferenceEqualityComparer.Instance))
        {
            ((OpenMarketplace)marketplace!).ContextIn(_environment);
        }

        var manifests = new ManifestFetcher(_environment);
        return SideBySide.Select(entries, entry => Find(manifests, entry, entry.Marketplace.ContextIn(_environment)), cancellation);
    }

    private string? Find(ManifestFetcher manifests, LocatedEntry located, SourceContext context)
    {
        var entry = located.Entry;
        if (entry.Source is not LocalSource local)
        {
            return DescribeEntries.OwnVersion(entry);
        }

        try
        {
            var files = manifests.Open(local, context);

            // Only a link in the manifest's place lets the entry's own manifest stand for what is behind it.
            if (files.Tree.Entries.All(found => found.Kind != TreeEntryKind.SymbolicLink))
            {
                return DescribeEntries.Shown(ManifestReader.FindVersion(files.Tree, files.DisplayRoot, files.DefaultName, entry.Fallback,
                    _environment.Limits));
            }

            var admission = new PluginAdmission(entry.Name, entry.Name, entry.Fallback, _environment.Limits);
            return DescribeEntries.Shown(admission.Read(files).Manifest.StatedVersion);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return DescribeEntries.OwnVersion(entry);
        }
    }
}
