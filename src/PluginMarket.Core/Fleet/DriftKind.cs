namespace PluginMarket.Fleet;

/// <summary>How a home can differ from what it should be; a closed list.</summary>
internal enum DriftKind
{
    /// <summary>Nothing differs.</summary>
    InSync,

    /// <summary>A machine that was expected did not report.</summary>
    NoReport,

    /// <summary>Its report is too old.</summary>
    StaleReport,

    /// <summary>Its report was cut, edited or reordered.</summary>
    BrokenReport,

    /// <summary>The home could not be read.</summary>
    HomeUnreadable,

    /// <summary>Another version of this tool.</summary>
    ToolVersion,

    /// <summary>Another version of Codex.</summary>
    CodexVersion,

    /// <summary>The policy is not in force there, or cannot be read.</summary>
    PolicyMissing,

    /// <summary>Another revision of the policy is in force.</summary>
    PolicyOutdated,

    /// <summary>Another revision of the state was applied last.</summary>
    StateOutdated,

    /// <summary>What the machine takes its state and policy from has ended.</summary>
    ChannelExpired,

    /// <summary>A marketplace is not registered.</summary>
    MarketplaceMissing,

    /// <summary>A marketplace is registered that should not be.</summary>
    MarketplaceUnexpected,

    /// <summary>A marketplace comes from elsewhere.</summary>
    MarketplaceSource,

    /// <summary>A marketplace follows another ref, or has other sparse paths.</summary>
    MarketplaceRef,

    /// <summary>A marketplace cannot be read.</summary>
    MarketplaceUnreadable,

    /// <summary>A plugin is not installed.</summary>
    Missing,

    /// <summary>A plugin is installed that should not be.</summary>
    Unexpected,

    /// <summary>Another version.</summary>
    Version,

    /// <summary>The bytes come from another commit.</summary>
    Commit,

    /// <summary>Other bytes than the reference.</summary>
    Content,

    /// <summary>Other bytes than its own record.</summary>
    Modified,

    /// <summary>Nobody can tell whether it is right.</summary>
    Unverified,

    /// <summary>It is off and should be on.</summary>
    Disabled,

    /// <summary>It is on and should be off.</summary>
    Enabled,

    /// <summary>It is held and should not be, or the other way round, or for another reason.</summary>
    Hold,

    /// <summary>It can do other things than the reference.</summary>
    Capability,

    /// <summary>The policies do not allow it.</summary>
    PolicyViolation,

    /// <summary>It is blocked there, and loads nevertheless.</summary>
    Blocked,

    /// <summary>An advisory says that it is affected.</summary>
    Advisory,

    /// <summary>Codex would replace it by itself.</summary>
    Refreshable,

    /// <summary>The same bytes are there under another id.</summary>
    Duplicate,
}

/// <summary>One difference of one home from one reference.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="Subject">The plugin, the marketplace or the computer.</param>
/// <param name="Expected">What was expected; null where nothing was.</param>
/// <param name="Actual">What is there; null where nothing is.</param>
internal sealed record Difference(DriftKind Kind, string Subject, string? Expected = null, string? Actual = null);

/// <summary>How grave each kind is.</summary>
internal static class DriftSeverity
{
    /// <summary>The kinds that mean that nobody knows.</summary>
    internal static bool IsUnknown(DriftKind kind) =>
        kind is DriftKind.NoReport or DriftKind.StaleReport or DriftKind.BrokenReport or DriftKind.HomeUnreadable or DriftKind.Unverified;

    /// <summary><c>Error</c>, <c>Warning</c> or <c>Information</c>.</summary>
    internal static string Of(DriftKind kind) => kind switch
    {
        DriftKind.InSync or DriftKind.ToolVersion or DriftKind.CodexVersion or DriftKind.Duplicate => "Information",
        DriftKind.StaleReport or DriftKind.StateOutdated or DriftKind.PolicyOutdated or DriftKind.Unexpected
            or DriftKind.MarketplaceUnexpected or DriftKind.Refreshable or DriftKind.Hold or DriftKind.Enabled => "Warning",
        _ => "Error",
    };

    /// <summary>The gravest first.</summary>
    internal static int Rank(string severity) => severity switch
    {
        "Error" => 0,
        "Warning" => 1,
        _ => 2,
    };
}
