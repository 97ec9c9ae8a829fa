using System.Text.Json.Nodes;
using PluginMarket.Cli.Hosting;

namespace PluginMarket.Cli.Capabilities;

/// <summary>Differences as a table and as JSON.</summary>
internal static class ChangeText
{
    public static JsonArray ToJson(IEnumerable<CapabilityChange> changes) => new([.. changes.Select(change => (JsonNode)new JsonObject
    {
        ["component"] = change.Component,
        ["name"] = change.Name,
        ["change"] = change.Change,
        ["risk"] = change.Risk,
        ["detail"] = change.Detail,
        ["hasHiddenText"] = change.HasHiddenText,
        ["before"] = change.Before,
        ["after"] = change.After,
        ["file"] = change.File,
        ["line"] = change.Line,
    })]);

    public static void Write(Terminal terminal, IEnumerable<CapabilityChange> changes) => terminal.WriteTable(
        ["CHANGE", "COMPONENT", "NAME", "RISK", "DETAIL"],
        [.. changes.Select(change => new[] { change.Change, change.Component, change.Name, change.Risk,
            OneLine(change.Detail) + (change.HasHiddenText ? " (hidden text)" : "") })]);

    private static string OneLine(string? detail) => (detail ?? "").Replace('\n', ' ');
}
