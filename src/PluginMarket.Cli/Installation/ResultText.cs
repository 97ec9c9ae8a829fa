using System.Text.Json.Nodes;
using PluginMarket.Cli.Capabilities;
using PluginMarket.Messages;

namespace PluginMarket.Cli.Installation;

/// <summary>What became of one plugin, as JSON; the property names are those of the cmdlet's objects.</summary>
internal static class ResultText
{
    public static JsonNode ToJson(PluginOperationResult result) => new JsonObject
    {
        ["id"] = result.Id,
        ["action"] = result.Action,
        ["status"] = result.Status,
        ["reasonCode"] = result.ReasonCode,
        ["reason"] = result.GetReason()?.In(Face.CommandLine),
        ["error"] = result.Error,
        ["version"] = result.Version,
        ["cacheVersion"] = result.CacheVersion,
        ["previousVersion"] = result.PreviousVersion,
        ["snapshotOn"] = result.SnapshotOn,
        ["treeHash"] = result.TreeHash,
        ["commit"] = result.Commit,
        ["capabilityChange"] = result.CapabilityChange is null ? null : ChangeText.ToJson(result.CapabilityChange),
        ["restartRequired"] = result.RestartRequired,
        ["enabled"] = result.Enabled,
        ["path"] = result.Path,
        ["leftOut"] = result.LeftOut is null ? null : new JsonArray([.. result.LeftOut.Select(path => (JsonNode?)path)]),
    };
}
