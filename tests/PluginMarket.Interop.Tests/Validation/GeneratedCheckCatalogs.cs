using PluginMarket.Interop.Tests.Catalogs;

namespace PluginMarket.Interop.Tests.Validation;

/// <summary>Catalogs for the comparison of findings with what Codex does.</summary>
internal static class GeneratedCheckCatalogs
{
    private const string Sha = "0123456789abcdef0123456789abcdef01234567";
    private static readonly string[] Values = ["null", "true", "5", "\"\"", "\" \"", "\"x\"", "\"./p1\"", "[]", "[\"x\"]", "{}",
        "{\"a\":1}", "[null,null,null]"];

    private static readonly string[] Sources =
    [
        "\".\"", "\"./\"", "\"p1\"", "\"../p1\"", "\"/p1\"", "\"./a/../p1\"", "\"./p1//\"", "\"./p1/.\"", "\"././p1\"", "\".//p1\"",
        "\"~/p1\"", "\"./~/p1\"", "\"./a b\"", "\"./é\"",
        """{"source":"local","path":"./p1"}""", """{"source":"local"}""", """{"source":"local","path":5}""",
        """{"source":"local","path":"p1"}""", """{"path":"./p1"}""", """{"source":"Local","path":"./p1"}""",
        """{"source":"github","repo":"o/r"}""", """{"source":"git","url":"https://a/b"}""", """{"source":5}""", """{"source":null}""",
        """{"source":"url"}""", """{"source":"url","url":""}""", """{"source":"url","url":" "}""",
        """{"source":"url","url":"https://example.org/a.git"}""", """{"source":"url","url":"o/r"}""",
        """{"source":"url","url":"ftp://a/b"}""", """{"source":"url","url":"word"}""", """{"source":"url","url":"git://a/b"}""",
        """{"source":"url","url":"ssh://a/b"}""", """{"source":"url","url":"git@a:b"}""", """{"source":"url","url":"file:///a"}""",
        """{"source":"url","url":"/a"}""", """{"source":"url","url":"./a"}""", """{"source":"url","url":"../a"}""",
        """{"source":"url","url":"a/b/c"}""", """{"source":"url","url":"https://github.com/o/r/"}""",
        """{"source":"url","url":"https://a/b","path":"x"}""", """{"source":"url","url":"https://a/b","path":"../x"}""",
        """{"source":"url","url":"https://a/b","path":""}""", """{"source":"url","url":"https://a/b","path":null}""",
        """{"source":"url","url":"https://a/b","path":5}""", """{"source":"url","url":"https://a/b","ref":5}""",
        """{"source":"url","url":"https://a/b","ref":""}""", """{"source":"url","url":"https://a/b","sha":null}""",
        """{"source":"git-subdir","url":"https://a/b"}""", """{"source":"git-subdir","url":"https://a/b","path":"x"}""",
        """{"source":"git-subdir","url":"https://a/b","path":"./x"}""", """{"source":"git-subdir","url":"https://a/b","path":"."}""",
        """{"source":"git-subdir","url":"https://a/b","path":"./"}""", """{"source":"git-subdir","url":"https://a/b","path":"/x"}""",
        """{"source":"git-subdir","url":"https://a/b","path":"x/../y"}""", """{"source":"npm","package":"a"}""",
        """{"source":"npm","package":"@a/b"}""", """{"source":"npm","package":"@a"}""", """{"source":"npm","package":"a/b"}""",
        """{"source":"npm","package":""}""", """{"source":"npm","package":".a"}""", """{"source":"npm"}""",
        """{"source":"npm","package":"a","version":""}""", """{"source":"npm","package":"a","version":"1/2"}""",
        """{"source":"npm","package":"a","version":"^1"}""",
        """{"source":"npm","package":"a","registry":"http://a"}""", """{"source":"npm","package":"a","registry":"https://a"}""",
        """{"source":"npm","package":"a","registry":"https://u:p@a"}""", """{"source":"npm","package":"a","registry":"https://a?b"}""",
        """{"source":"local","path":"./p1","path":"./p2"}""", """{"source":"local","path":"./p1","x":1,"x":2}""",
        """{"source":"url","url":"https://a/b","ref":"--x"}""",
    ];

    private static readonly string[] Policies =
    [
        """{"installation":"AVAILABLE"}""", """{"installation":"NOT_AVAILABLE"}""", """{"installation":"INSTALLED_BY_DEFAULT"}""",
        """{"installation":"available"}""", """{"installation":null}""", """{"installation":5}""", """{"installation":["AVAILABLE"]}""",
        """{"installation":{"AVAILABLE":null}}""", """{"authentication":"ON_INSTALL"}""", """{"authentication":"ON_USE"}""",
        """{"authentication":"NONE"}""", """{"authentication":"ON_FIRST_USE"}""", """{"authentication":null}""",
        """{"products":null}""", """{"products":["CODEX"]}""", """{"products":["codex","ATLAS"]}""", """{"products":["Codex"]}""",
        """{"products":"CODEX"}""", """{"products":[null]}""", """{"products":{}}""", """{"x":5}""",
        """{"installation":"AVAILABLE","installation":"AVAILABLE"}""",
        """{"x":1,"x":2}""", """["AVAILABLE","ON_USE",null]""", """["AVAILABLE"]""", "[]", """["NOT_AVAILABLE","ON_USE"]""",
        """["AVAILABLE","ON_USE",["CODEX"]]""", """["AVAILABLE","ON_USE",null,null]""", """[null]""", """["available"]""",
    ];

    private static readonly string[] Names = ["\"a b\"", "\"\"", "\" \"", "\"a.b\"", "\".a\"", "\"a.\"", "\"a..b\"", "\"é\"", "\"a@b\"",
        "\"a/b\"", "\"-\"", "\"_\"", "\"con\"", "\"P1\"", "\"p2\"", "\"1.0\""];
    private static readonly string[] Marketplaces = ["\"m\"", "\"M-1_x\"", "\"\"", "\" \"", "\"a b\"", "\"a.b\"", "\"é\"", "\"-\"",
        "\"openai-curated\"", "\"openai-bundled\"", "\"workspace-directory\"", "\"con\""];

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    internal static IEnumerable<(string Subject, byte[] Text)> All(int seed)
    {
        var cases = new List<(string Subject, byte[] Text)>();
        void Add(string subject, string text) => cases.Add((subject, Encoding.UTF8.GetBytes(text)));
        void Entry(string subject, string entry) =>
            Add(subject, $$"""{"name":"m","plugins":[{"name":"p2","source":"./p2"},{{entry}},{"name":"p3","source":"./p3"}]}""");

        foreach (var value in Values)
        {
            Add($"name {value}", $$"""{"name":{{value}},"plugins":[]}""");
            Add($"plugins {value}", $$"""{"name":"m","plugins":{{value}} }""");
            Add($"interface {value}", $$"""{"name":"m","interface":{{value}},"plugins":[]}""");
            Add($"displayName {value}", $$"""{"name":"m","interface":{"displayName":{{value}} },"plugins":[]}""");
            Add($"owner {value}", $$"""{"name":"m","owner":{{value}},"metadata":{{value}},"plugins":[]}""");
            Entry($"entry {value}", value);
            Entry($"entry name {value}", $$"""{"name":{{value}},"source":"./p1"}""");
            Entry($"entry source {value}", $$"""{"name":"p1","source":{{value}} }""");
            Entry($"entry policy {value}", $$"""{"name":"p1","source":"./p1","policy":{{value}} }""");
            Entry($"entry category {value}", $$"""{"name":"p1","source":"./p1","category":{{value}} }""");
            Entry($"entry description {value}", $$"""{"name":"p1","source":"./p1","description":{{value}},"version":{{value}} }""");
        }

        foreach (var source in Sources)
        {
            Entry($"source {source}", $$"""{"name":"p1","source":{{source}} }""");
            Entry($"source {source}, with more", $$"""{"source":{{source}},"x":5,"name":"p1","category":"Tools"}""");
            Entry($"source {source}, not available", $$"""{"name":"p1","source":{{source}},"policy":{"installation":"NOT_AVAILABLE"} }""");
        }

        foreach (var policy in Policies)
        {
            Entry($"policy {policy}", $$"""{"name":"p1","source":"./p1","policy":{{policy}} }""");
            Entry($"policy {policy} of what is skipped", $$"""{"name":"p1","source":"p1","policy":{{policy}} }""");
        }

        foreach (var name in Names)
        {
            Entry($"entry name {name}", $$"""{"name":{{name}},"source":"./p1"}""");
        }

        foreach (var name in Marketplaces)
        {
            Add($"name {name}", $$"""{"name":{{name}},"plugins":[{"name":"p2","source":"./p2"}]}""");
        }

        foreach (var key in (string[])["name", "source", "policy", "category", "description", "x"])
        {
            Entry($"{key} twice", $$"""{"name":"p1","source":"./p1","{{key}}":{{(key is "name" ? "\"p1\"" : key is "source" ? "\"./p1\""
                : key is "policy" ? "{}" : "\"x\"")}},"{{key}}":{{(key is "policy" ? "{}" : "\"./p1\"")}} }""");
            Entry($"no {key}", key == "name" ? """{"source":"./p1"}"""
                : key == "source" ? """{"name":"p1"}""" : """{"name":"p1","source":"./p1"}""");
        }

        foreach (var text in (string[])["", " ", "{", "[]", "5", "\"x\"", "null", "{}", "{\"name\":\"m\"}", "{\"plugins\":[]}",
            "{\"name\":\"m\",\"plugins\":[],}", "{\"name\":\"m\",\"plugins\":[]} x", "// x\n{}", "\uFEFF{\"name\":\"m\",\"plugins\":[]}",
            "{\"name\":\"m\",\"name\":\"m\",\"plugins\":[]}", "{\"name\":\"m\",\"x\":1,\"x\":2,\"plugins\":[]}",
            "{\"name\":\"m\",\"plugins\":[],\"plugins\":[]}", "[\"m\",null,[]]", "[\"m\",null]", "{'name':'m','plugins':[]}"])
        {
            Add($"the text {text}", text);
        }

        foreach (var (value, what) in ((string, string)[])[("\"\\ud800\"", "half a surrogate pair"), ("{\"\\udc00\":1}", "such a key"),
            ("1e999", "a number out of range"), (Nested(70), "70 levels"), (Nested(124), "124 levels"), (Nested(125), "125 levels"),
            (Nested(300), "300 levels")])
        {
            Add($"{what} beside the plugins", $$"""{"name":"m","x":{{value}},"plugins":[]}""");
            Add($"{what} in the interface", $$"""{"name":"m","interface":{"x":{{value}} },"plugins":[]}""");
            Entry($"{what} in an entry", $$"""{"name":"p1","source":"./p1","x":{{value}} }""");
            Entry($"{what} in a policy", $$"""{"name":"p1","source":"./p1","policy":{"x":{{value}} } }""");
            Entry($"{what} in a source", $$"""{"name":"p1","source":{"source":"local","path":"./p1","x":{{value}} } }""");
            Entry($"{what} as a category", $$"""{"name":"p1","source":"./p1","category":{{value}} }""");
            Add($"{what} in place of the plugins", $$"""{"name":"m","plugins":{{value}} }""");
        }

        Add("deep and cut off", "{\"name\":\"m\",\"plugins\":[],\"x\":" + new string('[', 200));
        cases.Add(("UTF-16", Encoding.Unicode.GetBytes("{\"name\":\"m\",\"plugins\":[]}")));
        cases.Add(("Latin-1", Encoding.Latin1.GetBytes("{\"name\":\"m\",\"x\":\"é\",\"plugins\":[]}")));
        var random = new Random(seed);
        for (var i = 0; i < 120; i++)
        {
            var (source, policy, name) = (random.Of(Sources), random.Of(Policies),
                random.Of([.. Names, "\"p1\"", "\"p1\"", "\"p1\"", "\"p1\""]));
            Entry($"{name}, {source}, {policy}", $$"""{"name":{{name}},"source":{{source}},"policy":{{policy}},"category":{{random.Of(
                "null", "\"Tools\"", "\"Tools\"", "5")}} }""");
        }

        return cases;
    }
}
