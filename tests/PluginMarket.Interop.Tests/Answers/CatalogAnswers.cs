using System.Text.Json;

namespace PluginMarket.Interop.Tests.Answers;

/// <summary>What the versions make of catalogs.</summary>
internal static class CatalogAnswers
{
    public static IReadOnlyList<CodexAnswer> All { get; } =
    [
        Policy("policy-3", "[\"NOT_AVAILABLE\",\"ON_USE\",null]"),
        Policy("policy-2", "[\"NOT_AVAILABLE\",\"ON_USE\"]"),
        Policy("policy-1", "[\"NOT_AVAILABLE\"]"),
        Policy("policy-0", "[]"),
        Policy("policy-4", "[\"AVAILABLE\",\"ON_USE\",null,null]"),
        Policy("policy-null", "[null]"),
        Policy("policy-wrong", "[\"available\"]"),
        Policy("policy-text", "5"),
        Local("bare-cursor", ".cursor-plugin/marketplace.json", "\"alpha\""),
        Local("bare-cursor-object", ".cursor-plugin/marketplace.json", """{"source":"local","path":"alpha"}"""),
        Local("home-cursor", ".cursor-plugin/marketplace.json", "\"~/alpha\""),
        Local("up-cursor", ".cursor-plugin/marketplace.json", "\"../alpha\""),
        Local("absolute-cursor", ".cursor-plugin/marketplace.json", "\"/alpha\""),
        Local("empty-cursor", ".cursor-plugin/marketplace.json", "\"\""),
        Local("bare-claude", ".claude-plugin/marketplace.json", "\"alpha\""),
        Local("bare-agents", ".agents/plugins/marketplace.json", "\"alpha\""),
    ];

    private static CodexAnswer Policy(string id, string json) => new(id, $"an entry with `\"policy\": {json}`", scene =>
    {
        scene.Write("corp/.agents/plugins/marketplace.json",
            $$"""{"name":"corp","plugins":[{"name":"alpha","source":"./alpha","policy":{{json}}}]}""");
        return Listed(scene, "corp");
    });

    private static CodexAnswer Local(string id, string place, string source) =>
        new(id, $"`\"source\": {source}` in `{place}`, with a `pluginRoot`", scene =>
        {
            scene.Write("market/" + place,
                $$"""{"name":"corp","metadata":{"pluginRoot":"./elsewhere"},"plugins":[{"name":"alpha","source":{{source}}}]}""");
            return Listed(scene, "market");
        });

    private static string Listed(AnswerScene scene, string folder)
    {
        var added = scene.Run("plugin", "marketplace", "add", scene[folder]);
        if (added.ExitCode != 0)
        {
            var said = scene.Say(added).Split("`: ", 2)[^1];
            return "refuses the file: " + (said.IndexOf(" at line", StringComparison.Ordinal) is > 0 and var place ? said[..place] : said);
        }

        var listed = CodexSide.Listing(scene.Run("plugin", "list", "--available", "--json").Json().GetProperty("available"));
        return listed.Count == 0 ? "skips the entry" : scene.Plain($"lists {listed[0].Installation} {listed[0].Authentication}, "
            + $"{JsonDocument.Parse(listed[0].Source).RootElement.GetProperty("path").GetString()}");
    }
}
