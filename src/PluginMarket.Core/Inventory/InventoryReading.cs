using System.Globalization;
using System.Text.Json;
using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>The records of one inventory while they are read. Kinds and keys that are not known are ignored: reports come from newer tools
/// too.</summary>
internal sealed class InventoryReading
{
    private readonly List<PluginInventoryMarketplace> _marketplaces = [];
    private readonly List<PluginInventoryPlugin> _plugins = [];
    private readonly List<PluginInventoryBlock> _blocks = [];
    private readonly List<PluginInventoryResult> _results = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private JsonElement? _home;

    /// <summary>Takes one record.</summary>
    /// <param name="utf8">Its line.</param>
    /// <param name="number">How many came before it.</param>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    internal void Take(ReadOnlySpan<byte> utf8, int number)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.Read())
            {
                throw new InvalidDataException("a line has more than one record");
            }

            Take(document.RootElement, number);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"its record {number + 1} cannot be read", problem);
        }
    }

    /// <summary>The inventory, once all records were taken.</summary>
    /// <exception cref="InvalidDataException">There is no home.</exception>
    internal PluginInventory ToInventory()
    {
        try
        {
            return _home is { } home ? ToInventory(home) : throw new InvalidDataException("it has no home record");
        }
        catch (Exception problem) when (problem is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException("its record 1 cannot be read", problem);
        }
    }

    private PluginInventory ToInventory(JsonElement home)
    {
        var (state, channel) = (Part(home, "state"), Part(home, "channel"));
        return new PluginInventory
        {
            ComputerName = Demand(home, "computerName"),
            MachineId = Text(home, "machineId"),
            UserName = Demand(home, "userName"),
            CodexHome = Demand(home, "codexHome"),
            Os = Text(home, "os"),
            CollectedOn = Moment(Demand(home, "collectedOn")),
            ToolVersion = Text(home, "toolVersion"),
            CodexVersion = Text(home, "codexVersion"),
            Problem = Text(home, "problem"),
            StateId = state is { } named ? Text(named, "id") : null,
            StateRevision = state is { } revised ? Text(revised, "revision") : null,
            StateOn = state is { } dated && Text(dated, "on") is { } on ? Moment(on) : null,
            StateResult = state is { } ended ? Text(ended, "result") : null,
            Marketplaces = home.TryGetProperty("marketplaces", out var told) && told.ValueKind == JsonValueKind.False
                ? null : [.. _marketplaces],
            Plugins = [.. _plugins],
            Policies = home.TryGetProperty("policy", out var policies) && policies.ValueKind == JsonValueKind.Array
                ? [.. policies.EnumerateArray().Select(ReadPolicy)] : null,
            ChannelId = channel is { } sent ? Text(sent, "id") : null,
            ChannelSerial = channel is { } counted && counted.TryGetProperty("serial", out var serial) ? serial.GetInt64() : null,
            ChannelExpires = channel is { } ending && Text(ending, "expires") is { } expires ? Moment(expires) : null,
            Blocks = [.. _blocks],
            Results = [.. _results],
        };
    }

    private static JsonElement? Part(JsonElement home, string name) =>
        home.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part : null;

    private static PluginInventoryPolicy ReadPolicy(JsonElement policy) => new()
    {
        Id = Text(policy, "id"),
        Revision = Text(policy, "revision"),
        Digest = Text(policy, "digest"),
        Mode = Text(policy, "mode"),
        State = Demand(policy, "state"),
        Layer = Text(policy, "layer"),
    };

    private void Take(JsonElement record, int number)
    {
        var kind = Demand(record, "kind");
        if ((kind == "home") != (number == 0))
        {
            throw new InvalidDataException("its first record is not its only home");
        }

        switch (kind)
        {
            case "home":
                DemandFormat(record);
                _home = record.Clone();
                break;
            case "marketplace":
                _marketplaces.Add(new PluginInventoryMarketplace
                {
                    Name = Unique(Demand(record, "name")),
                    SourceType = Text(record, "sourceType"),
                    Source = Text(record, "source"),
                    Ref = Text(record, "ref"),
                    SparsePaths = Texts(record, "sparsePaths") ?? [],
                    Commit = Text(record, "commit"),
                    State = Demand(record, "state"),
                });
                break;
            case "plugin":
                _plugins.Add(new PluginInventoryPlugin
                {
                    Id = Unique(Demand(record, "id")),
                    Version = Text(record, "version"),
                    State = Demand(record, "state"),
                    Enabled = Flag(record, "enabled"),
                    EffectiveEnabled = Flag(record, "effectiveEnabled") ?? false,
                    TreeHash = Text(record, "treeHash"),
                    Commit = Text(record, "commit"),
                    Provenance = Text(record, "provenance") ?? "None",
                    Integrity = Text(record, "integrity"),
                    Held = Flag(record, "held") ?? false,
                    HoldNote = Text(record, "holdNote"),
                    HeldAgainstCodex = Flag(record, "heldAgainstCodex"),
                    IsAllowed = Flag(record, "allowed"),
                    Capabilities = Texts(record, "capabilities"),
                    Advisories = Texts(record, "advisories") ?? [],
                });
                break;
            case "block":
                _blocks.Add(new PluginInventoryBlock
                {
                    Id = Demand(record, "id"),
                    Target = Demand(record, "target"),
                    Value = Demand(record, "value"),
                    On = Text(record, "on") is { } on ? Moment(on) : null,
                });
                break;
            case "result":
                _results.Add(new PluginInventoryResult
                {
                    Id = Demand(record, "id"),
                    Planned = Demand(record, "planned"),
                    Status = Demand(record, "status"),
                    Error = Text(record, "error"),
                });
                break;
            case "end":
                throw new InvalidDataException("it ends before its last record");
        }
    }

    private static void DemandFormat(JsonElement record)
    {
        if (!record.TryGetProperty("format", out var format) || format.GetInt32() is not (>= 1 and <= InventoryText.Format))
        {
            throw new InvalidDataException("its format is not known to this version");
        }
    }

    private string Unique(string name) => _ids.Add(name) ? name : throw new InvalidDataException($"it reports '{name}' twice");

    private static string Demand(JsonElement record, string name) =>
        Text(record, name) ?? throw new InvalidDataException($"a record has no '{name}'");

    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? DisplayText.Escape(value.GetString()!) : null;

    private static string[]? Texts(JsonElement record, string name) =>
        record.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => DisplayText.Escape(value.GetString()!))]
            : null;

    private static bool? Flag(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetBoolean() : null;

    private static DateTimeOffset Moment(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw new InvalidDataException($"'{text}' is not a time");
}
