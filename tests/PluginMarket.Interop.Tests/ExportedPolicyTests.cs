using PluginMarket.Installation;
using PluginMarket.Interop.Tests.Answers;
using PluginMarket.Policies;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Policies in the words of Codex, loaded by Codex: what it then loads beside what the policy itself
/// refuses.</summary>
public sealed class ExportedPolicyTests : IDisposable
{
    // To git this configured text is a folder, so that the policy refuses it; Codex compares it as a repository of GitHub.
    private const string Folder = "g-short";

    // Codex compares texts, so that an address that is written in another way is another one to it. The export says so.
    private static readonly string[] OtherSpellings = ["g-capital", "g-path", "g-port"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string> Policies()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, rules) in Marketplaces().Concat(Plugins()).Concat(Together()))
        {
            data.Add(name, rules);
        }

        return data;
    }

    [Fact]
    public void There_are_forty() => Assert.InRange(Policies().Count, 40, int.MaxValue);

    [CodexTheory]
    [MemberData(nameof(Policies))]
    public void Codex_refuses_what_the_policy_refuses_as_far_as_the_export_says(string name, string rules)
    {
        Assert.SkipWhen(AnswerScene.NoSystemFolder is not null, AnswerScene.NoSystemFolder ?? "");
        Assert.NotEmpty(name);
        var scene = new AnswerScene(Judge.Current, _scratch, "scene");
        var names = MarketplaceCells.Prepare(scene);
        scene.Write("policy.json", "{\"format\":1,\"id\":\"p\",\"revision\":\"1\",\"mode\":\"enforce\",\"rules\":["
            + rules.Replace("SCENE", scene[""].TrimEnd('/'), StringComparison.Ordinal) + "]}");
        var environment = MarketplaceCells.EnvironmentOf(scene, _scratch) with { PolicyPaths = [scene["policy.json"]] };
        var exports = new PolicyAuthor(environment).Export([PolicyFormat.CodexRequirements, PolicyFormat.CodexManagedConfig], null,
            allowPartial: true);

        // Asked before Codex's own files are there, which count for us, too.
        var tester = new PolicyTester(environment);
        var allowed = names.Where(marketplace => IsAllowed(environment, tester, marketplace)).ToHashSet(StringComparer.Ordinal);
        foreach (var export in exports.Where(export => export.Text.Length > 0))
        {
            scene.Administer(export.Format == nameof(PolicyFormat.CodexRequirements) ? "requirements.toml" : "managed_config.toml",
                export.Text);
        }

        var loaded = MarketplaceCells.Loaded(scene, names);
        var worst = exports.SelectMany(export => export.Coverage).GroupBy(line => line.RuleId)
            .Select(rule => rule.Min(line => Enum.Parse<Fidelity>(line.Fidelity))).Max();
        Assert.Empty(names.Where(marketplace => marketplace != Folder && !Agrees(
                OtherSpellings.Contains(marketplace) && worst == Fidelity.Exact ? Fidelity.Tighter : worst,
                allowed.Contains(marketplace), loaded.Contains(marketplace)))
            .Select(marketplace => $"{marketplace} is {(allowed.Contains(marketplace) ? "allowed" : "refused")}, Codex "
                + $"{(loaded.Contains(marketplace) ? "loads" : "does not load")} its plugin, of an export that is {worst}"));
    }

    private static bool Agrees(Fidelity fidelity, bool isAllowed, bool isLoaded) => fidelity switch
    {
        Fidelity.Exact => isAllowed == isLoaded,
        Fidelity.Tighter => isAllowed || !isLoaded,
        _ => isLoaded || !isAllowed,
    };

    private static bool IsAllowed(MarketEnvironment environment, PolicyTester tester, string marketplace)
    {
        var id = PluginId.Parse($"{MarketplaceCells.Plugin}@{marketplace}");
        var gate = PolicyGate.Open(environment);
        return tester.OfMarketplace(marketplace).Effect == PolicyEffect.Allowed
            && gate.Judge(PolicyStage.Publish, InstallPolicy.OfInstalled(environment, gate, id, environment.Home.Cache.ActivePath(id)!))
                .Effect == PolicyEffect.Allowed;
    }

    private static IEnumerable<(string Name, string Rules)> Marketplaces()
    {
        foreach (var url in (string[])["https://github.com/acme/m", "https://github.com/acme/m.git", "git@github.com:acme/m.git",
            "ssh://git@github.com/acme/m.git", "acme/m", "https://git.example.com/acme/m.git", "https://evilgithub.com/acme/m",
            "https://github.com/other/m"])
        {
            yield return ($"allow {url}", Allow($"\"url\":\"{url}\""));
            yield return ($"allow {url}, https alone", Allow($"\"url\":\"{url}\",\"transports\":[\"https\"]"));
        }

        yield return ("allow with http", Allow("\"url\":\"acme/m\",\"transports\":[\"https\",\"ssh\",\"http\"]"));
        yield return ("allow over ssh alone", Allow("\"url\":\"acme/m\",\"transports\":[\"ssh\"]"));
        yield return ("allow main", Allow("\"url\":\"acme/m\",\"refs\":[\"main\"]"));
        yield return ("allow main and v1", Allow("\"url\":\"acme/m\",\"refs\":[\"main\",\"v1\"]"));
        yield return ("allow v1 of a host", Allow("\"url\":\"https://git.example.com/acme/m\",\"refs\":[\"v1\"]"));
        yield return ("allow two", Allow("\"url\":\"acme/m\"},{\"url\":\"https://git.example.com/acme/m\""));
        yield return ("allow the host", Allow("\"host\":\"github.com\""));
        yield return ("allow hosts", Allow("\"host\":\"*.example.com\""));
        yield return ("allow a folder", Allow("\"localRoot\":\"SCENE/l-plain\""));
        yield return ("allow two folders", Allow("\"localRoot\":\"SCENE/l-plain\"},{\"localRoot\":\"SCENE/l-slash\""));
        yield return ("allow the folder of a link", Allow("\"localRoot\":\"SCENE/l-real\""));
        yield return ("allow a folder above", Allow("\"localRoot\":\"SCENE\""));
        yield return ("allow a folder and an address", Allow("\"localRoot\":\"SCENE/l-dots\"},{\"url\":\"acme/m\""));
    }

    private static IEnumerable<(string Name, string Rules)> Plugins()
    {
        foreach (var marketplace in (string[])["g-git", "g-ssh", "l-plain", "personal"])
        {
            yield return ($"deny kit of {marketplace}", Deny($"\"plugin\":\"kit@{marketplace}\""));
        }

        yield return ("deny two plugins", Deny("\"plugin\":\"kit@g-main\"},{\"plugin\":\"kit@l-dots\""));
        yield return ("deny what is not there", Deny("\"plugin\":\"other@g-git\""));
        yield return ("deny every kit of repositories", Deny("\"plugin\":\"kit@g-*\""));
    }

    private static IEnumerable<(string Name, string Rules)> Together()
    {
        yield return ("allow a source, deny its plugin", Allow("\"url\":\"acme/m\"") + "," + Deny("\"plugin\":\"kit@g-git\""));
        yield return ("allow a folder, deny its plugin",
            Allow("\"localRoot\":\"SCENE/l-plain\"") + "," + Deny("\"plugin\":\"kit@l-plain\""));
        yield return ("allow one place, and another",
            Allow("\"url\":\"acme/m\"") + "," + Allow("\"url\":\"https://git.example.com/acme/m\"", "B"));
        yield return ("no hooks", "{\"id\":\"H\",\"kind\":\"capability\",\"effect\":\"deny\",\"match\":[{\"component\":[\"Hook\"]}]}");
    }

    private static string Allow(string match, string id = "A") =>
        $"{{\"id\":\"{id}\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{{{match}}}]}}";

    private static string Deny(string match) => $"{{\"id\":\"D\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{{{match}}}]}}";
}
