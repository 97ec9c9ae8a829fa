using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using PluginMarket.Validation;

namespace PluginMarket.Interop.Tests.Hooks;

/// <summary>What the rules and the contract say of hooks is what Codex does: all plugins are installed into one home, their hooks
/// trusted, and one session with a model on loopback starts, uses a tool, stops and ends.</summary>
public sealed class HookRunTests(ITestOutputHelper output) : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [CodexFact]
    public async Task Hooks_do_what_the_rules_claim()
    {
        // A path with a space, as users have it.
        var ours = new OurSide(_scratch, "a home");
        var (home, codexHome) = (ours.Environment.HomePath, ours.Environment.CodexHome);
        var (evidence, project) = (_scratch.MakeFolder("evidence"), _scratch.MakeFolder("a project"));
        await using var model = new PlayedModel();
        var configuration = Path.Join(codexHome, "config.toml");
        File.WriteAllText(configuration, model.Configuration);
        await InstallAsync(ours);

        var listed = List(home, codexHome, project);
        File.AppendAllText(configuration, string.Concat(listed.Select(Trust)));
        var run = Run(home, codexHome, project, evidence);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(2, model.Turns);
        var left = Directory.GetFiles(evidence).ToDictionary(file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal);
        var wrong = HookCases.All.SelectMany(one => Compare(one, ours, left, project)).ToList();
        var unexpected = left.Keys.Except(HookCases.All.SelectMany(one => one.Left.Keys));
        wrong.AddRange(unexpected.Select(name => $"'{name}' ran"));
        wrong.AddRange(CompareListed(ours, listed));
        foreach (var one in HookCases.All)
        {
            output.WriteLine($"{one.Claim}: {(one.Left.Count == 0 ? "left nothing" : string.Join(", ", one.Left.Select(pair => $"{pair.Key} = {pair.Value}")))}"
                + $"{(one.Rules.Length == 0 ? "" : " (" + string.Join(", ", one.Rules) + ")")}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(HookCases.All.Count >= 20);
    }

    private async Task InstallAsync(OurSide ours)
    {
        foreach (var one in HookCases.All)
        {
            var folder = $"m/{one.Name}";
            _scratch.Write($"{folder}/{one.ManifestPath}", $$"""{"name":"{{one.Name}}","version":"1.0.0"{{one.Members}}}""");
            if (one.Hooks is { } hooks)
            {
                _scratch.Write($"{folder}/hooks/hooks.json", hooks);
            }

            foreach (var (path, text) in one.Files)
            {
                var file = _scratch.Write($"{folder}/{path}", text.Replace("NAME", one.Name, StringComparison.Ordinal));
                if (path == "run.sh" && one.IsExecutable && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
                }
            }
        }

        _scratch.Write("m/.agents/plugins/marketplace.json", JsonSerializer.Serialize(new
        {
            name = "m",
            plugins = HookCases.All.Select(one => new { name = one.Name, source = "./" + one.Name }),
        }));
        var installed = await ours.ObserveAsync(_scratch["m"], [.. HookCases.All.Select(one => one.Name)], CacheVersionRule.Manifest);
        Assert.All(installed.Installs, install => Assert.True(install.Value.Accepted, $"{install.Key}: {install.Value.Message}"));
    }

    private static List<JsonElement> List(string home, string codexHome, string project)
    {
        var answer = CodexCli.Ask(Judge.Current.StartInfo(codexHome, home, project, ["app-server"]), "hooks/list", new { cwds = new[] { project } });
        return [.. answer.GetProperty("data")[0].GetProperty("hooks").EnumerateArray()];
    }

    private static string Trust(JsonElement hook)
    {
        var hashes = hook.GetProperty("currentHash").GetString()!.Split('/');
        return $"[hooks.state.{JsonSerializer.Serialize(hook.GetProperty("key").GetString())}]\n"
            + $"trusted_hash = \"{hashes[0]}\"\ntrusted_content_hash = \"{hashes[1]}\"\n";
    }

    private static CodexRun Run(string home, string codexHome, string project, string evidence)
    {
        var start = Judge.Current.StartInfo(codexHome, home, project,
            ["exec", "--skip-git-repo-check", "--sandbox", "danger-full-access", "Use a tool."]);
        start.Environment["EVIDENCE"] = evidence;
        start.Environment["SHELL"] = "/bin/sh";
        return CodexCli.Run(CodexServer.OnThisMachineOnly(start));
    }

    private static IEnumerable<string> Compare(HookCase one, OurSide ours, Dictionary<string, string> left, string project)
    {
        var root = Path.Join(ours.Environment.CodexHome, "plugins", "cache", "m", one.Name, "1.0.0");
        foreach (var (name, text) in one.Left)
        {
            var expected = text switch
            {
                "ROOT" => root,
                "DATA" => Path.Join(ours.Environment.CodexHome, "plugins", "data", one.Name + "-m"),
                "PROJECT" => project,
                _ => text,
            };
            if (left.GetValueOrDefault(name) is var actual && actual != expected)
            {
                yield return $"{one.Claim}: '{name}' is {actual ?? "missing"}, expected {expected}";
            }
        }

        var result = new Validator(ours.Environment).CheckTree(FolderTree.Read(root, FileOps.Default, Limits.Default), root, one.Name, null,
            new ValidationRequest());
        var found = result.Diagnostics.Select(finding => finding.RuleId).Where(id => id.StartsWith("PM08", StringComparison.Ordinal))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        if (!found.SequenceEqual(one.Rules, StringComparer.Ordinal))
        {
            yield return $"{one.Claim}: the rules say [{string.Join(", ", found)}], expected [{string.Join(", ", one.Rules)}]";
        }
    }

    // The hooks of our manifests are those of Codex's list, field by field.
    private static IEnumerable<string> CompareListed(OurSide ours, List<JsonElement> listed)
    {
        var theirs = listed.Select(hook => $"{hook.GetProperty("key").GetString()} {hook.GetProperty("matcher").GetString()} "
            + $"{hook.GetProperty("timeoutSec").GetInt64()} {hook.GetProperty("async").GetBoolean()}").ToHashSet(StringComparer.Ordinal);
        var mine = new InstalledPluginQuery(ours.Environment).List(new InstalledPluginRequest()).Plugins
            .SelectMany(plugin => (ReadManifest(plugin)?.Hooks ?? []).Select(hook => $"{plugin.Id}:{hook.Key} {hook.Matcher} {hook.Timeout} {hook.Async}"))
            .ToHashSet(StringComparer.Ordinal);
        return theirs.Except(mine).Select(hook => $"Codex alone lists {hook}").Concat(mine.Except(theirs).Select(hook => $"We alone list {hook}"));
    }

    private static PluginManifest? ReadManifest(InstalledPlugin plugin) => Manifests.ManifestReader.Read(
        FolderTree.Read(plugin.Path!, FileOps.Default, Limits.Default), plugin.Path!, plugin.Name).Manifest;
}
