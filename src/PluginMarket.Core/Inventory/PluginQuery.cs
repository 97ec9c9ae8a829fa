using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>Finds catalog entries and joins each with its manifest and with what is installed.</summary>
internal sealed class PluginQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public PluginQuery(MarketEnvironment environment) => _environment = environment;

    /// <summary>Finds entries. Local sources are read where they are; git ones only when the request asks to resolve.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public async Task<PluginListing> FindAsync(PluginFindRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var filter = new PluginFilter(request);
        var view = await Task.Run(() => MarketplaceView.Open(_environment, request.Paths), cancellation).ConfigureAwait(false);
        var failures = new List<PluginMarketException>(view.Failures.Where(failure => filter.MayConcern(failure)));
        var candidates = Candidates(view, filter);
        failures.AddRange(filter.Missing(view, candidates));

        var reading = new DescribeEntries(_environment, request, InstalledIds.Read(_environment, view.Layers));
        await using (reading.ConfigureAwait(false))
        {
            await reading.ResolveAsync(candidates, cancellation).ConfigureAwait(false);
            var isShort = request is { DefersFiles: true, Components.Count: 0 };
            var described = SideBySide.Select(candidates, candidate => Describe(reading, candidate, isShort), cancellation);
            var later = new LaterDetails(reading.Apart());
            var (plugins, seen) = (new List<Plugin>(described.Count), new List<Plugin>(described.Count));
            for (var i = 0; i < described.Count; i++)
            {
                var (plugin, words) = described[i];
                seen.Add(plugin);
                if (!filter.Accepts(plugin))
                {
                    continue;
                }

                plugins.Add(plugin);
                if (words is not null)
                {
                    later.Add(plugin, candidates[i], words);
                }
            }

            if (plugins.Count <= LaterDetails.FewPlugins)
            {
                later.ReadAll(cancellation);
            }

            filter.TellUnknown(_environment.Log, view, seen);
            return new PluginListing(plugins, failures);
        }
    }

    private static (Plugin Plugin, ManifestWords? Words) Describe(DescribeEntries reading, PluginCandidate candidate, bool isShort) =>
        isShort && reading.DescribeShortly(candidate) is { } found ? found : (reading.Describe(candidate), null);

    /// <summary>Finds the entries that are offered, without a check of their sources.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public EntryListing ListEntries(PluginFindRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var filter = new PluginFilter(request);
        var view = MarketplaceView.Open(_environment, request.Paths);
        return new EntryListing(
            [.. Candidates(view, filter).Select(candidate => new LocatedEntry(candidate.Marketplace, candidate.Entry))],
            [.. view.Failures.Where(filter.MayConcern)]);
    }

    // Of two marketplaces with one name, an entry of the first hides its namesake in the second (contract 6).
    private static List<PluginCandidate> Candidates(MarketplaceView view, PluginFilter filter)
    {
        var candidates = new List<PluginCandidate>();
        var shown = new Dictionary<(string Marketplace, string Plugin), MarketplaceCatalog>();
        foreach (var open in view.Marketplaces.Where(filter.Accepts))
        {
            foreach (var entry in open.Catalog.Entries)
            {
                var first = entry.IsListed
                    ? shown.TryAdd((open.Name, entry.Name), open.Catalog) ? open.Catalog : shown[(open.Name, entry.Name)] : open.Catalog;
                var shadow = first == open.Catalog
                    ? null : $"the catalog '{DisplayText.Escape(first.CatalogPath)}' of the same name lists the plugin first.";
                var candidate = new PluginCandidate(open, entry, entry.SkipReason ?? shadow);
                if (filter.Accepts(candidate))
                {
                    candidates.Add(candidate);
                }
            }
        }

        return candidates;
    }
}

/// <summary>An entry that may be listed.</summary>
/// <param name="Marketplace">Its marketplace.</param>
/// <param name="Entry">The entry.</param>
/// <param name="SkipReason">Why it is skipped, or null.</param>
internal sealed record PluginCandidate(OpenMarketplace Marketplace, MarketplaceEntry Entry, string? SkipReason);
