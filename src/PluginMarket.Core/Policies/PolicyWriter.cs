using System.Text.Json;
using PluginMarket.Json;
using PluginMarket.Sources;

namespace PluginMarket.Policies;

/// <summary>Writes a policy that allows what is given and nothing else.</summary>
internal static class PolicyWriter
{
    /// <summary>The text of the policy: sorted, and equal for equal input.</summary>
    /// <param name="id">The id of the policy.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="isAudit">Whether it only reports.</param>
    /// <param name="marketplaces">The marketplaces.</param>
    /// <param name="plugins">The plugins, and where their files come from where that is known.</param>
    internal static byte[] Write(string id, string revision, bool isAudit, IEnumerable<MarketplaceFacts> marketplaces,
        IReadOnlyCollection<(PluginId Id, PluginSourceFacts? Source)> plugins) =>
        JsonWriting.Document(json =>
        {
            json.WriteNumber("format", PolicyReader.Format);
            json.WriteString("id", id);
            json.WriteString("revision", revision);
            json.WriteString("mode", isAudit ? "audit" : "enforce");
            json.WriteStartArray("rules");
            Rule(json, "MKT-ALLOW", "marketplace", marketplaces.Select(Of));
            Rule(json, "SRC-ALLOW", "source", plugins.Select(plugin => plugin.Source).OfType<PluginSourceFacts>().Select(Of));
            Rule(json, "PLG-ALLOW", "plugin", plugins.Select(plugin => Item("plugin", plugin.Id.ToString())));
            json.WriteEndArray();
        });

    private static void Rule(Utf8JsonWriter json, string id, string kind, IEnumerable<SortedDictionary<string, string>> items)
    {
        // A list without an item would allow everything of its kind, and so is left out.
        var lines = items.Where(item => item.Count > 0).DistinctBy(Key).OrderBy(Key, StringComparer.Ordinal).ToList();
        if (lines.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("kind", kind);
        json.WriteString("effect", "allow");
        json.WriteStartArray("match");
        foreach (var item in lines)
        {
            json.WriteStartObject();
            foreach (var (key, value) in item)
            {
                if (key is "type" or "transports")
                {
                    json.WriteStartArray(key);
                    json.WriteStringValue(value);
                    json.WriteEndArray();
                }
                else
                {
                    json.WriteString(key, value);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Key(SortedDictionary<string, string> item) => string.Join('\n', item.Select(pair => $"{pair.Key}={pair.Value}"));

    private static SortedDictionary<string, string> Of(MarketplaceFacts facts) =>
        facts.LocalRoot is { } root ? Item("localRoot", root) : facts.Identities is [var identity, ..] ? Address(identity) : [];

    private static SortedDictionary<string, string> Of(PluginSourceFacts facts)
    {
        if (facts.Identities is [var identity, ..])
        {
            return Address(identity);
        }

        var item = Item("type", facts.Type);
        if (facts.Package is { } package)
        {
            item["package"] = package;
        }

        if (facts.Registry is { IsKnown: true, Value: { } registry })
        {
            item["registry"] = registry;
        }

        return item;
    }

    private static SortedDictionary<string, string> Address(SourceIdentity identity)
    {
        var item = Item("url", $"https://{identity.Address}");

        // https and ssh are what a list means where it names no transport.
        if (identity.Transport is not ("https" or "ssh"))
        {
            item["transports"] = identity.Transport;
        }

        return item;
    }

    private static SortedDictionary<string, string> Item(string key, string value) => new(StringComparer.Ordinal) { [key] = value };
}
