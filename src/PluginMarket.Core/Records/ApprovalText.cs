using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>The JSON form of approvals: sorted, one value a line, <c>\n</c> everywhere, so that equal approvals are equal
/// bytes and a change is a short diff.</summary>
internal static class ApprovalText
{
    private const int Format = 1;

    internal static byte[] Write(IReadOnlyList<PluginApproval> approvals) =>
        JsonWriting.Document(json =>
        {
            json.WriteNumber("format", Format);
            json.WriteStartArray("approvals");
            foreach (var approval in approvals)
            {
                json.WriteStartObject();
                json.WriteString("id", approval.Id);
                json.WriteOptional("version", approval.Version);
                json.WriteString("treeHash", approval.TreeHash);
                json.WriteOptional("commit", approval.Commit);
                CapabilityRecordText.Write(json, approval.Capabilities);
                json.WriteString("approvedBy", approval.ApprovedBy);
                json.WriteString("approvedOn",
                    approval.ApprovedOn.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                json.WriteOptional("note", approval.Note);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    internal static IReadOnlyList<PluginApproval> Read(byte[] utf8, string shownPath, Limits limits)
    {
        var root = JsonFile.Parse(utf8, shownPath, MarketErrorCode.ApprovalFileUnreadable, limits).Root;
        if (root["format"] is not { } format || !format.TryGetInt64(out var number) || number != Format)
        {
            throw root.Failure($"The file has no known format: this version reads {Format}");
        }

        root.DemandOnly("$schema", "format", "approvals");
        _ = root["$schema"]?.GetString();
        var approvals = root.Demand("approvals").GetItems().Select(ReadOne).OrderBy(one => one.Id, StringComparer.Ordinal).ToList();
        var twice = approvals.GroupBy(one => one.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        return twice is null ? approvals : throw root.Failure($"'{twice.Key}' is approved twice. {Remedy.Do($"Remove one of them.")}");
    }

    private static PluginApproval ReadOne(JsonValue item)
    {
        if (!PluginId.TryParse(Text(item, "id"), out var id, out var finding))
        {
            throw item.Demand("id").Failure($"{finding}");
        }

        item.DemandOnly("id", "version", "treeHash", "commit", "capabilities", "approvedBy", "approvedOn", "note");
        var digest = Text(item, "treeHash");
        return new PluginApproval
        {
            Name = id.Plugin.Value,
            Marketplace = id.Marketplace.Value,
            Version = Optional(item, "version"),
            TreeHash = TreeDigest.IsWellFormed(digest)
                ? digest : throw item.Demand("treeHash").Failure($"'treeHash' is not a valid digest"),
            Commit = Optional(item, "commit"),
            Capabilities = [.. CapabilityRecordText.Read(item) ?? throw item.Failure($"The approval lacks 'capabilities'")],
            ApprovedBy = DisplayText.Escape(Text(item, "approvedBy")),
            ApprovedOn = DateTimeOffset.TryParse(Text(item, "approvedOn"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var date) ? date : throw item.Demand("approvedOn").Failure($"'approvedOn' is not a date"),
            Note = Optional(item, "note"),
        };
    }

    private static string Text(JsonValue owner, string name) => owner.Demand(name).GetString();

    private static string? Optional(JsonValue owner, string name) => owner[name]?.GetString() is { } text ? DisplayText.Escape(text) : null;
}
