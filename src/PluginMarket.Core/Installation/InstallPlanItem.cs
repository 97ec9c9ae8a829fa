namespace PluginMarket;

/// <summary>One plugin that would be installed: what the caller is shown before saying yes.</summary>
/// <remarks>Texts are escaped for a terminal and free of secrets.</remarks>
public sealed record InstallPlanItem
{
    internal InstallPlanItem()
    {
    }

    /// <summary>The plugin.</summary>
    public required PluginId Id { get; init; }

    /// <summary><c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>Where the files come from: a folder, a URL without secrets and its path, or a package and the version asked for.</summary>
    public required string Source { get; init; }

    /// <summary>The host that the catalog names, or null for none; for an npm package without one the user's npm decides.</summary>
    public string? Host { get; init; }

    /// <summary>The branch, tag or commit that is asked for, or null for the default branch.</summary>
    public string? Ref { get; init; }

    /// <summary>The version that is active now, or null.</summary>
    public string? InstalledVersion { get; init; }

    /// <summary><c>AVAILABLE</c> or <c>INSTALLED_BY_DEFAULT</c>.</summary>
    public required string Installation { get; init; }

    /// <summary><c>ON_INSTALL</c> or <c>ON_USE</c>: when apps of the plugin sign in.</summary>
    public required string Authentication { get; init; }

    /// <summary>The catalog file, absolute.</summary>
    public required string CatalogPath { get; init; }

    /// <summary>The marketplace's root, absolute.</summary>
    public required string MarketplaceRoot { get; init; }

    /// <summary>Whether the marketplace is not registered, so that installing registers its root as a local marketplace: the caller asks the user first.</summary>
    public bool RequiresTrust { get; init; }

    /// <summary>Whether that has been agreed to. An item that requires trust and has none fails with <see cref="MarketErrorCode.MarketplaceNotTrusted"/>.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>What would be done, in a line.</summary>
    public string Description =>
        (InstalledVersion is null ? "Install" : IsUpdate ? $"Update version {InstalledVersion}" : $"Install over version {InstalledVersion}")
        + $" from {Source}"
        + (Ref is null ? "" : $" at {Ref}")
        + (RequiresTrust ? $", and register {MarketplaceRoot} as a marketplace" : "");

    internal bool IsUpdate { get; init; }

    internal PluginReference Reference { get; init; } = null!;

    internal OpenMarketplace Marketplace { get; init; } = null!;

    internal MarketplaceEntry Entry { get; init; } = null!;

    internal CatalogMark Mark { get; init; } = null!;

    /// <summary>The bytes demanded, where they are known; <see cref="Marketplace"/>, <see cref="Entry"/> and <see cref="Mark"/> are then null unless a catalog was asked too.</summary>
    internal PinnedPlugin? Pinned { get; init; }

    /// <summary>Whether a catalog on disk decides about it.</summary>
    internal bool IsFromCatalog => Marketplace is not null;

    /// <summary>Where the files come from. A folder is always read where the catalog has it, if a catalog was asked.</summary>
    internal PluginSource FetchedFrom => Pinned is { } pinned && (pinned.IsRemote || !IsFromCatalog) ? pinned.Source : Entry.Source!;

    /// <summary>The folder that local sources start from.</summary>
    internal string SourceRoot => IsFromCatalog ? Marketplace.Catalog.Root : Pinned!.Entry.Source;

    /// <summary>The manifest of a source without one.</summary>
    internal FallbackManifest? Fallback => Pinned is { } pinned ? pinned.Fallback : Entry.Fallback;

    internal string? CatalogCommit { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id.ToString();
}
