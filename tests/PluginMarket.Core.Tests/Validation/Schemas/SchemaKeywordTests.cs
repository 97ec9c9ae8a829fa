using System.Text;
using System.Text.Json;
using PluginMarket.Json;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>NJsonSchema ignores <c>const</c>, <c>if</c>, <c>propertyNames</c>, <c>contains</c> and <c>dependencies</c> without a message; a
/// schema with one of them would promise what is never checked.</summary>
[Trait("Category", "Fast")]
public sealed class SchemaKeywordTests
{
    /// <summary>Keywords that say nothing about a value.</summary>
    private static readonly string[] Annotations = ["$schema", "title", "description", "default", "definitions"];

    /// <summary>Keywords that do: a schema, a value that it accepts and one that it rejects.</summary>
    private static readonly Dictionary<string, (string Schema, string Good, string Bad)[]> Evaluated = new()
    {
        ["type"] =
        [
            ("""{"type":"string"}""", "\"a\"", "1"), ("""{"type":"null"}""", "null", "{}"), ("""{"type":"boolean"}""", "false", "null"),
            ("""{"type":"object"}""", "{}", "[]"), ("""{"type":"array"}""", "[]", "{}"),
            ("""{"type":"integer"}""", "7", "7.0"), ("""{"type":"integer"}""", "18446744073709551615", "18446744073709551616"),
            ("""{"type":["number","null"]}""", "1e2", "\"1\""),
            ("""{"type":["object","array","null"]}""", "null", "true"), ("""{"type":["string","null"]}""", "\"2020-01-01T00:00:00Z\"", "1"),
        ],
        ["properties"] = [("""{"properties":{"a":{"type":"string"}}}""", """{"a":"x","b":1}""", """{"a":1}"""),
            ("""{"type":["object","array"],"properties":{"a":{"type":"string"}}}""", """{"a":"x"}""", """{"a":1}""")],
        ["patternProperties"] = [("""{"patternProperties":{"^x$":{"type":"null"}},"additionalProperties":false}""", """{"x":null}""",
            """{"x":1}"""), ("""{"patternProperties":{"^x$":{"type":"null"}},"additionalProperties":false}""", "{}", """{"y":null}""")],
        ["additionalProperties"] = [("""{"type":"object","properties":{"a":{}},"additionalProperties":false}""", """{"a":1}""",
            """{"b":1}"""), ("""{"type":["object","null"],"additionalProperties":{"type":"string"}}""", """{"a":"1"}""", """{"a":1}""")],
        ["required"] = [("""{"type":"object","required":["a"]}""", """{"a":null}""", """{"b":1}""")],
        ["minProperties"] = [("""{"type":"object","minProperties":1}""", """{"a":1}""", "{}")],
        ["maxProperties"] = [("""{"type":"object","maxProperties":1}""", """{"a":1}""", """{"a":1,"b":1}""")],
        ["items"] = [("""{"type":"array","items":{"type":"string"}}""", "[\"a\"]", "[\"a\",1]"),
            ("""{"type":["object","array"],"items":[{"type":"string"},{"type":"null"}]}""", "[\"a\",null]", "[\"a\",1]")],
        ["minLength"] = [("""{"type":"string","minLength":1}""", "\"a\"", "\"\"")],
        ["minItems"] = [("""{"type":"array","minItems":1}""", "[1]", "[]"), ("""{"type":["object","array"],"minItems":1}""", "{}", "[]")],
        ["maxItems"] = [("""{"type":"array","maxItems":1}""", "[1]", "[1,2]"),
            ("""{"type":["object","array"],"maxItems":1}""", "[1]", "[1,2]")],
        ["enum"] = [("""{"enum":["A","B"]}""", "\"B\"", "\"b\""), ("""{"enum":["A",null]}""", "null", "1"),
            ("""{"enum":["A"]}""", "\"A\"", "{}")],
        ["pattern"] = [("""{"type":["string","null"],"pattern":"^a+$(?!\\n)"}""", "\"aa\"", "\"aa\\n\""),
            ("""{"type":["string","null"],"pattern":"^a+$"}""", "null", "\"b\""), ("""{"pattern":"^a+$"}""", "\"a\"", "\"b\"")],
        ["minimum"] = [("""{"type":["integer","null"],"minimum":0}""", "0", "-1"), ("""{"type":"number","minimum":0}""", "0.5", "-0.5")],
        ["maximum"] = [("""{"type":"integer","maximum":9223372036854775807}""", "9223372036854775807", "9223372036854775808")],
        ["anyOf"] = [("""{"anyOf":[{"type":"string"},{"type":"object","required":["a"]}]}""", """{"a":1}""", "{}")],
        ["allOf"] = [("""{"type":"string","allOf":[{"pattern":"^a"},{"pattern":"b$"}]}""", "\"ab\"", "\"a\"")],
        ["not"] = [("""{"type":"object","not":{"required":["a","b"]}}""", """{"a":1}""", """{"a":1,"b":1}"""),
            ("""{"not":{"type":"object"}}""", "1", "{}")],
        ["$ref"] = [("""{"definitions":{"t":{"type":"string"}},"properties":{"a":{"$ref":"#/definitions/t","description":"d"}}}""",
            """{"a":"x"}""", """{"a":1}""")],
    };

    public static TheoryData<string, string, string, string> Pairs()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var (keyword, pairs) in Evaluated)
        {
            foreach (var (schema, good, bad) in pairs)
            {
                data.Add(keyword, schema, good, bad);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_allowed_keyword_is_evaluated(string keyword, string schema, string good, string bad)
    {
        Assert.Contains($"\"{keyword}\"", schema, StringComparison.Ordinal);
        Assert.Empty(ShippedSchema.Evaluate(Parse(good), schema));
        Assert.NotEmpty(ShippedSchema.Evaluate(Parse(bad), schema));
    }

    [Fact]
    public void The_schemas_use_no_other_keyword()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kind in Enum.GetValues<SchemaKind>())
        {
            using var schema = JsonDocument.Parse(ShippedSchema.ReadText(kind));
            Walk(schema.RootElement, "#", (keyword, _, _) => used.Add(keyword));
        }

        Assert.True(used.Count > 10);
        Assert.Empty(used.Except(Evaluated.Keys).Except(Annotations));
    }

    [Fact]
    public void Required_stands_only_where_a_value_is_an_object()
    {
        // Else NJsonSchema demands the members of an array too.
        foreach (var kind in Enum.GetValues<SchemaKind>())
        {
            using var schema = JsonDocument.Parse(ShippedSchema.ReadText(kind));
            var objects = new List<JsonElement>();
            Collect(schema.RootElement, objects);
            Assert.All(objects.Where(one => one.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
                && one.TryGetProperty("type", out _)), one => Assert.Equal("object", one.GetProperty("type").ToString()));
        }
    }

    [Fact]
    public void A_forbidden_keyword_would_be_seen_wherever_it_stands()
    {
        using var schema = JsonDocument.Parse(
            """{"properties":{"if":{"anyOf":[{"items":[{"const":1}]}]}},"definitions":{"x":{"not":{"contains":{}}}},"patternProperties":{"a":{"additionalProperties":{"propertyNames":{}}}}}""");
        var used = new HashSet<string>(StringComparer.Ordinal);
        Walk(schema.RootElement, "#", (keyword, _, _) => used.Add(keyword));

        Assert.Subset(used, new HashSet<string> { "const", "contains", "propertyNames" });
        Assert.DoesNotContain("if", used);
    }

    [Fact]
    public void Every_property_is_described_and_every_reference_leads_somewhere()
    {
        foreach (var kind in Enum.GetValues<SchemaKind>())
        {
            using var schema = JsonDocument.Parse(ShippedSchema.ReadText(kind));
            Assert.Equal("http://json-schema.org/draft-07/schema#", schema.RootElement.GetProperty("$schema").GetString());
            var bare = new List<string>();
            Walk(schema.RootElement, "#", (keyword, value, place) =>
            {
                if (keyword == "properties")
                {
                    bare.AddRange(value.EnumerateObject().Where(property => !property.Value.TryGetProperty("description", out var text)
                        || text.GetString()!.Length < 5).Select(property => $"{place}/{property.Name}"));
                }
                else if (keyword == "$ref")
                {
                    Assert.True(schema.RootElement.GetProperty("definitions")
                        .TryGetProperty(value.GetString()!.Split('/')[^1], out _), place);
                }
            });
            Assert.Empty(bare);
        }
    }

    [Fact]
    public void Every_schema_that_the_module_ships_is_checked_here()
    {
        var names = Enum.GetValues<SchemaKind>().Select(kind => $"{kind.ToString().ToLowerInvariant()}.schema.json")
            .Order(StringComparer.Ordinal);

        Assert.Equal(names,
            Directory.GetFiles(Path.Join(RepositoryRoot.Path, "module", "schemas")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static void Collect(JsonElement element, List<JsonElement> objects)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            objects.Add(element);
        }

        foreach (var inner in element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Select(member => member.Value)
            : element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [])
        {
            Collect(inner, objects);
        }
    }

    private static JsonValue Parse(string json) =>
        JsonFile.Parse(Encoding.UTF8.GetBytes(json), "test.json", MarketErrorCode.ManifestInvalid).Root;

    /// <summary>Visits the keywords of a schema and of the schemas inside it; names of properties and definitions are none.</summary>
    private static void Walk(JsonElement schema, string place, Action<string, JsonElement, string> visit)
    {
        foreach (var keyword in schema.ValueKind == JsonValueKind.Object ? schema.EnumerateObject() : default)
        {
            visit(keyword.Name, keyword.Value, $"{place}/{keyword.Name}");
            IEnumerable<JsonElement> inner = keyword.Name switch
            {
                "properties" or "patternProperties" or "definitions" => keyword.Value.EnumerateObject().Select(member => member.Value),
                "enum" or "default" or "required" => [],
                _ => keyword.Value.ValueKind == JsonValueKind.Array ? keyword.Value.EnumerateArray() : [keyword.Value],
            };
            foreach (var sub in inner)
            {
                Walk(sub, $"{place}/{keyword.Name}", visit);
            }
        }
    }
}
