namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Further keys of entries, and the fallback manifest they make (contract 1.4, 1.8).</summary>
internal static class ExtraVariants
{
    private static readonly string[] Bags =
    [
        """ "description":"Does things" """,
        """ "version":"2.5.0" """,
        """ "version":" 2.5.0 " """,
        """ "version":5 """,
        """ "version":null,"description":"d" """,
        """ "version":"" """,
        """ "version":"a/b" """,
        """ "category":"Tools" """,
        """ "category":null """,
        """ "category":null,"x":1 """,
        """ "displayName":"Kit","homepage":"https://example.org","author":{"name":"Ann","email":"a@example.org"} """,
        """ "author":"Ann","homepage":5,"displayName":null """,
        """ "author":{"name":5},"displayName":["x"] """,
        """ "displayName":"","homepage":"","author":{"name":""} """,
        """ "interface":{"displayName":"Own","category":"Mine"},"displayName":"Other","category":"Tools" """,
        """ "interface":{"developerName":"D","websiteURL":"https://w.example.org"},"homepage":"https://example.org","author":{"name":"Ann"} """,
        """ "interface":5 """,
        """ "interface":null,"category":"Tools" """,
        """ "interface":[],"displayName":"x" """,
        """ "interface":{} """,
        """ "keywords":["a","b"],"license":"MIT","tags":[] """,
        """ "keywords":"a" """,
        """ "skills":"./skills","strict":false,"commands":["./c.md"] """,
        """ "z":1,"a":{"d":1.50,"c":[1e3,-0.0,12345678901234567890,1E-7]},"m":"é☃ \u0001 / \\ \u007f" """,
        """ "deep":{"deep":{"deep":{"deep":[[[[[]]]]]}}},"empty":{},"none":[] """,
        """ "installPolicy":"NOT_AVAILABLE","owner":{"name":"x"} """,
        """ "hooks":{"hooks":{}},"mcpServers":{"x":{"command":"y"}} """,
        """ "apps":5 """,
        """ "$schema":"https://example.org/plugin.json" """,
        """ "big":123456789012345678901234567890,"small":1e-400,"float":0.1 """,
    ];

    /// <summary>The same keys beside a folder with a manifest and one without.</summary>
    public static IReadOnlyList<Variant> All { get; } =
    [
        .. Bags.Select(bag =>
            new Variant($"{bag.Trim()}, no manifest", (_, e) => Add(e, bag) with { Write = f => f.Text($"{e.Folder}/content.txt", "x") })),
        .. Bags.Where((_, index) => index % 3 == 0).Select(bag => new Variant($"{bag.Trim()}, with a manifest", (_, e) => Add(e, bag))),
        new("no manifest and nothing to make one of", (_, e) => e with { Write = f => f.Text($"{e.Folder}/content.txt", "x") }),
        new("no manifest, only a policy", (_, e) => e.With("policy", "{}") with { Write = f => f.Text($"{e.Folder}/content.txt", "x") }),
        new("fallback keys and an empty .codex-plugin",
            (_, e) => e.With("version", "\"1.0.0\"") with { Write = f => f.Folder($"{e.Folder}/.codex-plugin") }),
        new("fallback keys and an invalid manifest",
            (_, e) => e.With("version", "\"1.0.0\"") with { Write = f => f.Text($"{e.Folder}/.codex-plugin/plugin.json", "{") }),
        new Variant("an unknown key twice",
            (_, e) => e with { Members = [.. e.Members, new("x", "1"), new("x", "2")] }).Differs(Judgement.SkippedByUs, "duplicate-key"),
        new Variant("an unknown key twice, deep", (_, e) => e.With("author", """{"name":"a","name":"b"}""")).Differs(Judgement.SkippedByUs,
            "duplicate-key"),
    ];

    private static GeneratedEntry Add(GeneratedEntry entry, string bag)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse("{" + bag + "}");
        foreach (var member in parsed.RootElement.EnumerateObject())
        {
            entry = entry.With(member.Name, member.Value.GetRawText());
        }

        return entry;
    }
}
