using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests.Validation;

/// <summary>What Codex shows of a plugin (its interface, its onboarding skill, its skills with their
/// descriptions) is what our manifest says.</summary>
public sealed class ShownPluginTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [CodexFact]
    public void The_interface_of_the_Agent_format_is_shown_as_Codex_shows_it() =>
        Compare([.. AgentFormatPlugins.All().Where(plugin => plugin.ManifestPath == "plugin.json")], InterfaceOf, InterfaceOf);

    [CodexFact]
    public void Skills_have_the_names_and_descriptions_that_Codex_reads() => Compare(
        [.. FrontMatterTexts.All.Select(block =>
            new GeneratedPlugin(block) { Files = new(StringComparer.Ordinal) { ["skills/folder/SKILL.md"] = $"---\n{block}\n---\nx\n" } })],
        static plugin => string.Join(" | ", plugin.GetProperty("skills").EnumerateArray()
            .Select(skill => $"{skill.GetProperty("name")} {skill.GetProperty("description")} {skill.GetProperty("shortDescription")}")),
        static manifest => string.Join(" | ", manifest.Skills.Select(skill => $"{skill.Id} {skill.Description} {skill.ShortDescription}")));

    private void Compare(List<GeneratedPlugin> plugins, Func<JsonElement, string> theirs, Func<PluginManifest, string> ours)
    {
        var manifests = new Dictionary<string, PluginManifest>(StringComparer.Ordinal);
        for (var i = 0; i < plugins.Count; i++)
        {
            var folder = $"root/p{i}";
            _scratch.Write($"{folder}/{plugins[i].ManifestPath}", plugins[i].Manifest($"p{i}"));
            foreach (var (path, text) in plugins[i].Files)
            {
                _scratch.Write($"{folder}/{path}", text);
            }

            // What we refuse, the comparison of findings checks; an interface that is an array we do not read.
            var reading = ManifestReader.Read(FolderTree.Read(_scratch[folder], FileOps.Default, Limits.Default),
                _scratch[folder], $"p{i}");
            if (reading.Manifest is { } manifest && !reading.Findings.Any(finding => finding.Kind == "InterfaceArray"))
            {
                manifests[$"p{i}"] = manifest;
            }
        }

        _scratch.Write("root/.agents/plugins/marketplace.json",
            $$"""{"name":"m","plugins":[{{string.Join(",", plugins.Select((_, i) => $$"""{"name":"p{{i}}","source":"./p{{i}}"}"""))}}]}""");
        var side = new CodexSide(Judge.Current, _scratch["codex"]);
        Assert.Equal(0, side.Run("marketplace", "add", _scratch["root"]).ExitCode);

        // Codex tells the onboarding skill of installed plugins only.
        foreach (var name in manifests.Where(pair => pair.Value.OnboardingSkill is not null).Select(pair => pair.Key))
        {
            Assert.Equal(0, side.Run("add", name + "@m").ExitCode);
        }

        var read = Judge.Current.ReadPlugins(side.CodexHome, side.Home, _scratch["root/.agents/plugins/marketplace.json"], manifests.Keys);
        var differences = read.Select(pair => (Plugin: plugins[int.Parse(pair.Key.AsSpan(1),
            System.Globalization.CultureInfo.InvariantCulture)].Subject, Codex: theirs(pair.Value), Ours: ours(manifests[pair.Key])))
            .Where(pair => pair.Codex != pair.Ours).Select(pair => $"{pair.Plugin}\n  Codex: {pair.Codex}\n  ours:  {pair.Ours}").ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(read.Count > plugins.Count / 3, $"{read.Count} of {plugins.Count} plugins were compared");
    }

    private string InterfaceOf(JsonElement plugin)
    {
        var folder = _scratch["root/"] + plugin.GetProperty("summary").GetProperty("name").GetString() + "/";
        var shown = plugin.GetProperty("summary").GetProperty("interface");
        var members = shown.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String)
            .Select(member => $"{member.Name}={member.Value.GetString()!.Replace(folder, "", StringComparison.Ordinal)}")
            .Concat(Texts(shown, "capabilities")).Concat(Texts(shown, "screenshots")
                .Select(path => path.Replace(folder, "", StringComparison.Ordinal))).Concat(Texts(shown, "defaultPrompt"));
        var onboarding = plugin.GetProperty("onboardingSkill");
        return string.Join("; ", members.Order(StringComparer.Ordinal))
            + $" | {(onboarding.ValueKind == JsonValueKind.Object ? onboarding.GetProperty("name").GetString() : "")} | "
            + $"{plugin.GetProperty("hooks").GetArrayLength()} {plugin.GetProperty("apps").GetArrayLength()}";
    }

    private static IEnumerable<string> Texts(JsonElement shown, string name) =>
        shown.GetProperty(name) is { ValueKind: JsonValueKind.Array } items
            ? items.EnumerateArray().Select(item => $"{name}:{item.GetString()}") : [];

    private static string InterfaceOf(PluginManifest manifest)
    {
        var shown = manifest.Interface!;
        var members = new (string Name, string? Text)[]
        {
            ("displayName", shown.DisplayName), ("shortDescription", shown.ShortDescription), ("longDescription", shown.LongDescription),
            ("developerName", shown.DeveloperName), ("category", shown.Category),
            ("websiteUrl", shown.WebsiteUrl), ("privacyPolicyUrl", shown.PrivacyPolicyUrl), ("termsOfServiceUrl", shown.TermsOfServiceUrl),
            ("brandColor", shown.BrandColor), ("composerIcon", shown.ComposerIcon),
            ("logo", shown.Logo), ("logoDark", shown.LogoDark),
        }.Where(member => member.Text is not null).Select(member => $"{member.Name}={member.Text}")
            .Concat(shown.Capabilities.Select(text => "capabilities:" + text)).Concat(shown.Screenshots.Select(
                text => "screenshots:" + text)).Concat(shown.DefaultPrompts.Select(text => "defaultPrompt:" + text));
        return string.Join("; ", members.Order(StringComparer.Ordinal))
            + $" | {manifest.OnboardingSkill} | {manifest.Hooks.Length} {manifest.Apps.Length}";
    }
}
