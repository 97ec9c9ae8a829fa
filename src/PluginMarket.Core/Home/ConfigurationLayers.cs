namespace PluginMarket;

/// <summary>All configuration layers of a home, read together; nothing is written.</summary>
public sealed class ConfigurationLayers
{
    /// <summary>The marketplaces of all layers, by name.</summary>
    public IReadOnlyList<ConfiguredMarketplace> Marketplaces => throw new NotImplementedException();

    /// <summary>The plugins of all layers, by id.</summary>
    public IReadOnlyList<ConfiguredPlugin> Plugins => throw new NotImplementedException();

    /// <summary>Whether plugins are on at all (<c>[features] plugins</c>); what requirements.toml says wins.</summary>
    public bool PluginsFeatureEnabled => throw new NotImplementedException();

    /// <summary>The administrator's requirements.</summary>
    public MarketplaceRequirements Requirements => throw new NotImplementedException();

    /// <summary>Reads every layer that applies: a project's only where the user's file trusts the project.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/> with the file, line and column.</exception>
    public static ConfigurationLayers Read(MarketEnvironment environment) => throw new NotImplementedException();

    /// <summary>The marketplace of that key, or null.</summary>
    public ConfiguredMarketplace? FindMarketplace(string name) => throw new NotImplementedException();

    /// <summary>The plugin of that id, or null.</summary>
    public ConfiguredPlugin? FindPlugin(string id) => throw new NotImplementedException();

    /// <summary>Whether the plugin has a table and no layer that wins turns it off.</summary>
    public bool IsEffectivelyEnabled(string id) => throw new NotImplementedException();

    /// <summary>Fails where a layer other than the user's defines the marketplace.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ManagedByAdministrator"/> naming the file.</exception>
    public void DemandUserMarketplace(string name) => throw new NotImplementedException();

    /// <summary>Fails where a layer that wins over the user's decides about the plugin, so that a change would have no effect.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ManagedByAdministrator"/> naming the file.</exception>
    public void DemandUserPlugin(string id) => throw new NotImplementedException();
}
