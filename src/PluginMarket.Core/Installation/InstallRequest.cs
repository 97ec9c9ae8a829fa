namespace PluginMarket;

/// <summary>What to install, and under which conditions.</summary>
/// <remarks>Of a reference only plugin, marketplace, version, reviewed digest, home and computer are used; everything else is read again from the catalogs on disk (threat F2).</remarks>
public sealed record InstallRequest
{
    /// <summary>The plugins asked for.</summary>
    public IReadOnlyList<PluginReference> References { get; init; } = [];

    /// <summary>A lock file all of whose plugins are wanted, in exactly the bytes it names; null for none.</summary>
    public PluginLockFile? LockFile { get; init; }

    /// <summary>Whether the lock file alone decides: no catalog is asked whether it still lists the plugins, and none has to be registered.</summary>
    public bool Frozen { get; init; }

    /// <summary>Whether to install, besides, what the catalogs of registered marketplaces mark as <c>INSTALLED_BY_DEFAULT</c>.</summary>
    public bool Default { get; init; }

    /// <summary>The marketplace of references that name none; null means any.</summary>
    public MarketplaceName? Marketplace { get; init; }

    /// <summary>The branch, tag or full commit to take instead of the entry's; git sources only.</summary>
    public string? Ref { get; init; }

    /// <summary>The full commit to take instead of the entry's; git sources only.</summary>
    public string? Sha { get; init; }

    /// <summary>The manifest version the source must have, or null for any.</summary>
    public PluginVersion? Version { get; init; }

    /// <summary>Whether to replace an installed plugin whose bytes differ from its source's.</summary>
    public bool Reinstall { get; init; }

    /// <summary>The cache folder of local plugins; null for the environment's <c>PLUGINMARKET_CACHE_VERSION</c>, else <see cref="CacheVersionRule.Local"/>.</summary>
    public CacheVersionRule? CacheVersion { get; init; }

    /// <summary>Whether to register marketplaces that are not, instead of refusing.</summary>
    public bool TrustMarketplace { get; init; }

    /// <summary>Whether to leave the installed plugins turned off.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whether a link, submodule or device in a plugin refuses it instead of being left out.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether a version may be replaced by a lower one.</summary>
    public bool AllowDowngrade { get; init; }

    /// <summary>Kinds of capability that a replacement may add or change: <c>Hook</c>, <c>McpServer</c>, <c>App</c>, <c>Script</c>, <c>Skill</c>, <c>All</c>, ignoring case.</summary>
    public IReadOnlyList<string> AcceptCapability { get; init; } = [];

    /// <summary>Whether only what is installed is replaced by what its source holds now: turned on or off, and laid out, as it is.</summary>
    public bool Update { get; init; }

    /// <summary>The approvals that alone are accepted, or null where <see cref="AcceptCapability"/> decides. Bytes that are not approved are refused.</summary>
    public ApprovalFile? Approvals { get; init; }

    /// <summary>How many replaced versions of a plugin are kept; 0 for none.</summary>
    public int KeepVersion { get; init; } = DefaultKeepVersion;

    /// <summary>How many replaced versions are kept where nobody says otherwise.</summary>
    public const int DefaultKeepVersion = 2;

    internal string ActionName => IsRepair ? "Repair" : Update ? "Update" : "Install";

    /// <summary>How many are worked on at once.</summary>
    public int ThrottleLimit { get; init; } = 5;

    /// <summary>How git may be used.</summary>
    public GitOptions Git { get; init; } = GitOptions.Default;

    /// <summary>Plugins wanted in recorded bytes: those of the lock file, or the one that is repaired.</summary>
    internal IReadOnlyList<PinnedPlugin> Pinned { get; init; } = [];

    /// <summary>Whether recorded bytes are put back in place of others.</summary>
    internal bool IsRepair { get; init; }
}
