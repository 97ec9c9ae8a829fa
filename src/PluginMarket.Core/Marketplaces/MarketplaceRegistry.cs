namespace PluginMarket;

/// <summary>The registered marketplaces: list, add, set, update, remove (contract 4).</summary>
/// <remarks>Changing methods recover from killed runs first, hold the home's lock and then Codex's own while they publish, and leave nothing behind when they fail.</remarks>
public sealed partial class MarketplaceRegistry
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the registry of one home; nothing is touched.</summary>
    public MarketplaceRegistry(MarketEnvironment environment) => _environment = environment;

    /// <summary>Lists the marketplaces in view. One that cannot be read is a failure of its own; the others are listed.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public Task<MarketplaceListing> ListAsync(MarketplaceListRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Registers a marketplace; a git one is fetched into the home first. Repeating it changes nothing.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid, CatalogUnreadable, NameInvalid, NameReserved, MarketplaceNameMismatch, MarketplaceAlreadyExists, ManagedByAdministrator,
    /// GitRefNotFound and the other failures of fetching, StateLocked, HomeNotWritable, DiskFull, ConfigInvalid, ConfigFormUnsupported.</exception>
    public Task<MarketplaceAddition> AddAsync(MarketplaceAddRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Changes the ref or the source of a marketplace in the user's configuration, fetching what it names now.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="AddAsync"/>, and MarketplaceNotFound.</exception>
    public Task<Marketplace> SetAsync(MarketplaceSetRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Brings snapshots up to date: one question to the server for one that is unchanged. Installed plugins are not touched.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid, StateLocked, HomeNotWritable; what concerns one marketplace is in the outcome.</exception>
    public Task<MarketplaceUpdateOutcome> UpdateAsync(MarketplaceUpdateRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Takes a marketplace out of the user's configuration, then its snapshot out of the home. Its installed plugins stay.</summary>
    /// <exception cref="PluginMarketException">MarketplaceNotFound, ManagedByAdministrator, StateLocked, HomeNotWritable, ConfigInvalid, ConfigFormUnsupported.</exception>
    public Task<MarketplaceRemoval> RemoveAsync(MarketplaceRemoveRequest request, CancellationToken cancellation = default) => throw new NotImplementedException();
}
