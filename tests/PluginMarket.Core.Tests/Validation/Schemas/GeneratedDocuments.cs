using System.Text.Json.Nodes;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>Documents made from a good one by wrong types, missing members, members in places where they do not belong and odd
/// forms; the same ones in every run.</summary>
internal static class GeneratedDocuments
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "-0", "1.0", "1e2", "18446744073709551615", "18446744073709551616", "-9223372036854775809", "\"\"",
        "\" \"", "\"x\"", "\"a b\"", "\".\"", "\"..\"", "\"./\"", "\"./x\"", "\"./x/../y\"", "\"../x\"", "\"/x\"", "\" 1.2 \"",
        "\"1.0\\n\"", "\"AVAILABLE\"", "\"available\"", "\"ON_USE\"", "\"CODEX\"", "\"local\"", "\"url\"", "\"npm\"", "\"git-subdir\"",
        "\"github\"", "\"command\"", "\"mcp_tool\"", "\"prompt\"", "\"https://example.com/o/r\"", "\"o/r\"", "\"@s/p\"", "\"auto\"",
        "\"oauth\"",
        "[]", "[\"a\"]", "[1]", "[null]", "[\"a\",\"b\"]", "[\"m\",null,[]]", "[{}]", "[[]]", "[null,[]]", "[\"command\",\"echo\"]",
        "[\"mcp_tool\",\"s\",\"t\"]", "[\"AVAILABLE\",\"ON_USE\",null]",
        "{}", "{\"a\":null}", "{\"AVAILABLE\":null}", "{\"ON_USE\":null}", "{\"CODEX\":null}", "{\"AVAILABLE\":1}", "{\"a\":\"b\"}",
        "{\"name\":\"V\"}", "{\"name\":\"V\",\"source\":\"local\"}", "{\"clientId\":\"c\"}", "{\"client_id\":1}", "{\"command\":\"c\"}",
        "{\"url\":\"u\"}",
    ];

    /// <summary>Names that schemas and readers know by another spelling.</summary>
    private static readonly string[] MoreNames = ["a", "command_windows", "websiteURL", "client_id", "bearer_token"];

    internal static IEnumerable<string> Of(string good, int count)
    {
        var random = new Random(20261124);
        var keys = good.Split('"').Where(part => part.Length is > 0 and < 30 && part.All(c => char.IsAsciiLetter(c) || c is '_'))
            .Concat(MoreNames).Distinct().ToArray();
        for (var i = 0; i < count; i++)
        {
            var document = JsonNode.Parse(good)!;
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                document = Mutate(document, random, keys);
            }

            yield return document?.ToJsonString() ?? "null";
        }
    }

    private static JsonNode Mutate(JsonNode document, Random random, string[] keys)
    {
        var places = new List<(JsonNode? Parent, string? Key, int Index)> { (null, null, 0) };
        Collect(document, places);
        var (parent, key, index) = places[random.Next(places.Count)];
        var value = JsonNode.Parse(Values[random.Next(Values.Length)]);
        switch (parent)
        {
            case JsonObject members when random.Next(4) == 0:
                _ = members.Remove(key!);
                return document;
            case JsonObject members when random.Next(3) == 0:
                members[keys[random.Next(keys.Length)]] = value;
                return document;
            case JsonObject members:
                members[key!] = value;
                return document;
            case JsonArray items when random.Next(3) == 0:
                items.RemoveAt(index);
                return document;
            case JsonArray items:
                items[index] = value;
                return document;
            default:
                // The top value rarely: whatever it is replaced by says little.
                return random.Next(6) == 0 ? value ?? new JsonObject() : document;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonNode?, string?, int)> places)
    {
        if (node is JsonObject members)
        {
            foreach (var (key, value) in members)
            {
                places.Add((node, key, 0));
                Collect(value, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                places.Add((node, null, i));
                Collect(items[i], places);
            }
        }
    }
}
