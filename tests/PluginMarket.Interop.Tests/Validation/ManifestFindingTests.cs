using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests.Validation;

/// <summary>A plugin has an Error exactly when Codex refuses to install it or drops a component of it. What differs stands in docs/validation.md, and nothing else may.</summary>
public sealed class ManifestFindingTests(ITestOutputHelper output) : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Errors_are_what_Codex_refuses_or_drops()
    {
        var codex = CodexCli.Find(out var missing);
        Assert.SkipWhen(codex is null, missing ?? "");
        var plugins = GeneratedPlugins.All(20261).ToList();
        Assert.True(plugins.Count >= 500, $"{plugins.Count} plugins");
        var root = WriteMarketplace(plugins);

        var refused = Refusals(codex!, root, plugins.Count);
        var reader = new CodexSide(codex!, _scratch["reader"]);
        var seen = codex!.ReadPlugins(reader.CodexHome, reader.Home, Path.Join(root, ".agents/plugins/marketplace.json"), Enumerable.Range(0, plugins.Count).Where(i => refused[i] is null).Select(Name))
            .ToDictionary(read => read.Key, read => Components(read.Value), StringComparer.Ordinal);
        var validator = new Validator(_scratch.Environment());
        var differences = new List<string>();
        var agreed = (Refused: 0, Dropped: 0, Fine: 0);
        for (var i = 0; i < plugins.Count; i++)
        {
            var result = Assert.Single(validator.CheckPlugins(new ValidationRequest { Paths = [Path.Join(root, Name(i))], Name = Name(i) }).Results);
            var errors = result.Diagnostics.Where(finding => finding.Severity == "Error").Select(finding => finding.RuleId).Distinct().ToList();
            var dropped = refused[i] is null && Drops(plugins[i], seen[Name(i)]);
            if ((refused[i] is not null || dropped) == errors.Count > 0)
            {
                agreed = refused[i] is not null ? agreed with { Refused = agreed.Refused + 1 } : dropped ? agreed with { Dropped = agreed.Dropped + 1 } : agreed with { Fine = agreed.Fine + 1 };
            }
            else if (!CheckDifferences.Explains(result))
            {
                differences.Add($"{plugins[i].Subject}: Codex {refused[i] ?? (dropped ? $"drops of {plugins[i].Meant} all but {seen[Name(i)]}" : "takes it")}; ours [{string.Join(", ", result.Diagnostics.Select(finding => finding.RuleId + finding.Severity[0]))}]");
            }
        }

        output.WriteLine($"{plugins.Count} plugins: {agreed.Refused} refused, {agreed.Dropped} with something dropped, {agreed.Fine} taken, by both.");
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences));
    }

    [Fact]
    public void Every_difference_stands_on_the_page()
    {
        var page = File.ReadAllText(Path.Join(RepositoryRoot.Path, "docs", "validation.md"));
        Assert.All(CheckDifferences.Ids, id => Assert.Contains($"| {id} |", page, StringComparison.Ordinal));
    }

    private static string Name(int i) => $"p{i}";

    private static (int Skills, int Servers, int Hooks, int Apps) Components(JsonElement plugin) =>
        (plugin.GetProperty("skills").GetArrayLength(), plugin.GetProperty("mcpServers").GetArrayLength(), plugin.GetProperty("hooks").GetArrayLength(), plugin.GetProperty("apps").GetArrayLength());

    private string WriteMarketplace(List<GeneratedPlugin> plugins)
    {
        var root = _scratch.MakeFolder("root");
        for (var i = 0; i < plugins.Count; i++)
        {
            _scratch.Write($"root/{Name(i)}/{plugins[i].ManifestPath}", plugins[i].Manifest(Name(i)));
            foreach (var (path, text) in plugins[i].Files)
            {
                _scratch.Write($"root/{Name(i)}/{path}", text);
            }
        }

        _scratch.Write("root/.agents/plugins/marketplace.json", $$"""{"name":"m","plugins":[{{string.Join(",", plugins.Select((_, i) => $$"""{"name":"{{Name(i)}}","source":"./{{Name(i)}}"}"""))}}]}""");
        return root;
    }

    // Why codex plugin add refuses each, or null; some homes side by side, since one run waits for nobody.
    private string?[] Refusals(CodexCli codex, string root, int count)
    {
        const int Homes = 4;
        var refused = new string?[count];
        Parallel.For(0, Homes, new ParallelOptions { MaxDegreeOfParallelism = Homes }, home =>
        {
            var side = new CodexSide(codex, _scratch[$"codex{home}"]);
            Assert.Equal(0, side.Run("marketplace", "add", root).ExitCode);
            for (var i = home; i < count; i += Homes)
            {
                var run = side.Run("add", "--json", $"{Name(i)}@m");
                refused[i] = run.ExitCode == 0 ? null : run.Error.Trim();
            }
        });
        return refused;
    }

    private static bool Drops(GeneratedPlugin plugin, (int Skills, int Servers, int Hooks, int Apps) seen) =>
        seen.Skills < plugin.Meant.Skills || seen.Servers < plugin.Meant.Servers || seen.Hooks < plugin.Meant.Hooks || seen.Apps < plugin.Meant.Apps;
}
