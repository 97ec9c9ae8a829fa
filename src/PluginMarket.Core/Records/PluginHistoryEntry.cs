namespace PluginMarket;

/// <summary>One thing that was done in a home: to which plugin or marketplace, when, and by whom.</summary>
/// <remarks>Texts are escaped for a terminal and free of secrets. A record, not evidence: the account that owns the home can change
/// it.</remarks>
public sealed record PluginHistoryEntry
{
    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset On { get; init; }

    /// <summary>The account.</summary>
    public required string By { get; init; }

    /// <summary><c>Install</c>, <c>Update</c>, <c>Rollback</c>, <c>Repair</c>, <c>Uninstall</c>, <c>Enable</c>, <c>Disable</c>,
    /// <c>Hold</c>, <c>Release</c>, <c>Rename</c> (the cache folder), <c>Approve</c>, <c>PolicyAudited</c>, <c>FirstSeen</c>,
    /// <c>AddMarketplace</c>, <c>SetMarketplace</c>, <c>UpdateMarketplace</c> or <c>RemoveMarketplace</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The plugin's name; null where a marketplace was changed.</summary>
    public string? Name { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary><c>plugin@marketplace</c>; null where a marketplace was changed.</summary>
    public string? Id => Name is null ? null : $"{Name}@{Marketplace}";

    /// <summary>What it was done to: the plugin's id, or the marketplace's name.</summary>
    public string Subject => Id ?? Marketplace;

    /// <summary>The manifest's version; null where it has none, or where it was not recorded.</summary>
    public string? Version { get; init; }

    /// <summary>The name of the folder in the cache, or null.</summary>
    public string? CacheVersion { get; init; }

    /// <summary>The full commit that the files came from, or that a marketplace is at, or null.</summary>
    public string? Commit { get; init; }

    /// <summary>The digest of the plugin's source tree, or null.</summary>
    public string? TreeHash { get; init; }

    /// <summary>Where a marketplace comes from; null for a plugin.</summary>
    public string? Source { get; init; }

    /// <summary>Why, or what changed, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The version of PluginMarket that did it.</summary>
    public string? ToolVersion { get; init; }

    /// <summary>The computer the home is on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account that read the history.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The action and what it was done to.</summary>
    public override string ToString() => $"{Action} {Subject}";
}
