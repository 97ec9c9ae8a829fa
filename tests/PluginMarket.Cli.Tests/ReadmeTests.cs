using System.Diagnostics;
using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>The README followed literally: every block is run, here or in <c>tests/module/Readme.Tests.ps1</c>, and
/// prints what is shown below it.</summary>
[Trait("Category", "Slow")]
public sealed partial class ReadmeTests : IDisposable
{
    private const string LeftOut = "…";
    private const string Tour = "dotnet run --project docs/tour\n";
    private const string Try = "dotnet run --project src/PluginMarket.Cli -- try\n";

    // What makes the programs that are tested here, what runs this test, and what TourTests run.
    private static readonly string[] Surroundings = ["dotnet build\n", "dotnet test\n", Tour];
    private static readonly string[] Kinds = ["sh", "powershell", "output"];
    private static readonly string Readme = File.ReadAllText(Path.Join(RepositoryRoot.Path, "README.md"));
    private static readonly IReadOnlyList<Block> Blocks =
        [.. Fence().Matches(Readme).Select(match => new Block(match.Groups["kind"].Value, match.Groups["text"].Value))];

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Every_block_is_run_by_a_test()
    {
        // The file of Pester runs all that are powershell, and fails where it finds another number of them.
        Assert.All(Blocks, block => Assert.Contains(block.Kind, Kinds));
        Assert.Equal(Surroundings.Append(Try).Order(StringComparer.Ordinal), Blocks.Where(block => block.Kind == "sh"
            && !block.Text.Contains("pluginmarket ", StringComparison.Ordinal)).Select(block => block.Text).Order(StringComparer.Ordinal));
        Assert.Contains("dotnet test", File.ReadAllText(Path.Join(RepositoryRoot.Path, ".ci", "run")), StringComparison.Ordinal);
        Assert.NotEmpty(ShellBlocks());

        // An output is below the block that prints it.
        Assert.All(Blocks.Index().Where(one => one.Item.Kind == "output"), one => Assert.NotEqual("output", Blocks[one.Index - 1].Kind));
    }

    [Fact]
    public void The_output_of_try_begins_as_it_is_shown()
    {
        var shown = ShownBelow(Blocks.Single(block => block.Text == Try)).TrimEnd('\n').Split('\n');
        Assert.Equal(LeftOut, shown[^1]);

        using var cli = new CliRun();
        var printed = cli.Run("try").Output.TrimStart('\n').Split('\n');

        Assert.Equal(shown[..^1], printed[..(shown.Length - 1)].Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task The_shell_blocks_print_what_is_shown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/bin/bash"),
            "THE SHELL BLOCKS OF THE README WERE NOT RUN: there is no bash.");
        MakeClone();
        var blocks = ShellBlocks();
        const string End = "== the next block ==";
        var script = _scratch.Write("readme.sh",
            $"exec 2>&1\nset -e\n{string.Join($"echo '{End}'\n", blocks.Select(block => block.Text))}");

        var (exitCode, output) = await BashAsync(script);

        Assert.True(exitCode == 0, output);
        var printed = output.Replace(_scratch["clone"], "~/PluginMarket", StringComparison.Ordinal).Split(End + "\n");
        Assert.Equal(blocks.Count, printed.Length);
        Assert.All(blocks.Zip(printed), pair => Assert.Equal(ShownBelow(pair.First), pair.Second));
    }

    [Fact]
    public void Each_mark_of_PluginMarket_names_tests_that_exist()
    {
        var rows = Readme[Readme.IndexOf("| Shown by |", StringComparison.Ordinal)..].Split("\n\n")[0].Split('\n')[2..]
            .Select(row => row.Trim('|', ' ').Split(" | ")).ToList();
        Assert.True(rows.Count > 15);
        foreach (var row in rows)
        {
            var tests = Link().Matches(row.Length > 5 ? row[5] : "").Select(match => match.Groups["path"].Value).ToList();
            Assert.True(tests.Count > 0 == !row[1].StartsWith("no", StringComparison.Ordinal), row[0]);
            Assert.All(tests,
                test => Assert.Matches(@"\[(Codex)?(Fact|Theory)|\bIt '", File.ReadAllText(Path.Join(RepositoryRoot.Path, test))));
        }
    }

    private static List<Block> ShellBlocks() =>
        [.. Blocks.Where(block => block.Kind == "sh" && block.Text.Contains("pluginmarket ", StringComparison.Ordinal))];

    private static string ShownBelow(Block block)
    {
        var next = Blocks.SkipWhile(other => other != block).ElementAtOrDefault(1);
        return next is { Kind: "output" } ? next.Text : "";
    }

    // What a clone has after it was built, as far as the blocks need it.
    private void MakeClone()
    {
        var samples = Path.Join(RepositoryRoot.Path, "docs", "samples");
        foreach (var file in Directory.EnumerateFiles(samples, "*", SearchOption.AllDirectories))
        {
            var copy = _scratch[$"clone/docs/samples/{Path.GetRelativePath(samples, file)}"];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var built = Path.Join(RepositoryRoot.Path, "src", "PluginMarket.Cli", "bin",
            new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");
        Directory.CreateDirectory(_scratch["clone/src/PluginMarket.Cli/bin/Debug"]);
        Directory.CreateSymbolicLink(_scratch["clone/src/PluginMarket.Cli/bin/Debug/net10.0"], built);
    }

    private async Task<(int ExitCode, string Output)> BashAsync(string script)
    {
        var start = new ProcessStartInfo("/bin/bash", [script])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            WorkingDirectory = _scratch["clone"],
        };
        start.Environment["HOME"] = _scratch.MakeFolder("home");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    [GeneratedRegex("^```(?<kind>[a-z]*)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<path>tests/[^)]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    private sealed record Block(string Kind, string Text);
}
