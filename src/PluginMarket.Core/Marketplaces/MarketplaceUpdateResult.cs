using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What updating one marketplace did.</summary>
public sealed record MarketplaceUpdateResult
{
    /// <summary>The marketplace's configured name.</summary>
    public required string Name { get; init; }

    /// <summary><c>Updated</c>, <c>Unchanged</c>, <c>Skipped</c> (a local source has nothing to fetch), <c>Failed</c> or
    /// <c>WhatIf</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it was skipped or failed, escaped; null otherwise.</summary>
    public string? Reason => Said?.ToString();

    /// <summary><see cref="Reason"/> for the face that shows it; a method, so that it is not carried to other computers.</summary>
    internal Message? GetReason() => Said;

    internal Message? Said { get; init; }

    /// <summary>The full commit before, where it was known.</summary>
    public string? OldCommit { get; init; }

    /// <summary>The full commit now.</summary>
    public string? NewCommit { get; init; }

    /// <summary>Names of entries that are new, sorted; null where nothing was compared.</summary>
    public string[]? Added { get; init; }

    /// <summary>Names of entries that are gone, sorted; null where nothing was compared.</summary>
    public string[]? Removed { get; init; }

    /// <summary>Names of entries whose text, or whose local files, changed, sorted; null where nothing was compared.</summary>
    public string[]? Changed { get; init; }

    /// <summary>The snapshot folder, absolute; null for local sources.</summary>
    public string? Root { get; init; }

    /// <summary>The configured source: a URL without secrets or an absolute path.</summary>
    public string? Source { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The error id of a failure, else null.</summary>
    public string? Error { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home this object belongs to, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The marketplace's name.</summary>
    public override string ToString() => Name;
}
