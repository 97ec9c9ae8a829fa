using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Inventory;

/// <summary>The filters of one request, from the cheap ones on the entry to those that need the manifest.</summary>
internal sealed class PluginFilter
{
    private readonly PluginFindRequest _request;
    private readonly IReadOnlyList<(NamePattern Plugin, NamePattern? Marketplace)> _names;
    private readonly IReadOnlyList<NamePattern> _marketplaces;
    private readonly IReadOnlyList<NamePattern> _categories;
    private readonly IReadOnlyList<NamePattern> _keywords;
    private readonly IReadOnlyList<NamePattern> _queries;
    private readonly IReadOnlyList<NamePattern> _components;
    private readonly IReadOnlyList<NamePattern> _capabilities;
    private readonly HashSet<string> _installation;
    private readonly HashSet<string> _authentication;

    internal PluginFilter(PluginFindRequest request)
    {
        _request = request;
        _names = [.. request.Names.Select(NamePattern.SplitId)];
        _marketplaces = NamePattern.ReadAll(request.Marketplaces);
        _categories = NamePattern.ReadAll(request.Categories);
        _keywords = NamePattern.ReadAll(request.Keywords);
        _queries = NamePattern.ReadAll([.. request.Queries.Select(word => $"*{word}*")]);
        _components = NamePattern.ReadAll(request.Components);
        _capabilities = NamePattern.ReadAll(request.Capabilities);
        _installation = [.. request.Installation.Select(PolicySpelling.ToFormat)];
        _authentication = [.. request.Authentication.Select(PolicySpelling.ToFormat)];
    }

    /// <summary>Whether a failure is about a marketplace that was asked for.</summary>
    internal bool MayConcern(PluginMarketException failure) =>
        _request.CatalogPaths.Count == 0 && (_request.Paths.Count > 0 || NamePattern.MatchesAny(_marketplaces, failure.Target));

    internal bool Accepts(OpenMarketplace open) =>
        NamePattern.MatchesAny(_marketplaces, open.Name)
        && (_request.CatalogPaths.Count == 0 || _request.CatalogPaths.Contains(open.Catalog.CatalogPath, StringComparer.Ordinal));

    internal bool Accepts(PluginCandidate candidate) =>
        (_request.IncludeSkipped || candidate.SkipReason is null)
        && (_names.Count == 0 || IsNamed(candidate))
        && (_installation.Count == 0 || _installation.Contains(candidate.Entry.Installation))
        && (_authentication.Count == 0 || _authentication.Contains(candidate.Entry.Authentication))
        && (candidate.Entry.Category is not { } category || NamePattern.MatchesAny(_categories, category));

    // What is not asked for is not read either: a property may take reading all files of a plugin.
    internal bool Accepts(Plugin plugin) =>
        NamePattern.MatchesAny(_categories, plugin.Category)
        && (_queries.Count == 0 || Mentions(plugin))
        && (_keywords.Count == 0 || MatchesOne(_keywords, plugin.Keywords))
        && (_components.Count == 0 || MatchesOne(_components, plugin.Components))
        && (_capabilities.Count == 0 || MatchesOne(_capabilities, plugin.Capabilities));

    private bool IsNamed(PluginCandidate candidate) => _names.Any(
        name => name.Plugin.Matches(candidate.Entry.Name) && name.Marketplace?.Matches(candidate.Marketplace.Name) != false);

    private bool Mentions(Plugin plugin) => _queries.All(word => Texts(plugin).Any(word.Matches));

    private static IEnumerable<string> Texts(Plugin plugin) =>
        new[] { plugin.Name, plugin.DisplayName, plugin.Description }.OfType<string>().Concat(plugin.Keywords ?? []);

    /// <summary>One failure per name without wildcards that nothing in view has.</summary>
    internal IEnumerable<PluginMarketException> Missing(MarketplaceView view, List<PluginCandidate> found)
    {
        foreach (var pattern in _marketplaces.Where(pattern => pattern.IsLiteral && !view.Marketplaces.Any(
            open => pattern.Matches(open.Name)) && !view.Failures.Any(failure => pattern.Matches(failure.Target))))
        {
            yield return MarketplaceRegistry.NotFound(pattern.ToString(), view.Marketplaces.Select(open => open.Name));
        }

        foreach (var (plugin, marketplace) in _names.Where(name => name.Plugin.IsLiteral && name.Marketplace?.IsLiteral != false))
        {
            if (found.Exists(
                candidate => plugin.Matches(candidate.Entry.Name) && marketplace?.Matches(candidate.Marketplace.Name) != false))
            {
                continue;
            }

            if (marketplace is not null && !view.Marketplaces.Any(open => marketplace.Matches(open.Name))
                && !view.Failures.Any(failure => marketplace.Matches(failure.Target)))
            {
                yield return MarketplaceRegistry.NotFound(marketplace.ToString(), view.Marketplaces.Select(open => open.Name));
                continue;
            }

            var searched = view.Marketplaces.Where(open => Accepts(open) && marketplace?.Matches(open.Name) != false)
                .SelectMany(open => open.Catalog.Entries).ToList();
            if (!searched.Exists(entry => entry.IsListed && plugin.Matches(entry.Name)))
            {
                yield return NotFound(plugin, marketplace, searched);
            }
        }
    }

    /// <summary>Tells of categories and capabilities without wildcards that nothing has: as a warning where one like it is known, for else
    /// a filter that finds nothing is not a mistake.</summary>
    /// <param name="log">Who is told.</param>
    /// <param name="view">The marketplaces.</param>
    /// <param name="seen">The plugins that were described, those included that the filter did not accept then.</param>
    internal void TellUnknown(IActivityLog log, MarketplaceView view, IReadOnlyList<Plugin> seen)
    {
        Tell("is of the category", _categories, view.Marketplaces.Where(Accepts).SelectMany(open => open.Catalog.Entries)
            .Select(entry => entry.Category).Concat(seen.Select(plugin => plugin.Category)));
        Tell("claims the capability", _capabilities, seen.SelectMany(plugin => plugin.Capabilities ?? []));

        void Tell(string relation, IReadOnlyList<NamePattern> patterns, IEnumerable<string?> values)
        {
            var known = values.OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var text in patterns.Where(pattern => pattern.IsLiteral).Select(pattern => pattern.ToString())
                .Where(text => !known.Contains(text)))
            {
                Message message = $"None of the listed plugins {relation} '{text}'.";
                if (NearestName.Find(text, known) is { } nearest)
                {
                    log.Warn($"{message} {Remedy.DidYouMean(nearest)}");
                }
                else
                {
                    log.Detail(message);
                }
            }
        }
    }

    private static PluginMarketException NotFound(NamePattern plugin, NamePattern? marketplace, List<MarketplaceEntry> searched)
    {
        var name = DisplayText.Escape(plugin.ToString());
        var skipped = searched.Find(entry => plugin.Matches(entry.Name));
        var nearest = NearestName.Find(plugin.ToString(), searched.Where(entry => entry.IsListed).Select(entry => entry.Name));
        Message step = skipped?.SkipReason is { } reason
            ? (Message)($"Its entry is skipped: {reason} {Remedy.Do($"Ask the owner of the catalog to fix the entry.")}")
            : $"{Remedy.DidYouMean(nearest) ?? (searched.Count == 0 ? Remedy.Run(Operation.AddMarketplace, $"register a marketplace")
                : Remedy.Run(Operation.FindPlugin, $"list the plugins"))}";
        return new PluginMarketException(
            MarketErrorCode.PluginNotFound,
            marketplace is null ? (Message)$"No marketplace in view has a plugin '{name}'. {step}"
                : $"Marketplace '{marketplace}' has no plugin '{name}'. {step}",
            marketplace is null ? name : $"{name}@{marketplace.ToString()}");
    }

    private static bool MatchesOne(IReadOnlyList<NamePattern> patterns, string[]? values) =>
        values is not null && values.Any(value => NamePattern.MatchesAny(patterns, value));
}
