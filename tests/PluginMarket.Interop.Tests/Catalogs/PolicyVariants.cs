namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Policies, products and categories of entries (contract 1.4, 1.6, 1.8).</summary>
internal static class PolicyVariants
{
    public static IReadOnlyList<Variant> Policies { get; } =
    [
        .. Members("policy", "{}", """{"installation":"AVAILABLE"}""", """{"installation":"NOT_AVAILABLE"}""",
            """{"installation":"INSTALLED_BY_DEFAULT"}""",
            """{"authentication":"ON_INSTALL"}""", """{"authentication":"ON_USE"}""",
            """{"installation":"NOT_AVAILABLE","authentication":"ON_USE"}""",
            """{"installation":"AVAILABLE","unknown":{"deep":[1,2]}}""", """{"Installation":"NOT_AVAILABLE"}""",
            """{"\u0069nstallation":"NOT_AVAILABLE"}""", """{"installation":{"AVAILABLE":null}}""", """["NOT_AVAILABLE","ON_USE",null]""",
            """["AVAILABLE","ON_INSTALL",["CODEX"]]""", """["AVAILABLE","ON_INSTALL",[]]""", """{"products":[{"CODEX":null}]}"""),
        .. Members("policy", "[]", """["NOT_AVAILABLE"]""", """["AVAILABLE","ON_USE"]""", """["INSTALLED_BY_DEFAULT"]""")
            .Select(v => v.Differs(Judgement.FileRefusedByOlderCodex, "policy-array")),
        .. Members("policy", """["AVAILABLE","ON_USE",null,null]""", """[null]""", """["AVAILABLE",null]""", """["available"]""",
            """["AVAILABLE","ON_USE",5]""", """["ON_USE","AVAILABLE"]""").Select(v => v.BadEntry()),
        .. Members("policy", "null", "5", "\"AVAILABLE\"", "true", """{"installation":null}""", """{"installation":"available"}""",
            """{"installation":"Available"}""",
            """{"installation":"NOT-AVAILABLE"}""", """{"installation":" AVAILABLE"}""", """{"installation":""}""",
            """{"installation":1}""", """{"installation":["AVAILABLE"]}""", """{"authentication":"NONE"}""",
            """{"authentication":"ON_FIRST_USE"}""", """{"authentication":null}""",
            """{"authentication":"on_use"}""", """{"authentication":false}""",
            """{"installation":"AVAILABLE","installation":"NOT_AVAILABLE"}""", """{"authentication":"ON_USE","authentication":"ON_USE"}""")
            .Select(v => v.BadEntry()),
        new Variant("policy twice", (_, e) => e with { Members = [.. e.Members, new("policy", "{}"), new("policy", "{}")] }).BadEntry(),
        Variant.Member("policy", """{"x":1,"x":2}""").Differs(Judgement.SkippedByUs, "duplicate-key"),
        .. new[] { "installPolicy", "authPolicy", "installation", "Policy" }.Select(key => Variant.Member(key, "\"NOT_AVAILABLE\"")),
    ];

    public static IReadOnlyList<Variant> Products { get; } =
    [
        .. Members("policy", """{"products":null}""", """{"products":[]}""", """{"products":["CODEX"]}""", """{"products":["codex"]}""",
            """{"products":["CHATGPT"]}""", """{"products":["chatgpt","atlas"]}""",
            """{"products":["ATLAS","CODEX"]}""", """{"products":["codex","codex"]}""",
            """{"products":["CHATGPT"],"installation":"NOT_AVAILABLE"}"""),
        .. Members("policy", """{"products":"CODEX"}""", """{"products":["Codex"]}""", """{"products":["CODEX","OTHER"]}""",
            """{"products":[5]}""", """{"products":[null]}""", """{"products":{}}""",
            """{"products":["CODEX"],"products":["CODEX"]}""").Select(v => v.BadEntry()),
    ];

    public static IReadOnlyList<Variant> Categories { get; } =
    [
        .. Members("category", "null", "\"\"", "\"Productivity\"", "\"é ☃\"", "\" spaced \""),
        .. Members("category", "5", "[]", "{}", "false").Select(v => v.BadEntry()),
        new Variant("category twice",
            (_, e) => e with { Members = [.. e.Members, new("category", "null"), new("category", "\"b\"")] }).BadEntry(),
    ];

    private static IEnumerable<Variant> Members(string key, params string[] texts) => texts.Select(text => Variant.Member(key, text));
}
