using System.Diagnostics;
using System.Xml.Linq;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests;

/// <summary><c>.ci/run</c> judges the result files of a run: a skipped test that is not allowed, a Pester test too, fails it.</summary>
[Trait("Category", "Slow")]
public sealed class ContinuousIntegrationTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly string Script = Path.Join(RepositoryRoot.Path, ".ci", "Measure-TestResult.ps1");

    private const string Allowed = "Made.Tests.ps1: Skipped.* # It is a test of this list.";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_skipped_or_failed_Pester_test_no_passed_one_or_a_list_that_is_out_of_date_fails_the_run()
    {
        await RunPesterAsync("""
            Describe 'Skipped' -Skip { It 'would run' { 1 | Should -Be 1 } }
            Describe 'Two' { It 'passes' { 1 | Should -Be 1 }; It 'fails' { 1 | Should -Be 2 } }
            """);
        var failed = await JudgeAsync(Allowed);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("Failed: Made.Tests.ps1: Two.fails", failed.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 passed, 1 failed, 1 skipped", failed.Output, StringComparison.Ordinal);

        Edit(result =>
        {
            var outcome = result.Attribute("outcome")!;
            outcome.Value = outcome.Value.Replace("Failed", "Passed", StringComparison.Ordinal);
        });
        var refused = await JudgeAsync("# nothing is allowed");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Skipped without being allowed: Made.Tests.ps1: Skipped.would run", refused.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n2 passed, 0 failed, 1 skipped", refused.Output, StringComparison.Ordinal);

        var allowed = await JudgeAsync(Allowed);
        Assert.True(allowed.ExitCode == 0, allowed.Output);
        Assert.Contains("Allowed skip: Made.Tests.ps1: Skipped.would run: It is a test of this list.",
            allowed.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n2 passed, 0 failed, 1 skipped", allowed.Output, StringComparison.Ordinal);

        Edit(result => result.Attribute("outcome")!.Value = "Passed");
        Assert.Equal((0, "3 passed, 0 failed, 0 skipped"), Of(await JudgeAsync("")));
        Assert.Equal(1, (await JudgeAsync("Gone.Tests.ps1: * # The file is no longer there.")).ExitCode);
        Assert.Equal(1, (await JudgeAsync("Made.Tests.ps1: *")).ExitCode);
        var absent = await JudgeAsync("", "PluginMarket.Absent.Tests");
        Assert.Equal((1, "3 passed, 0 failed, 0 skipped"), Of(absent));
        Assert.Contains("No test of this project ran: PluginMarket.Absent.Tests", absent.Output, StringComparison.Ordinal);

        Edit(result => result.Remove());
        Assert.Equal(1, (await JudgeAsync("")).ExitCode);
    }

    [Fact]
    public void The_list_of_the_repository_is_short_and_has_a_reason_for_each()
    {
        var lines = File.ReadAllLines(Path.Join(RepositoryRoot.Path, "tests", "allowed-skips.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').ToList();
        Assert.InRange(lines.Count, 1, 10);
        Assert.All(lines, line => Assert.Matches(@"^\S.* # \S.*\.$", line));
    }

    // The result files are those that this project itself writes when it is run on one Pester file.
    private async Task RunPesterAsync(string content)
    {
        _scratch.Write("pester/Made.Tests.ps1", content);
        var start = new ProcessStartInfo(
            PowerShellProgram.DotNet,
            ["vstest", Path.Join(AppContext.BaseDirectory, "PluginMarket.Module.Tests.dll"),
                $"--TestCaseFilter:FullyQualifiedName={typeof(PesterTests).FullName}.{nameof(PesterTests.Module)}", "--logger:trx",
                $"--ResultsDirectory:{_scratch["results"]}"]);
        start.Environment.Remove(PesterHost.Selection);
        start.Environment[PesterHost.Folder] = _scratch["pester"];
        start.Environment["DOTNET_NOLOGO"] = "1";
        var run = await PowerShellHost.RunAsync(start, _scratch.MakeFolder("home"), Task.Delay(Limit));
        Assert.True(Directory.Exists(_scratch["results"]), run.Output);
    }

    private void Edit(Action<XElement> change)
    {
        var file = Assert.Single(Directory.GetFiles(_scratch["results"], "*.trx"));
        var document = XDocument.Load(file);
        foreach (var result in document.Descendants().Where(one => one.Name.LocalName == "UnitTestResult").ToList())
        {
            change(result);
        }

        document.Save(file);
    }

    private Task<PowerShellRun> JudgeAsync(string list, string project = "PluginMarket.Module.Tests") =>
        PowerShellHost.RunAsync(PowerShellProgram.Find(), _scratch.MakeFolder("home"), Task.Delay(Limit), "-File", Script,
            _scratch["results"], _scratch.Write("allowed.txt", list), project);

    private static (int? ExitCode, string Last) Of(PowerShellRun run) => (run.ExitCode, run.Output.Split('\n')[^1]);
}
