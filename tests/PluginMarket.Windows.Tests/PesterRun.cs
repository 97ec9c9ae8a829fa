using PluginMarket.Files;
using PluginMarket.TestKit;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs Pester files in the PowerShell of Windows: those of tests/windows, and those of
/// tests/module that are not left out.</summary>
internal static class PesterRun
{
    private static readonly string Tests = Path.Join(BuiltFile.Tree, "tests");
    private static readonly string Script = Path.Join(Tests, "windows", "Invoke-PesterFiles.ps1");

    // Five times what the slowest file takes on a busy machine: a file writes when it begins and when it ends.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

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
            // As PowerShellProgram sets it.
            ["DOTNET_TC_CallCounting"] = "0",
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
        var runs = files.Index().GroupBy(file => file.Index % 2, file => file.Item).Select(half => RunAsync([.. half],
            (script, arguments) => host.RunScriptAsync(script, [.. arguments.Select(Wine.PathOf)], variables, Silence)));
        return [.. (await Task.WhenAll(runs)).SelectMany(results => results).Where(row => !LeftOut.Has(row))];
    }

    /// <summary>Runs Pester files in processes, again where one ends before its end.</summary>
    /// <param name="files">Their paths.</param>
    /// <param name="start">Runs a script with paths as its arguments in a PowerShell.</param>
    internal static Task<IReadOnlyList<WindowsResult>> RunAsync(IReadOnlyList<string> files,
        Func<string, IReadOnlyList<string>, Task<ProcessRun>> start)
    {
        var paths = files.ToDictionary(file => Path.GetFileName(file), StringComparer.Ordinal);
        return BatchRun.RunAsync<WindowsResult>([.. paths.Keys], async names =>
        {
            var process = await start(Script, [BuiltFile.Pester, .. names.Select(name => paths[name])]);
            var output = PesterOutput.Read(process.Output);
            return new Batch<WindowsResult>(output.Results, output.Finished, output.Current, process.Describe(output.Rest));
        }, (name, ending) => new WindowsResult(name, "(the file as a whole)", "Failed", $"The process of {name} {ending}"));
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
