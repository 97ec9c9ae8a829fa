using System.Globalization;

namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Git and npm sources (contract 1.5). Repositories are named by path; what names another machine is only listed.</summary>
internal sealed class RemoteSourceVariants(SharedRepositories repositories)
{
    private static readonly string[] BadUrls =
    [
        "./x/../repository", "../repository", "..", ".", "", "  ", "word", "git://example.org/x.git", "ftp://example.org/x.git", "a/b/c",
        "a b/c", "HTTPS", "github:acme/tools",
    ];

    private static readonly string[] RemoteUrls =
    [
        "https://github.com/acme/tools", "https://github.com/acme/tools/", "https://github.com/acme/tools.git",
        "http://github.com/acme/tools", "https://example.org/acme/tools", "https://example.org/acme/tools/", "acme/tools", "acme/tools.git",
            "a.b/c_d-e", "git@example.org:acme/tools.git", "ssh://git@example.org/acme/tools", "https://GitHub.com/acme/tools",
        "https://github.com/acme/tools?x=1", "https://github.com/acme/tools#main", "  acme/tools  ",
    ];

    private static readonly string[] Forms =
    [
        """{"source":"url","url":"{0}"}""", """{"source":"git-subdir","url":"{0}","path":"p","ref":"main"}""",
    ];

    private static readonly string[] Others =
    [
        """{"source":"url"}""", """{"source":"url","url":5}""", """{"source":"url","url":null}""", """{"source":"url","url":["x"]}""",
        """{"source":"URL","url":"acme/tools"}""", """{"source":"url","url":"acme/tools","url":"acme/tools"}""",
            """{"source":"npm","package":"kit"}""",
        """{"source":"npm","package":"@acme/kit","version":"^1.0.0","registry":"https://registry.example.org/npm/"}""",
        """{"source":"npm","package":"kit","version":"latest"}""", """{"source":"npm","package":"kit","version":""}""",
            """{"source":"npm","package":"kit","version":"file:x"}""", """{"source":"npm","package":"kit","version":"a/b"}""",
        """{"source":"npm","package":"kit","version":".."}""", """{"source":"npm"}""", """{"source":"npm","package":5}""",
        """{"source":"npm","package":""}""", """{"source":"npm","package":".kit"}""", """{"source":"npm","package":"_kit"}""",
            """{"source":"npm","package":"@acme/.kit"}""", """{"source":"npm","package":"@acme"}""",
        """{"source":"npm","package":"@/kit"}""", """{"source":"npm","package":"a/b"}""", """{"source":"npm","package":"../kit"}""",
        """{"source":"npm","package":"KIT"}""",
            """{"source":"npm","package":"kit","registry":"http://registry.example.org"}""",
        """{"source":"npm","package":"kit","registry":"https://user:word@registry.example.org"}""",
        """{"source":"npm","package":"kit","registry":"https://registry.example.org?x"}""",
            """{"source":"npm","package":"kit","registry":"https://registry.example.org#x"}""",
        """{"source":"npm","package":"kit","registry":""}""", """{"source":"npm","package":"kit","registry":null,"version":null}""",
        """{"source":"npm","package":" kit "}""", """{"source":"npm","package":"kit","version":" 1 "}""",
    ];

    public IReadOnlyList<Variant> All() =>
    [
        .. new (string Form, string More)[]
        {
            ("url", ""), ("url", ""","ref":"main" """), ("url", ""","ref":"v1" """), ("url", ""","ref":"annotated" """),
            ("url", ""","ref":"topic/next" """), ("url", ""","ref":" v1 " """), ("url", ""","ref":"" """),
            ("url", ""","ref":null,"sha":null"""),
            ("url", ""","ref":"no-such-ref" """), ("url", ""","sha":"{sha}" """), ("url", ""","sha":"{SHA}" """),
            ("url", ""","sha":"{short}" """), ("url", ""","ref":"topic/next","sha":"{sha}" """),
            ("url", ""","sha":"0123456789012345678901234567890123456789" """),
            ("url", ""","sha":"" """), ("url", ""","ref":5"""), ("url", ""","sha":[]"""), ("url", ""","extra":{}"""),
            ("url", ""","ref":"refs/heads/main" """), ("url", ""","ref":"--x" """), ("url", ""","ref":"{sha}" """),
        }.Select(c => Root($"url{c.More}", c.More)),
        .. new (string Path, string More)[]
        {
            ("plugins/sub1", ""), ("./plugins/sub1", ""), (" plugins/sub1 ", ""), ("plugins/sub1/", ""), ("plugins//sub1", ""),
            ("plugins/./sub1", ""), ("plugins/sub1/.", ""), ("plugins/sub1//", ""), ("plugins/sub1", ""","ref":"v1" """),
            ("plugins/sub1", ""","sha":"{sha}" """), ("plugins/sub1", ""","ref":"topic/next" """), ("plugins/missing", ""),
            ("README.md", ""), ("link", ""),
            ("plugins/../plugins/sub1", ""), ("/plugins/sub1", ""), ("", ""), (" ", ""), (".", ""), ("./", ""),
            ("././plugins/sub1", ""), ("..", ""),
        }.SelectMany(c => new[] { Below("git-subdir", c.Path, c.More), Below("url", c.Path, c.More) }),
        Below("git-subdir", "plugins\\sub1", "").Differs(Judgement.SkippedByUs, "backslash"),
        new Variant("a relative repository with a backslash",
            (_, e) => NotInstalled(e, """{"source":"url","url":".\\repository"}""")).Differs(Judgement.SkippedByUs, "backslash"),
        new("git-subdir without a path", (_, e) => Git(e, i => $$"""{"source":"git-subdir","url":{{Url(i)}}}""")),
        new("git-subdir with a number as path", (_, e) => Git(e, i => $$"""{"source":"git-subdir","url":{{Url(i)}},"path":5}""")),
        new("a path without a scheme", (_, e) => Git(e, i => $$"""{"source":"url","url":{{Text.Quote(repositories.Path(i))}}}""")),
        new("a URL with spaces around it",
            (_, e) => Git(e, i => $$"""{"source":"url","url":{{Text.Quote($"  file://{repositories.Path(i)} ")}}}""")),
        new("a repository that is not there",
            (_, e) => Git(e, i => $$"""{"source":"url","url":{{Text.Quote($"file://{repositories.Path(i)}-missing")}}}""")),
        new("a relative repository", (_, e) => Relative(e, "./@")),
        new("a relative repository below a folder that does not matter", (_, e) => Relative(e, "././@/")),
        .. BadUrls
            .Select(url => new Variant($"url \"{url}\"", (_, e) => NotInstalled(e, $$"""{"source":"url","url":"{{url}}"}"""))),
        .. RemoteUrls
            .SelectMany(url => Forms.Select(form => form.Replace("{0}", url, StringComparison.Ordinal)))
            .Select(json => new Variant("source " + json, (_, e) => NotInstalled(e, json))),
        .. Others
            .Select(json => new Variant("source " + json, (_, e) => NotInstalled(e, json))),
    ];

    private static GeneratedEntry NotInstalled(GeneratedEntry entry, string source) =>
        entry.With("source", source) with { CanInstall = false, Write = static _ => { } };

    // Entries of one catalog take different repositories, so that their names differ.
    private static int Index(GeneratedEntry entry) => int.TryParse(entry.Folder.AsSpan(entry.Folder.LastIndexOf('p') + 1),
        NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index % SharedRepositories.Count : 0;

    private string Url(int index) => Text.Quote("file://" + repositories.Path(index));

    private string Fill(string text, int index)
    {
        var sha = text.Contains("{s", StringComparison.OrdinalIgnoreCase) ? repositories.Commit(index, "v1") : "";
        return text.Replace("{sha}", sha, StringComparison.Ordinal).Replace("{SHA}", sha.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{short}", sha.Length > 10 ? sha[..10] : "", StringComparison.Ordinal).TrimEnd();
    }

    private static GeneratedEntry Git(GeneratedEntry entry, Func<int, string> source)
    {
        var index = Index(entry);
        return entry.Named($"git{index}").With("source", source(index)) with { Write = static _ => { } };
    }

    private Variant Root(string subject, string rest) =>
        new(subject, (_, e) => Git(e, i => $$"""{"source":"url","url":{{Url(i)}}{{Fill(rest, i)}}}"""));

    private Variant Below(string kind, string path, string rest) => new($"{kind} path {Text.Quote(path)}{rest}", (_, e) =>
        Git(e, i => $$"""{"source":"{{kind}}","url":{{Url(i)}},"path":{{Text.Quote(
            path.Replace("sub1", $"sub{i}", StringComparison.Ordinal))}}{{Fill(rest, i)}}}""").Named($"sub{Index(e)}"));

    private GeneratedEntry Relative(GeneratedEntry entry, string url)
    {
        var index = Index(entry);
        var from = repositories.Path(index);
        var folder = "repository-" + entry.Folder[(entry.Folder.LastIndexOf('/') + 1)..];
        return entry.Named($"git{index}").With("source",
            $$"""{"source":"url","url":{{Text.Quote(url.Replace("@", folder, StringComparison.Ordinal))}}}""") with
        {
            Write = files => SharedRepositories.Git(files.Root, "clone", "-q", from, folder),
        };
    }
}
