using PluginMarket.Records;
using PluginMarket.Sources.Git;

namespace PluginMarket.Installation;

/// <summary>What to put in place, and under which conditions.</summary>
/// <remarks>Of a reference only plugin, marketplace, version, reviewed digest, home and computer are used; everything else is read again
/// from the catalogs on disk (threat F2).</remarks>
internal sealed record InstallRequest
{
    /// <summary>How many replaced versions are kept where nobody says otherwise.</summary>
    public const int DefaultKeepVersion = 2;

    /// <summary>What the request is for.</summary>
    public InstallIntent Intent { get; init; } = new InstallIntent.Install();

    /// <summary>The plugins asked for; a lock file names its own.</summary>
    public IReadOnlyList<PluginReference> References { get; init; } = [];

    /// <summary>The marketplace of references that name none; null means any.</summary>
    public MarketplaceName? Marketplace { get; init; }

    /// <summary>Whether to register marketplaces that are not, instead of refusing.</summary>
    public bool TrustMarketplace { get; init; }

    /// <summary>Whether a link, submodule or device in a plugin refuses it instead of being left out.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether a version may be replaced by a lower one.</summary>
    public bool AllowDowngrade { get; init; }

    /// <summary>Kinds of capability that a replacement may add or change: <c>Hook</c>, <c>McpServer</c>, <c>App</c>, <c>Script</c>,
    /// <c>Skill</c>, <c>All</c>, ignoring case.</summary>
    public IReadOnlyList<string> AcceptCapability { get; init; } = [];

    /// <summary>The approvals that alone are accepted, or null where <see cref="AcceptCapability"/> decides. Bytes
    /// that are not approved are refused.</summary>
    public ApprovalFile? Approvals { get; init; }

    /// <summary>How many replaced versions of a plugin are kept; 0 for none.</summary>
    public int KeepVersion { get; init; } = DefaultKeepVersion;

    /// <summary>How many are worked on at once.</summary>
    public int ThrottleLimit { get; init; } = 5;

    /// <summary>How git may be used.</summary>
    public GitOptions Git { get; init; } = GitOptions.Default;

    /// <summary>The branch, tag or commit that replaces the entry's.</summary>
    internal (string? Ref, string? Sha) Revision => Intent is InstallIntent.Install install ? (install.Ref, install.Sha) : (null, null);

    internal bool IsFrozen => Intent is InstallIntent.RestoreLock { Frozen: true } or InstallIntent.Repair;

    internal bool IsUpdate => Intent is InstallIntent.Update;
}
