using System.Text.RegularExpressions;

namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Catalog files as a whole: place, encoding, dialect, top level (contract 1.1 to 1.3, 1.7).</summary>
internal static partial class FileVariants
{
    private const string Standard = ".agents/plugins/marketplace.json";

    /// <summary>Where a catalog may be below its root.</summary>
    public static IReadOnlyList<string> Places { get; } = [Standard, ".agents/plugins/api_marketplace.json",
        ".claude-plugin/marketplace.json", ".cursor-plugin/marketplace.json"];

    public static IReadOnlyList<Func<CatalogCase, CatalogCase>> All { get; } =
    [
        .. Places.Select(place => About("at " + place, c => c with { CatalogPath = place })),
        .. new[] { "marketplace.json", ".codex-plugin/marketplace.json", ".github/plugin/marketplace.json", ".agents/marketplace.json",
            ".agents/plugins/Marketplace.json" }.Select(place => About("at " + place, c => c with { CatalogPath = place })),
        .. Pairs().Select(pair => About($"at {pair.Winner} and broken at {pair.Other}",
            c => c with { CatalogPath = pair.Winner, Write = f => f.Text(pair.Other, "{") })),
        About("broken where it is looked for first",
            c => c with { CatalogPath = ".claude-plugin/marketplace.json", Write = f => f.Text(Standard, "{") }),
        About("a folder where it is looked for first",
            c => c with { CatalogPath = ".claude-plugin/marketplace.json", Write = f => f.Folder(Standard) }),
        About("a link to the catalog",
            c => c with { CatalogPath = "real/catalog.json", Write = f => f.Link(Standard, "../../real/catalog.json") }),
        About("a link to nothing where it is looked for first",
            c => c with { CatalogPath = ".claude-plugin/marketplace.json", Write = f => f.Link(Standard, "nothing") }),
        About("a link as .agents", c => c with { CatalogPath = "real/plugins/marketplace.json", Write = f => f.Link(".agents", "real") }),
        .. new[] { "-lead", "_x", "A-b_C", "0", "openai",
            "OpenAI-tools" }.Select(name => Top($$"""{"name":{{Text.Quote(name)}},"plugins":@}""")),
        Top($$"""{"name":"{{new string('m', 150)}}","plugins":@}"""),
        .. new[] { "", " ", "a b", "a.b", "a/b", "..", "é", "a@b",
            "a\nb" }.Select(name => Top($$"""{"name":{{Text.Quote(name)}},"plugins":@}""")),
        .. new[] { "openai-curated", "openai-api-curated", "openai-bundled", "openai-bundled-alpha", "openai-primary-runtime",
            "openai-curated-remote", "created-by-me-remote", "workspace-directory", "workspace-shared-with-me",
            "workspace-shared-with-me-private" }.Select(name => Top($$"""{"name":"{{name}}","plugins":@}""")),
        .. new[] { "openai_curated", "OpenAI-Curated",
            "Workspace-Directory" }.Select(name => Refused(Top($$"""{"name":"{{name}}","plugins":@}"""), "reserved-lookalike")),
        .. new[] { "con", "NUL" }.Select(name => Refused(Top($$"""{"name":"{{name}}","plugins":@}"""), "unsafe-name")),
        .. new[] { """{"plugins":@}""", """{"name":5,"plugins":@}""", """{"name":null,"plugins":@}""", """{"name":"m"}""",
            """{"name":"m","plugins":null}""", """{"name":"m","plugins":{}}""", """{"name":"m","plugins":5}""",
            """{"name":"m","plugins":[]}""", """{"name":"m","Plugins":@}""",
            """{"name":"m","plugins":@,"plugins":@}""", """{"name":"m","name":"m","plugins":@}""", """["m",null,@]""", """["m",null,[]]""",
            """["m"]""", "[]", "{}", "null", "5", "\"m\"", "", " \n", "{", "@" }.Select(Top),
        .. new[] { "null", "{}", """{"displayName":"Shown"}""", """{"displayName":null}""", """{"displayName":5}""", "5", "[]", "\"x\"",
            """{"displayName":"a","displayName":"b"}""", """{"other":5}""",
            "[\"Shown\"]" }.Select(json => Top($$"""{"name":"m","interface":{{json}},"plugins":@}""")),
        .. new[] { """ "owner":{"name":"x"} """, """ "metadata":{"pluginRoot":"./elsewhere","version":5} """,
            """ "version":5,"description":[],"$schema":null """, """ "strict":true """,
            """ "n\u0061m":1 """ }.Select(extra => Top($$"""{{{extra}},"name":"m","plugins":@}""")),
        Top("""{"n\u0061me":"m","plugins":@}"""),
        Top("""{"name":"m\u002dx","plugins":@}"""),
        Refused(Top("""{"name":"m","x":1,"x":2,"plugins":@}"""), "duplicate-key"),
        Refused(Top("""{"name":"m","metadata":{"a":1,"a":1},"plugins":@}"""), "duplicate-key"),
        .. new[] { """{"name":"m",/* c */"plugins":@}""", """
            {"name":"m", // c
            "plugins":@}
            """, """{"name":"m","plugins":@,}""", """{'name':'m','plugins':@}""", """{name:"m","plugins":@}""",
            """{"name":"m","plugins":@}x""", """{"name":"m","plugins":@}{}""", """{"name":"m","plugins":@,"x":NaN}""",
            """{"name":"m","plugins":@,"x":01}""", """{"name":"m","plugins":@,"x":+1}""", """{"name":"m","plugins":@,"x":1.}""",
            """{"name":"m","plugins":@,"x":"\x"}""", "{\"name\":\"m\",\"plugins\":@,\"x\":\"a\tb\"}",
            "{\"name\":\"m\",\"plugins\":@,\"x\":\"\0\"}", "\u00a0{\"name\":\"m\",\"plugins\":@}",
            "{\"name\":\"m\",\"plugins\":@}\0" }.Select(Top),
        Top(" \r\n\t{ \"name\" :\t\"m\" ,\r\n \"plugins\" : @ }\r\n "),
        Refused(Top("""{"name":"m","x":"\ud800","plugins":@}"""), "json-text"),
        Refused(Top("""{"name":"m","x":1e999,"plugins":@}"""), "json-text"),
        Deep(60),
        Refused(Deep(100), "limits"),
        Refused(Deep(130), "limits"),
        Bytes("with an invalid byte", json => [.. json.AsSpan(0, json.Length - 1), .. ",\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8]),
        Bytes("in UTF-16",
            json => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(json))).ToArray()),
        Bytes("with a byte order mark", json => [0xEF, 0xBB, 0xBF, .. json]),
    ];

    /// <summary>An object catalog named <c>m</c>; the standard way to render a case.</summary>
    public static byte[] Standardly(IReadOnlyList<GeneratedEntry> entries) =>
        Encoding.UTF8.GetBytes($$"""{"name":"m","plugins":{{Entries(entries)}}}""");

    private static string Entries(IReadOnlyList<GeneratedEntry> entries) => "[" + string.Join(",\n", entries.Select(e => e.Json)) + "]";

    private static IEnumerable<(string Winner, string Other)> Pairs() =>
        Places.SelectMany((winner, i) => Places.Skip(i + 1).Select(other => (winner, other)));

    private static Func<CatalogCase, CatalogCase> About(string subject, Func<CatalogCase, CatalogCase> change) =>
        c => change(c) with { Subject = subject };

    /// <summary>The top level as given, with the entries in place of each <c>@</c> that stands for a value.</summary>
    private static Func<CatalogCase, CatalogCase> Top(string text) =>
        About(text.Length > 80 ? text[..80] + "…" : text,
            c => c with { Render = entries => Encoding.UTF8.GetBytes(Placeholder().Replace(text, _ => Entries(entries))) });

    private static Func<CatalogCase, CatalogCase> Bytes(string subject, Func<byte[], byte[]> change) =>
        About(subject, c => c with { Render = entries => change(Standardly(entries)) });

    private static Func<CatalogCase, CatalogCase> Refused(Func<CatalogCase, CatalogCase> change, string difference) =>
        c => change(c) with { RefusedByUs = difference };

    private static Func<CatalogCase, CatalogCase> Deep(int levels) =>
        Top($$"""{"name":"m","x":{{new string('[', levels)}}{{new string(']', levels)}},"plugins":@}""");

    [GeneratedRegex("(?<![a-z])@")]
    private static partial Regex Placeholder();
}
