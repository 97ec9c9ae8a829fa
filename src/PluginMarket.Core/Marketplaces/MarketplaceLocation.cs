using PluginMarket.Home;
using PluginMarket.Sources;

namespace PluginMarket.Marketplaces;

/// <summary>A place that should hold a catalog.</summary>
internal sealed record MarketplaceLocation
{
    /// <summary>Who brought it into view.</summary>
    public required MarketplaceScope Scope { get; init; }

    /// <summary>The folder relative paths of the catalog start from, absolute.</summary>
    public required string Root { get; init; }

    /// <summary>The configuration's table for it, or null where none names it.</summary>
    public ConfiguredMarketplace? Configured { get; init; }

    /// <summary>The catalog file, where the caller named one; else the first of the four places counts.</summary>
    public string? CatalogPath { get; init; }

    /// <summary>The configured source; null for a place that is not configured, and for a URL that is not accepted.</summary>
    public MarketplaceSource? Source { get; init; }

    /// <summary>Whether its catalog came over the network, so that it may not name places on this computer.</summary>
    public bool IsRemote => Origin.IsNetwork();

    /// <summary>Who wrote the catalog: decides which hosts and folders it may name (threat C4, C5).</summary>
    internal SourceOrigin Origin => this switch
    {
        { Source: GitMarketplaceSource { Url: var url } } => url.IsFile ? SourceOrigin.LocalCatalog
            : url.IsPrivate ? SourceOrigin.PrivateCatalog : SourceOrigin.PublicCatalog,

        // A snapshot of an address that is not accepted.
        { IsSnapshot: true } => SourceOrigin.PublicCatalog,
        _ => SourceOrigin.LocalCatalog,
    };

    /// <summary>Whether a configuration layer names it.</summary>
    public bool IsRegistered => Configured is not null;

    /// <summary>Whether installing from it must register it first, with the user's consent (contract 8).</summary>
    public bool RequiresTrust => Configured is null && Scope != MarketplaceScope.Personal;

    /// <summary>Whether its files are a snapshot of a git repository in this home.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary>What decides which sources the catalog may name, and what its folder is a snapshot of.</summary>
    internal SourceContext MakeContext(MarketEnvironment environment) =>
        new(Root, Origin) { Snapshot = IsSnapshot ? SnapshotCommit.ReadState(environment, Root, Source as GitMarketplaceSource) : null };
}
