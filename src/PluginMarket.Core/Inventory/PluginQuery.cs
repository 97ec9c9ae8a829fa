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
            var later = new LaterDetails(reading.Apart(), isShort ? described.Count : 0);
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

    // No name has a slash in it.
    private static MarketplaceCatalog First(Dictionary<string, MarketplaceCatalog> shown, string entry, MarketplaceCatalog catalog) =>
        shown.TryAdd(entry, catalog) ? catalog : shown[entry];

    private static ShortDescription Describe(DescribeEntries reading, PluginCandidate candidate, bool isShort) =>
        (isShort ? reading.DescribeShortly(candidate) : null) ?? new ShortDescription(reading.Describe(candidate), null);

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
        var accepted = view.Marketplaces.Where(filter.Accepts).ToList();
        var shown = new Dictionary<string, MarketplaceCatalog>(StringComparer.Ordinal);
        var repeated = accepted.GroupBy(open => open.Name, StringComparer.Ordinal).Where(same => same.Skip(1).Any())
            .Select(same => same.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var open in accepted)
        {
            var isRepeated = repeated.Contains(open.Name);
            foreach (var entry in open.Catalog.Entries)
            {
                var first = isRepeated && entry.IsListed ? First(shown, $"{open.Name}/{entry.Name}", open.Catalog) : open.Catalog;
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

/// <summary>A plugin as far as it was read.</summary>
/// <param name="Plugin">The object.</param>
/// <param name="Words">What its manifest says, where that is all that was read.</param>
internal sealed record ShortDescription(Plugin Plugin, ManifestWords? Words);
