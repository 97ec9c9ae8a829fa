using PluginMarket.Cache;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Installation;

/// <summary>Finds the one installed plugin that a reference means: files in the cache, or a key in the user's configuration.</summary>
internal static class InstalledReference
{
    /// <exception cref="PluginMarketException">PluginNotInstalled, PluginNameAmbiguous, HomeConflict, ForeignComputer.</exception>
    internal static PluginId Resolve(MarketEnvironment environment, PluginReference reference, ConfigurationLayers layers,
        PluginCache cache, Func<PluginId, bool> remainsOf)
    {
        ReferenceCheck.DemandThisHome(reference, environment);
        if (reference.PluginId is { } exact)
        {
            return layers.FindPlugin(exact.ToString()) is not null || cache.Versions(exact).Count > 0 || remainsOf(exact)
                ? exact : throw NotInstalled(reference, All(layers, cache));
        }

        var fitting = cache.Named(reference.Name)
            .Concat(layers.Plugins.Select(Parse).OfType<PluginId>().Where(id => id.Plugin == reference.Name))
            .Distinct()
            .OrderBy(id => id.ToString(), StringComparer.Ordinal)
            .ToList();
        return fitting.Count switch
        {
            1 => fitting[0],
            0 => throw NotInstalled(reference, All(layers, cache)),
            _ => throw new PluginMarketException(
                MarketErrorCode.PluginNameAmbiguous,
                $"More than one installed plugin is called '{reference.Name}': {string.Join(" and ", fitting)}. "
                    + $"{Remedy.Do($"Choose one of them.")}",
                reference.Id),
        };
    }

    private static List<PluginId> All(ConfigurationLayers layers, PluginCache cache) =>
    [
        .. layers.Plugins.Select(Parse).OfType<PluginId>()
            .Concat(cache.AllPlugins().Select(plugin => plugin.Id))
            .Distinct()
            .OrderBy(id => id.ToString(), StringComparer.Ordinal),
    ];

    private static PluginId? Parse(ConfiguredPlugin plugin) => PluginId.TryParse(plugin.Id, out var id, out _) ? id : null;

    private static PluginMarketException NotInstalled(PluginReference reference, List<PluginId> all)
    {
        var nearest = reference.Marketplace is null
            ? NearestName.Find(reference.Name.Value, all.Select(id => id.Plugin.Value).Distinct(StringComparer.Ordinal))
            : NearestName.Find(reference.Id, all.Select(id => id.ToString()));
        return new PluginMarketException(
            MarketErrorCode.PluginNotInstalled,
            $"'{reference.Id}' is not installed. "
                + $"{Remedy.DidYouMean(nearest) ?? Remedy.Run(Operation.ListInstalled, $"list the installed plugins")}",
            reference.Id);
    }
}
