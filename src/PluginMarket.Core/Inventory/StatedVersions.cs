namespace PluginMarket;

/// <summary>Reads the versions that entries state, and nothing else of their plugins: a listing of many plugins needs no more.</summary>
internal sealed class StatedVersions
{
    private readonly MarketEnvironment _environment;

    /// <summary>Reads for one home; nothing is touched.</summary>
    public StatedVersions(MarketEnvironment environment) => _environment = environment;

    /// <summary>Reads the version of each entry: the manifest's for a local source, the entry's own for one that is not read; null where neither states one.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="cancellation">Stops reading.</param>
    public IReadOnlyList<string?> Read(IReadOnlyList<LocatedEntry> entries, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var contexts = entries.Select(entry => entry.Marketplace.ContextIn(_environment)).ToArray();
        var manifests = new ManifestFetcher(_environment);
        var versions = new string?[entries.Count];
        Parallel.For(0, versions.Length, new ParallelOptions { CancellationToken = cancellation }, i => versions[i] = Find(manifests, entries[i], contexts[i]));
        return versions;
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
            var admission = new PluginAdmission(entry.Name, entry.Name, entry.Fallback, _environment.Limits);
            return DescribeEntries.Shown(admission.Read(manifests.Open(local, context)).Manifest.StatedVersion);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return DescribeEntries.OwnVersion(entry);
        }
    }
}
