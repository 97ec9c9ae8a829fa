using System.Text;
using PluginMarket.Json;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class JsonEditorTests
{
    [Theory]
    [InlineData("{\n    \"a\": 1,\n    \"z\":{\"k\":2}\n}\n", "/b", "[1,2]", "{\n    \"a\": 1,\n    \"z\":{\"k\":2},\n    \"b\":[1, 2]\n}\n")]
    [InlineData("{\r\n\t\"a\": 1\r\n}", "/b", "{\"x\":{\"y\":[{}]}}", "{\r\n\t\"a\": 1,\r\n\t\"b\": {\r\n\t\t\"x\": {\r\n\t\t\t\"y\": [\r\n\t\t\t\t{}\r\n\t\t\t]\r\n\t\t}\r\n\t}\r\n}")]
    [InlineData("{\"a\":1}", "/b", "{\"x\": true}", "{\"a\":1,\"b\":{\"x\":true}}")]
    [InlineData("{\"a\": 1, \"b\": 2}", "/c", "\"é\"", "{\"a\": 1, \"b\": 2, \"c\": \"é\"}")]
    [InlineData("{\"a\": 1}", "/a", "null", "{\"a\": null}")]
    [InlineData("{\n  \"a\": [\n    1,\n    2\n  ]\n}", "/a/1", "\"x\"", "{\n  \"a\": [\n    1,\n    \"x\"\n  ]\n}")]
    [InlineData("{}", "/a~1b", "1", "{\n  \"a/b\": 1\n}")]
    [InlineData("{\n  \"o\": {}\n}\n", "/o/k", "1", "{\n  \"o\": {\n    \"k\": 1\n  }\n}\n")]
    [InlineData("7", "", "8", "8")]
    [InlineData("{\n  \"p\": [\n    { \"n\": \"a\" }\n  ]\n}\n", "/p/0/policy", "{\"i\":1,\"j\":2}", "{\n  \"p\": [\n    { \"n\": \"a\", \"policy\": { \"i\": 1, \"j\": 2 } }\n  ]\n}\n")]
    [InlineData("{\n  \"p\": [{\n    \"s\": {\"k\": 1}\n  }, {\n    \"n\": 2\n  }]\n}", "/p/1/s", "{\"k\":2}", "{\n  \"p\": [{\n    \"s\": {\"k\": 1}\n  }, {\n    \"n\": 2,\n    \"s\": {\"k\": 2}\n  }]\n}")]
    [InlineData("{\n  \"a\": 1,\n\n  \"b\": 2\n}", "/c", "3", "{\n  \"a\": 1,\n\n  \"b\": 2,\n\n  \"c\": 3\n}")]
    public void Setting_keeps_the_rest(string text, string pointer, string json, string expected) =>
        Assert.Equal(expected, TextOf(JsonEditor.Set(JsonFileTests.Parse(text), pointer, json)));

    [Theory]
    [InlineData("[1,2]", "", "3", "[1,2,3]")]
    [InlineData("{\n  \"p\": [\n    {\n      \"n\": 1\n    }\n  ]\n}\n", "/p", "{\"n\":2}", "{\n  \"p\": [\n    {\n      \"n\": 1\n    },\n    {\n      \"n\": 2\n    }\n  ]\n}\n")]
    [InlineData("{\"p\": [{\n  \"n\": 1\n}]}", "/p", "{\"n\":2}", "{\"p\": [{\n  \"n\": 1\n}, {\n  \"n\": 2\n}]}")]
    [InlineData("{\n  \"p\": []\n}\n", "/p", "{\"n\":2}", "{\n  \"p\": [\n    {\n      \"n\": 2\n    }\n  ]\n}\n")]
    public void Appending_keeps_the_rest(string text, string pointer, string json, string expected) =>
        Assert.Equal(expected, TextOf(JsonEditor.Append(JsonFileTests.Parse(text), pointer, json)));

    [Theory]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", "/a", "{\n  \"b\": 2,\n  \"c\": 3\n}")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", "/b", "{\n  \"a\": 1,\n  \"c\": 3\n}")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", "/c", "{\n  \"a\": 1,\n  \"b\": 2\n}")]
    [InlineData("{\"a\": {\"x\": [1]}}", "/a/x/0", "{\"a\": {\"x\": []}}")]
    [InlineData("[1, 2, 3]", "/1", "[1, 3]")]
    public void Removing_keeps_the_rest(string text, string pointer, string expected) =>
        Assert.Equal(expected, TextOf(JsonEditor.Remove(JsonFileTests.Parse(text), pointer)));

    [Fact]
    public void What_changes_nothing_gives_the_file_itself()
    {
        var file = JsonFileTests.Parse("{\"a\": [1,  2]}");

        Assert.Same(file, JsonEditor.Set(file, "/a", "[1, 2]"));
        Assert.Same(file, JsonEditor.Remove(file, "/b"));
    }

    [Theory]
    [InlineData("/x/y", "1")]
    [InlineData("/a/5", "1")]
    [InlineData("/b", "{")]
    [InlineData("/b", "1,\"c\":2")]
    public void An_edit_without_a_place_or_of_invalid_JSON_is_refused(string pointer, string json)
    {
        var file = JsonFileTests.Parse("{\"a\": []}");

        Assert.Equal(MarketErrorCode.CatalogUnreadable,
            Assert.Throws<PluginMarketException>(() => JsonEditor.Set(file, pointer, json)).Code);
    }

    [Fact]
    public void Names_and_a_byte_order_mark_survive()
    {
        var file = JsonFile.Parse([0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8], "x", MarketErrorCode.ManifestInvalid);
        var edited = JsonEditor.Set(file, "/b\"\n", "2");

        Assert.True(edited.HadBom);
        Assert.Equal(2, edited.Root["b\"\n"]!.GetDouble());
        Assert.Equal("{\"a\":1,\"b\\\"\\n\":2}", TextOf(edited)[1..]);
    }

    private static string TextOf(JsonFile file) => Encoding.UTF8.GetString(file.Utf8.Span);
}
