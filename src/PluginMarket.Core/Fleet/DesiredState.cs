using PluginMarket.Identity;
using PluginMarket.Marketplaces;

namespace PluginMarket.Fleet;

/// <summary>What a fleet is to have: one document for every machine, with variants by condition.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Revision">Which edition of it.</param>
internal sealed record DesiredState(string Id, string Revision)
{
    /// <summary>Where it was read, for messages.</summary>
    public required string Path { get; init; }

    /// <summary>The folder that relative paths of it start from; null where there is none.</summary>
    public string? Folder { get; init; }

    /// <summary>The digest of the document.</summary>
    public required string Digest { get; init; }

    public IReadOnlyList<DesiredMarketplace> Marketplaces { get; init; } = [];

    /// <summary>Every variant, in the order of the document.</summary>
    public IReadOnlyList<DesiredPlugin> Plugins { get; init; } = [];

    /// <summary>Marketplaces whose entries that are installed by default are wanted.</summary>
    public IReadOnlyList<string> Defaults { get; init; } = [];

    /// <summary>The bytes of its plugins, where a lock file names them.</summary>
    public PluginLockFile? LockFile { get; init; }

    /// <summary>The policy that judges in addition, absolute; null where the state names none.</summary>
    public string? Policy { get; init; }

    /// <summary>The outside world with the policy of the state.</summary>
    internal MarketEnvironment In(MarketEnvironment environment) =>
        Policy is { } policy ? environment with { StatePolicies = [policy] } : environment;

    public UnlistedRule Unlisted { get; init; } = UnlistedRule.Report;

    /// <summary>Never <see cref="UnlistedRule.Disable"/>.</summary>
    public UnlistedRule UnlistedMarketplaces { get; init; } = UnlistedRule.Report;

    /// <summary>Plugins that are never touched for being unlisted.</summary>
    public IReadOnlyList<string> Protect { get; init; } = [];

    /// <summary>Whether a plugin is never touched for being unlisted: the state protects it, or its marketplace is Codex's own.</summary>
    internal bool IsProtected(PluginId id) =>
        NameRules.IsReservedMarketplace(id.Marketplace.Value)
        || Protect.Select(NamePattern.SplitId).Any(pattern => pattern.Plugin.Matches(id.Plugin.Value)
            && pattern.Marketplace?.Matches(id.Marketplace.Value) != false);

    /// <summary>The variants that count on a machine, one for each plugin: the first whose condition fits.</summary>
    internal IReadOnlyList<DesiredPlugin> PluginsOn(MachineFacts machine) =>
        [.. Plugins.Where(plugin => plugin.When?.Fits(machine, Id, plugin.Id) != false).DistinctBy(plugin => plugin.Id)];

    /// <summary>How messages and reports call it.</summary>
    public override string ToString() => $"{Id}@{Revision}";
}

/// <summary>A marketplace of a state.</summary>
/// <param name="Name">Its name.</param>
internal sealed record DesiredMarketplace(string Name)
{
    /// <summary>Whether it is to be registered, or not to be.</summary>
    public bool Exist { get; init; } = true;

    /// <summary>Its source as written; null for any.</summary>
    public string? Source { get; init; }

    /// <summary>The branch, tag or commit; null for the default branch.</summary>
    public string? Ref { get; init; }

    public IReadOnlyList<string> SparsePaths { get; init; } = [];
}

/// <summary>One variant of a plugin of a state.</summary>
/// <param name="Id">The plugin.</param>
internal sealed record DesiredPlugin(PluginId Id)
{
    /// <summary>Where it counts; null for everywhere.</summary>
    public StateCondition? When { get; init; }

    /// <summary>Whether it is to be installed, or not to be.</summary>
    public bool Exist { get; init; } = true;

    public VersionRange? Version { get; init; }

    public string? Commit { get; init; }

    public string? TreeHash { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>The note of its hold; null where it is not held.</summary>
    public string? Hold { get; init; }

    /// <summary>Whether its data goes with it.</summary>
    public bool Purge { get; init; }

    /// <summary>What a lock file says of its bytes; null without one.</summary>
    public PluginLockEntry? Locked { get; init; }

    /// <summary>Whether it names bytes or a commit, rather than any version or a range of them.</summary>
    internal bool NamesBytes => Commit is not null || TreeHash is not null || Locked is not null;
}

/// <summary>What becomes of what a state does not list.</summary>
internal enum UnlistedRule
{
    /// <summary>It is nobody's business.</summary>
    Ignore,

    /// <summary>It is drift, and stays.</summary>
    Report,

    /// <summary>It is turned off.</summary>
    Disable,

    /// <summary>It is removed by who allows removals.</summary>
    Remove,
}
