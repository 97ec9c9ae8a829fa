using System.Text;
using PluginMarket.Toml;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class TomlTests
{
    [Theory]
    [InlineData("a = \n", 1, "the value is missing")]
    [InlineData("a\n", 1, "followed by '='")]
    [InlineData("a = 1\na = 2\n", 2, "was defined before")]
    [InlineData("[a]\n[b]\n[a]\n", 3, "was defined before")]
    [InlineData("a = 1\n[a.b]\n", 2, "was defined before")]
    [InlineData("\na = \"SECRET\nb = 1\n", 2, "not closed")]
    [InlineData("a = 'SECRET", 1, "not closed")]
    [InlineData("a = \"\"\"SECRET\n", 1, "not closed")]
    [InlineData("a = \"C:\\SECRET\"\n", 1, "double each backslash")]
    [InlineData("a = [1, 2\n", 1, "not closed by ']'")]
    [InlineData("a = [1 2]\n", 1, "not closed by ']'")]
    [InlineData("a = 01\n", 1, "number or date")]
    [InlineData("a = 1__0\n", 1, "number or date")]
    [InlineData("a = SECRET\n", 1, "")]
    [InlineData("a = \"x\" SECRET\n", 1, "")]
    [InlineData("[a\n", 1, "")]
    [InlineData("= 1\n", 1, "")]
    [InlineData("a = {b = 1\n", 1, "")]
    [InlineData("a = \"x\u0001\"\n", 1, "")]
    [InlineData("SECRET {\n", 1, "")]
    public void A_mistake_is_told_in_our_own_words_and_quotes_nothing(string text, int line, string words)
    {
        var error = Assert.Throws<PluginMarketException>(() => TomlFile.Parse(Encoding.UTF8.GetBytes(text), "c.toml"));

        Assert.Equal(MarketErrorCode.ConfigInvalid, error.Code);
        Assert.True(error.Line >= line && error.Column >= 1, error.Message);
        Assert.StartsWith($"c.toml({error.Line},{error.Column}): ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        foreach (var foreign in new[] { "SECRET", "token", "Expecting", "Unexpected", "Invalid", "`", "kind" })
        {
            Assert.DoesNotContain(foreign, error.Message, StringComparison.Ordinal);
        }
    }

    private static readonly string[] Plugin = ["plugins", "a@m"];
    private static readonly string[] Market = ["marketplaces", "m"];

    [Fact]
    public void Values_of_every_form_are_read()
    {
        var root = Parse("""
            top = 1 # c
            "quoted key" = 'C:\x'
            a.b."c.d" = 0xDEAD_beef
            dates = [1979-05-27T07:32:00Z, 07:32:00]
            multi = '''
            [plugins."decoy@m"]
            '''
            fold = "\u00e9\tx"
            [plugins."a@m"]
            enabled = false
            [[list]]
            v = [ 1, # one
              [true, {x.y = -1.5e3}],
            ]
            [[list]]
            [list.sub]
            k = inf
            """).Root;

        Assert.Equal(1L, root["top"]);
        Assert.Equal("C:\\x", root.Text("quoted key"));
        Assert.Equal(0xDEADBEEFL, root.Table("a")!.Table("b")!["c.d"]);
        Assert.Equal([new TomlDate("1979-05-27T07:32:00Z"), new TomlDate("07:32:00")], (IReadOnlyList<object>)root["dates"]);
        Assert.Equal("[plugins.\"decoy@m\"]\n", root.Text("multi"));
        Assert.Equal("é\tx", root.Text("fold"));
        Assert.Equal(["a@m"], root.Table("plugins")!.Keys);
        Assert.False(root.Table("plugins")!.Table("a@m")!.Flag("enabled"));
        var list = (IReadOnlyList<object>)root["list"];
        var inner = (IReadOnlyList<object>)((IReadOnlyList<object>)((TomlTable)list[0])["v"])[1];
        Assert.Equal(-1500.0, ((TomlTable)inner[1]).Table("x")!["y"]);
        Assert.Equal(double.PositiveInfinity, ((TomlTable)list[1]).Table("sub")!["k"]);
        Assert.Equal(["top", "quoted key", "a", "dates", "multi", "fold", "plugins", "list"], root.Keys);
    }

    [Theory]
    [InlineData("", "[plugins.\"a@m\"]\nenabled = true\n")]
    [InlineData("x = 1\n", "x = 1\n\n[plugins.\"a@m\"]\nenabled = true\n")]
    [InlineData("x = 1\n\n", "x = 1\n\n[plugins.\"a@m\"]\nenabled = true\n\n")]
    [InlineData("\n", "[plugins.\"a@m\"]\nenabled = true\n\n")]
    [InlineData("x = 1\n \n# c\n \t", "x = 1\n\n[plugins.\"a@m\"]\nenabled = true\n \n# c\n \t")]
    [InlineData("x = 1", "x = 1\n\n[plugins.\"a@m\"]\nenabled = true")]
    [InlineData("x = 1\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n\r\n[plugins.\"a@m\"]\r\nenabled = true\r\n")]
    [InlineData("\ufeffx = 1\n", "\ufeffx = 1\n\n[plugins.\"a@m\"]\nenabled = true\n")]
    [InlineData("[plugins.\"a@m\"]\nenabled = false # off\n", "[plugins.\"a@m\"]\nenabled = true # off\n")]
    [InlineData("[plugins.'a@m']\n\tx = 1\n\n# next\n[z]\n", "[plugins.'a@m']\n\tx = 1\n\tenabled = true\n\n# next\n[z]\n")]
    [InlineData("  [ plugins . \"a\\u0040m\" ] # h\n[z]\n", "  [ plugins . \"a\\u0040m\" ] # h\n  enabled = true\n[z]\n")]
    [InlineData("[plugins.\"a@m\"]", "[plugins.\"a@m\"]\nenabled = true")]
    [InlineData("[plugins]\n\"a@m\".enabled = false\n", "[plugins]\n\"a@m\".enabled = true\n")]
    [InlineData("[plugins]\n \"a@m\".x = [\n1]\n[z]\n", "[plugins]\n \"a@m\".x = [\n1]\n \"a@m\".enabled = true\n[z]\n")]
    [InlineData("plugins.\"a@m\".x = 1\nk = 2\n", "plugins.\"a@m\".x = 1\nplugins.\"a@m\".enabled = true\nk = 2\n")]
    [InlineData("plugins.\"b@m\".x = 1\n", "plugins.\"b@m\".x = 1\n\n[plugins.\"a@m\"]\nenabled = true\n")]
    [InlineData("[plugins]\n\"a@m\" = { enabled = false, x = 1 }\n", "[plugins]\n\"a@m\" = { enabled = true, x = 1 }\n")]
    [InlineData("plugins = { 'a@m' = { enabled = false } }\n", "plugins = { 'a@m' = { enabled = true } }\n")]
    [InlineData("plugins = { }\nk = 1\n", "plugins = { \"a@m\" = { enabled = true }  }\nk = 1\n")]
    [InlineData("plugins = {} # c\n", "plugins = { \"a@m\" = { enabled = true } } # c\n")]
    [InlineData("plugins = { \"b@m\" = { x = [ 1, 2 ] } }\n", "plugins = { \"b@m\" = { x = [ 1, 2 ] }, \"a@m\" = { enabled = true } }\n")]
    [InlineData("plugins = {\n  \"b@m\" = {}, # b\n}\n", "plugins = {\n  \"b@m\" = {}, \"a@m\" = { enabled = true } # b\n}\n")]
    [InlineData("plugins = { \"a@m\" = { x = 1 } }\n", "plugins = { \"a@m\" = { x = 1, enabled = true } }\n")]
    [InlineData("plugins = { \"a@m\".x = 1 }\n", "plugins = { \"a@m\".x = 1, \"a@m\".enabled = true }\n")]
    [InlineData("[plugins]\n\"a@m\" = {}\n", "[plugins]\n\"a@m\" = { enabled = true }\n")]
    [InlineData("plugins.\"a@m\" = { x = 1, }\n", "plugins.\"a@m\" = { x = 1, enabled = true }\n")]
    [InlineData("[plugins.\"a@m\".mcp_servers.x]\nenabled = false\n", "[plugins.\"a@m\".mcp_servers.x]\nenabled = false\n\n[plugins.\"a@m\"]\nenabled = true\n")]
    [InlineData("s = '''\n[plugins.\"a@m\"]\nenabled = false\n'''\n", "s = '''\n[plugins.\"a@m\"]\nenabled = false\n'''\n\n[plugins.\"a@m\"]\nenabled = true\n")]
    public void A_plugin_is_enabled_and_nothing_else_changes(string text, string expected)
    {
        var edited = Parse(text).SetTable(Plugin, [new("enabled", true)]);

        Assert.Equal(expected, TextOf(edited));
        Assert.Same(edited, edited.SetTable(Plugin, [new("enabled", true)]));
        Assert.True(edited.Root.Table("plugins")!.Table("a@m")!.Flag("enabled"));
    }

    [Theory]
    [InlineData("a = 1\n\n# ours\n[plugins.\"a@m\"]\nenabled = true\n# of it\n\n# theirs\n[z]\nk = 1\n", "a = 1\n\n# ours\n# of it\n\n# theirs\n[z]\nk = 1\n")]
    [InlineData("[plugins.\"a@m\"]\nenabled = true\n# theirs\n[z]\n", "# theirs\n[z]\n")]
    [InlineData("[plugins.\"a@m\"]\nx = '''\n[z]\n'''\n\n# loose\n\n[z]\n[plugins.\"a@m\".mcp_servers.y]\nk = 1\n[plugins.\"a@mm\"]\n", "\n# loose\n\n[z]\n[plugins.\"a@mm\"]\n")]
    [InlineData("x = 1\r\n\r\n[plugins.\"a@m\"]\r\nenabled = true", "x = 1")]
    [InlineData("x = 1\n\n\n[plugins.\"a@m\"]\nenabled = true\n\n\n[z]\n", "x = 1\n\n\n\n[z]\n")]
    [InlineData("x = 1\n\n[plugins.\"a@m\"]\nenabled = true\n\n[plugins.\"a@m\".mcp_servers.y]\nk = 1", "x = 1")]
    [InlineData("[plugins]\n\"a@m\".enabled = true # c\n\"b@m\".enabled = true\n", "[plugins]\n\"b@m\".enabled = true\n")]
    [InlineData("[plugins]\n\"a@m\" = { enabled = true }\nz = 1\n", "[plugins]\nz = 1\n")]
    [InlineData("plugins.'a@m'.enabled = true\nplugins.'a@m'.m = [\n 1,\n]\n", "")]
    [InlineData("[[plugins.\"a@m\".x]]\nk = 1\n[[plugins.\"a@m\".x]]\nk = 2\n[z]\n", "[z]\n")]
    [InlineData("plugins = { \"a@m\" = { enabled = true } }\n", "plugins = {  }\n")]
    [InlineData("plugins = { \"a@m\" = {}, \"b@m\" = {} } # c\n", "plugins = { \"b@m\" = {} } # c\n")]
    [InlineData("plugins = { \"b@m\" = {}, \"a@m\" = {} }\n", "plugins = { \"b@m\" = {} }\n")]
    [InlineData("plugins = { \"b@m\" = {}, \"a@m\" = {}, \"c@m\" = {} }\n", "plugins = { \"b@m\" = {}, \"c@m\" = {} }\n")]
    [InlineData("plugins = { \"a@m\".enabled = true, \"b@m\" = {}, \"a@m\".x = 1 }\n", "plugins = { \"b@m\" = {} }\n")]
    [InlineData("plugins = {\n  \"a@m\" = {}, # a\n  \"b@m\" = {},\n}\n", "plugins = {\n  \"b@m\" = {},\n}\n")]
    [InlineData("plugins = {\n  \"a@m\" = {}, # a\n}\n", "plugins = {\n   # a\n}\n")]
    [InlineData("x = { y = 1 }\nplugins.\"a@m\" = { enabled = true }\n", "x = { y = 1 }\n")]
    [InlineData("[z]\n", "[z]\n")]
    public void A_table_goes_with_all_its_parts_and_nothing_else(string text, string expected)
    {
        var edited = Parse(text).RemoveTable(Plugin);

        Assert.Equal(expected, TextOf(edited));
        Assert.Same(edited, edited.RemoveTable(Plugin));
    }

    [Theory]
    [InlineData("plugins = 3\n", 1)]
    [InlineData("[[plugins]]\n", 1)]
    [InlineData("[plugins]\n\"a@m\" = 1\n", 2)]
    [InlineData("[plugins.\"a@m\"]\nenabled.x = 1\n", 2)]
    [InlineData("[z]\n[plugins.\"a@m\".enabled]\n", 2)]
    [InlineData("[plugins]\n[[plugins.\"a@m\"]]\n", 2)]
    public void A_form_that_cannot_be_edited_is_refused_with_its_line(string text, int line)
    {
        var error = Assert.Throws<PluginMarketException>(() => Parse(text).SetTable(Plugin, [new("enabled", true)]));

        Assert.Equal((MarketErrorCode.ConfigFormUnsupported, line), (error.Code, error.Line!.Value));
        Assert.Equal("c.toml", error.File);
    }

    [Theory]
    [InlineData("[plugins]\n\n\"a@m\" = true\n", 3)]
    [InlineData("[[plugins]]\n\"a@m\".x = 1\n", 1)]
    public void A_form_that_cannot_be_removed_is_refused_with_its_line(string text, int line)
    {
        var file = Parse(text);
        if (text.StartsWith("[[", StringComparison.Ordinal))
        {
            Assert.Same(file, file.RemoveTable(Plugin));
            return;
        }

        var error = Assert.Throws<PluginMarketException>(() => file.RemoveTable(Plugin));
        Assert.Equal((MarketErrorCode.ConfigFormUnsupported, line), (error.Code, error.Line!.Value));
    }

    [Theory]
    [InlineData("marketplaces = { m = { source_type = \"git\", source = \"old\", ref = \"x\" } }\n", "marketplaces = { m = { source_type = \"git\", source = \"new\" } }\n")]
    [InlineData("marketplaces = { m = { ref = \"x\", sparse_paths = [\"a\"], source_type = \"git\" }, o = {} }\n", "marketplaces = { m = { source = \"new\", source_type = \"git\" }, o = {} }\n")]
    [InlineData("marketplaces = { m = { source_type = \"git\", ref = \"x\" } }\n", "marketplaces = { m = { source = \"new\", source_type = \"git\" } }\n")]
    public void Keys_of_an_inline_table_come_and_go_together(string text, string expected) =>
        Assert.Equal(expected, TextOf(
            Parse(text).SetTable(Market, [new("source_type", "git"), new("source", "new"), new("ref", null), new("sparse_paths", null)])));

    [Fact]
    public void A_marketplace_keeps_the_keys_it_has_besides_ours()
    {
        var file = Parse("[marketplaces.m]\nlast_updated = \"2026-01-01\"\nsource_type = \"git\"\nsource = \"https://x/a.git\"\nref = "
            + "\"old\" # pinned\nsparse_paths = [\n  \"a\",\n]\n");
        var edited = file.SetTable(Market, [new("source_type", "git"), new("source", "https://x/a.git"), new("ref", null),
            new("sparse_paths", new List<string> { "b", "c" })]);

        Assert.Equal("[marketplaces.m]\nlast_updated = \"2026-01-01\"\nsource_type = \"git\"\nsource = \"https://x/a.git\"\nsparse_paths "
            + "= [\"b\", \"c\"]\n", TextOf(edited));
        Assert.Equal("[marketplaces.m]\nsource_type = \"local\"\nsource = \"/x\"\nref = \"r\"\n", TextOf(
            Parse("").SetTable(Market, [new("source_type", "local"), new("source", "/x"), new("ref", "r"), new("sparse_paths", null)])));
    }

    [Theory]
    [InlineData("\"\n[mcp_servers.x]\ncommand = \"sh\"\n#")]
    [InlineData("a\\\"\r\n'''\"\"\"\u0000\u001b\u007f\u0085\u2028😀")]
    [InlineData("")]
    [InlineData("\\u0041\\")]
    public void A_value_never_becomes_more_than_a_value(string value)
    {
        var file = Parse("k = 1\n").SetTable(["marketplaces", value], [new("source", value), new("sparse_paths", new[] { value, value })]);
        var again = Parse(TextOf(file));

        Assert.Equal(["k", "marketplaces"], again.Root.Keys);
        Assert.Equal([value], again.Root.Table("marketplaces")!.Keys);
        Assert.Equal(value, again.Root.Table("marketplaces")!.Table(value)!.Text("source"));
        Assert.Equal([value, value], again.Root.Table("marketplaces")!.Table(value)!.Texts("sparse_paths"));
        Assert.Equal(5, TextOf(file).TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void A_text_that_is_not_Unicode_is_refused()
    {
        var error = Assert.Throws<PluginMarketException>(() => Parse("").SetTable(Market, [new("source", "a\ud800")]));

        Assert.Equal(MarketErrorCode.SourceInvalid, error.Code);
    }

    [Fact]
    public void The_replacement_character_is_a_character()
    {
        var file = Parse("# \ufffd\nk = '\ufffd\ue000'\n\"\ufffd\" = \"\\uFFFD\\uE001\"\n").SetTable(Market, [new("source", "a\ufffd")]);

        Assert.Equal("\ufffd\ue000", file.Root.Text("k"));
        Assert.Equal("\ufffd\ue001", file.Root.Text("\ufffd"));
        Assert.Equal("a\ufffd", file.Root.Table("marketplaces")!.Table("m")!.Text("source"));
    }

    public static TheoryData<string> Invalid =>
    [
        "a = 1\na = 2", "[a]\n[a]", "a.b=1\na.b.c=2", "[a]\nb=1\n[a.b]", "a={b=1}\n[a.c]", "a={b=1}\na.c=2", "a=[1]\n[[a]]", "[[a]]\n[a]",
        "[a.b]\n[a]\nb.c=1", "[a]\nb.c=1\n[a.b]",
        "a=\"\\q\"", "a=1 b=2", "a=01", "a=1_", "a=_1", "a=1__0", "a=.5", "a=5.", "a=+0x1", "a=1e", "a=0X1", "a=2020-13-01",
        "a=2020-01-01T25:00:00Z", "a=\"a\nb\"", "a='a\nb'",
        "a=\"\u0001\"", "# \u0001", "a=\"\\uD800\"", "a=\"\\U00110000\"", "a=", "=1", "a", "[a", "[a]]", "[[a]", "[]", "[a.]", "a..b=1",
        "\"\"\"a\"\"\"=1", "a=tru", "a=TRUE", "a=[1,,2]", "a=[,]",
        "a={,}", "a=inf_", "a=1.e1", "a=\"x\"y", "a=\rb=1", "[a] b=1", "a = {x=1}\n[a]", "a=[]\n[[a]]", "a=99999999999999999999", "a=0x",
        "a={a=1,a=2}", "a=\"\\ \"", "[[a.b]]\n[a]\nb=1",
        "a=\"\"\"x", "a='''x", "a=\"x", "a=[1", "a={b=1", "a=1\u000b", "ä=1", "a = \"\0\"", "\0", "a = 1\n\u0000", "[a]\n[b]\n[a]",
        "a=1979-02-30", "a=\"\"\"\u0001\"\"\"", "[plugins.\"a@m\"]\nenabled = yes",
    ];

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Invalid_text_is_refused_with_its_place(string text)
    {
        var error = Assert.Throws<PluginMarketException>(() => Parse(text));

        Assert.Equal(MarketErrorCode.ConfigInvalid, error.Code);
        Assert.InRange(error.Line ?? 0, 1, text.Count(character => character == '\n') + 1);
        Assert.True(error.Column >= 1);
        Assert.Contains($"c.toml({error.Line},{error.Column}): ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[x]\ntoken = \"CANARY\"\ntoken = 1\n")]
    [InlineData("a = { t = \"CANARY\" }\n[a]\n")]
    [InlineData("a = \"x`CANARY\"\na = 1\n")]
    [InlineData("token = CANARY_1\n")]
    [InlineData("token = 12CANARY\n")]
    [InlineData("token = \"CANARY\n")]
    public void A_failure_repeats_no_value_of_the_file(string text)
    {
        var error = Assert.Throws<PluginMarketException>(() => Parse(text));

        Assert.DoesNotContain("CANARY", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Places_of_failures_are_exact()
    {
        Assert.Equal((3, 5), PlaceOf("a = 1\r\n# é😀\n\"é\"=tru\n"u8.ToArray()));
        Assert.Equal((2, 6), PlaceOf([.. "x = 1\ny = \""u8, 0xC3, 0x28, .. "\"\n"u8]));
        Assert.Equal((1, 1), PlaceOf([0xFF, 0xFE, (byte)'a', 0]));
    }

    [Fact]
    public void Hostile_sizes_are_refused()
    {
        Assert.Equal(MarketErrorCode.LimitExceeded,
            Assert.Throws<PluginMarketException>(() => TomlFile.Parse(new byte[(4 << 20) + 1], "c.toml")).Code);
        foreach (var text in new[] { "a=" + new string('[', 200_000), "a=" + new string('[', 5000) + new string(']', 5000),
            "a" + string.Concat(Enumerable.Repeat(".a", 100_000)) + "=1", "[a" + string.Concat(Enumerable.Repeat(".a", 100_000)) + "]",
            string.Concat(Enumerable.Repeat("a={", 3000)) + new string('}', 3000) })
        {
            Assert.Equal(MarketErrorCode.ConfigInvalid, Assert.Throws<PluginMarketException>(() => Parse(text)).Code);
        }
    }

    internal static TomlFile Parse(string text) => TomlFile.Parse(Encoding.UTF8.GetBytes(text), "c.toml");

    internal static string TextOf(TomlFile file) => Encoding.UTF8.GetString(file.Bytes.Span);

    private static (int, int) PlaceOf(byte[] bytes)
    {
        var error = Assert.Throws<PluginMarketException>(() => TomlFile.Parse(bytes, "c.toml"));
        return (error.Line!.Value, error.Column!.Value);
    }
}
