namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Manifests: where they are, how they are written, what their fields hold (contract 2.1 to 2.3).</summary>
internal static class ManifestVariants
{
    private const string Codex = ".codex-plugin/plugin.json";
    private const string Claude = ".claude-plugin/plugin.json";
    private const string Cursor = ".cursor-plugin/plugin.json";
    private const string Agent = "https://agent-plugins.org/schemas/1.0.0/plugin.schema.json";

    public static IReadOnlyList<Variant> Places { get; } =
    [
        Files("only .claude-plugin", (Claude, Plain)),
        Files("only .cursor-plugin", (Cursor, Plain)),
        Files("all three", (Cursor, """{"name":"@","version":"3"}"""), (Claude, """{"name":"@","version":"2"}"""),
            (Codex, """{"name":"@","version":"1"}""")),
        Files("claude and cursor", (Cursor, """{"name":"@","version":"3"}"""), (Claude, """{"name":"@","version":"2"}""")),
        Files("invalid codex, valid claude", (Codex, "{"), (Claude, Plain)),
        Files("a root plugin.json without $schema", ("plugin.json", Plain)),
        Files("a root plugin.json without $schema beside codex", ("plugin.json", """{"name":"@","version":"9"}"""), (Codex, Plain)),
        Files("an invalid root plugin.json beside codex", ("plugin.json", "{"), (Codex, Plain)),
        Files("a root plugin.json of another schema beside codex",
            ("plugin.json", """{"$schema":"https://example.org/x","name":"@","version":"9"}"""), (Codex, Plain)),
        Write("an empty .codex-plugin, valid claude", (f, e) => { f.Folder($"{e.Folder}/.codex-plugin"); f.Text($"{e.Folder}/{Claude}",
            Plain.Replace("@", e.Name, StringComparison.Ordinal)); }),
        Write(".codex-plugin a link", (f, e) => { f.Text($"{e.Folder}/real/plugin.json",
            Fill(Plain, e)); f.Link($"{e.Folder}/.codex-plugin", "real"); f.Text($"{e.Folder}/{Claude}", Fill(Plain, e)); }),
        Write(".codex-plugin a file", (f, e) => { f.Text($"{e.Folder}/.codex-plugin",
            "x"); f.Text($"{e.Folder}/{Claude}", Fill(Plain, e)); }),
        Write("plugin.json a link", (f, e) => { f.Text($"{e.Folder}/real.json", Fill(Plain, e)); f.Link($"{e.Folder}/{Codex}",
            "../real.json"); f.Text($"{e.Folder}/{Claude}", Fill(Plain, e)); }),
        Write("plugin.json a folder", (f, e) => { f.Folder($"{e.Folder}/{Codex}"); f.Text($"{e.Folder}/{Claude}", Fill(Plain, e)); }),
        Write("root plugin.json a link", (f, e) => { f.Text($"{e.Folder}/{Codex}",
            Fill(Plain, e)); f.Link($"{e.Folder}/plugin.json", Codex); }),
        Write("root plugin.json a folder", (f, e) => { f.Text($"{e.Folder}/{Codex}",
            Fill(Plain, e)); f.Folder($"{e.Folder}/plugin.json"); }),
        Files("agent format", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":"4.0.0"}""")),
        Files("agent format beside codex", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":"4.0.0"}"""), (Codex, Plain)),
        Files("agent format without a version", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@"}""")),
        Files("agent format, blank version", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":""}""")),
        Files("agent format, version no folder name", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":"1/2 x"}""")),
        Files("agent format, version with spaces around", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":" 1.0 "}""")),
        Files("agent format, version a number", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":5}""")),
        Files("agent format, version null", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":null}""")),
        Files("agent format without a name", ("plugin.json", $$"""{"$schema":"{{Agent}}"}""")),
        Files("agent format, upper-case name", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"AP"}""")),
        Files("agent format, other schema version",
            ("plugin.json", """{"$schema":"https://agent-plugins.org/schemas/2.0.0/plugin.schema.json","name":"@"}"""), (Codex, Plain)),
        Files("agent format, wrong types of ignored fields",
            ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","skills":5,"interface":5,"apps":5,"keywords":5,"description":5}""")),
        Files("agent format, interface of wrong type",
            ("plugin.json", """{"$schema":"SCHEMA","name":"@","extensions":{"com.openai":{"interface":5}}}""".Replace("SCHEMA",
                Agent, StringComparison.Ordinal))),
        Files("agent format with commands", ("plugin.json", $$"""{"$schema":"{{Agent}}","name":"@","version":"1.0.0"}"""),
            ("commands/go.md", "---\ndescription: Go.\n---\nGo there.\n")),
    ];

    /// <summary>Each in each of the three folders: what holds in one must hold in all.</summary>
    public static IReadOnlyList<Variant> Fields { get; } = [.. new[] { Codex, Claude, Cursor }.SelectMany(FieldsAt)];

#pragma warning disable CA1861 // Called three times in a run; a field for each list would part it from what is made of it.
    private static Variant[] FieldsAt(string place)
    {
        return [
            .. new[] { "{}", """{"name":""}""", """{"name":"  "}""", """{"name":null}""", """{"name":5}""", """{"name":"other"}""",
                """{"name":"@ "}""", """{"name":" @"}""", "null", "5", "", " ", "{", """{"name":"@",}""", """{"name":"@"} x""",
                """{/* c */"name":"@"}""", """{"name":"@","name":"@"}""",
                """{"\u006eame":"@","version":"7.0.0"}""" }.Select(Manifest),
            .. new[] { "[]", """["@","1.0.0"]""" }.Select(text => Manifest(text).Differs(Judgement.NotInstalledByUs, "array-manifest")),
            .. new[] { "null", "\"\"", "\"  \"", "5", "true", "[]", "{}", "\" 1.2.3 \"", "\"latest\"", "\"1/2\"", "\"a b\"", "\"..\"",
                "\".\"", "\"v1.0+build.5\"", "\"local\"", "\".hidden\"", "\"1.0.0-rc.1\"", "\"é\"", "\"1:2\"", "\"~1\"", "\"_\"", "\"-1\"",
                "\"LOCAL\"" }.Select(v => Field("version", v)),
            Field("version", Text.Quote(new string('1', 120))),
            .. new[] { "...", "1.0.", "con", "nul.1",
                "a." }.Select(v => Field("version", Text.Quote(v)).Differs(Judgement.NotInstalledByUs, "unsafe-name")),
            .. new[] { "5", "null", "[]",
                "\"d\"" }.SelectMany(v => new[] { Field("description", v), Field("keywords", v), Field("apps", v) }),
            .. new[] { "[\"a\"]", "[5]", "[null]" }.Select(v => Field("keywords", v)),
            .. new[] { "\"./.app.json\"", "\"../x\"", "{}" }.Select(v => Field("apps", v)),
            .. new[] { "5", "null", "{}", "[]", "\"./skills\"", "[5]",
                "[\"./a\",\"../b\"]" }.SelectMany(v => new[] { Field("skills", v), Field("mcpServers", v), Field("hooks", v) }),
            .. new[] { "null", "5", "[]", "\"x\"", "{}", """{"displayName":5}""", """{"displayName":null}""", """{"capabilities":null}""",
                """{"capabilities":["a"]}""", """{"capabilities":"a"}""", """{"screenshots":"./a.png"}""", """{"screenshots":null}""",
                """{"screenshots":["./a.png",5]}""",
                """{"websiteUrl":"a","websiteURL":"b"}""", """{"websiteURL":"b"}""", """{"privacyPolicyUrl":"a","privacyPolicyURL":"b"}""",
                """{"termsOfServiceUrl":1}""", """{"defaultPrompt":5}""", """{"defaultPrompt":["a",5]}""", """{"brandColor":5}""",
                """{"logo":"../x"}""", """{"logo":5}""",
                """{"composerIcon":5}""", """{"logoDark":[]}""", """{"longDescription":5}""", """{"shortDescription":{}}""",
                """{"developerName":1}""", """{"category":1}""", """{"unknown":5}""", """{"DisplayName":5}""",
                """{"displayName":"a","displayName":"b"}""" }.Select(v => Field("interface", v)),
            .. new[] { "author", "homepage", "repository", "license", "commands", "agents", "lspServers", "unknown", "extensions",
                "$schema" }.Select(key => Field(key, "5")),
            .. new[] { """{"com.openai":5}""", """{"com.openai":{"onboardingSkill":5}}""",
                """{"com.openai":{"onboardingSkill":"./skills/x/SKILL.md"}}""" }.Select(v => Field("extensions", v)),
            Bytes("a manifest with a byte order mark", [0xEF, 0xBB, 0xBF, .. "{}"u8]),
            Bytes("a manifest in UTF-16", [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0]),
            Bytes("a manifest with an invalid byte", [.. "{\"description\":\""u8, 0xC3, 0x28, .. "\"}"u8]),
            Bytes("a manifest with a lone surrogate", [.. """{"description":"\ud800"}"""u8]),
            Manifest("""{"x":1,"x":2,"version":"1.0.0"}""").Differs(Judgement.NotInstalledByUs, "duplicate-key"),
        ];

        Variant Manifest(string text) => Files($"{text} in {place}", (place, text));

        Variant Field(string key, string json) => Manifest(key == "version"
            ? $$"""{"name":"@","version":{{json}}}""" : $$"""{"name":"@","version":"1.0.0",{{Text.Quote(key)}}:{{json}}}""");

        Variant Bytes(string subject, byte[] bytes) =>
            Write($"{subject} in {place}", (folder, e) => folder.Bytes($"{e.Folder}/{place}", bytes));
    }
#pragma warning restore CA1861

    private static string Plain => """{"name":"@","version":"1.0.0"}""";

    private static string Fill(string text, GeneratedEntry entry) => text.Replace("@", entry.Name, StringComparison.Ordinal);

    private static Variant Write(string subject, Action<CaseFolder, GeneratedEntry> write) =>
        new("manifest: " + subject, (_, e) => e with { Write = f => write(f, e) });

    private static Variant Files(string subject, params (string Path, string Text)[] files) => Write(subject, (folder, e) =>
    {
        foreach (var (path, text) in files)
        {
            folder.Text($"{e.Folder}/{path}", Fill(text, e));
        }
    });
}
