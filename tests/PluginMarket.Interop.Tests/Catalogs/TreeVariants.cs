namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>What is in a plugin's folder beside its manifest (contract 2.8, 3.3).</summary>
internal static class TreeVariants
{
    public static IReadOnlyList<Variant> All { get; } =
    [
        Files("links, inside and outside, to files and folders", (f, p) => { f.Text(p + "/real/file.txt", "r"); f.Link(p + "/link.txt",
            "real/file.txt"); f.Link(p + "/folder", "real"); f.Link(p + "/out", "/etc/hostname"); f.Link(p + "/up",
                ".."); f.Link(p + "/gone", "nothing"); }),
        Files("empty folders", (f, p) => { f.Folder(p + "/empty"); f.Folder(p + "/a/b/c"); }),
        Files("hidden files and node_modules", (f, p) => { f.Text(p + "/.hidden", "h"); f.Text(p + "/.github/x.yml",
            "y"); f.Text(p + "/node_modules/a/index.js", "1"); f.Text(p + "/.gitignore", "*"); }),
        Files("an executable", (f, p) => f.Executable(p + "/bin/run", "#!/bin/sh\n")),
        Files("a pipe", (f, p) => { f.Pipe(p + "/pipe"); f.Text(p + "/x", "x"); }),
        Files("binary and empty files", (f, p) => { f.Bytes(p + "/data.bin",
            [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))]); f.Bytes(p + "/zero", []); }),
        Files("names with spaces and other letters", (f, p) => { f.Text(p + "/a b/é ☃.txt", "x"); f.Text(p + "/a [x]'(1).txt", "y"); }),
        Files("a repository inside", (f, p) => { f.Text(p + "/.git/config", "[core]\n"); f.Text(p + "/vendor/.git/HEAD",
            "ref: x"); f.Text(p + "/vendor/x", "x"); f.Text(p + "/.gitmodules", ""); }),
        Files("skills, servers, hooks, apps", (f, p) =>
        {
            f.Text(p + "/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nHello.\n");
            f.Text(p + "/.mcp.json", """{"mcpServers":{"x":{"command":"x"}}}""");
            f.Text(p + "/hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}}""");
            f.Text(p + "/.app.json", """{"apps":{"x":{"id":"connector_x"}}}""");
        }),
        .. Commands().Select(c => Files("command " + c.Key, (f, p) => f.Text($"{p}/commands/{c.Key}.md", c.Value))),
        Files("commands of several folders", (f, p) => { f.Text(p + "/commands/a/one.md",
            Command("One.", "Do one.")); f.Text(p + "/commands/b/two.md", Command("Two.", "Do two.")); f.Text(p + "/commands/a-one.md",
                Command("Other.", "Do other.")); f.Text(p + "/commands/UPPER Case.md", Command("Upper.", "Do.")); }),
        Files("a command that is a link", (f, p) => { f.Text(p + "/real.md",
            Command("Real.", "Do.")); f.Link(p + "/commands/x.md", "../real.md"); }),
        Files("a shipped migrated-command-skills folder", (f, p) => { f.Text(p
            + "/.codex-plugin/migrated-command-skills/source-command-x/SKILL.md",
            "mine"); f.Text(p + "/commands/x.md", Command("X.", "Do x.")); }),
        .. new[] { "aux.txt", "a:b", "trail.", "trail ", "DOCUME~1", "COM1", "x/nul", "sp ace /x" }.Select(name =>
            Files($"file {Text.Quote(name)}", (f, p) => f.Text($"{p}/{name}", "x")).Differs(Judgement.NotInstalledByUs, "unsafe-name")),
        Files("names that collide by case", (f, p) => { f.Text(p + "/Readme.md", "1"); f.Text(p + "/README.md",
            "2"); }).Differs(Judgement.NotInstalledByUs, "unsafe-name"),
        Files("folders that collide by case", (f, p) => { f.Text(p + "/Docs/a", "1"); f.Text(p + "/docs/b",
            "2"); }).Differs(Judgement.NotInstalledByUs, "unsafe-name"),
        Files("names that collide by normal form", (f, p) => { f.Text(p + "/\u00e9", "1"); f.Text(p + "/e\u0301",
            "2"); }).Differs(Judgement.NotInstalledByUs, "unsafe-name"),
        Files("a file with a backslash in its name", (f, p) => f.Text(p + "/a\\b", "x")).Differs(Judgement.NotInstalledByUs, "unsafe-name"),
        Files("a tree 40 folders deep", (f, p) => f.Text($"{p}/{string.Join('/', Enumerable.Repeat("d", 40))}/x", "x"))
            .Differs(Judgement.NotInstalledByUs, "limits"),
        Files("a name of 240 characters", (f, p) => f.Text($"{p}/{new string('n', 240)}", "x"))
            .Differs(Judgement.NotInstalledByUs, "limits"),
        Files("a path of 500 characters", (f, p) => f.Text($"{p}/{new string('a', 166)}/{new string('b', 166)}/{new string('c', 166)}",
            "x")).Differs(Judgement.NotInstalledByUs, "limits"),
    ];

    private static Variant Files(string subject, Action<CaseFolder, string> write) => new("tree: " + subject, (r, e) =>
    {
        var before = e.Write;
        return e with { Write = f => { before(f); write(f, e.Folder); } };
    });

    private static string Command(string description, string body) => $"---\ndescription: {description}\n---\n{body}\n";

    private static Dictionary<string, string> Commands() => new(StringComparer.Ordinal)
    {
        ["plain"] = Command("Deploys.", "Deploy the site."),
        ["quoted"] = "---\ndescription: \"Quoted: yes\"\nallowed-tools: Bash\n---\n\n# Title\n\nDo it.\n\n",
        ["folded"] = "---\ndescription: >\n  two\n  lines\n---\nDo it.",
        ["crlf"] = "---\r\ndescription: Windows.\r\n---\r\nDo it.\r\n",
        ["colon"] = "---\ndescription: a: b\n---\nDo it.\n",
        ["no-description"] = "---\nname: x\n---\nDo it.\n",
        ["no-front-matter"] = "Do it.\n",
        ["empty-body"] = "---\ndescription: Empty.\n---\n",
        ["blank-description"] = "---\ndescription: \"\"\n---\nDo it.\n",
        ["arguments"] = Command("Args.", "Use $ARGUMENTS."),
        ["positional"] = Command("Positional.", "Use $1."),
        ["dollar"] = Command("Dollar.", "It costs $ 5 and $x."),
        ["braces"] = Command("Braces.", "Use {{ x }}."),
        ["one-brace"] = Command("Brace.", "Use { x }."),
        ["bang"] = Command("Bang.", "Run !`ls`."),
        ["backtick"] = Command("Backtick.", "Run `ls` now!"),
        ["at-token"] = Command("At.", "See @file.txt."),
        ["at-alone"] = Command("At alone.", "Mail a @ b and x@example.org."),
        ["long"] = Command("Long.", new string('x', 3990)),
        ["almost-long"] = Command("Almost.", new string('x', 3500)),
        ["long-description"] = Command(new string('d', 1500), "Do it."),
        ["number-description"] = "---\ndescription: 5\n---\nDo it.\n",
        ["Name_With.Dots"] = Command("Dots.", "Do it."),
        ["argument-hint"] = "---\ndescription: Hint.\nargument-hint: <file>\nmodel: opus\n---\nDo it.\n",
        ["named"] = "---\nname: My Name\ndescription: Named.\n---\nDo it.\n",
        ["unicode"] = Command("Schnee ☃ \"x\" \\ y.", "Naïve é."),
    };
}
