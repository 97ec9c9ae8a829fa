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
        var table = layers.FindMarketplace(name)
            ?? throw MarketplaceRegistry.NotFound(name, layers.Marketplaces.Select(known => known.Name));
        var reader = new MarketplaceCatalogReader(environment);
        var location = new MarketplaceLocations(environment, layers, reader).Configured(table);
        return new OpenMarketplace(location, reader.Read(location.Root, location.IsRemote));
    }

    internal static Marketplace Describe(MarketEnvironment environment, string name) =>
        MarketplaceDescription.Describe(environment, Open(environment, name));

    /// <summary>The same, or null where it cannot be read.</summary>
    internal static Marketplace? TryDescribe(MarketEnvironment environment, string name) =>
        ConfigurationLayers.Read(environment).FindMarketplace(name) is { } table
        && DescribeAnyway(environment, table) is { Reason: null } readable ? readable : null;

    /// <summary>The same; where its catalog cannot be read, what the configuration says of it.</summary>
    /// <param name="environment">The home.</param>
    /// <param name="table">The marketplace as it is configured.</param>
    internal static Marketplace DescribeAnyway(MarketEnvironment environment, ConfiguredMarketplace table)
    {
        try
        {
            return Describe(environment, table.Name);
        }
        catch (PluginMarketException problem) when (problem.Code is MarketErrorCode.CatalogUnreadable or MarketErrorCode.LimitExceeded
            or MarketErrorCode.MarketplaceNotFound or MarketErrorCode.SourceInvalid or MarketErrorCode.NameInvalid)
        {
            return Describe(environment, table, problem);
        }
    }

    /// <summary>One whose catalog could not be read.</summary>
    internal static Marketplace Describe(MarketEnvironment environment, ConfiguredMarketplace table, PluginMarketException failure)
    {
        MarketplaceLocation? location = null;
        try
        {
            location = new MarketplaceLocations(environment, ConfigurationLayers.Read(environment),
                new MarketplaceCatalogReader(environment)).Configured(table);
        }
        catch (PluginMarketException)
        {
            // The failure itself says that the table names no usable place.
        }

        return MarketplaceDescription.Describe(environment, table, location, failure.Message);
    }
}
