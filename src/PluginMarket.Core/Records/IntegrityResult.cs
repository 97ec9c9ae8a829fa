using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>Whether an installed plugin contains the bytes that were recorded of it, and what differs.</summary>
/// <remarks>Paths are relative to the plugin and escaped for a terminal, sorted.</remarks>
public sealed record IntegrityResult
{
    /// <summary>The plugin's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version its manifest states; null where it states none, or nothing is cached.</summary>
    public string? Version { get; init; }

    /// <summary>The name of its folder in the cache, or null where nothing is cached.</summary>
    public string? CacheVersion { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary>Whether everything is as it was recorded; false also where nothing is recorded.</summary>
    public bool IsIntact => State == "Intact";

    /// <summary><c>Intact</c>, <c>Changed</c>, <c>NotInstalled</c> (it is recorded, but nothing is cached) or <c>NotRecorded</c> (another
    /// tool installed it, so that nothing can be said). An exact comparison with a lock file also knows <c>NotLocked</c> (it is installed,
    /// and the lock file does not list it), <c>Disabled</c>, <c>NotConfigured</c>, and of a locked plugin's marketplace
    /// <c>MarketplaceRemoved</c>, <c>OtherMarketplace</c> and <c>Orphaned</c>.</summary>
    public required string State { get; init; }

    /// <summary>Files that are there with other bytes, as another kind of thing (a link, say), or with another right to run; null where
    /// nothing was compared.</summary>
    public string[]? Modified { get; init; }

    /// <summary>Files that are gone; null where nothing was compared.</summary>
    public string[]? Missing { get; init; }

    /// <summary>Files, links and other things that nobody recorded; null where nothing was compared.</summary>
    public string[]? Unexpected { get; init; }

    internal bool HasOtherFiles => Modified is { Length: > 0 } || Missing is { Length: > 0 } || Unexpected is { Length: > 0 };

    /// <summary>What cannot be told by naming a file, in sentences; null where there is nothing.</summary>
    public string? Reason => Said?.ToString();

    /// <summary><see cref="Reason"/> for the face that shows it; a method, so that it is not carried to other computers.</summary>
    internal Message? GetReason() => Said;

    internal Message? Said { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public string Id => $"{Name}@{Marketplace}";

    /// <summary>The plugin's folder, absolute, or null where nothing is cached.</summary>
    public string? Path { get; init; }

    /// <summary>The digest of the files as they are, without generated ones; null where they cannot be read.</summary>
    public string? TreeHash { get; init; }

    /// <summary>The digest that was recorded, or that the lock file demands.</summary>
    public string? ExpectedTreeHash { get; init; }

    /// <summary>The lock file compared with, absolute; null where the receipt was.</summary>
    public string? LockFile { get; init; }

    /// <summary>When this was found, in UTC.</summary>
    public DateTimeOffset CheckedOn { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
