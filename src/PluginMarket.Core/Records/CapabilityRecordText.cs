using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>The JSON form of recorded capabilities, the same in every file of ours: an array <c>capabilities</c>.</summary>
internal static class CapabilityRecordText
{
    private const string Member = "capabilities";

    internal static void Write(Utf8JsonWriter json, IReadOnlyList<CapabilityRecord> capabilities)
    {
        json.WriteStartArray(Member);
        foreach (var capability in capabilities)
        {
            json.WriteStartObject();
            json.WriteString("component", capability.Component);
            json.WriteString("name", capability.Name);
            json.WriteString("file", capability.File);
            json.WriteString("hash", capability.Hash);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The capabilities of an object, or null where it has none written down.</summary>
    /// <exception cref="PluginMarketException">The code of the file: something is missing or no digest.</exception>
    internal static IReadOnlyList<CapabilityRecord>? Read(JsonValue owner) =>
        owner[Member] is { } list ? [.. list.GetItems().Select(ReadOne)] : null;

    private static CapabilityRecord ReadOne(JsonValue item)
    {
        item.DemandOnly("component", "name", "file", "hash");
        var hash = Text(item, "hash");
        return TreeDigest.IsWellFormed(hash)
            ? new CapabilityRecord(Text(item, "component"), Text(item, "name"), Text(item, "file"), hash)
            : throw item["hash"]!.Failure($"'hash' is not a valid digest");
    }

    private static string Text(JsonValue owner, string name) =>
        DisplayText.Escape((owner[name] ?? throw owner.Failure($"A capability lacks '{name}'")).GetString());
}
