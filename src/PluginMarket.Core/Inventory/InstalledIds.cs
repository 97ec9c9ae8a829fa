using PluginMarket.Cache;
using PluginMarket.Home;

namespace PluginMarket.Inventory;

/// <summary>Which plugin ids are installed: their key is configured and a version is cached (contract 3.6).</summary>
internal sealed class InstalledIds
{
    private readonly ConfigurationLayers _layers;
    private readonly PluginCache _cache;

    private InstalledIds(ConfigurationLayers layers, PluginCache cache)
    {
        _layers = layers;
        _cache = cache;
    }

    internal static InstalledIds Read(MarketEnvironment environment, ConfigurationLayers layers) => new(layers, environment.Home.Cache);

    internal bool Contains(string id, PluginName plugin, MarketplaceName marketplace) =>
        _layers.FindPlugin(id) is not null && _cache.ActiveVersion(new PluginId(plugin, marketplace)) is not null;
}
