namespace PluginMarket;

/// <summary>A policy that counts on the machine of an inventory.</summary>
public sealed record PluginInventoryPolicy
{
    /// <summary>Its id; null where it has none or cannot be read.</summary>
    public string? Id { get; init; }

    /// <summary>Its revision; null where it has none or cannot be read.</summary>
    public string? Revision { get; init; }

    /// <summary>The digest of the file; null where it cannot be read.</summary>
    public string? Digest { get; init; }

    /// <summary><c>audit</c> or <c>enforce</c>; null where it cannot be read.</summary>
    public string? Mode { get; init; }

    /// <summary><c>Active</c>, <c>Expired</c> (it goes on enforcing) or <c>Unreadable</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>Machine</c>, <c>Codex</c>, <c>State</c> or <c>Command</c>; null where it was not reported.</summary>
    public string? Layer { get; init; }

    /// <summary>The id and the revision, or the layer.</summary>
    public override string ToString() => Id is null ? Layer ?? State : $"{Id}@{Revision}";
}

/// <summary>A block on the machine of an inventory.</summary>
public sealed record PluginInventoryBlock
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What it names: <c>treeHash</c>, <c>commit</c> or <c>plugin</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The digest, the commit, or <c>plugin@marketplace</c>.</summary>
    public required string Value { get; init; }

    /// <summary>Since when, in UTC; null where it was not reported.</summary>
    public DateTimeOffset? On { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}

/// <summary>What applying the last desired state did to one plugin or marketplace.</summary>
public sealed record PluginInventoryResult
{
    /// <summary><c>plugin@marketplace</c>, or the name of the marketplace.</summary>
    public required string Id { get; init; }

    /// <summary>As <see cref="PluginSyncItem.Planned"/>.</summary>
    public required string Planned { get; init; }

    /// <summary>As <see cref="PluginSyncItem.Status"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The error id of a failure, else null.</summary>
    public string? Error { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}
