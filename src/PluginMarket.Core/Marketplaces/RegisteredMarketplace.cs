using PluginMarket.Home;

namespace PluginMarket.Marketplaces;

/// <summary>Opens one marketplace by its configured name, whatever else is in view.</summary>
internal static class RegisteredMarketplace
{
    /// <summary>Reads its catalog.</summary>
    /// <exception cref="PluginMarketException">MarketplaceNotFound, CatalogUnreadable, SourceInvalid, NameInvalid.</exception>
    internal static OpenMarketplace Open(MarketEnvironment environment, string name)
    {
        var layers = ConfigurationLayers.Read(environment);
        var table = layers.FindMarketplace(name) ?? throw MarketplaceRegistry.NotFound(name, layers.Marketplaces.Select(known => known.Name));
        var reader = new MarketplaceCatalogReader(environment);
        var location = new MarketplaceLocations(environment, layers, reader).Configured(table);
        return new OpenMarketplace(location, reader.Read(location.Root, location.IsRemote));
    }

    internal static Marketplace Describe(MarketEnvironment environment, string name) => MarketplaceDescription.Describe(environment, Open(environment, name));

    /// <summary>The same, or null where it cannot be read.</summary>
    internal static Marketplace? TryDescribe(MarketEnvironment environment, string name)
    {
        try
        {
            return Describe(environment, name);
        }
        catch (PluginMarketException problem) when (problem.Code is MarketErrorCode.CatalogUnreadable or MarketErrorCode.LimitExceeded or MarketErrorCode.MarketplaceNotFound or MarketErrorCode.SourceInvalid or MarketErrorCode.NameInvalid)
        {
            return null;
        }
    }
}
