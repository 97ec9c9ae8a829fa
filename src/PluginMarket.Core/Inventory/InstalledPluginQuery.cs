using PluginMarket.Cache;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Inventory;

/// <summary>Lists what a home loads: configuration, cache and catalogs joined.</summary>
internal sealed class InstalledPluginQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public InstalledPluginQuery(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Lists the plugins of the home; nothing where nobody named a home and the default one is missing.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public InstalledPluginListing List(InstalledPluginRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!AgentHome.Open(_environment).Exists)
        {
            return new InstalledPluginListing([], NotInstalled(request.Names));
        }

        var view = MarketplaceView.Open(_environment);
        var cached = (Exactly(request.Names) ?? _environment.Home.Cache.AllPlugins()).ToDictionary(plugin => plugin.Id);
        var (ids, missing) = Select(cached.Keys, view.Layers, request.Names);
        var marketplaces = NamePattern.ReadAll(request.Marketplaces);
        var plugins = new List<InstalledPlugin>();
        var refresh = new CodexRefresh(_environment, view);
        var gate = PolicyGate.Open(_environment);
        var commits = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var id in ids.Where(id => NamePattern.MatchesAny(marketplaces, id.Marketplace.Value)))
        {
            cancellation.ThrowIfCancellationRequested();
            var join = new InstalledJoin(_environment, view, id, cached.GetValueOrDefault(id));
            if (request.States.Count > 0 && !request.States.Contains(join.State, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            var plugin = join.Describe(request, commits, Origin.ToolVersion, refresh, gate);
            if (request.Version is null || request.Version == plugin.Version)
            {
                plugins.Add(plugin);
            }
        }

        return new InstalledPluginListing(plugins,
            [.. view.Failures.Where(failure => NamePattern.MatchesAny(marketplaces, failure.Target)
                && (request.Names.Count == 0 || plugins.Exists(plugin => MayBeOf(plugin, failure, view)))), .. missing]);
    }

    // A marketplace that is not registered has no name where it cannot be read: it may be that of any plugin whose own is not known.
    private static bool MayBeOf(InstalledPlugin plugin, PluginMarketException failure, MarketplaceView view) =>
        failure.Target == plugin.Marketplace
        || (view.Layers.FindMarketplace(plugin.Marketplace) is null
            && !view.Marketplaces.Any(open => open.Name == plugin.Marketplace)
            && !view.Layers.Marketplaces.Any(table => table.Name == failure.Target));

    /// <summary>Lists the ids of the plugins of the home, without a check of their files or at catalogs.</summary>
    /// <param name="names">Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</param>
    /// <returns>The ids, sorted, and one failure for each literal name that fits none.</returns>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    internal (IReadOnlyList<PluginId> Ids, IReadOnlyList<PluginMarketException> Missing) ListIds(IReadOnlyList<string> names) =>
        AgentHome.Open(_environment).Exists
            ? Select(_environment.Home.Cache.AllPlugins().Select(plugin => plugin.Id), ConfigurationLayers.Read(_environment), names)
            : ([], NotInstalled(names));

    private (IReadOnlyList<PluginId> Ids, IReadOnlyList<PluginMarketException> Missing) Select(IEnumerable<PluginId> cached,
        ConfigurationLayers layers, IReadOnlyList<string> patterns)
    {
        var ids = cached.Concat(layers.Plugins.Select(ParseId).OfType<PluginId>()).Distinct()
            .OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        var names = patterns.Select(NamePattern.SplitId).ToList();
        var missing = names.Where(
            name => name.Plugin.IsLiteral && name.Marketplace?.IsLiteral != false && !ids.Exists(id => Matches([name], id)));
        return ([.. ids.Where(id => Matches(names, id))], [.. missing.Select(name => NotInstalled(name, ids))]);
    }

    private static List<PluginMarketException> NotInstalled(IReadOnlyList<string> names) =>
        [.. names.Select(NamePattern.SplitId).Where(name => name.Plugin.IsLiteral).Select(name => NotInstalled(name, []))];

    /// <summary>Whether a name that was asked for, wildcards allowed, means a plugin.</summary>
    public static bool Matches(string name, InstalledPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        return PluginId.TryParse(plugin.Id, out var id, out _) && Matches([NamePattern.SplitId(name)], id);
    }

    // Whoever asks for a few plugins by their full names need not wait until all the others were checked.
    private List<CachedPlugin>? Exactly(IReadOnlyList<string> names)
    {
        var found = names.Select(name => PluginId.TryParse(name, out var id, out _) ? _environment.Home.Cache.Find(id) : null)
            .OfType<CachedPlugin>().DistinctBy(plugin => plugin.Id).ToList();
        return found.Count > 0 && found.Count == names.Count ? found : null;
    }

    private PluginId? ParseId(ConfiguredPlugin table)
    {
        if (PluginId.TryParse(table.Id, out var id, out var finding))
        {
            return id;
        }

        _environment.Log.Detail($"A [plugins] key of {table.File} is ignored: {finding}");
        return null;
    }

    private static bool Matches(List<(NamePattern Plugin, NamePattern? Marketplace)> names, PluginId id) =>
        names.Count == 0
        || names.Any(name => name.Plugin.Matches(id.Plugin.Value) && name.Marketplace?.Matches(id.Marketplace.Value) != false);

    private static PluginMarketException NotInstalled((NamePattern Plugin, NamePattern? Marketplace) name, List<PluginId> ids)
    {
        var shown = DisplayText.Escape(name.Marketplace is null ? name.Plugin.ToString() : $"{name.Plugin}@{name.Marketplace}");
        var nearest = name.Marketplace is null
            ? NearestName.Find(name.Plugin.ToString(), ids.Select(id => id.Plugin.Value))
            : NearestName.Find($"{name.Plugin}@{name.Marketplace}", ids.Select(id => id.ToString()));
        return new PluginMarketException(
            MarketErrorCode.PluginNotInstalled,
            $"Plugin '{shown}' is not installed. "
                + $"{Remedy.DidYouMean(nearest) ?? Remedy.Run(Operation.ListInstalled, $"list the installed plugins")}",
            shown);
    }
}
