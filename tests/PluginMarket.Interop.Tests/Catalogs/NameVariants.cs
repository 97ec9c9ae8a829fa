namespace PluginMarket.Interop.Tests.Catalogs;

/// <summary>Names of entries (contract 1.4, 1.7).</summary>
internal static class NameVariants
{
    public static IReadOnlyList<Variant> All { get; } =
    [
        .. new[] { "com.openai.x", "1.0", "-lead", "_under", "UPPER-case_9", "a", "0", "a.b.c.d", "x-", "__", "--" }.Select(Good),
        new("a name of 120 characters", (_, e) => Rename(e, new string('n', 120))),
        .. new[] { "", " ", "a b", "a/b", "../a", "..", ".", ".a", "a.", "a..b", "é", "a\tb", "a\nb", "ａ", "a:b", "a+b", "a~b", "a\\b",
            "trailing " }.Select(Good),
        .. new[] { "con", "NUL", "aux.kit", "COM1",
            "lpt9.x" }.Select(name => Good(name).Differs(Judgement.NotInstalledByUs, "unsafe-name")),
        .. new[] { "null", "5", "true", "[]", "{}",
            "[\"a\"]" }.Select(json => Variant.Member("name", json).BadEntry()).Append(Variant.Member("name", null).BadEntry()),
        .. new[] { "null", "\"x\"", "[]",
            "5" }.Select(json => new Variant("an entry that is " + json, (_, e) => e with { Raw = json, Name = null }).BadEntry()),
        new Variant("name twice", (_, e) => e with { Members = [.. e.Members, new("name", Text.Quote("other"))] }).BadEntry(),
    ];

    private static Variant Good(string name) => new($"name {Text.Quote(name)}", (_, e) => Rename(e, name));

    private static GeneratedEntry Rename(GeneratedEntry entry, string name)
    {
        var folder = entry.Folder;
        return entry.Named(name) with
        {
            Write = files => files.Text($"{folder}/.codex-plugin/plugin.json", $$"""{"name":{{Text.Quote(name)}},"version":"1.0.0"}"""),
        };
    }
}
