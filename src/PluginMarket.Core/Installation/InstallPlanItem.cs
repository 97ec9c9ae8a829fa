using PluginMarket.Sources.Local;

namespace PluginMarket.Installation;

/// <summary>One plugin that would be installed: what the caller is shown before saying yes.</summary>
/// <remarks>Texts are escaped for a terminal and free of secrets.</remarks>
internal sealed record InstallPlanItem
{
    internal InstallPlanItem(InstallIntent intent, PluginReference reference, PlannedOrigin origin)
    {
        Intent = intent;
        Reference = reference;
        Origin = origin;
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

    /// <summary>The manifest's version of what is installed now, its folder's name where that has none, or
    /// null where nothing is installed.</summary>
    public string? InstalledVersion { get; init; }

    /// <summary><c>AVAILABLE</c> or <c>INSTALLED_BY_DEFAULT</c>.</summary>
    public required string Installation { get; init; }

    /// <summary><c>ON_INSTALL</c> or <c>ON_USE</c>: when apps of the plugin sign in.</summary>
    public required string Authentication { get; init; }

    /// <summary>The catalog file, absolute.</summary>
    public required string CatalogPath { get; init; }

    /// <summary>The marketplace's root, absolute.</summary>
    public required string MarketplaceRoot { get; init; }

    /// <summary>Whether the marketplace is not registered, so that installing registers its root as a local
    /// marketplace: the caller asks the user first.</summary>
    public bool RequiresTrust { get; init; }

    /// <summary>Whether that has been agreed to. An item that requires trust and has none fails with
    /// <see cref="MarketErrorCode.MarketplaceNotTrusted"/>.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>What would be done, in a line.</summary>
    public string Description =>
        (InstalledVersion is null ? "Install"
            : Intent is InstallIntent.Update ? $"Update version {InstalledVersion}" : $"Install over version {InstalledVersion}")
        + $" from {Source}"
        + (Ref is null ? "" : $" at {Ref}")
        + (RenamedFolder is null ? "" : $", and rename its cache folder '{InstalledFolder}' to '{RenamedFolder}'")
        + (RequiresTrust ? $", and register {MarketplaceRoot} as a marketplace" : "");

    /// <summary>What is wanted of it.</summary>
    internal InstallIntent Intent { get; }

    internal PluginReference Reference { get; }

    internal PlannedOrigin Origin { get; }

    /// <summary>The folder that is active now, and the name it would get where that is known before anything is fetched.</summary>
    internal PluginVersion? InstalledFolder { get; init; }

    internal string? RenamedFolder { get; init; }

    /// <summary>The bytes demanded, where they are known.</summary>
    internal PinnedPlugin? Pinned => (Origin as RecordedOrigin)?.Pinned;

    /// <summary>The catalog that offers it, where one was asked.</summary>
    internal CatalogOrigin? Catalog => Origin as CatalogOrigin ?? (Origin as RecordedOrigin)?.Listed;

    /// <summary>Whether it comes from a folder of its marketplace, so that the marketplace's state is its own.</summary>
    internal bool IsPart => Catalog?.Entry.Source is LocalSource;

    /// <summary>Whether exactly these bytes were promised: their folder is then the manifest's version, because Codex's refresh replaces a
    /// plugin whose folder differs from it.</summary>
    internal bool IsPromised => Reference.TreeHash is { Length: > 0 } || Pinned is not null;

    /// <summary>The id.</summary>
    public override string ToString() => Id.ToString();
}
