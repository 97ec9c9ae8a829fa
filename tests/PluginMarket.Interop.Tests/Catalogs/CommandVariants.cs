namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>What a manifest, or an entry that serves as one, says of its commands (contract 2.8), beside the same files.</summary>
internal static class CommandVariants
{
    private static readonly string[] Spellings =
    [
        "null", "[]", "\"commands\"", "\"./commands\"", "\"./commands/\"", "\"./prompts\"", "\"./prompts/a.md\"", "\"./\"", "\".\"",
        "\"./.\"", "\"././prompts\"", "\"./prompts/.\"", "\"./prompts//a.md\"", "\"./prompts/a.md/\"",
        "{}", "5", "true", "\"\"", "\"../x\"", "\"./none\"", "\"./prompts/../commands\"", "\"./prompts/note.txt\"", "\"./README.md\"",
        "\"./.hidden\"", "\"./Prompts\"", "\"./prompts/UP.MD\"", "\"./link\"", "\"./folder.md\"", "\"./bad\"",
        """["./prompts"]""", """["./prompts/a.md","./commands/x.md"]""", """["./prompts/a.md",5]""", """["./prompts/a.md",null]""",
        """["./prompts/a.md","prompts/b.md"]""", """["prompts"]""", """["./none.md"]""", """["./prompts","./prompts/a.md"]""",
        """["./prompts","./prompts/sub/c.md"]""", """["./prompts/sub","./prompts"]""", """["./prompts/a.md","././prompts/./a.md"]""",
        """["./prompts/a.md","../x"]""", """["./commands","./prompts"]""", """["./commands/x.md","./other/x.md"]""",
        """["./bad","./prompts/a.md"]""", """["./"]""", """["","./prompts/a.md"]""", """[["./prompts/a.md"]]""",
        """{"a":"./prompts/a.md"}""", """{"a":{"source":"./prompts/a.md","description":"d"}}""",
    ];

    private static readonly string[] Manifests = [".codex-plugin", ".claude-plugin", ".cursor-plugin"];

    /// <summary>Keys that real manifests have beside those that Codex reads.</summary>
    private static readonly string[] RealKeys =
    [
        """ "agents":["./agents/helper.md"] """, """ "agents":"./agents/" """, """ "rules":"./rules/" """,
        """ "rules":["./rules/style.mdc"] """, """ "skills":["hello","other"] """, """ "skills":"hello" """, """ "hooks":true """,
        """ "hooks":"./hooks/" """,
        """ "outputStyles":"./styles/" """, """ "lspServers":{"go":{"command":"gopls","extensionToLanguage":{".go":"go"}}} """,
        """ "lspServers":"./.lsp.json" """, """ "settings":{"agent":"helper"} """, """ "bin":"./bin" """, """ "bin":{"run":"./bin/run"} """,
        """ "monitors":"./monitors/monitors.json" """, """ "userConfig":{"token":{"type":"string"}} """, """ "dependencies":["other"] """,
        """ "commands":["./prompts/a.md"],"agents":[],"strict":false """, """ "mcpServers":["./.mcp.json"] """,
        """ "tags":["a"],"category":"Tools" """,
    ];

    public static IReadOnlyList<Variant> All { get; } =
    [
        .. Spellings.SelectMany(value => Manifests.Select(place => Files($"commands {value} in {place}", place, $"\"commands\":{value}"))),
        .. Spellings.Select(value => new Variant($"commands {value} in the entry",
            (_, e) => e.With("commands", value).With("description", "\"Of the entry.\"") with { Write = f => Write(f, e.Folder) })),
        .. Spellings.Where((_, i) => i % 7 == 5).Select(value => new Variant($"commands {value} in the entry and a manifest",
            (_, e) => Files("", ".codex-plugin", "\"x\":1").Apply(new Random(0), e.With("commands", value)))),
        .. RealKeys.SelectMany(keys => Manifests.Select(place => Files($"{keys.Trim()} in {place}", place, keys))),
    ];

    private static Variant Files(string subject, string place, string member) => new(subject, (_, e) => e with
    {
        Write = files =>
        {
            files.Text($"{e.Folder}/{place}/plugin.json", $$"""{"name":{{Text.Quote(e.Name!)}},"version":"1.0.0",{{member}}}""");
            Write(files, e.Folder);
        },
    });

    private static void Write(CaseFolder files, string folder)
    {
        foreach (var path in (string[])
        [
            "commands/x.md", "commands/sub/y.md", "prompts/a.md", "prompts/b.md", "prompts/sub/c.md", "prompts/README.md", "prompts/UP.MD",
            "prompts/note.txt", "README.md", ".hidden/h.md", "other/x.md", "folder.md/e.md", "agents/helper.md",
            "rules/style.mdc", "styles/terse.md",
        ])
        {
            files.Text($"{folder}/{path}", $"---\ndescription: {Path.GetFileName(path)}.\n---\nDo it.\n");
        }

        files.Bytes(folder + "/bad/z.md", [.. "---\ndescription: "u8, 0xFF, .. "\n---\nx\n"u8]);
        files.Link(folder + "/link", "prompts");
        files.Executable(folder + "/bin/run", "#!/bin/sh\n");
        files.Text(folder + "/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nHello.\n");
    }
}
