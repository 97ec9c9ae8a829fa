using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>One difference of one home from what it should be.</summary>
/// <remarks>Texts are escaped for a terminal and free of secrets.</remarks>
public sealed record PluginDrift
{
    /// <summary>The computer.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account; null where nothing was reported.</summary>
    public string? UserName { get; init; }

    /// <summary>The agent's home; null where nothing was reported.</summary>
    public string? CodexHome { get; init; }

    /// <summary>The plugin, the marketplace or the computer that differs.</summary>
    public required string Subject { get; init; }

    /// <summary>How it differs: <c>Missing</c>, <c>Unexpected</c>, <c>Version</c>, <c>Commit</c>, <c>Content</c>, <c>Modified</c>,
    /// <c>Unverified</c>, <c>Disabled</c>, <c>Enabled</c>, <c>Hold</c>, <c>Capability</c>, <c>PolicyViolation</c>, <c>Blocked</c>,
    /// <c>Advisory</c>, <c>Refreshable</c>, <c>Duplicate</c>; <c>MarketplaceMissing</c>, <c>MarketplaceUnexpected</c>,
    /// <c>MarketplaceSource</c>, <c>MarketplaceRef</c>, <c>MarketplaceUnreadable</c>; <c>NoReport</c>, <c>StaleReport</c>,
    /// <c>BrokenReport</c>, <c>HomeUnreadable</c>, <c>ToolVersion</c>, <c>CodexVersion</c>, <c>PolicyMissing</c>, <c>PolicyOutdated</c>,
    /// <c>StateOutdated</c>, <c>ChannelExpired</c>; or <c>InSync</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>Error</c>, <c>Warning</c> or <c>Information</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>What was expected; null where nothing was.</summary>
    public string? Expected { get; init; }

    /// <summary>What is there; null where nothing is.</summary>
    public string? Actual { get; init; }

    /// <summary>What can help; null where there is nothing to do.</summary>
    public string? Remedy => Advice?.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The file or the state that it was compared with; null where it was compared with nothing.</summary>
    public string? Reference { get; init; }

    /// <summary>When the home was checked, in UTC; null where nothing was reported.</summary>
    public DateTimeOffset? CollectedOn { get; init; }

    /// <summary>The subject and the kind.</summary>
    public override string ToString() => $"{Subject}: {Kind}";

    internal Remedy? GetRemedy() => Advice;

    internal Remedy? Advice { get; init; }

    internal Fleet.DriftKind KindOf => Enum.Parse<Fleet.DriftKind>(Kind);
}

/// <summary>A fleet at a glance.</summary>
public sealed class PluginFleetSummary
{
    /// <summary>How many homes were expected, or reported where nothing was expected.</summary>
    public int Expected { get; init; }

    /// <summary>How many reported.</summary>
    public int Reporting { get; init; }

    /// <summary>How many are as they should be.</summary>
    public int InSync { get; init; }

    /// <summary>How many differ.</summary>
    public int Drifted { get; init; }

    /// <summary>How many of which nobody can tell, and that do not differ as far as it is known.</summary>
    public int Unknown { get; init; }

    /// <summary>How many differences there are of each kind.</summary>
    public IReadOnlyDictionary<string, int> ByKind { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many differences there are of each plugin.</summary>
    public IReadOnlyDictionary<string, int> ByPlugin { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The numbers.</summary>
    public override string ToString() => $"{InSync} of {Expected} in sync";
}
