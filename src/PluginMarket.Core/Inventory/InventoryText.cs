using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Json;

namespace PluginMarket.Inventory;

/// <summary>The form of inventories in files: one record of JSON a line, the last of which counts and digests the others, so that a file
/// that was cut, edited or reordered shows.</summary>
internal static class InventoryText
{
    internal const int Format = 1;
    private const string Time = "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of an inventory.</summary>
    internal static byte[] Write(PluginInventory inventory)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, Options);
        var records = 0;
        Record(() => WriteHome(json, inventory));
        foreach (var marketplace in inventory.Marketplaces ?? [])
        {
            Record(() => WriteMarketplace(json, marketplace));
        }

        foreach (var plugin in inventory.Plugins)
        {
            Record(() => WritePlugin(json, plugin));
        }

        foreach (var block in inventory.Blocks)
        {
            Record(() => WriteBlock(json, block));
        }

        foreach (var result in inventory.Results)
        {
            Record(() => WriteResult(json, result));
        }

        json.Flush();
        var end = Encoding.UTF8.GetBytes($"{{\"kind\":\"end\",\"records\":{records.ToString(CultureInfo.InvariantCulture)},"
            + $"\"sha256\":\"{TreeDigest.OfBytes(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))}\"}}\n");
        buffer.Write(end);
        return buffer.ToArray();

        void Record(Action write)
        {
            json.WriteStartObject();
            write();
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            buffer.WriteByte((byte)'\n');
            records++;
        }
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="utf8">All of it.</param>
    /// <exception cref="InvalidDataException">It is not whole, or not of a known format.</exception>
    internal static PluginInventory Read(ReadOnlySpan<byte> utf8)
    {
        var end = EndOf(utf8, out var body);
        var reading = new InventoryReading();
        var records = 0;
        for (var at = 0; at < body.Length;)
        {
            var length = body[at..].IndexOf((byte)'\n');
            if (length < 0)
            {
                throw new InvalidDataException("a record does not end with a line break");
            }

            reading.Take(body.Slice(at, length), records++);
            at += length + 1;
        }

        return records == end ? reading.ToInventory() : throw new InvalidDataException($"it has {records} records, not {end}");
    }

    private static int EndOf(ReadOnlySpan<byte> utf8, out ReadOnlySpan<byte> body)
    {
        if (utf8 is not [.., (byte)'\n'])
        {
            throw new InvalidDataException("it has no end record");
        }

        body = utf8[..(utf8[..^1].LastIndexOf((byte)'\n') + 1)];
        var reader = new Utf8JsonReader(utf8[body.Length..^1]);
        string? kind = null, digest = null;
        var records = -1;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                switch (name)
                {
                    case "kind":
                        kind = reader.GetString();
                        break;
                    case "records":
                        records = reader.GetInt32();
                        break;
                    case "sha256":
                        digest = reader.GetString();
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            while (reader.Read())
            {
            }
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("its last record cannot be read", problem);
        }

        return kind != "end" ? throw new InvalidDataException("it has no end record")
            : digest != TreeDigest.OfBytes(body) ? throw new InvalidDataException("its digest is not that of its records") : records;
    }

    private static void WriteHome(Utf8JsonWriter json, PluginInventory inventory)
    {
        json.WriteNumber("format", Format);
        json.WriteString("kind", "home");
        json.WriteString("computerName", inventory.ComputerName);
        json.WriteOptional("machineId", inventory.MachineId);
        json.WriteString("userName", inventory.UserName);
        json.WriteString("codexHome", inventory.CodexHome);
        json.WriteOptional("os", inventory.Os);
        json.WriteString("collectedOn", Stamp(inventory.CollectedOn));
        json.WriteOptional("toolVersion", inventory.ToolVersion);
        json.WriteOptional("codexVersion", inventory.CodexVersion);
        json.WriteOptional("problem", inventory.Problem);
        if (inventory.Marketplaces is null)
        {
            json.WriteBoolean("marketplaces", false);
        }

        if (inventory.Policies is { } policies)
        {
            WritePolicies(json, policies);
        }

        if (inventory.StateId is { } state)
        {
            json.WriteStartObject("state");
            json.WriteString("id", state);
            json.WriteOptional("revision", inventory.StateRevision);
            json.WriteOptional("on", inventory.StateOn is { } on ? Stamp(on) : null);
            json.WriteOptional("result", inventory.StateResult);
            json.WriteEndObject();
        }

        if (inventory.ChannelId is { } channel)
        {
            json.WriteStartObject("channel");
            json.WriteString("id", channel);
            if (inventory.ChannelSerial is { } serial)
            {
                json.WriteNumber("serial", serial);
            }

            json.WriteOptional("expires", inventory.ChannelExpires is { } expires ? Stamp(expires) : null);
            json.WriteEndObject();
        }
    }

    private static void WritePolicies(Utf8JsonWriter json, PluginInventoryPolicy[] policies)
    {
        json.WriteStartArray("policy");
        foreach (var policy in policies)
        {
            json.WriteStartObject();
            json.WriteOptional("id", policy.Id);
            json.WriteOptional("revision", policy.Revision);
            json.WriteOptional("digest", policy.Digest);
            json.WriteOptional("mode", policy.Mode);
            json.WriteString("state", policy.State);
            json.WriteOptional("layer", policy.Layer);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBlock(Utf8JsonWriter json, PluginInventoryBlock block)
    {
        json.WriteString("kind", "block");
        json.WriteString("id", block.Id);
        json.WriteString("target", block.Target);
        json.WriteString("value", block.Value);
        json.WriteOptional("on", block.On is { } on ? Stamp(on) : null);
    }

    private static void WriteResult(Utf8JsonWriter json, PluginInventoryResult result)
    {
        json.WriteString("kind", "result");
        json.WriteString("id", result.Id);
        json.WriteString("planned", result.Planned);
        json.WriteString("status", result.Status);
        json.WriteOptional("error", result.Error);
    }

    private static void WriteMarketplace(Utf8JsonWriter json, PluginInventoryMarketplace marketplace)
    {
        json.WriteString("kind", "marketplace");
        json.WriteString("name", marketplace.Name);
        json.WriteOptional("sourceType", marketplace.SourceType);
        json.WriteOptional("source", marketplace.Source);
        json.WriteOptional("ref", marketplace.Ref);
        json.WriteTexts("sparsePaths", marketplace.SparsePaths);
        json.WriteOptional("commit", marketplace.Commit);
        json.WriteString("state", marketplace.State);
    }

    private static void WritePlugin(Utf8JsonWriter json, PluginInventoryPlugin plugin)
    {
        json.WriteString("kind", "plugin");
        json.WriteString("id", plugin.Id);
        json.WriteOptional("version", plugin.Version);
        json.WriteString("state", plugin.State);
        WriteFlag(json, "enabled", plugin.Enabled);
        json.WriteBoolean("effectiveEnabled", plugin.EffectiveEnabled);
        json.WriteOptional("treeHash", plugin.TreeHash);
        json.WriteOptional("commit", plugin.Commit);
        json.WriteString("provenance", plugin.Provenance);
        json.WriteOptional("integrity", plugin.Integrity);
        json.WriteBoolean("held", plugin.Held);
        json.WriteOptional("holdNote", plugin.HoldNote);
        WriteFlag(json, "heldAgainstCodex", plugin.HeldAgainstCodex);
        WriteFlag(json, "allowed", plugin.IsAllowed);
        if (plugin.Capabilities is { } capabilities)
        {
            json.WriteStartArray("capabilities");
            foreach (var hash in capabilities)
            {
                json.WriteStringValue(hash);
            }

            json.WriteEndArray();
        }

        json.WriteTexts("advisories", plugin.Advisories);
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? flag)
    {
        if (flag is { } value)
        {
            json.WriteBoolean(name, value);
        }
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture);
}
