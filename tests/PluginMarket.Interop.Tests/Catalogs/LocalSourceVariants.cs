namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Local sources and sources that are none (contract 1.5).</summary>
internal static class LocalSourceVariants
{
    public static IReadOnlyList<Variant> All { get; } =
    [
        .. new[] { "./{0}", "./{0}/", "././{0}", "./{0}//", ".//{0}", "./{0}/.",
            "./{0}/./" }.SelectMany(form => new[] { String(form), Object(form) }),
        .. new[] { "{0}", "{0}/", "{0}//", "{0}/.", "x/{0}/../{0}", "{0}/..", "//{0}", "..", "..{0}", "~{0}", "/{0}", "../{0}", "./../{0}",
            "./x/../{0}", "./{0}/..", "", " ", "./ ", " ./{0}", "./{0} ", "./missing/{0}", "missing/{0}",
            "owner/repo" }.SelectMany(form => new[] { String(form), Object(form) }),
        .. new[] { "~/{0}", "~" }.SelectMany(form => new[] { InCursor(String(form), "home-path"), InCursor(Object(form), "home-path") }),
        .. new[] { "./~/{0}", "./~" }.SelectMany(form => new[] { String(form), Object(form) })
            .Select(variant => variant.Differs(Judgement.SkippedByUs, "home-path")),
        .. new[] { "C:\\{0}", ".\\{0}",
            "k\\it" }.SelectMany(form => new[] { InCursor(String(form), "backslash"), InCursor(Object(form), "backslash") }),
        new("path with a backslash", (_, e) => Backslash(e, s => Text.Quote(s))),
        new("object path with a backslash", (_, e) => Backslash(e, s => $$"""{"source":"local","path":{{Text.Quote(s)}}}""")),
        .. new[] { "5", "null", "true", "[]", "[\"./x\"]", "{}", "\"LOCAL\"", """{"source":"Local","path":"./x"}""",
            """{"source":"local"}""", """{"source":"local","path":null}""", """{"source":"local","path":5}""",
            """{"source":5,"path":"./x"}""", """{"path":"./x"}""", """{"source":"github","repo":"acme/tools"}""",
            """{"source":"git","url":"https://example.org/x.git"}""", """{"source":"pip","package":"x"}""",
            """{"source":{"source":"local"},"path":"./x"}""" }
            .Select(json => Variant.Member("source", json)),
        Variant.Member("source", null).BadEntry(),
        new Variant("source twice", (_, e) => e with { Members = [.. e.Members, new("source", Text.Quote("./" + e.Folder))] }).BadEntry(),
        new("source object with other keys",
            (_, e) => e.With("source", $$"""{"ref":5,"note":[1],"path":{{Text.Quote("./" + e.Folder)}},"source":"local"}""")),
        new("source object with a known key twice",
            (_, e) => e.With("source", $$"""{"source":"local","path":"./x","path":{{Text.Quote("./" + e.Folder)}}}""")),
        new Variant("source object with an unknown key twice", (_, e) => e.With("source",
            $$"""{"source":"local","x":1,"x":2,"path":{{Text.Quote("./" + e.Folder)}}}""")).Differs(Judgement.SkippedByUs, "duplicate-key"),
        new("a folder that is a link", (_, e) => Linked(e, $"{e.Folder}-link", Path.GetFileName(e.Folder))),
        new("a folder below a link", (_, e) =>
            Linked(e with { Write = f => f.Text($"behind-{e.Name}/kit/.codex-plugin/plugin.json", $$"""{"name":"{{e.Name}}"}""") },
                $"linked-{e.Name}", $"behind-{e.Name}", "kit")),
        new("a folder that is a link out of the marketplace",
            (_, e) => Linked(e, $"{e.Folder}-link", "/etc").Differs(Judgement.NotInstalledByUs, "link-out")),
        new("a folder that is a link to nothing", (_, e) => Linked(e, $"{e.Folder}-link", "nothing")),
        new("a folder that is a file",
            (_, e) => (e with { Write = f => f.Text(e.Folder + "-file", "x") }).With("source", Text.Quote($"./{e.Folder}-file"))),
        new("an empty folder", (_, e) => e with { Write = f => f.Folder(e.Folder) }),
        new("the marketplace root", (r, e) => e.With("source", r.Of("\".\"", "\"./\"", """{"source":"local","path":"./"}""")) with
        {
            Write = f => f.Text(".codex-plugin/plugin.json", $$"""{"name":{{Text.Quote(e.Name!)}},"version":"3.0.0"}"""),
        }),
    ];

    private static Variant InCursor(Variant variant, string difference) =>
        new(variant.Subject, (random, entry) => variant.Apply(random, entry) with { CursorDifference = difference });

    private static Variant String(string form) => new($"source \"{form}\"", (_, e) => e.With("source", Text.Quote(Fill(form, e))));

    private static Variant Object(string form) =>
        new($"source local \"{form}\"", (_, e) => e.With("source", $$"""{"source":"local","path":{{Text.Quote(Fill(form, e))}}}"""));

    private static string Fill(string form, GeneratedEntry entry) => form.Replace("{0}", entry.Folder, StringComparison.Ordinal);

    private static GeneratedEntry Linked(GeneratedEntry entry, string link, string target, string? below = null)
    {
        var write = entry.Write;
        return entry.With("source", Text.Quote($"./{link}{(below is null ? "" : "/" + below)}")) with
        {
            Write = files =>
            {
                write(files);
                files.Link(link, target);
            },
        };
    }

    private static GeneratedEntry Backslash(GeneratedEntry entry, Func<string, string> source) =>
        (entry with
        {
            Write = f =>
                f.Text($"{entry.Folder}\\x/.codex-plugin/plugin.json", $$"""{"name":{{Text.Quote(entry.Name!)}},"version":"1.0.0"}"""),
        })
            .With("source", source($"./{entry.Folder}\\x"))
            .Differs(Judgement.SkippedByUs, "backslash");
}
