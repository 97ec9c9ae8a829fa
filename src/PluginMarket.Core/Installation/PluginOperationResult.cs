using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What one change of one plugin did; emitted whether it succeeded or not, because a fleet run needs the record.</summary>
/// <remarks>Texts are escaped for a terminal and free of secrets.</remarks>
public sealed record PluginOperationResult
{
    private PluginMarketException? _failure;

    /// <summary>The plugin's name, as asked for.</summary>
    public required string Name { get; init; }

    /// <summary>The marketplace's name, or null where it could not be told.</summary>
    public string? Marketplace { get; init; }

    /// <summary><c>Install</c>, <c>Update</c>, <c>Rollback</c>, <c>Repair</c>, <c>Uninstall</c>, <c>Enable</c>, <c>Disable</c>,
    /// <c>Hold</c>, <c>Release</c> or <c>Save</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The manifest's version of what is active now, or of what was removed; null where it has none.</summary>
    public string? Version { get; init; }

    /// <summary>The name of its folder in the cache: <c>local</c> or a version; null where nothing is cached.</summary>
    public string? CacheVersion { get; init; }

    /// <summary><c>Installed</c>, <c>Updated</c> (installed bytes changed), <c>Unchanged</c>, <c>Removed</c>, <c>Saved</c>,
    /// <c>Skipped</c>, <c>Failed</c> or <c>WhatIf</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What is behind the status, as an identifier: the error's id, or <c>UpdateAvailable</c>, <c>Held</c>,
    /// <c>FolderRenamed</c>, <c>ProvenanceRecorded</c>, <c>CommitMoved</c>, <c>NotRefreshed</c>, <c>NoLongerListed</c>,
    /// <c>LeftDisabled</c> and the like; null where the status says it all.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>The same as sentences; null where there is nothing to say.</summary>
    public string? Reason => Said?.ToString();

    /// <summary><see cref="Reason"/> for the face that shows it; a method, so that it is not carried to other computers.</summary>
    internal Message? GetReason() => Said;

    internal Message? Said { get; init; }

    /// <summary><c>plugin@marketplace</c>, or the bare name where the marketplace could not be told.</summary>
    public string Id => Marketplace is null ? Name : $"{Name}@{Marketplace}";

    /// <summary>The manifest's version of what was active before, or null.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>The name of its folder, or null.</summary>
    public string? PreviousCacheVersion { get; init; }

    /// <summary>The plugin's folder in the cache, or the one it was saved to, absolute; null where there is none.</summary>
    public string? Path { get; init; }

    /// <summary>The digest of the source tree (docs/security.md).</summary>
    public string? TreeHash { get; init; }

    /// <summary><c>local</c>, <c>git</c> or <c>git-subdir</c>.</summary>
    public string? SourceType { get; init; }

    /// <summary>Where the files came from: a path, or a URL without secrets.</summary>
    public string? Source { get; init; }

    /// <summary>The full commit the files came from; for a local source that of the marketplace's
    /// snapshot; null where there is none.</summary>
    public string? Commit { get; init; }

    /// <summary><c>ON_INSTALL</c> or <c>ON_USE</c>: when apps of the plugin sign in.</summary>
    public string? Authentication { get; init; }

    /// <summary>What the plugin brings; null where its files were not read.</summary>
    public Capability[]? Capabilities { get; init; }

    /// <summary>What differs from the version installed before; null where nothing was compared.</summary>
    public CapabilityChange[]? CapabilityChange { get; init; }

    /// <summary>Entries of the source that never enter the cache (links, submodules, devices), relative paths; null where the source was
    /// not read.</summary>
    public string[]? LeftOut { get; init; }

    /// <summary>Of when the snapshot of the marketplace is that the source is a part of, in UTC; null for a
    /// source that is read where it is.</summary>
    public DateTimeOffset? SnapshotOn { get; init; }

    /// <summary>Whether the plugin is turned on in the user's configuration now.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether a running Codex has to be restarted to see the change.</summary>
    public bool RestartRequired { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The error id of a failure, else null.</summary>
    public string? Error { get; init; }

    /// <summary>The computer it happened on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account it happened under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The failure behind <see cref="Error"/>, else null; a method, so that it is not carried to other computers.</summary>
    public PluginMarketException? GetFailure() => _failure;

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    internal PluginOperationResult WithFailure(PluginMarketException failure)
    {
        _failure = failure;
        return this;
    }
}
