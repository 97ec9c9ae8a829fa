namespace PluginMarket;

/// <summary>Something in a home that no plugin needs to load, and what became of it.</summary>
public sealed record PluginCacheItem
{
    /// <summary>The plugin's name, or null for unfinished work.</summary>
    public string? Name { get; init; }

    /// <summary>The marketplace's name, or null for unfinished work.</summary>
    public string? Marketplace { get; init; }

    /// <summary>The version, or null where it is not known.</summary>
    public string? Version { get; init; }

    /// <summary><c>Kept</c> (a replaced version) or <c>Staging</c> (the unfinished work of a command that ended).</summary>
    public required string Kind { get; init; }

    /// <summary><c>Found</c>, <c>Removed</c>, <c>WhatIf</c>, or <c>InUse</c> where a command that still runs works there.</summary>
    public required string Status { get; init; }

    /// <summary>Bytes of its files; null where they cannot be read.</summary>
    public long? Size { get; init; }

    /// <summary>When it was replaced, in UTC; null for unfinished work, or where that is not known.</summary>
    public DateTimeOffset? KeptOn { get; init; }

    /// <summary>The folder, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home this object belongs to, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The plugin and version, or the folder.</summary>
    public override string ToString() => Name is null ? Path : $"{Name}@{Marketplace} {Version}";
}
