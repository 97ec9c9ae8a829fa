using System.Globalization;
using System.Management.Automation;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets.Parameters;

/// <summary>Inventories and installed plugins, live, deserialized, or read from JSON or CliXml.</summary>
internal static class InventoryInput
{
    /// <summary>The files that a path with wildcards means, those of folders included.</summary>
    internal static IEnumerable<string> Files(PSCmdlet cmdlet, MarketEnvironment market, string path) =>
        PathInput.Expand(cmdlet, path).SelectMany(found => InventoryFile.Expand(market, found));

    /// <summary>The inventory that an object is, or null.</summary>
    internal static PluginInventory? Read(PSObject source)
    {
        if (source.BaseObject is PluginInventory live)
        {
            return live;
        }

        return source.Properties["Plugins"] is null || Moment(source, "CollectedOn") is not { } collected
            || PipelineObject.Text(source, "ComputerName") is not { } computer || PipelineObject.Text(source, "CodexHome") is not { } home
            ? null
            : new PluginInventory
            {
                ComputerName = computer,
                MachineId = PipelineObject.Text(source, "MachineId"),
                UserName = PipelineObject.Text(source, "UserName") ?? "",
                CodexHome = home,
                Os = PipelineObject.Text(source, "Os"),
                CollectedOn = collected,
                ToolVersion = PipelineObject.Text(source, "ToolVersion"),
                CodexVersion = PipelineObject.Text(source, "CodexVersion"),
                StateId = PipelineObject.Text(source, "StateId"),
                StateRevision = PipelineObject.Text(source, "StateRevision"),
                StateOn = Moment(source, "StateOn"),
                StateResult = PipelineObject.Text(source, "StateResult"),
                Problem = PipelineObject.Text(source, "Problem"),
                Policies = source.Properties["Policies"]?.Value is null ? null
                    : [.. PipelineObject.Objects(source, "Policies").Select(ReadPolicy)],
                ChannelId = PipelineObject.Text(source, "ChannelId"),
                ChannelSerial = Number(source, "ChannelSerial"),
                ChannelExpires = Moment(source, "ChannelExpires"),
                Blocks = [.. PipelineObject.Objects(source, "Blocks").Select(ReadBlock)],
                Results = [.. PipelineObject.Objects(source, "Results").Select(ReadResult)],
                Marketplaces = source.Properties["Marketplaces"]?.Value is null ? null
                    : [.. PipelineObject.Objects(source, "Marketplaces").Select(ReadMarketplace)],
                Plugins = [.. PipelineObject.Objects(source, "Plugins").Select(ReadPlugin).DistinctBy(plugin => plugin.Id)],
            };
    }

    /// <summary>The plugin that an object of Get-InstalledPlugin is, with the home it belongs to; null where it is none.</summary>
    internal static (PluginInventory Home, PluginInventoryPlugin Plugin)? ReadInstalled(PSObject source)
    {
        var live = source.BaseObject as InstalledPlugin;
        if ((live?.CollectedOn ?? Moment(source, "CollectedOn")) is not { } collected
            || PipelineObject.Text(source, "ComputerName") is not { } computer || PipelineObject.Text(source, "CodexHome") is not { } home
            || PipelineObject.Text(source, "Id") is null || PipelineObject.Text(source, "State") is null
            || source.Properties["EffectiveEnabled"] is null)
        {
            return null;
        }

        return (new PluginInventory
        {
            ComputerName = computer,
            UserName = PipelineObject.Text(source, "UserName") ?? "",
            CodexHome = home,
            CollectedOn = collected,
            ToolVersion = PipelineObject.Text(source, "ToolVersion"),
        }, ReadPlugin(source));
    }

    /// <summary>The failure of an object that is neither.</summary>
    internal static PluginMarketException Refuse(PSObject source) => new(MarketErrorCode.InputNotAResult,
        $"{PipelineObject.Describe(source)} is not an inventory and not an installed plugin. "
            + $"{Remedy.Do($"Pipe the output of {Operation.CollectInventory}, or of {Operation.ListInstalled} with -IncludeHash.")}");

    private static PluginInventoryMarketplace ReadMarketplace(PSObject source) => source.BaseObject as PluginInventoryMarketplace ?? new()
    {
        Name = PipelineObject.Text(source, "Name") ?? "",
        SourceType = PipelineObject.Text(source, "SourceType"),
        Source = PipelineObject.Text(source, "Source"),
        Ref = PipelineObject.Text(source, "Ref"),
        SparsePaths = Texts(source, "SparsePaths"),
        Commit = PipelineObject.Text(source, "Commit"),
        State = PipelineObject.Text(source, "State") ?? "Unreadable",
    };

    private static PluginInventoryPlugin ReadPlugin(PSObject source) => source.BaseObject as PluginInventoryPlugin ?? new()
    {
        Id = PipelineObject.Text(source, "Id") ?? "",
        Version = PipelineObject.Text(source, "Version"),
        State = PipelineObject.Text(source, "State") ?? "NotCached",
        Enabled = Flag(source, "Enabled"),
        EffectiveEnabled = Flag(source, "EffectiveEnabled") ?? false,
        TreeHash = PipelineObject.Text(source, "TreeHash"),
        Commit = PipelineObject.Text(source, "Commit"),
        Provenance = PipelineObject.Text(source, "Provenance") ?? "None",
        Integrity = PipelineObject.Text(source, "Integrity"),
        Held = Flag(source, "Held") ?? false,
        HoldNote = PipelineObject.Text(source, "HoldNote"),
        HeldAgainstCodex = Flag(source, "HeldAgainstCodex"),
        IsAllowed = Flag(source, "IsAllowed") ?? Flag(source, "IsAllowedByPolicy"),
        Capabilities = source.Properties["Capabilities"]?.Value is null ? null : Texts(source, "Capabilities"),
        Advisories = Texts(source, "Advisories"),
    };

    private static PluginInventoryPolicy ReadPolicy(PSObject source) => source.BaseObject as PluginInventoryPolicy ?? new()
    {
        Id = PipelineObject.Text(source, "Id"),
        Revision = PipelineObject.Text(source, "Revision"),
        Digest = PipelineObject.Text(source, "Digest"),
        Mode = PipelineObject.Text(source, "Mode"),
        State = PipelineObject.Text(source, "State") ?? "Unreadable",
        Layer = PipelineObject.Text(source, "Layer"),
    };

    private static PluginInventoryBlock ReadBlock(PSObject source) => source.BaseObject as PluginInventoryBlock ?? new()
    {
        Id = PipelineObject.Text(source, "Id") ?? "",
        Target = PipelineObject.Text(source, "Target") ?? "",
        Value = PipelineObject.Text(source, "Value") ?? "",
        On = Moment(source, "On"),
    };

    private static PluginInventoryResult ReadResult(PSObject source) => source.BaseObject as PluginInventoryResult ?? new()
    {
        Id = PipelineObject.Text(source, "Id") ?? "",
        Planned = PipelineObject.Text(source, "Planned") ?? "",
        Status = PipelineObject.Text(source, "Status") ?? "",
        Error = PipelineObject.Text(source, "Error"),
    };

    private static long? Number(PSObject source, string name) => PipelineObject.Unwrap(source.Properties[name]?.Value) switch
    {
        long number => number,
        int number => number,
        _ => null,
    };

    private static bool? Flag(PSObject source, string name) => PipelineObject.Unwrap(source.Properties[name]?.Value) as bool?;

    private static string[] Texts(PSObject source, string name) => [.. PipelineObject.Texts(source, name)];

    internal static DateTimeOffset? Moment(PSObject source, string name) => PipelineObject.Unwrap(source.Properties[name]?.Value) switch
    {
        DateTimeOffset time => time,
        DateTime time => new DateTimeOffset(time.ToUniversalTime()),
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,

        // An export writes it as an object with the members of a time.
        _ => source.Properties[name]?.Value is PSObject parts && PipelineObject.Unwrap(parts.Properties["UtcTicks"]?.Value) is long ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
    };
}
