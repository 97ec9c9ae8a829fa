using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What an agent's home loads, or would load but for one missing piece.</summary>
public sealed class InstalledPlugin
{
    /// <summary>The plugin's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version its manifest states; null where it states none, or nothing is cached.</summary>
    public string? Version { get; init; }

    /// <summary>The name of its folder in the cache, <c>local</c> or a version; null where nothing is cached.</summary>
    public string? CacheVersion { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary>What the user's own config.toml says; null where it does not name the plugin.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The commit the installed bytes came from: recorded at install, or inferred from a cached
    /// repository; never the catalog's.</summary>
    public string? Commit { get; init; }

    /// <summary><c>Installed</c>; <c>Disabled</c>; <c>NotCached</c> (a key without files); <c>NotConfigured</c> (files without a key: not
    /// loaded); <c>Orphaned</c> (its entry is gone from the catalog); <c>MarketplaceRemoved</c> (its marketplace is not configured). The
    /// last two come before <c>Disabled</c>: such a plugin still loads where <see cref="EffectiveEnabled"/> says so.</summary>
    public required string State { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The folder of the active version, absolute, or null where nothing is cached.</summary>
    public string? Path { get; init; }

    /// <summary>The kind of source it was installed from, else the catalog's: <c>local</c>, <c>git</c>,
    /// <c>git-subdir</c>, <c>npm</c>.</summary>
    public string? SourceType { get; init; }

    /// <summary>Kinds of component: <c>Skill</c>, <c>McpServer</c>, <c>App</c>, <c>Hook</c>, <c>Command</c>; null where its files cannot be
    /// read.</summary>
    public string[]? Components { get; init; }

    /// <summary>Every cached version's folder name, the active one first.</summary>
    public string[] CachedVersions { get; init; } = [];

    /// <summary>When it was installed, in UTC; null where that is not recorded.</summary>
    public DateTimeOffset? InstalledOn { get; init; }

    /// <summary>The account that installed it; null where that is not recorded.</summary>
    public string? InstalledBy { get; init; }

    /// <summary>The commit of the marketplace's snapshot now; not that of the installed bytes.</summary>
    public string? CatalogCommit { get; init; }

    /// <summary>The recorded digest of the source tree; of the folder where <c>IncludeHash</c> asked for it and nothing is
    /// recorded.</summary>
    public string? TreeHash { get; init; }

    /// <summary><c>Recorded</c> (by this tool, of these bytes: compared where their folder is not the recorded one, or where
    /// <c>IncludeHash</c> asked for it), <c>Inferred</c> (from a cached repository) or <c>None</c>.</summary>
    public string Provenance { get; init; } = "None";

    /// <summary>Whether its files are those of the record: <c>Intact</c>, <c>Changed</c> or <c>NotRecorded</c>; null where
    /// <c>IncludeHash</c> did not ask for the comparison.</summary>
    public string? Integrity { get; init; }

    /// <summary>Whether the user holds it at its version.</summary>
    public bool Held { get; init; }

    /// <summary>Why it is held, as whoever did it noted.</summary>
    public string? HoldNote { get; init; }

    /// <summary>Whether the agent's own refresh would leave these bytes alone, hold or no hold; null for one that is not cached or not
    /// configured, which is not refreshed in its place, and where its marketplace cannot be read.</summary>
    public bool? HeldAgainstCodex { get; init; }

    /// <summary>Why <see cref="HeldAgainstCodex"/> is what it is.</summary>
    public string? HeldReason => HeldBecause?.ToString();

    /// <summary><see cref="HeldReason"/> for the face that shows it.</summary>
    internal Message? GetHeldReason() => HeldBecause;

    internal Message? HeldBecause { get; init; }

    /// <summary>Whether it loads as far as the configuration of all layers says.</summary>
    public bool EffectiveEnabled { get; init; }

    /// <summary>The layer that decides <see cref="EffectiveEnabled"/>: <c>User</c>, <c>Project</c>, <c>System</c>,
    /// <c>Managed</c>; null where none names it.</summary>
    public string? ConfigurationSource { get; init; }

    /// <summary>Whether the policies would let it be installed as it is; null where that is not known, or a policy cannot be
    /// read.</summary>
    public bool? IsAllowedByPolicy { get; init; }

    /// <summary>The rule that forbids it, or would if it were enforced; null where none does.</summary>
    public string? PolicyRule { get; init; }

    /// <summary>When this object was made, in UTC.</summary>
    public DateTimeOffset CollectedOn { get; init; }

    /// <summary>The version of this tool.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home this object belongs to, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary><c>plugin@marketplace</c>.</summary>
    public override string ToString() => Id;
}
