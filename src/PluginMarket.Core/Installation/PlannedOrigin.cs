using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Sources;

namespace PluginMarket.Installation;

/// <summary>Who says where the files of a planned plugin come from.</summary>
internal abstract record PlannedOrigin
{
    /// <summary>Where the files come from.</summary>
    internal abstract PluginSource Source { get; }

    /// <summary>The folder that local sources start from.</summary>
    internal abstract string SourceRoot { get; }

    /// <summary>The manifest of a source without one.</summary>
    internal abstract FallbackManifest? Fallback { get; }
}

/// <summary>An entry of a catalog on disk.</summary>
/// <param name="Marketplace">The catalog.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Mark">The state of the catalog that the decision was made from.</param>
internal sealed record CatalogOrigin(OpenMarketplace Marketplace, MarketplaceEntry Entry, CatalogMark Mark) : PlannedOrigin
{
    /// <summary>The commit of the marketplace's snapshot, and of when that is; null for a marketplace without one.</summary>
    internal string? Commit { get; init; }

    internal DateTimeOffset? SnapshotOn { get; init; }

    internal override PluginSource Source => Entry.Source!;

    internal override string SourceRoot => Marketplace.Catalog.Root;

    internal override FallbackManifest? Fallback => Entry.Fallback;
}

/// <summary>Recorded bytes: of a lock file, or of a receipt.</summary>
/// <param name="Pinned">The bytes.</param>
/// <param name="Listed">The catalog that was asked whether it still lists the plugin; null where the record alone decides.</param>
internal sealed record RecordedOrigin(PinnedPlugin Pinned, CatalogOrigin? Listed) : PlannedOrigin
{
    // A folder is always read where the catalog has it, if a catalog was asked.
    internal override PluginSource Source => Pinned.IsRemote || Listed is null ? Pinned.Source : Listed.Source;

    internal override string SourceRoot => Listed?.SourceRoot ?? Pinned.Entry.Source;

    internal override FallbackManifest? Fallback => Pinned.Fallback;
}
