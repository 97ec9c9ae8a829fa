using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What one home has, as its machine reported it: the record that a fleet is compared by.</summary>
/// <remarks>Texts are escaped for a terminal; it has no names of files but the home's, no values of the environment, and no
/// commands.</remarks>
public sealed record PluginInventory
{
    /// <summary>The computer.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The machine's own id with a salt, as a digest; null where it was not reported.</summary>
    public string? MachineId { get; init; }

    /// <summary>The account.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary><c>Linux</c>, <c>MacOS</c> or <c>Windows</c>; null where it was not reported.</summary>
    public string? Os { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public required DateTimeOffset CollectedOn { get; init; }

    /// <summary>The version of the tool that made it.</summary>
    public string? ToolVersion { get; init; }

    /// <summary>The version of Codex; null where it was not reported.</summary>
    public string? CodexVersion { get; init; }

    /// <summary>The desired state that was applied last; null where none was.</summary>
    public string? StateId { get; init; }

    /// <summary>Its revision.</summary>
    public string? StateRevision { get; init; }

    /// <summary>When it was applied, in UTC.</summary>
    public DateTimeOffset? StateOn { get; init; }

    /// <summary><c>InSync</c> or <c>Failed</c>.</summary>
    public string? StateResult { get; init; }

    /// <summary>The policies that count there; null where they were not reported.</summary>
    public PluginInventoryPolicy[]? Policies { get; init; }

    /// <summary>What the machine takes its state and policy from; null where it takes them from nowhere. Reserved: this version reports
    /// none.</summary>
    public string? ChannelId { get; init; }

    /// <summary>The number of its edition.</summary>
    public long? ChannelSerial { get; init; }

    /// <summary>When it ends, in UTC.</summary>
    public DateTimeOffset? ChannelExpires { get; init; }

    /// <summary>The registered marketplaces by name; null where they were not reported.</summary>
    public PluginInventoryMarketplace[]? Marketplaces { get; init; }

    /// <summary>The plugins by id.</summary>
    public PluginInventoryPlugin[] Plugins { get; init; } = [];

    /// <summary>What is blocked there. Reserved: this version reports none.</summary>
    public PluginInventoryBlock[] Blocks { get; init; } = [];

    /// <summary>What applying the last desired state changed, skipped or failed to do, when it last did any of these.</summary>
    public PluginInventoryResult[] Results { get; init; } = [];

    /// <summary>The error id of what kept the home from being read; null where it was read.</summary>
    public string? Problem { get; init; }

    /// <summary>Fails where the home could not be read on its machine, so that nothing is known of it.</summary>
    /// <exception cref="PluginMarketException">InventoryUnreadable.</exception>
    internal void DemandRead()
    {
        if (Problem is { } problem)
        {
            throw new PluginMarketException(MarketErrorCode.InventoryUnreadable,
                $"The home '{CodexHome}' of {ComputerName} could not be read there: {problem}. "
                    + $"{Remedy.Do($"Fix it on that machine, and take its inventory again.")}", ComputerName);
        }
    }

    /// <summary>The computer, the account and the home.</summary>
    public override string ToString() => $"{ComputerName} {UserName} {CodexHome}";
}

/// <summary>A registered marketplace of an inventory.</summary>
public sealed record PluginInventoryMarketplace
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>local</c> or <c>git</c>.</summary>
    public string? SourceType { get; init; }

    /// <summary>Where it comes from, without secrets.</summary>
    public string? Source { get; init; }

    /// <summary>The configured branch, tag or commit.</summary>
    public string? Ref { get; init; }

    /// <summary>The configured sparse paths.</summary>
    public string[] SparsePaths { get; init; } = [];

    /// <summary>The commit of its snapshot.</summary>
    public string? Commit { get; init; }

    /// <summary><c>Readable</c> or <c>Unreadable</c>.</summary>
    public required string State { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A plugin of an inventory.</summary>
public sealed record PluginInventoryPlugin
{
    /// <summary><c>plugin@marketplace</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The manifest's version.</summary>
    public string? Version { get; init; }

    /// <summary>As <see cref="InstalledPlugin.State"/>.</summary>
    public required string State { get; init; }

    /// <summary>What the user's own configuration says; null where it does not name the plugin.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether it loads as far as the configuration says.</summary>
    public bool EffectiveEnabled { get; init; }

    /// <summary>The digest of the source's files as they are in the cache; null where it is not known.</summary>
    public string? TreeHash { get; init; }

    /// <summary>The commit of the repository that the files came from; null where it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>As <see cref="InstalledPlugin.Provenance"/>.</summary>
    public string Provenance { get; init; } = "None";

    /// <summary><c>Intact</c>, <c>Changed</c> or <c>NotRecorded</c>; null where the files were not compared.</summary>
    public string? Integrity { get; init; }

    /// <summary>Whether it is held at its version.</summary>
    public bool Held { get; init; }

    /// <summary>Why.</summary>
    public string? HoldNote { get; init; }

    /// <summary>Whether Codex's own refresh leaves it alone; null where that is not known.</summary>
    public bool? HeldAgainstCodex { get; init; }

    /// <summary>Whether the policies allow it; null where that is not known.</summary>
    public bool? IsAllowed { get; init; }

    /// <summary>The digests of what it can do, sorted; null where its files were not read.</summary>
    public string[]? Capabilities { get; init; }

    /// <summary>The ids of advisories that it is affected by. Reserved: this version reports none.</summary>
    public string[] Advisories { get; init; } = [];

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    /// <summary>Whether it is installed: the configuration and the cache both have it.</summary>
    internal bool IsInstalled => State is not ("NotCached" or "NotConfigured");
}
