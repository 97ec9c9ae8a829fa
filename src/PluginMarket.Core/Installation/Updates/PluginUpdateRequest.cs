using PluginMarket.Sources.Git;

namespace PluginMarket.Installation.Updates;

/// <summary>Which installed plugins to look for updates of.</summary>
internal sealed record PluginUpdateRequest
{
    /// <summary>Wildcard patterns on the plugin's name, or <c>plugin@marketplace</c>; empty means all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Wildcard patterns on the marketplace's name; empty means all.</summary>
    public IReadOnlyList<string> Marketplaces { get; init; } = [];

    /// <summary>Whether the snapshots of the plugins' marketplaces are brought up to date before.</summary>
    public bool Refresh { get; init; }

    /// <summary>Whether every file that would change is listed.</summary>
    public bool IncludeContentChange { get; init; }

    /// <summary>How many sources are fetched at once.</summary>
    public int ThrottleLimit { get; init; } = 5;

    /// <summary>How git may be used.</summary>
    public GitOptions Git { get; init; } = GitOptions.Default;
}

/// <summary>The updates there are, and what could not be found out.</summary>
/// <param name="Updates">Sorted by id; also what has no source to compare with, or one that could not be read.</param>
/// <param name="Failures">One failure per marketplace or source that could not be read, and per literal name that is not installed.</param>
internal sealed record PluginUpdateListing(IReadOnlyList<PluginUpdate> Updates, IReadOnlyList<PluginMarketException> Failures)
{
    /// <summary>Whether no installed plugin was asked about.</summary>
    public bool IsOfNothing { get; init; }

    /// <summary>Of when the oldest snapshot is that was compared with; null where every source was asked.</summary>
    public DateTimeOffset? SnapshotOn { get; init; }
}
