namespace PluginMarket;

/// <summary>Finds catalog entries and joins each with its manifest and with what is installed.</summary>
public sealed partial class PluginQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public PluginQuery(MarketEnvironment environment) => _environment = environment;

    /// <summary>Finds entries. Local sources are read where they lie; git ones only when the request asks to resolve.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public Task<PluginListing> FindAsync(PluginFindRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();
}
