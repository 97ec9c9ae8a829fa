using PluginMarket.Interop.Tests.Catalogs;

namespace PluginMarket.Interop.Tests.Validation;

/// <summary>Plugins for the comparison of findings with what Codex does: type swaps, missing keys, bad names, versions and paths,
/// duplicates, encodings, broken companions.</summary>
internal static class GeneratedPlugins
{
    private static readonly string[] Values = ["null", "true", "5", "1.5", "\"\"", "\" \"", "\"x\"", "\"./x\"", "[]", "[\"x\"]", "[5]",
        "[null]", "{}", "{\"a\":1}"];
    private static readonly string[] Paths = ["\"./skills\"", "\"skills\"", "\"./\"", "\".\"", "\"../x\"", "\"./../x\"", "\"/x\"",
        "\"./a/../b\"", "\"./a//b\"", "\"./a/\"", "\"./a\\\\b\"", "\"~/x\"", "\"C:/x\""];
    private static readonly string[] Names = ["@", "@x", "a b", " @", "@ ", "@.", ".@", "@..x", "@/x", "é", "con", "@@y", "-", "_", "A", "",
        "  ", "a@b", "a.b.c", "nul.txt"];
    private static readonly string[] Versions = ["1", "v1", "latest", "1.0.0-beta", "1.0.0+5", " 1.0.0 ", "", " ", ".", "..", "...", "1.0.",
        "1/0", "1\\\\0", "1 0", "é", "-", "_", "local", "1:0", "~1"];
    private static readonly string[] Fields = ["name", "version", "description", "keywords", "skills", "mcpServers", "apps", "hooks",
        "interface"];
    private static readonly string[] Untyped = ["author", "homepage", "repository", "license", "commands", "agents", "x"];

    private static readonly string[] Interface =
    [
        "displayName", "shortDescription", "longDescription", "developerName", "category", "capabilities", "websiteUrl", "websiteURL",
        "privacyPolicyUrl", "termsOfServiceURL",
        "brandColor", "composerIcon", "logo", "logoDark", "screenshots", "defaultPrompt",
    ];

    internal static IEnumerable<GeneratedPlugin> All(int seed)
    {
        var single = Fieldwise().Concat(Texts()).Concat(Companions()).Concat(AgentFormatPlugins.All())
            .Concat(FrontMatterTexts.All.Select(FrontMatter)).ToList();
        var random = new Random(seed);
        var pairs = Enumerable.Range(0, 120).Select(_ =>
        {
            var (key, value) = (random.Of([.. Fields, .. Untyped]), random.Of(Values));
            var (inner, of) = (random.Of(Interface), random.Of(Values));
            return Meaning(new GeneratedPlugin($"{key}: {value} and interface.{inner}: {of}"), key, value)
                .With("interface", $"{{\"{inner}\": {of}}}").With(key, value);
        });
        return [.. single, .. pairs];
    }

    // A legal path says that the skills are there and nowhere else; a map of servers that there is one.
    private static GeneratedPlugin Meaning(GeneratedPlugin plugin, string field, string value) => (field, value) switch
    {
        ("skills", "\"./x\"" or "\"./a//b\"" or "\"./a/\"" or "\"./a\\\\b\"") => plugin with { Meant = (0, 0, 0, 0) },
        ("mcpServers", "{\"a\":1}") => plugin with { Meant = (1, 1, 0, 0) },
        _ => plugin,
    };

    private static IEnumerable<GeneratedPlugin> Fieldwise()
    {
        foreach (var field in Fields.Concat(Untyped))
        {
            foreach (var value in Values)
            {
                yield return Meaning(new GeneratedPlugin($"{field}: {value}"), field, value).With(field, value);
            }
        }

        foreach (var field in Interface)
        {
            foreach (var value in Values)
            {
                yield return new GeneratedPlugin($"interface.{field}: {value}").With("interface", $"{{\"{field}\": {value}}}");
            }
        }

        foreach (var field in (string[])["skills", "mcpServers", "apps", "hooks"])
        {
            foreach (var path in Paths)
            {
                yield return Meaning(new GeneratedPlugin($"{field}: {path}"), field, path).With(field, path);
            }
        }

        foreach (var path in Paths)
        {
            yield return new GeneratedPlugin($"logo: {path}").With("interface", $"{{\"logo\": {path}, \"screenshots\": [{path}]}}");
        }

        foreach (var name in Names)
        {
            yield return new GeneratedPlugin($"the name '{name}'").With("name", $"\"{name}\"");
        }

        foreach (var version in Versions)
        {
            yield return new GeneratedPlugin($"the version '{version}'").With("version", $"\"{version}\"");
        }

        foreach (var field in Fields.Concat(Untyped))
        {
            yield return new GeneratedPlugin($"{field} twice").With(field, "null").Also(field, "null");
        }

        foreach (var field in (string[])["logo", "displayName", "x"])
        {
            yield return new GeneratedPlugin($"interface.{field} twice").With("interface", $"{{\"{field}\": null, \"{field}\": null}}");
        }

        yield return new GeneratedPlugin("both spellings of a URL").With("interface",
            """{"websiteUrl":"https://a","websiteURL":"https://a"}""");
        yield return new GeneratedPlugin("no name") with { Members = [new("version", "\"1.0.0\"")] };
        yield return new GeneratedPlugin("nothing") with { Members = [] };
        yield return new GeneratedPlugin("a long prompt").With("interface", $"{{\"defaultPrompt\": \"{new string('p', 600)}\"}}");
        yield return new GeneratedPlugin("many prompts").With("interface", """{"defaultPrompt": ["a","b","c","d"]}""");
        yield return new GeneratedPlugin("an onboarding skill").With("extensions", """{"com.openai":{"onboardingSkill":"../x"}}""");
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static IEnumerable<GeneratedPlugin> Texts()
    {
        static GeneratedPlugin Text(string subject, string text) => new(subject) { Raw = Encoding.UTF8.GetBytes(text) };
        yield return Text("empty", "");
        yield return Text("white space", " \n");
        yield return Text("a byte order mark", "\uFEFF{}");
        yield return Text("a comment", "{ // x\n}");
        yield return Text("a trailing comma", "{\"description\":\"x\",}");
        yield return Text("two values", "{} {}");
        yield return Text("cut off", "{\"description\":");
        yield return Text("single quotes", "{'description':'x'}");
        yield return Text("not a number", "{\"x\":NaN}");
        yield return Text("a leading zero", "{\"x\":01}");
        yield return Text("a tab in a text", "{\"x\":\"\t\"}");
        yield return Text("a text", "\"x\"");
        yield return Text("a number", "5");
        yield return Text("null", "null");
        yield return Text("an empty object", "{}");
        yield return Text("a bad escape", "{\"x\":\"\\q\"}");
        yield return Text("half a surrogate pair where it is read", "{\"description\":\"\\ud800\"}");
        yield return Text("half a surrogate pair where it is not", "{\"license\":\"\\ud800\"}");
        yield return Text("half a surrogate pair in a key", "{\"\\ud800\":1}");
        yield return Text("half a surrogate pair, and a wrong type", "{\"license\":\"\\ud800\",\"version\":5}");
        foreach (var key in (string[])["license", "description", "keywords", "interface", "skills", "hooks", "mcpServers", "apps"])
        {
            yield return Text($"half a surrogate pair within {key}", $$"""{"{{key}}":{"x":["\udc00"]} }""");
            yield return Text($"{key} of 70 levels", $$"""{"{{key}}":{{Nested(70)}} }""");
            yield return Text($"{key} of 126 levels", $$"""{"{{key}}":{{Nested(126)}} }""");
            yield return Text($"{key} of 127 levels", $$"""{"{{key}}":{{Nested(127)}} }""");
        }

        yield return Text("deep and cut off", "{\"license\":" + new string('[', 200));
        yield return Text("a number out of range", "{\"x\":1e999}");
        yield return Text("an array", "[]");
        yield return Text("an array of a name", "[\"x\"]");
        yield return Text("an array of a number", "[5]");
        yield return Text("an escaped key", "{\"\\u0076ersion\":5}");
        yield return new GeneratedPlugin("UTF-16") { Raw = Encoding.Unicode.GetBytes("{}") };
        yield return new GeneratedPlugin("Latin-1") { Raw = Encoding.Latin1.GetBytes("{\"x\":\"é\"}") };
        yield return new GeneratedPlugin("no manifest") { ManifestPath = "README.md", Raw = "x"u8.ToArray() };
        yield return new GeneratedPlugin("of Claude") { ManifestPath = ".claude-plugin/plugin.json" };
        yield return new GeneratedPlugin("of Cursor") { ManifestPath = ".cursor-plugin/plugin.json" };
        yield return new GeneratedPlugin("in the root") { ManifestPath = "plugin.json" };
        yield return new GeneratedPlugin("a folder in its place") { ManifestPath = ".codex-plugin/plugin.json/x", Raw = "x"u8.ToArray() };
        foreach (var (version, name) in ((string, string)[])[("1.0.0", "\"@\""), ("2.0.0", "\"@\""), ("1.0.0", "\"A\""), ("1.0.0", "5"),
            ("1.0.0", "\"\"")])
        {
            yield return new GeneratedPlugin($"Agent format {version}, name {name}") { ManifestPath = "plugin.json" }.With("$schema",
                $"\"https://agent-plugins.org/schemas/{version}/plugin.schema.json\"").With("name", name);
        }

        foreach (var field in (string[])["version", "description", "keywords", "author", "homepage", "license", "skills"])
        {
            foreach (var value in (string[])["null", "5", "\"\"", "\"x\"", "[]", "{}"])
            {
                yield return new GeneratedPlugin($"Agent format, {field}: {value}") { ManifestPath = "plugin.json" }.With("$schema",
                    "\"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json\"").With(field, value);
            }
        }
    }

    private static GeneratedPlugin FrontMatter(string block) =>
        (new GeneratedPlugin($"front matter {block}") with { Meant = (2, 0, 0, 0) }).File("skills/other/SKILL.md",
            $"---\n{block}\n---\nx\n");

    private static IEnumerable<GeneratedPlugin> Companions()
    {
        foreach (var server in (string[])
        [
            """{"command":"x"}""", """{"command":5}""", """{"command":"x","args":"y"}""", """{"command":"x","args":["y"]}""",
            """{"command":"x","url":"https://a"}""", """{"url":"https://a"}""", """{"url":5}""",
            "{}", "5", "null", "[]", """{"command":"x","env":{"A":5}}""", """{"command":"x","env":{"A":"b"}}""",
            """{"command":"x","type":"sse"}""", """{"command":"x","timeout":5}""", """{"url":"https://a","headers":{"x":"y"}}""",
            """{"url":"https://a","http_headers":{"x":5}}""", """{"command":"x","enabled":"yes"}""",
            """{"command":"x","startup_timeout_sec":-1}""", """{"command":"x","cwd":"../x"}""",
            """{"command":"x","bearer_token_env_var":"X"}""",
            """{"command":"x","tools":{"a":{"approval_mode":"never"}}}""", """{"command":"x","env_vars":["A"]}""",
            """{"command":"x","env_vars":[5]}""", """{"url":"https://a","oauth":{"clientId":5}}""",
        ])
        {
            yield return (new GeneratedPlugin($".mcp.json server {server}") with { Meant = (1, 2, 0, 0) }).File(".mcp.json",
                $"{{\"mcpServers\":{{\"good\":{{\"command\":\"x\"}},\"other\":{server}}}}}");
            yield return (new GeneratedPlugin($"inline server {server}") with { Meant = (1, 1, 0, 0) }).With("mcpServers",
                $"{{\"other\":{server}}}");
        }

        foreach (var text in (string[])["", "{", "5", "[]", "\"x\"", "null", "{}", "{\"mcpServers\":5}", "{\"mcpServers\":[]}",
            "\uFEFF{\"a\":{\"command\":\"x\"}}", "{\"a\":{\"command\":\"x\"}}"])
        {
            var meant = text == "{}" ? 0 : 1;
            yield return (new GeneratedPlugin($".mcp.json {text}") with { Meant = (1, meant, 0, 0) }).File(".mcp.json", text);
        }

        foreach (var handler in (string[])
        [
            """{"type":"command","command":"x"}""", """{"type":"command"}""", """{"type":"command","command":5}""", """{"command":"x"}""",
            """{"type":"other","command":"x"}""", "5", "null", "{}",
            """{"type":"command","command":"x","timeout":"5"}""", """{"type":"command","command":"x","timeout":-1}""",
            """{"type":"command","command":"x","timeout":1.5}""", """{"type":"command","command":"x","timeout":5}""",
            """{"type":"command","command":"x","async":"yes"}""", """{"type":"command","command":"x","statusMessage":5}""",
            """{"type":"command","command":"x","more":5}""",
            """{"type":"mcp_tool","server":"a","tool":"b"}""", """{"type":"mcp_tool","server":"a"}""",
            """{"type":"command","command":"x","commandWindows":"y","command_windows":"z"}""",
        ])
        {
            yield return (new GeneratedPlugin($"hook {handler}") with { Meant = (1, 0, 1, 0) }).File("hooks/hooks.json",
                $"{{\"hooks\":{{\"Stop\":[{{\"hooks\":[{handler}]}}]}}}}");
        }

        foreach (var (text, meant) in ((string, int)[])
        [
            ("{", 1), ("5", 1), ("{}", 0), ("{\"hooks\":{},\"more\":1}", 1), ("{\"hooks\":{\"Stop\":5}}", 1),
            ("{\"hooks\":{\"Stop\":[5]}}", 1), ("{\"hooks\":{\"Notification\":[]}}", 0), ("{\"description\":5,\"hooks\":{}}", 1),
            ("{\"hooks\":{\"Stop\":[{\"matcher\":5,\"hooks\":[]}]}}", 1), ("{\"hooks\":{\"Stop\":[{\"hooks\":{}}]}}", 1),
            ("\uFEFF{\"hooks\":{}}", 1),
        ])
        {
            yield return (new GeneratedPlugin($"hooks.json {text}") with { Meant = (1, 0, meant, 0) }).File("hooks/hooks.json", text);
        }

        const string Run = """{"type":"command","command":"x"}""";
        foreach (var text in (string[])
        [
            $$"""{"hooks":{"Stop":[]},"hooks":{"Stop":[{"hooks":[{{Run}}]}]} }""",
            $$"""{"hooks":{"Stop":[],"Stop":[{"hooks":[{{Run}}]}]} }""", $$"""{"hooks":{"Stop":[{"hooks":[],"hooks":[{{Run}}]}]} }""",
            """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"x","command":"y"}]}]}}""",
            $$"""{"hooks":{"Stop":[{"x":1,"x":2,"hooks":[{{Run}}]}]} }""",
            """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"x","z":1,"z":2}]}]}}""",
        ])
        {
            yield return (new GeneratedPlugin($"hooks.json {text}") with { Meant = (1, 0, 1, 0) }).File("hooks/hooks.json", text);
        }

        foreach (var (text, meant) in ((string, int)[])
        [
            ("""{"mcpServers":{"a":{"command":"x"},"a":{"command":"y"}}}""", 1),
            ("""{"mcpServers":{"a":{"command":"x"}},"mcpServers":{"b":{"command":"y"}}}""", 2),
            ("""{"mcpServers":{"a":{"command":"x","command":"y"}}}""", 1),
            ("""{"a":{"command":"x"},"a":{"command":"y"}}""", 1),
        ])
        {
            yield return (new GeneratedPlugin($".mcp.json {text}") with { Meant = (1, meant, 0, 0) }).File(".mcp.json", text);
        }

        foreach (var (text, meant) in ((string, int)[])
        [
            ("", 1), ("# Hello\n", 1), ("---\nname: hello\n---\nx\n", 1), ("---\ndescription: Says hello.\n---\nx\n", 1),
            ("---\nname: hello\ndescription:\n---\nx\n", 1), ("---\nname: [a]\ndescription: x\n---\nx\n", 1),
            ("---\nname: hello\ndescription: [a\n---\nx\n", 1), ("---\nname: hello\ndescription: a: b\n---\nx\n", 1),
            ("---\r\nname: hello\r\ndescription: x\r\n---\r\nx\r\n", 1), ($"---\nname: {new string('n', 65)}\ndescription: x\n---\nx\n", 1),
            ($"---\nname: {new string('n', 64)}\ndescription: x\n---\nx\n", 1), ("---\n- a\n---\nx\n", 1),
            ("---\nname: hello\ndescription: x\nmetadata: 5\n---\nx\n", 1), ("\n---\nname: hello\ndescription: x\n---\nx\n", 1),
            ("---\nname: hello\nname: hello\ndescription: x\n---\nx\n", 1), ("---\nname: hello\ndescription: >\n  x\n  y\n---\nx\n", 1),
            ("---\nname: hello\ndescription: x\n", 1),
        ])
        {
            yield return (new GeneratedPlugin($"SKILL.md {text}") with { Meant = (meant + 1, 0, 0, 0) }).File("skills/other/SKILL.md",
                text);
        }

        foreach (var path in (string[])["skills/1/2/3/4/5/6/SKILL.md", "skills/1/2/3/4/5/6/7/SKILL.md", "skills/SKILL.md"])
        {
            yield return (new GeneratedPlugin($"a skill at {path}") with { Meant = (2, 0, 0, 0) }).File(path,
                "---\nname: other\ndescription: x\n---\nx\n");
        }
    }
}
