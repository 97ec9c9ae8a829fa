using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PluginMarket.Messages;
using PluginMarket.Showcase;

namespace PluginMarket.Fleet.Reports;

/// <summary>A fleet at a glance: one page of HTML with machines and plugins, which loads nothing.</summary>
/// <remarks>Where drift was compared, it says what differs; else a plugin differs where its bytes are not those that most machines
/// have.</remarks>
internal sealed class FleetPage(string? title, DateTimeOffset time)
{
    private readonly string _title = DisplayText.Escape(title ?? "Plugins of a fleet");

    /// <summary>Writes the page.</summary>
    /// <param name="inventories">The homes, as far as they reported.</param>
    /// <param name="drifts">What was found of them; empty where nothing was compared.</param>
    internal ReadOnlyMemory<byte> Write(IReadOnlyList<PluginInventory> inventories, IReadOnlyList<PluginDrift> drifts)
    {
        var homes = FleetHome.Join(inventories, drifts);
        var plugins = homes.SelectMany(home => home.Ids).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var usual = drifts.Count > 0 ? [] : UsualBytes(homes, plugins);
        var index = PageTemplate.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("title", _title);
            json.WriteString("written", time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString("comparedWith", string.Join(", ", drifts.Select(drift => drift.Reference).OfType<string>()
                .Distinct(StringComparer.Ordinal).Select(DisplayText.Escape)));
            json.WriteBoolean("homesDiffer", homes.GroupBy(home => home.Computer, StringComparer.OrdinalIgnoreCase)
                .Any(group => group.Count() > 1));
            json.WriteStartArray("plugins");
            plugins.ForEach(id => json.WriteStringValue(DisplayText.Escape(id)));
            json.WriteEndArray();
            json.WriteStartArray("homes");
            foreach (var home in homes.OrderBy(home => home.Computer, StringComparer.OrdinalIgnoreCase))
            {
                WriteHome(json, home, plugins, usual, isCompared: drifts.Count > 0);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return PageTemplate.Fill("Fleet.Reports.fleet", _title, (place, page) =>
        {
            if (place == "index")
            {
                page.Write(index.Span);
            }

            return place == "index";
        });
    }

    // What most machines have of each plugin; its absence is nothing to have.
    private static Dictionary<string, string> UsualBytes(List<FleetHome> homes, List<string> plugins) => plugins.ToDictionary(
        id => id,
        id => homes.Select(home => home.Find(id)).OfType<PluginInventoryPlugin>().Select(BytesOf)
            .GroupBy(bytes => bytes, StringComparer.Ordinal).OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal).First().Key,
        StringComparer.Ordinal);

    private static string BytesOf(PluginInventoryPlugin plugin) => $"{plugin.TreeHash ?? plugin.Version} {plugin.EffectiveEnabled}";

    private static void WriteHome(Utf8JsonWriter json, FleetHome home, List<string> plugins, Dictionary<string, string> usual,
        bool isCompared)
    {
        var cells = plugins.Select((id, place) => (Place: place, Cell: CellOf(home, id, usual, isCompared)))
            .Where(cell => cell.Cell is not null).ToList();
        var status = home.Drifts.Any(drift => !DriftSeverity.IsUnknown(drift.KindOf) && DriftQuery.IsOutOfSync(drift)) ? "Drifted"
            : home.Inventory?.Problem is not null || home.Drifts.Any(drift => DriftSeverity.IsUnknown(drift.KindOf)) ? "Unknown"
            : cells.Exists(cell => cell.Cell!.Value.Mark is "bad" or "warn") ? "Drifted"
            : cells.Exists(cell => cell.Cell!.Value.Mark == "unknown") ? "Unknown" : "InSync";
        json.WriteStartObject();
        json.WriteString("computer", DisplayText.Escape(home.Computer));
        json.WriteString("user", DisplayText.Escape(home.User));
        json.WriteString("home", DisplayText.Escape(home.Path));
        json.WriteString("os", DisplayText.Escape(home.Inventory?.Os ?? ""));
        json.WriteString("tool", DisplayText.Escape(home.Inventory?.ToolVersion ?? ""));
        json.WriteString("codex", DisplayText.Escape(home.Inventory?.CodexVersion ?? ""));
        json.WriteString("state", home.Inventory?.StateId is { } id
            ? DisplayText.Escape($"{id}@{home.Inventory.StateRevision}") : "");
        json.WriteString("on", home.CollectedOn?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "");
        json.WriteString("problem", DisplayText.Escape(home.Inventory?.Problem ?? ""));
        json.WriteString("status", status);
        json.WriteStartArray("cells");
        foreach (var (place, cell) in cells)
        {
            json.WriteStartArray();
            json.WriteNumberValue(place);
            json.WriteStringValue(DisplayText.Escape(cell!.Value.Text));
            json.WriteStringValue(cell.Value.Mark);
            json.WriteStringValue(DisplayText.Escape(cell.Value.Note));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("drift");
        foreach (var drift in home.Drifts.Where(drift => drift.KindOf != DriftKind.InSync)
            .OrderBy(drift => DriftSeverity.Rank(drift.Severity)))
        {
            json.WriteStartObject();
            json.WriteString("kind", drift.Kind);
            json.WriteString("mark", MarkOf(drift));
            json.WriteString("subject", DisplayText.Escape(drift.Subject));
            json.WriteString("expected", DisplayText.Escape(drift.Expected ?? ""));
            json.WriteString("actual", DisplayText.Escape(drift.Actual ?? ""));
            json.WriteString("remedy", DisplayText.Escape(drift.Remedy ?? ""));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (string Text, string Mark, string Note)? CellOf(FleetHome home, string id, Dictionary<string, string> usual,
        bool isCompared)
    {
        var plugin = home.Find(id);
        var found = home.Drifts.Where(drift => drift.Subject == id).OrderBy(drift => DriftSeverity.Rank(drift.Severity)).ToList();
        if (plugin is null && found.Count == 0)
        {
            return null;
        }

        var text = plugin is null ? found[0].Kind : plugin.Version ?? "installed";
        if (found.Count > 0)
        {
            return (plugin is null ? text : $"{text} {found[0].Kind}", MarkOf(found[0]),
                string.Join(", ", found.Select(drift => drift.Kind)));
        }

        return isCompared ? (text, "same", plugin!.EffectiveEnabled ? "" : "disabled")
            : plugin!.Integrity == "Changed" ? (text, "bad", "its files were changed")
            : usual[id] != BytesOf(plugin) ? (text, "warn", plugin.EffectiveEnabled ? "not what most machines have" : "disabled")
            : plugin.Integrity != "Intact" ? (text, "unknown", "not compared with a record")
            : (text, "same", plugin.EffectiveEnabled ? "" : "disabled");
    }

    private static string MarkOf(PluginDrift drift) => DriftSeverity.IsUnknown(drift.KindOf) ? "unknown" : drift.Severity switch
    {
        "Error" => "bad",
        "Warning" => "warn",
        _ => "same",
    };
}

/// <summary>One home of a fleet: its report, and what was found of it.</summary>
internal sealed class FleetHome
{
    private readonly Dictionary<string, PluginInventoryPlugin> _plugins = new(StringComparer.Ordinal);

    private FleetHome(string computer, string user, string path) => (Computer, User, Path) = (computer, user, path);

    internal string Computer { get; }

    internal string User { get; }

    internal string Path { get; }

    internal PluginInventory? Inventory { get; private set; }

    internal List<PluginDrift> Drifts { get; } = [];

    internal DateTimeOffset? CollectedOn => Inventory?.CollectedOn ?? Drifts.Select(drift => drift.CollectedOn).FirstOrDefault();

    /// <summary>The plugins that are there or differ.</summary>
    internal IEnumerable<string> Ids => _plugins.Keys.Concat(
        Drifts.Select(drift => drift.Subject).Where(subject => PluginId.TryParse(subject, out _, out _)));

    internal PluginInventoryPlugin? Find(string id) => _plugins.GetValueOrDefault(id);

    /// <summary>Puts together what is known of each home.</summary>
    internal static List<FleetHome> Join(IReadOnlyList<PluginInventory> inventories, IReadOnlyList<PluginDrift> drifts)
    {
        var homes = new Dictionary<(string, string, string), FleetHome>();
        foreach (var inventory in inventories)
        {
            var home = Of(inventory.ComputerName, inventory.UserName, inventory.CodexHome);
            home.Inventory = inventory;
            foreach (var plugin in inventory.Plugins.Where(plugin => plugin.IsInstalled))
            {
                home._plugins[plugin.Id] = plugin;
            }
        }

        foreach (var drift in drifts)
        {
            Of(drift.ComputerName, drift.UserName ?? "", drift.CodexHome ?? "").Drifts.Add(drift);
        }

        return [.. homes.Values];

        FleetHome Of(string computer, string user, string path)
        {
            if (!homes.TryGetValue((computer, user, path), out var home))
            {
                homes[(computer, user, path)] = home = new FleetHome(computer, user, path);
            }

            return home;
        }
    }
}
