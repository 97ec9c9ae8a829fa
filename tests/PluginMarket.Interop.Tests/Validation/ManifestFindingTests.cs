using System.Text.Json;
using PluginMarket.TestKit;
using PluginMarket.Validation;

namespace PluginMarket.Interop.Tests.Validation;

/// <summary>A plugin has an Error exactly when Codex refuses to install it or drops a component of it. What differs is in
/// docs/validation.md, and nothing else may.</summary>
public sealed class ManifestFindingTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>The plugins are spread over some catalogs, each with its own home: Codex reads the whole catalog for each plugin.</summary>
    private const int Marketplaces = 8;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Errors_are_what_Codex_refuses_or_drops()
    {
        var judges = CodexCli.FindAll(out var missing);
        Assert.SkipWhen(judges.Count == 0, missing ?? "");
        var plugins = GeneratedPlugins.All(20261).ToList();
        Assert.True(plugins.Count >= 500, $"{plugins.Count} plugins");
        WriteMarketplaces(plugins);

        var observed = await Task.WhenAll(judges.Select(codex => Task.Run(() => Observe(codex, plugins.Count))));
        var validator = new Validator(_scratch.Environment());
        var differences = new List<string>();
        var agreed = (Refused: 0, Dropped: 0, Fine: 0);
        for (var i = 0; i < plugins.Count; i++)
        {
            var result = Assert.Single(validator.CheckPlugins(new ValidationRequest { Paths = [FolderOf(i)], Name = Name(i) }).Results);
            var errors = result.Diagnostics.Where(finding => finding.Severity == "Error").Select(finding => finding.RuleId)
                .Distinct().ToList();
            foreach (var (codex, (refused, seen)) in judges.Zip(observed))
            {
                var dropped = refused[i] is null && Drops(plugins[i], seen[Name(i)]);
                if ((refused[i] is not null || dropped) == errors.Count > 0)
                {
                    agreed = refused[i] is not null ? agreed with { Refused = agreed.Refused + 1 }
                        : dropped ? agreed with { Dropped = agreed.Dropped + 1 } : agreed with { Fine = agreed.Fine + 1 };
                }
                else if (!CheckDifferences.Explains(result, codex.Version))
                {
                    var theirs = refused[i] ?? (dropped ? $"drops of {plugins[i].Meant} all but {seen[Name(i)]}" : "takes it");
                    differences.Add($"{plugins[i].Subject}: Codex {codex.Version} {theirs}; "
                        + $"ours [{string.Join(", ", result.Diagnostics.Select(finding => finding.RuleId + finding.Severity[0]))}]");
                }
            }
        }

        output.WriteLine($"{plugins.Count} plugins, {judges.Count} versions: {agreed.Refused} refused, "
            + $"{agreed.Dropped} with something dropped, {agreed.Fine} taken, by both.");
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
        (plugin.GetProperty("skills").GetArrayLength(), plugin.GetProperty("mcpServers").GetArrayLength(),
            plugin.GetProperty("hooks").GetArrayLength(), plugin.GetProperty("apps").GetArrayLength());

    private string FolderOf(int i) => _scratch[$"root{i % Marketplaces}/{Name(i)}"];

    private void WriteMarketplaces(List<GeneratedPlugin> plugins)
    {
        for (var i = 0; i < plugins.Count; i++)
        {
            var folder = $"root{i % Marketplaces}/{Name(i)}";
            _scratch.Write($"{folder}/{plugins[i].ManifestPath}", plugins[i].Manifest(Name(i)));
            foreach (var (path, text) in plugins[i].Files)
            {
                _scratch.Write($"{folder}/{path}", text);
            }
        }

        foreach (var some in Enumerable.Range(0, plugins.Count).GroupBy(i => i % Marketplaces))
        {
            _scratch.Write($"root{some.Key}/.agents/plugins/marketplace.json", $$"""{"name":"m","plugins":[{{string.Join(",",
                some.Select(i => $$"""{"name":"{{Name(i)}}","source":"./{{Name(i)}}"}"""))}}]}""");
        }
    }

    // Why Codex refuses to install each, or null, and the components it sees of the others; a few homes side by side,
    // since one run waits for nobody.
    private (string?[] Refused, Dictionary<string, (int Skills, int Servers, int Hooks, int Apps)> Seen) Observe(CodexCli codex, int count)
    {
        var refused = new string?[count];
        var seen = new Dictionary<string, (int, int, int, int)>(StringComparer.Ordinal);
        Parallel.For(0, Marketplaces, new ParallelOptions { MaxDegreeOfParallelism = 4 }, home =>
        {
            var side = new CodexSide(codex, _scratch[$"codex{home}-{codex.Version}"]);
            Assert.Equal(0, side.Run("marketplace", "add", _scratch[$"root{home}"]).ExitCode);
            var mine = Enumerable.Range(0, count).Where(i => i % Marketplaces == home).ToList();
            var catalog = _scratch[$"root{home}/.agents/plugins/marketplace.json"];
            using var server = codex.StartServer(side.CodexHome, side.Home);
            foreach (var i in mine)
            {
                refused[i] = server.InstallPlugin(catalog, Name(i));
            }

            // The command line answers as the server does, and finds the same ones installed.
            Assert.All(mine.Where((_, place) => place % 12 == 0),
                i => Assert.Equal(refused[i] is null, side.Run("add", "--json", $"{Name(i)}@m").ExitCode == 0));
            var taken = mine.Where(i => refused[i] is null).Select(Name).ToList();
            var installed = side.Run("list", "--json").Json().GetProperty("installed").EnumerateArray()
                .Select(item => item.GetProperty("name").GetString()!);
            Assert.Equal(taken.Order(StringComparer.Ordinal), installed.Order(StringComparer.Ordinal));
            var read = taken.ToDictionary(name => name, name => Components(server.ReadPlugin(catalog, name)), StringComparer.Ordinal);
            lock (seen)
            {
                foreach (var (name, components) in read)
                {
                    seen[name] = components;
                }
            }
        });
        return (refused, seen);
    }

    private static bool Drops(GeneratedPlugin plugin, (int Skills, int Servers, int Hooks, int Apps) seen) =>
        seen.Skills < plugin.Meant.Skills || seen.Servers < plugin.Meant.Servers || seen.Hooks < plugin.Meant.Hooks
        || seen.Apps < plugin.Meant.Apps;
}
