namespace PluginMarket.Interop.Tests.Validation;

/// <summary>Plugins of the Agent Plugin format: the extension object of the root manifest and the overlay, each a manifest of
/// Codex's own format (contract 2.3).</summary>
internal static class AgentFormatPlugins
{
    private const string Schema = "\"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json\"";
    private const string Overlay = ".codex-plugin/plugin.json";
    private static readonly string[] Values = ["null", "5", "\"\"", "\"x\"", "\"./x\"", "[]", "[\"x\"]", "[5]", "{}", "{\"x\":1}"];
    private static readonly string[] Fields = ["name", "version", "description", "keywords", "apps", "interface", "skills", "mcpServers",
        "hooks", "commands", "onboardingSkill", "extensions", "author"];

    private static readonly string[] Interfaces =
    [
        """{"displayName":"Shown","category":"Tools","shortDescription":"s"}""", """{"displayName":5}""", """{"shortDescription":"s"}""",
        """{"category":"C"}""", """{"websiteUrl":"a","websiteURL":"b"}""",
        """{"logo":"./l.png","screenshots":["./a.png","../b"]}""", """{"logo":5}""", """{"capabilities":null}""",
        """{"defaultPrompt":["a",5]}""", """{"unknown":1}""", """{"displayName":"a","displayName":"b"}""",
    ];

    public static IEnumerable<GeneratedPlugin> All()
    {
        yield return Root("nothing more");
        foreach (var (field, value) in Fields.SelectMany(field => Values.Select(value => (field, value)))
            .Concat(Interfaces.Select(value => ("interface", value))))
        {
            yield return Extension($"{field}: {value}", $$"""{"{{field}}":{{value}}}""");
            yield return Root($"overlay {field}: {value}").File(Overlay, $$"""{"{{field}}":{{value}}}""");
        }

        foreach (var skill in (string[])["\"./skills/hello/SKILL.md\"", "\"././skills//hello/./SKILL.md\"", "\"./skills/hello\"",
            "\"hello\"", "\"../x\"", "\"./skills/none/SKILL.md\"", "5"])
        {
            yield return Extension($"onboardingSkill {skill}", $$"""{"onboardingSkill":{{skill}}}""");
            yield return Root($"overlay onboardingSkill {skill}").File(Overlay,
                $$$"""{"extensions":{"com.openai":{"onboardingSkill":{{{skill}}} } } }""");
            yield return new GeneratedPlugin($"onboardingSkill {skill}").With("extensions",
                $$$"""{"com.openai":{"onboardingSkill":{{{skill}}} } }""");
        }

        const string Shown = """{"interface":{"displayName":"Of the overlay"}}""";
        foreach (var value in (string[])["null", "5", "\"x\"", "[]", "{}", "true"])
        {
            yield return Extension($"an extension {value} and an overlay", value).File(Overlay, Shown);
            yield return Root($"extensions {value} and an overlay").With("extensions", value).File(Overlay, Shown);
        }

        foreach (var text in (string[])["", "{", "[]", "5", "null", "\uFEFF{}", "{\"version\":\"1\",\"version\":\"2\"}",
            "{\"name\":\"A b\",\"version\":\"a/b\"}", "// x\n{}"])
        {
            yield return Root($"an overlay with the text {text}").File(Overlay, text);
            yield return Extension($"an extension and an overlay with the text {text}", "{}").File(Overlay, text);
        }

        yield return Root("an overlay of Claude's").File(".claude-plugin/plugin.json", "{");
        yield return Root("hooks, apps and commands")
            .File("hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"x"}]}]}}""")
            .File(".app.json", """{"apps":{"x":{"id":"y"}}}""").File("commands/x.md", "---\ndescription: x\n---\nx\n");
        yield return Root("an author and a homepage").With("author", """{"name":" Ann "}""").With("homepage", "\" https://example.org \"")
            .With("description", "\" D. \"");
        yield return Root("an author in an array").With("author", """["Ann","mail","url"]""");
        yield return Root("blank texts").With("author", """{"name":" "}""").With("homepage", "\"\"").With("description", "\" \"");
    }

    private static GeneratedPlugin Root(string subject) =>
        (new GeneratedPlugin("Agent format, " + subject)
        {
            ManifestPath = "plugin.json",
            Members = [new("name", "\"@\""), new("version", "\"1.0.0\"")],
        }).With("$schema", Schema);

    private static GeneratedPlugin Extension(string subject, string value) =>
        Root("extension " + subject).With("extensions", $$"""{"com.openai":{{value}}}""");
}
