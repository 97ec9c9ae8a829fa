using PluginMarket.Files;

namespace PluginMarket.Cache;

/// <summary>Where an installed plugin is. Every path below <c>plugins/</c> is computed here (contract 3.1); nothing is touched.</summary>
internal sealed class CacheLayout
{
    /// <summary>The layout of one home.</summary>
    /// <param name="state">Our own folder beside the cache.</param>
    internal CacheLayout(StateLayout state) => State = state;

    /// <summary>Our own folder beside the cache.</summary>
    internal StateLayout State { get; }

    /// <summary>The folder of all cached plugins.</summary>
    public string CachePath => State.CachePath;

    /// <summary>The folder of a marketplace's cached plugins.</summary>
    public string MarketplacePath(MarketplaceName marketplace)
    {
        ArgumentNullException.ThrowIfNull(marketplace);
        return Path.Join(CachePath, marketplace.Value);
    }

    /// <summary>The folder of a plugin's cached versions.</summary>
    public string PluginPath(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Path.Join(MarketplacePath(id.Marketplace), id.Plugin.Value);
    }

    /// <summary>The folder of one cached version.</summary>
    public string VersionPath(PluginId id, PluginVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Path.Join(PluginPath(id), version.Value);
    }

    /// <summary>The folder in which the running plugin keeps its data; uninstalling leaves it.</summary>
    public string DataPath(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Path.Join(State.PluginsPath, "data", $"{id.Plugin}-{id.Marketplace}");
    }

    /// <summary>The receipt of an installed plugin.</summary>
    public string ReceiptPath(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Path.Join(State.ReceiptsPath, id.Marketplace.Value, id.Plugin.Value + ".json");
    }

    /// <summary>The folder of a plugin's kept versions.</summary>
    public string KeptPath(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Path.Join(State.KeptPath, id.Marketplace.Value, id.Plugin.Value);
    }

    /// <summary>The file that holds a plugin at its version.</summary>
    public string HoldPath(PluginId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Path.Join(State.HoldsPath, id.Marketplace.Value, id.Plugin.Value + ".json");
    }
}
