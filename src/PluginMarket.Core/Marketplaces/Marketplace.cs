namespace PluginMarket;

/// <summary>One marketplace as its users see it: where it comes from, where its files are, what it offers.</summary>
public sealed class Marketplace
{
    private string _status = "Available";

    /// <summary>The name the catalog gives itself (contract 1.7), or that it is configured by where it cannot
    /// be read; escaped for a terminal. Null under -WhatIf where only the source knows it.</summary>
    public required string? Name { get; init; }

    /// <summary>The catalog's <c>interface.displayName</c>, escaped, or null.</summary>
    public string? DisplayName { get; init; }

    /// <summary><c>local</c> or <c>git</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>The configured source: a URL without secrets or an absolute path.</summary>
    public required string Source { get; init; }

    /// <summary>The configured branch, tag or full commit of a git source, or null for the default branch.</summary>
    public string? Ref { get; init; }

    /// <summary>The configured sparse paths of a git source; empty for the whole tree.</summary>
    public string[] SparsePaths { get; init; } = [];

    /// <summary>The configured <c>auto_update</c>, which Codex knows since 0.171.0; null where it is not
    /// set. No effect of it was observed.</summary>
    public bool? AutoUpdate { get; init; }

    /// <summary><c>Available</c>; <c>Unreadable</c> where the catalog could not be read; <c>WhatIf</c> where it is what a change under
    /// -WhatIf would make or remove.</summary>
    public string Status
    {
        get => _status;
        init => _status = value;
    }

    /// <summary>Why the catalog could not be read, escaped; null where it was.</summary>
    public string? Reason { get; init; }

    /// <summary>How many entries are listed; null where the catalog could not be read.</summary>
    public int? Plugins { get; init; }

    /// <summary>How many entries are skipped, or hidden from this product; null where the catalog could not be read.</summary>
    public int? SkippedEntries { get; init; }

    /// <summary>Why entries are skipped or hidden, a text for each: its name and the reason; null where the catalog could not be
    /// read.</summary>
    public string[]? SkipReasons { get; init; }

    /// <summary><c>User</c>, <c>Personal</c>, <c>Repository</c>, <c>System</c>, or <c>Path</c> for one that was named by its
    /// path.</summary>
    public required string Scope { get; init; }

    /// <summary>Whether a configuration layer names it; installing from one that is not registered
    /// registers it first (contract 8).</summary>
    public bool IsRegistered { get; init; }

    /// <summary>The layer that names it: <c>User</c>, <c>Project</c>, <c>System</c>, <c>Managed</c>; null where none does.</summary>
    public string? ConfigurationSource { get; init; }

    /// <summary>The file of that layer, absolute.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The folder relative paths of the catalog start from, absolute; null where the
    /// configuration names none that can be used.</summary>
    public required string? Root { get; init; }

    /// <summary>The catalog file, absolute; null where there is none that can be read.</summary>
    public required string? CatalogPath { get; init; }

    /// <summary>The full commit of a git snapshot, where it is known.</summary>
    public string? Commit { get; init; }

    /// <summary>When the snapshot was last replaced, in UTC; null for local sources.</summary>
    public DateTimeOffset? LastUpdated { get; init; }

    /// <summary>Whether the policies let it be used; null where that is not known, or a policy cannot be read.</summary>
    public bool? IsAllowedByPolicy { get; init; }

    /// <summary>The rule that forbids it, or would if it were enforced; null where none does.</summary>
    public string? PolicyRule { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home this object belongs to, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The marketplace's name, or its source where that is not known.</summary>
    public override string ToString() => Name ?? Source;

    /// <summary>The same as what a change would make of it.</summary>
    internal Marketplace AsPreview()
    {
        var copy = (Marketplace)MemberwiseClone();
        copy._status = "WhatIf";
        return copy;
    }
}
