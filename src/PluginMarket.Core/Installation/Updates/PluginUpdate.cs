using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What updating one installed plugin would bring, and the digest of what was checked: piped to Update-Plugin,
/// exactly those bytes are installed.</summary>
/// <remarks>Texts are escaped for a terminal and free of secrets.</remarks>
public sealed class PluginUpdate
{
    /// <summary>The plugin's name.</summary>
    public required string Name { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public string Id => $"{Name}@{Marketplace}";

    /// <summary>The manifest's version of what is installed, or null where it has none.</summary>
    public string? FromVersion { get; init; }

    /// <summary>The manifest's version of what the source holds, or null where it has none.</summary>
    public string? ToVersion { get; init; }

    /// <summary><c>NewVersion</c>; <c>Downgrade</c> (the source holds a lower version); <c>ContentChanged</c> (other bytes under the same
    /// version); <c>CommitMoved</c> (the same bytes from another commit); <c>ChangedOutside</c> (the source holds what was reviewed, or
    /// what is installed, but somebody else than this tool put the installed bytes there). Where there is nothing to compare with:
    /// <c>NoLongerListed</c> (the catalog does not list it any more), <c>MarketplaceRemoved</c>, <c>NotCached</c> (it is configured, and
    /// has no files), or an error's id.</summary>
    public required string Change { get; init; }

    /// <summary>Why there is nothing to compare with, as a sentence; null where it was compared.</summary>
    public string? Reason => Said?.ToString();

    /// <summary><see cref="Reason"/> for the face that shows it; a method, so that it is not carried to other computers.</summary>
    internal Message? GetReason() => Said;

    internal Message? Said { get; init; }

    /// <summary><c>High</c> (something that runs or talks to a host is new or changed, text hides something, the version goes back, or
    /// history was rewritten), <c>Low</c> (instructions changed) or <c>None</c> (no capability is new or changed; other files may be);
    /// null where nothing was compared.</summary>
    public string? Risk { get; init; }

    /// <summary>The digest of what is installed, files that installing generated aside; of a manifest that is made from
    /// the catalog's entry it tells too.</summary>
    public string? FromTreeHash { get; init; }

    /// <summary>The digest of what was checked, a manifest that is made from the catalog's entry
    /// included; null where nothing was.</summary>
    public string? ToTreeHash { get; init; }

    /// <summary>The commit that was recorded when the plugin was installed; for a folder of a
    /// marketplace that of the marketplace.</summary>
    public string? FromCommit { get; init; }

    /// <summary>The commit that was checked; for a folder of a marketplace that of its snapshot.</summary>
    public string? ToCommit { get; init; }

    /// <summary>What the plugin could do when it was last installed by a decision, compared with what it could do then.</summary>
    public CapabilityChange[]? CapabilityChange { get; init; }

    /// <summary>Every file that would change; null where that was not asked for.</summary>
    public CapabilityChange[]? ContentChange { get; init; }

    /// <summary>Whether the installed bytes are not those that were recorded: Codex refreshed them, or somebody changed them.</summary>
    public bool? IsChangedOutside { get; init; }

    /// <summary>Whether the branch no longer leads to the installed commit; null where that does not apply or could not be told.</summary>
    public bool? IsHistoryRewritten { get; init; }

    /// <summary>Whether a hold keeps it from being updated.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Whether the policies let it be updated; null where that is not known, or a policy cannot be read.</summary>
    public bool? IsAllowedByPolicy { get; init; }

    /// <summary>The rule that forbids it, or would if it were enforced; null where none does.</summary>
    public string? PolicyRule { get; init; }

    /// <summary>Of when the snapshot of the marketplace is that was checked, in UTC; null for a source that is read where it
    /// is.</summary>
    public DateTimeOffset? SnapshotOn { get; init; }

    /// <summary><c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c>; null where there is no source.</summary>
    public string? SourceType { get; init; }

    /// <summary>Where the files come from: a folder, or a URL without secrets; null where there is no source.</summary>
    public string? Source { get; init; }

    /// <summary>When this object was made, in UTC.</summary>
    public DateTimeOffset CollectedOn { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home this object belongs to, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public override string ToString() => Id;
}
