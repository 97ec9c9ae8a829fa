namespace PluginMarket;

/// <summary>Lists what a home loads: configuration, cache and catalogs joined.</summary>
public sealed partial class InstalledPluginQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public InstalledPluginQuery(MarketEnvironment environment) => _environment = environment;

    /// <summary>Lists the plugins of the home; nothing where the home is missing.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public InstalledPluginListing List(InstalledPluginRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();
}
