namespace PluginMarket.Installation.Decision;

/// <summary>Everything that a decision about one plugin rests on. Gathered under the home's lock; deciding asks nothing else.</summary>
internal sealed record InstallFacts
{
    internal required InstallIntent Intent { get; init; }

    /// <summary>What is in the cache, or null where nothing is.</summary>
    internal InstalledFacts? Installed { get; init; }

    /// <summary>Whether the configuration turns it on; null where it does not name the plugin, which is then not
    /// installed, whatever is in the cache.</summary>
    internal bool? Enabled { get; init; }

    internal bool IsHeld { get; init; }

    /// <summary>Whether somebody named the plugin; else a pattern or a listing chose it.</summary>
    internal bool IsNamed { get; init; } = true;

    /// <summary>Whether exactly these bytes were promised, by a review, an approval or a lock.</summary>
    internal bool IsPromised { get; init; }

    /// <summary>What the source has; null where that could not be had.</summary>
    internal StagedFacts? Staged { get; init; }

    /// <summary>What the approvals file says, or null where no file decides.</summary>
    internal ApprovalVerdict? Approval { get; init; }

    /// <summary>Whether the configuration and the cache both have it.</summary>
    internal bool IsInstalled => Installed is not null && Enabled is not null;
}

/// <summary>What is in the cache under a plugin's name.</summary>
/// <param name="Folder">The active version's folder.</param>
/// <param name="Bytes">How its bytes compare with those of the source.</param>
internal sealed record InstalledFacts(PluginVersion Folder, BytesMatch Bytes)
{
    /// <summary>What is recorded of it.</summary>
    internal RecordState Record { get; init; } = RecordState.Right;

    /// <summary>Whether it is not what was recorded, so that nobody decided to have it.</summary>
    internal bool IsChangedOutside { get; init; }

    /// <summary>Whether there are other versions beside it.</summary>
    internal bool HasOtherVersions { get; init; }
}

/// <summary>How installed bytes compare with staged ones.</summary>
internal enum BytesMatch
{
    /// <summary>Every file is the same, generated ones included.</summary>
    Identical,

    /// <summary>The source's files are the same; what another tool generated of them is not.</summary>
    SameSource,

    Different,
}

/// <summary>How a receipt compares with what is staged.</summary>
internal enum RecordState
{
    /// <summary>There is no receipt that can be read.</summary>
    Missing,

    /// <summary>It tells these bytes, this folder and this source.</summary>
    Right,

    /// <summary>It tells the same bytes and source, of another commit.</summary>
    OtherCommit,

    /// <summary>It tells these bytes from another source.</summary>
    OtherSource,

    /// <summary>It tells other bytes or another folder.</summary>
    Stale,
}

/// <summary>What the source has, compared with what is installed.</summary>
/// <param name="Folder">The folder its bytes belong in.</param>
internal sealed record StagedFacts(PluginVersion Folder)
{
    internal bool IsDowngrade { get; init; }

    internal bool IsHistoryRewritten { get; init; }

    /// <summary>Whether it brings a hook, server, app or script that the installed one lacks.</summary>
    internal bool BringsCapability { get; init; }

    /// <summary>Whether one of those is accepted by nobody.</summary>
    internal bool HasUnaccepted { get; init; }
}

/// <summary>What an approvals file says of a plugin.</summary>
internal enum ApprovalVerdict
{
    /// <summary>It does not list the plugin.</summary>
    NotListed,

    /// <summary>What is installed is what it approves.</summary>
    Installed,

    /// <summary>What the source has is what it approves.</summary>
    Source,

    /// <summary>Both are.</summary>
    Both,

    /// <summary>Neither is, and the snapshot of the marketplace is older than the approval.</summary>
    SnapshotOlder,

    /// <summary>Neither is.</summary>
    Neither,

    /// <summary>Its digest is right, and what it says of these bytes is not.</summary>
    Misdescribed,
}
