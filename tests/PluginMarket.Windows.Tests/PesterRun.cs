using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.TestKit;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs Pester files in the PowerShell of Windows: those of tests/windows, and those of
/// tests/module that are not left out.</summary>
internal static class PesterRun
{
    private const string Mark = "row ";
    private static readonly string Tests = Path.Join(RepositoryRoot.Path, "tests");

    public static async Task<IReadOnlyList<WindowsResult>> RunAsync(WindowsHost host)
    {
        using var scratch = new ScratchFolder();
        var tree = MakeTree(scratch);
        var repositories = scratch.MakeFolder("repositories");
        await using var server = new GitHttpServer(repositories);
        GitRepository.Create(Path.Join(repositories, "apart"),
            new Dictionary<string, string> { [".codex-plugin/plugin.json"] = """{ "name": "apart", "version": "1.0.0" }""" });
        var market = GitRepository.Create(Path.Join(repositories, "market"), new Dictionary<string, string>
        {
            [".agents/plugins/marketplace.json"] = $$"""
                { "name": "remote", "plugins": [
                  { "name": "tool", "source": "./plugins/tool" },
                  { "name": "apart", "source": { "source": "url", "url": "{{server.Url}}/apart" } }
                ] }
                """,
            ["plugins/tool/.codex-plugin/plugin.json"] = """{ "name": "tool", "version": "1.0.0" }""",
        });
        var variables = new Dictionary<string, string>
        {
            ["PLUGINMARKET_PWSH"] = host.Path,
            ["PLUGINMARKET_TEST_HOST"] = host.Path,
            ["PLUGINMARKET_TEST_PROGRAM"] = Wine.PathOf(BuiltFile.CommandLine),
            ["PLUGINMARKET_TEST_SHARE"] = Wine.NewShare(),
            ["PLUGINMARKET_TEST_TREE"] = Wine.PathOf(tree),
            ["PLUGINMARKET_TEST_DIGEST"] = TreeDigest.Compute(FolderTree.Read(Path.Join(tree, "same"), FileOps.Default, Limits.Default)),
            ["PLUGINMARKET_TEST_URL"] = $"{server.Url}/market",
            ["PLUGINMARKET_TEST_COMMIT"] = market.Head,
        };
        var files = Directory.GetFiles(Path.Join(Tests, "windows"), "*.Tests.ps1")
            .Concat(Directory.GetFiles(Path.Join(Tests, "module"), "*.Tests.ps1").Where(file => !LeftOut.Has(Path.GetFileName(file))))
            .Order(StringComparer.Ordinal)
            .ToList();
        var runs = files.Index().GroupBy(file => file.Index % 2, file => file.Item).Select(half => RunAsync(host, [.. half], variables));
        return [.. (await Task.WhenAll(runs)).SelectMany(results => results)];
    }

    private static async Task<IReadOnlyList<WindowsResult>> RunAsync(WindowsHost host, IReadOnlyList<string> files,
        IReadOnlyDictionary<string, string> variables)
    {
        var script = Path.Join(Tests, "windows", "Invoke-PesterFiles.ps1");
        var (exitCode, output) = await host.RunScriptAsync(script,
            [Wine.PathOf(BuiltFile.Pester), string.Join('|', files.Select(Wine.PathOf))], variables);
        var lines = output.Split('\n');
        var results = lines.Where(line => line.StartsWith(Mark, StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<WindowsResult>(line[Mark.Length..])!).Where(row => !LeftOut.Has(row)).ToList();
        var missing = files.Select(Path.GetFileName).Where(file => !results.Exists(result => result.File == file)).ToList();
        return exitCode == 0 && lines.Contains("done") && missing.Count == 0
            ? results
            : [.. results, new WindowsResult("Pester", "(the run as a whole)", "Failed",
                $"exit code {exitCode}, no result of {string.Join(", ", missing)}\n{output}")];
    }

    private static string MakeTree(ScratchFolder scratch)
    {
        scratch.Write("tree/.agents/plugins/marketplace.json",
            """{ "name": "tree", "plugins": [{ "name": "same", "source": "./same" }] }""");
        scratch.Write("tree/same/.codex-plugin/plugin.json", """{ "name": "same", "version": "1.0.0" }""");
        scratch.Write("tree/same/skills/a/SKILL.md", "---\nname: a\ndescription: A\n---\r\nBoth line ends.\n");
        scratch.Write("tree/same/skills/a/empty", "");
        scratch.Write("tree/same/skills/a/Größe.txt", "names beyond ASCII");
        scratch.Write("tree/same/a/b", "sorted by path");
        scratch.Write("tree/same/a.b", "and not by folder");
        scratch.Write("tree/same/A-upper", "upper case first");
        return scratch["tree"];
    }
}
