using System.Text;
using PluginMarket.Files;
using PluginMarket.Json;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class JsonFileTests
{
    [Fact]
    public void Values_names_and_positions_are_those_of_the_text()
    {
        var file = Parse("{\n  \"näme\": \"x\",\r\n  \"a/b~c\": [1, -2.5e3, true, null, {\"k\": \"\\u00e9\\n\\ud83d\\ude00\"}]\n}\n");
        var list = file.Root["a/b~c"]!;

        Assert.Equal(JsonKind.Object, file.Root.Kind);
        Assert.Equal(["näme", "a/b~c"], file.Root.Members.Select(member => member.Name));
        Assert.Equal("x", file.Root["näme"]!.GetString());
        Assert.Equal(new TextPosition(2, 11, 2, 14), file.Root["näme"]!.Position);
        Assert.Equal(new TextPosition(1, 1, 4, 2), file.Root.Position);
        Assert.Equal(5, list.Items.Count);
        Assert.Equal("/a~1b~0c/4/k", list.Items[4]["k"]!.Pointer);
        Assert.Same(file, list.File);
        Assert.Equal("é\n😀", file.Root.Find("/a~1b~0c/4/k")!.GetString());
        Assert.Equal(new TextPosition(3, 13, 3, 14), list.Items[0].Position);
        Assert.Equal(new TextPosition(3, 3, 3, 10), list.KeyPosition);
        Assert.True(list.Items[0].TryGetInt64(out var one));
        Assert.Equal(1, one);
        Assert.False(list.Items[1].TryGetInt64(out _));
        Assert.Equal(-2500, list.Items[1].GetDouble());
        Assert.True(list.Items[2].GetBoolean());
        Assert.Equal("{\"k\":\"\\u00e9\\n\\ud83d\\ude00\"}", list.Items[4].ToJson());
    }

    [Theory]
    [InlineData("a\"b\\c\u0001", "\"a\\\"b\\\\c\\u0001\"")]
    [InlineData("é😀/\n\t", "\"é😀/\\n\\t\"")]
    public void A_quoted_text_reads_back(string text, string quoted)
    {
        Assert.Equal(quoted, JsonEditor.Quote(text));
        Assert.Equal(text, Parse(quoted).Root.GetString());
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData(" \n ", 2, 2)]
    [InlineData("{", 1, 2)]
    [InlineData("{\"a\":1,}", 1, 8)]
    [InlineData("[1,]", 1, 4)]
    [InlineData("[1] x", 1, 5)]
    [InlineData("// c\n{}", 1, 1)]
    [InlineData("{\"a\":NaN}", 1, 6)]
    [InlineData("{'a':1}", 1, 2)]
    [InlineData("[01]", 1, 3)]
    [InlineData("[1e999]", 1, 2)]
    [InlineData("[\"ä\tb\"]", 1, 4)]
    [InlineData("[\n \"a\\x\"]", 2, 5)]
    [InlineData("[\"ab\\ud800\"]", 1, 5)]
    [InlineData("{\"\\udc00\":1}", 1, 3)]
    [InlineData("[\"\\ud800\\ud800\\udc00\"]", 1, 3)]
    [InlineData("{\"a\":1,\n\"b\":{\"x\":1,\"\\u0078\":2}}", 2, 12)]
    [InlineData("[\"a\0b\"]", 1, 4)]
    [InlineData("[1\0]", 1, 3)]
    public void What_is_not_strict_JSON_is_refused_where_it_stands(string text, int line, int column)
    {
        var error = Fails(Encoding.UTF8.GetBytes(text));

        Assert.Equal(MarketErrorCode.CatalogUnreadable, error.Code);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Equal("cat.json", error.File);
        Assert.StartsWith($"cat.json({line},{column}): ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("{", "'}' is missing")]
    [InlineData("[[1]", "']' is missing")]
    [InlineData("{\"a\":[1", "']' is missing")]
    [InlineData("{\"a\":1,}", "a comma before the closing bracket")]
    [InlineData("[1,]", "a comma before the closing bracket")]
    [InlineData("[1] x", "follows the end of the document")]
    [InlineData("{}{}", "follows the end of the document")]
    [InlineData("// c\n{}", "no comments")]
    [InlineData("[1, /* c */ 2]", "no comments")]
    [InlineData("{\"a\":NaN}", "'N' is not a value")]
    [InlineData("{\"a\":}", "'}' is not a value")]
    [InlineData("[True]", "'T' is not a value")]
    [InlineData("{'a':1}", "double quotes")]
    [InlineData("['a']", "double quotes")]
    [InlineData("{a:1}", "a name in double quotes is expected, not 'a'")]
    [InlineData("{\"a\" 1}", "a colon is expected behind the name, not '1'")]
    [InlineData("{\"a\"}", "a colon is expected behind the name, not '}'")]
    [InlineData("{\"a\":1 \"b\":2}", "a comma or '}' is expected, not '\"'")]
    [InlineData("[1 2]", "a comma or ']' is expected, not '2'")]
    [InlineData("[1}", "not '}'")]
    [InlineData("{\"a\":1]", "not ']'")]
    [InlineData("]", "']' is not a value")]
    [InlineData("[01]", "not a number in JSON")]
    [InlineData("[1.]", "not a number in JSON")]
    [InlineData("[-]", "not a number in JSON")]
    [InlineData("[\"a\tb\"]", "U+0009")]
    [InlineData("[\"a\nb\"]", "line break")]
    [InlineData("[\"a\\x\"]", "no such escape")]
    [InlineData("[\"a\\u12\"]", "no such escape")]
    [InlineData("[\"abc", "a string is not closed")]
    [InlineData("{\"abc", "a string is not closed")]
    [InlineData("[tru]", "")]
    [InlineData("[nul", "")]
    [InlineData("[tru", "")]
    [InlineData("\"a\" \"b\"", "follows the end of the document")]
    public void A_mistake_is_told_in_our_own_words(string text, string words)
    {
        var error = Fails(Encoding.UTF8.GetBytes(text));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        foreach (var foreign in new[] { "JSON payload", "is an invalid", "Expected ", "LineNumber", "BytePosition", "reached end of data",
            "JsonReader", "token" })
        {
            Assert.DoesNotContain(foreign, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("5B 22 C3 28 22 5D", 3)]
    [InlineData("5B 22 C0 AF 22 5D", 3)]
    [InlineData("5B 22 ED A0 80 22 5D", 3)]
    [InlineData("5B 31 5D 0A FF", 1)]
    [InlineData("FF FE 5B 00 5D 00", 1)]
    [InlineData("FE FF 00 5B 00 5D", 1)]
    [InlineData("5B 00 5D 00", 1)]
    [InlineData("00 5B 00 5D", 1)]
    [InlineData("00", 1)]
    public void Other_encodings_are_refused(string hex, int column)
    {
        var error = Fails(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal((MarketErrorCode.CatalogUnreadable, column), (error.Code, error.Column));
    }

    [Fact]
    public void A_byte_order_mark_is_told_and_passed()
    {
        var file = JsonFile.Parse([0xEF, 0xBB, 0xBF, .. "[1]"u8], "cat.json", MarketErrorCode.CatalogUnreadable);

        Assert.True(file.HadBom);
        Assert.Equal((1, 2), (file.Root.Items[0].Position.Line, file.Root.Items[0].Position.Column));
        Assert.Equal(4, file.Root.Items[0].Start);
        Assert.False(Parse("[]").HadBom);
        Assert.Equal(2, Fails([0xEF, 0xBB, 0xBF, .. "[x]"u8]).Column);
        Fails([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. "[]"u8]);
    }

    [Fact]
    public void Caps_are_held_to_the_byte()
    {
        Parse(new string('[', 64) + new string(']', 64));
        Parse("\"" + new string('a', 64 << 10) + "\"");
        Parse("\"" + string.Concat(Enumerable.Repeat("\\u0061", 64 << 10)) + "\"");
        Parse("[" + new string('9', 300) + "]");

        Exceeds(new string('[', 65) + new string(']', 65), 65);
        Exceeds(new string('[', 100_000), 65);
        Exceeds("[\"" + new string('a', (64 << 10) + 1) + "\"]", 2);
        Exceeds("{\"" + string.Concat(Enumerable.Repeat("\\u0061", (64 << 10) + 1)) + "\":1}", 2);
        Exceeds("[" + new string('9', 100_000) + "]", 2);
        var error = Assert.Throws<PluginMarketException>(
            () => JsonFile.Parse("[1,2,3]"u8.ToArray(), "x", MarketErrorCode.ManifestInvalid, new Limits { JsonTokens = 3 }));
        Assert.Equal(MarketErrorCode.LimitExceeded, error.Code);
    }

    [Fact]
    public void Repeated_names_can_be_told_instead_of_refused()
    {
        var file = JsonFile.Parse("""
            {"plugins":[{"name":"a","name":"b"},{"name":"c","policy":{"x":1,"y":2,"x":3,"\u0078":4}},{"name":"d"}]}
            """u8.ToArray(), "cat.json", MarketErrorCode.CatalogUnreadable, tolerateDuplicates: true);
        var entries = file.Root["plugins"]!.Items;

        Assert.Empty(file.Root.DuplicateKeys);
        Assert.Equal(3, file.Root.DuplicateKeysWithin.Count);
        Assert.Equal([new JsonDuplicate("name", "/plugins/0", new TextPosition(1, 14, 1, 20), new TextPosition(1, 25, 1, 31))],
            entries[0].DuplicateKeys);
        Assert.Empty(entries[1].DuplicateKeys);
        Assert.Equal(["x", "x"], entries[1].DuplicateKeysWithin.Select(duplicate => duplicate.Name));
        Assert.All(entries[1].DuplicateKeysWithin, duplicate => Assert.Equal("/plugins/1/policy", duplicate.Pointer));
        Assert.Empty(entries[2].DuplicateKeysWithin);
    }

    [Fact]
    public void Repeated_names_are_found_in_large_objects_too()
    {
        var names = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"k{i}\":{i}"));

        Parse("{" + names + "}");
        var error = Fails(Encoding.UTF8.GetBytes("{" + names + ",\n\"k17\":0}"));
        Assert.Equal((2, 1), (error.Line, error.Column));
    }

    [Fact]
    public void Positions_in_one_long_line_count_characters()
    {
        var text = "[" + string.Join(',', Enumerable.Repeat("\"é😀\"", 20_000)) + ",\n7]";
        var file = Parse(text);

        Assert.Equal(new TextPosition(1, 2 + (5 * 19_999), 1, 6 + (5 * 19_999)), file.Root.Items[19_999].Position);
        Assert.Equal(new TextPosition(2, 1, 2, 2), file.Root.Items[20_000].Position);
    }

    [Fact]
    public void A_wrong_kind_is_a_failure_at_its_place()
    {
        var error = Assert.Throws<PluginMarketException>(() => Parse("{\"a\":\n [1]}").Root["a"]!.Items[0].GetString());

        Assert.Equal((MarketErrorCode.CatalogUnreadable, 2, 3), (error.Code, error.Line!.Value, error.Column!.Value));
        Assert.Contains("/a/0 must be a string, not a number", error.Message, StringComparison.Ordinal);
        Assert.Null(Parse("[1]").Root["a"]);
        Assert.Null(Parse("[1]").Root.Find("/1"));
        Assert.Null(Parse("[1]").Root.Find("0"));
        Assert.Empty(Parse("1").Root.Members);
    }

    [Fact]
    public void Texts_from_outside_come_escaped_into_messages()
    {
        var error = Fails(Encoding.UTF8.GetBytes("{\"\u202ea\":1,\"\u202ea\":2}"));

        Assert.DoesNotContain('\u202e', error.Message);
    }

    [Fact]
    public void Mutated_bytes_never_surface_as_another_exception()
    {
        const int Seed = 20260;
        var random = new Random(Seed);
        string[] corpus =
        [
            "{\"name\":\"m\",\"interface\":{\"displayName\":\"M\"},\"plugins\":[{\"name\":\"a\",\"source\":\"./a\",\"policy\":{\"installation\":\"AVAILABLE\"}}]}",
            "{\n  \"näme\": \"\\ud83d\\ude00\\u0041\",\r\n  \"v\": [1, -2.5e-3, true, false, null, \"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]\n}",
            "[[[[{\"a\":{\"b\":[1,2,{\"c\":\"ü\"}]}}]]]]",
            "\"\"",
        ];
        byte[] spice = [(byte)'"', (byte)'\\', (byte)'u', (byte)'d', (byte)'8', (byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)',',
            (byte)':', 0, 10, 13, 0x80, 0xBF, 0xC3, 0xED, 0xF4, 0xFF, 0xEF];
        var accepted = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(corpus[random.Next(corpus.Length)]).ToList();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var at = random.Next(bytes.Count + 1);
                var value = random.Next(2) == 0 ? spice[random.Next(spice.Length)] : (byte)random.Next(256);
                switch (random.Next(4))
                {
                    case 0: bytes.Insert(at, value); break;
                    case 1 when at < bytes.Count: bytes.RemoveAt(at); break;
                    case 2 when at < bytes.Count: bytes[at] = value; break;
                    default: bytes = bytes[..at]; break;
                }
            }

            try
            {
                Touch(JsonFile.Parse([.. bytes], "x", MarketErrorCode.CatalogUnreadable, tolerateDuplicates: round % 2 == 0).Root);
                accepted++;
            }
            catch (PluginMarketException error)
            {
                Assert.True(error.Line >= 1 && error.Column >= 1, $"seed {Seed}, round {round}");
            }
        }

        Assert.InRange(accepted, 300, 29_000);
    }

    internal static JsonFile Parse(string text) =>
        JsonFile.Parse(Encoding.UTF8.GetBytes(text), "cat.json", MarketErrorCode.CatalogUnreadable);

    private static void Touch(JsonValue value)
    {
        Assert.True(value.Pointer is not null && value.Position.Line > 0 && value.ToJson().Length > 0);
        _ = value.AsString();
        _ = value.DuplicateKeysWithin;
        if (value.Kind == JsonKind.Number)
        {
            Assert.True(double.IsFinite(value.GetDouble()));
        }

        foreach (var member in value.Members)
        {
            Assert.NotNull(value[member.Name]);
            Touch(member.Value);
        }

        foreach (var item in value.Items)
        {
            Touch(item);
        }
    }

    private static PluginMarketException Fails(byte[] bytes) =>
        Assert.Throws<PluginMarketException>(() => JsonFile.Parse(bytes, "cat.json", MarketErrorCode.CatalogUnreadable));

    private static void Exceeds(string text, int column)
    {
        var error = Fails(Encoding.UTF8.GetBytes(text));
        Assert.Equal((MarketErrorCode.LimitExceeded, column), (error.Code, error.Column));
    }
}
