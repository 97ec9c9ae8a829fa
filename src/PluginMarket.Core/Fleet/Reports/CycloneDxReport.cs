using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PluginMarket.Identity;
using PluginMarket.Validation.Reports;

namespace PluginMarket.Fleet.Reports;

/// <summary>A CycloneDX 1.6 bill of materials of inventories: a component for distinct bytes, and where they are as its
/// occurrences.</summary>
internal static class CycloneDxReport
{
    internal static string Write(IReadOnlyList<PluginInventory> inventories, string? name, DateTimeOffset time) => ReportJson.Write(json =>
    {
        var places = inventories.SelectMany(home => home.Plugins.Where(plugin => plugin.IsInstalled).Select(plugin => (home, plugin)))
            .GroupBy(place => (place.plugin.Id, place.plugin.Version, place.plugin.TreeHash, place.plugin.Commit))
            .OrderBy(group => group.Key.Id, StringComparer.Ordinal).ThenBy(group => group.Key.Version, StringComparer.Ordinal)
            .ThenBy(group => group.Key.TreeHash, StringComparer.Ordinal).ThenBy(group => group.Key.Commit, StringComparer.Ordinal).ToList();
        json.WriteStartObject();
        json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        json.WriteString("bomFormat", "CycloneDX");
        json.WriteString("specVersion", "1.6");
        json.WriteString("serialNumber", $"urn:uuid:{Serial(inventories)}");
        json.WriteNumber("version", 1);
        json.WriteStartObject("metadata");
        json.WriteString("timestamp", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteStartObject("tools");
        json.WriteStartArray("components");
        json.WriteStartObject();
        json.WriteString("type", "application");
        json.WriteString("name", "PluginMarket");
        json.WriteString("version", Origin.ToolVersion);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("component");
        json.WriteString("type", "platform");
        json.WriteString("name", ReportField.Clean(name ?? "Plugins of a fleet"));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("components");
        var number = 0;
        foreach (var group in places)
        {
            WriteComponent(json, group.First().plugin, [.. group.Select(place => place.home)], ++number);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteComponent(Utf8JsonWriter json, PluginInventoryPlugin plugin, PluginInventory[] homes, int number)
    {
        json.WriteStartObject();
        json.WriteString("type", "application");
        json.WriteString("bom-ref", $"plugin-{number}");
        json.WriteString("group", ReportField.Clean(plugin.Id[(plugin.Id.LastIndexOf('@') + 1)..]));
        json.WriteString("name", ReportField.Clean(plugin.Id.LastIndexOf('@') is var at and > 0 ? plugin.Id[..at] : plugin.Id));
        if (plugin.Version is { } version)
        {
            json.WriteString("version", ReportField.Clean(version));
        }

        json.WriteStartArray("properties");
        Property(json, "pluginmarket:id", plugin.Id);

        // The digest of a tree is not the hash of a file, which is what a place of the format's own would say.
        Property(json, "pluginmarket:treeHash", plugin.TreeHash);
        Property(json, "pluginmarket:commit", plugin.Commit);
        json.WriteEndArray();
        json.WriteStartObject("evidence");
        json.WriteStartArray("occurrences");
        foreach (var home in homes)
        {
            json.WriteStartObject();
            json.WriteString("location", ReportField.Clean($"{home.ComputerName}:{home.CodexHome}"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Property(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", ReportField.Clean(value));
            json.WriteEndObject();
        }
    }

    // The same homes have the same number: it says what the bill is of, not when it was written.
    private static Guid Serial(IReadOnlyList<PluginInventory> inventories) => new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        inventories.Select(home => $"{home.ComputerName}\0{home.UserName}\0{home.CodexHome}\0{home.CollectedOn.UtcTicks}"))))[..16]);
}
