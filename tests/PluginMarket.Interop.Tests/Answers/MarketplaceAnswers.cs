using PluginMarket.Manifests;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests.Answers;

/// <summary>What the versions say of marketplaces and plugins, and how.</summary>
internal static class MarketplaceAnswers
{
    private const string Address = "https://git.example.org/";

    public static IReadOnlyList<CodexAnswer> All { get; } =
    [
        new("added-by-root", "adding a root that is configured under another key", scene =>
        {
            scene.Configure($"[marketplaces.other]\nsource_type = \"local\"\nsource = '{scene["corp"]}'\n");
            var run = scene.Run("plugin", "marketplace", "add", "--json", scene["corp"]);
            return $"alreadyAdded {run.Json().GetProperty("alreadyAdded")}; {(File.ReadAllText(Path.Join(scene.Side.CodexHome,
                "config.toml")).Contains("[marketplaces.corp]", StringComparison.Ordinal) ? "a second table" : "nothing is written")}";
        }),
        new("relative-source", "a relative `source` of a local marketplace, run from the folder above it",
            scene => Relative(scene, scene[""])),
        new("relative-source-elsewhere", "the same, run from another folder", scene => Relative(scene, scene.Side.Home)),
        new("broken-configured", "`plugin list` with a configured catalog that is broken", scene => { scene.Install(); scene.Write(
            "corp/.agents/plugins/marketplace.json", "{"); return Head(scene.Say(scene.Run("plugin", "list"))); }),
        new("broken-personal", "`plugin list` with a personal catalog that is broken", scene => { Break(
            scene); return scene.Text(scene.Run("plugin", "list")); }),
        new("broken-personal-marketplaces", "`plugin marketplace list` with it", scene => { Break(scene); return Head(
            scene.Say(scene.Run("plugin", "marketplace", "list"))); }),
        new("list-columns", "the SOURCE column of `plugin list`", scene =>
        {
            scene.Write("corp/.agents/plugins/marketplace.json", """
                {"name":"corp","plugins":[{"name":"sub","source":{"source":"git-subdir","url":"o/r","path":"x","ref":"v1"}},{"name":"git","source":{"source":"url","url":"https://example.org/g.git","ref":"main","sha":"0123456789012345678901234567890123456789"}},
                {"name":"npm","source":{"source":"npm","package":"@s/p","version":"^1","registry":"https://r.example.org"}}]}
                """);
            scene.Install();
            return string.Join(" / ", scene.Run("plugin", "list").Output.Split('\n')
                .Where(line => line.Contains("@corp", StringComparison.Ordinal)).Select(line => line.Split("installed", 2)[1].Trim()));
        }),
        new("add-changed", "`plugin add` of an installed plugin whose source has a new version", scene =>
        {
            scene.Install("alpha");
            scene.Write("corp/alpha/.codex-plugin/plugin.json", """{"name":"alpha","version":"2.0.0"}""");
            return "installs " + scene.Run("plugin", "add", "--json", "alpha@corp").Json().GetProperty("version").GetString();
        }),
        Ref("ref-short", "the first ten digits of a commit"),
        Ref("ref-head", "`HEAD`"),
        Ref("ref-origin", "`origin/main`"),
        Ref("ref-branch", "`main`"),
        new("git-texts", "the texts of adding, upgrading and removing a git marketplace", scene =>
        {
            var repository = Serve(scene);
            var added = scene.Text(scene.Run("plugin", "marketplace", "add", Address + "tools", "--ref", "main"));
            repository.Write("more.txt", "x").Commit();
            var upgraded = scene.Text(scene.Run("plugin", "marketplace", "upgrade", "tools"));
            return $"{added} / {upgraded} / {scene.Text(scene.Run("plugin", "marketplace", "remove", "tools"))}";
        }),
        new("bundled-skills", "the skills of a new home", scene =>
            string.Join(" ", scene.Ask("skills/list").GetProperty("data").EnumerateArray().SelectMany(folder => folder.GetProperty("skills")
                .EnumerateArray()).Select(skill => skill.GetProperty("name").GetString()).Order(StringComparer.Ordinal))),
        new("hook-events", "how many of 14 events of hooks a plugin's file can use", scene =>
        {
            var events = HookEvents.Names.Append("Notification").Select(name => $$"""
                "{{name}}":[{"hooks":[{"type":"command","command":"true"}]}]
                """);
            scene.Write("corp/alpha/hooks/hooks.json", $$"""{"hooks":{ {{string.Join(",", events)}} } }""");
            scene.Install("alpha");
            return scene.Side.Read(scene["corp/.agents/plugins/marketplace.json"], "alpha").GetProperty("hooks").GetArrayLength()
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        }),
    ];

    private static string Relative(AnswerScene scene, string folder)
    {
        scene.Configure("[marketplaces.corp]\nsource_type = \"local\"\nsource = \"corp\"\n");
        return Head(scene.Text(scene.RunIn(folder, "plugin", "marketplace", "list")));
    }

    private static void Break(AnswerScene scene)
    {
        Directory.CreateDirectory(Path.Join(scene.Side.Home, ".agents", "plugins"));
        File.WriteAllText(Path.Join(scene.Side.Home, ".agents", "plugins", "marketplace.json"), "{");
    }

    private static CodexAnswer Ref(string id, string reference) =>
        new(id, $"`marketplace add --ref` with {reference}, then `upgrade`", scene =>
        {
            var repository = Serve(scene);
            var text = id switch { "ref-short" => repository.Head[..10], "ref-head" => "HEAD", "ref-origin" => "origin/main", _ => "main" };
            var added = scene.Say(scene.Run("plugin", "marketplace", "add", Address + "tools", "--ref", text));
            return $"{added}; {(scene.Run("plugin", "marketplace", "upgrade") is { ExitCode: 0 } ? "done" : "fails")}";
        });

    private static GitRepository Serve(AnswerScene scene)
    {
        var repository = GitRepository.Create(scene["served/tools"],
            new Dictionary<string, string> { [".agents/plugins/marketplace.json"] = """{"name":"tools","plugins":[]}""" });
        File.WriteAllText(Path.Join(scene.Side.Home, ".gitconfig"), $"[url \"file://{scene["served"]}/\"]\n\tinsteadOf = {Address}\n");
        return repository;
    }

    // What follows the place of an error changes with the folder's name.
    private static string Head(string text) => text.IndexOf(" at …", StringComparison.Ordinal) is > 0 and var place ? text[..place]
        : text.IndexOf(" at HOME", StringComparison.Ordinal) is > 0 and var home ? text[..home] : text;
}
