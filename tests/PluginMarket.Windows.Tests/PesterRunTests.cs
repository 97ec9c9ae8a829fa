using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Windows.Tests;

/// <summary>The script that runs Pester files under Wine, in the PowerShell of this system, with files that end it.</summary>
[Trait("Category", "Slow")]
public sealed class PesterRunTests
{
    [Fact]
    public async Task A_file_that_ends_its_process_does_not_take_the_others_along()
    {
        using var scratch = new ScratchFolder();
        const string passes = "Describe 'Made' { It 'passes' { 1 | Should -Be 1 } }";
        string[] files =
        [
            scratch.Write("A.Tests.ps1", passes),
            scratch.Write("B.Tests.ps1", $$"""
                Describe 'Made' { It 'ends the process once' {
                    if (-not (Test-Path '{{scratch["ended"]}}')) { Set-Content '{{scratch["ended"]}}' 1; [Environment]::Exit(5) }
                } }
                """),
            scratch.Write("C.Tests.ps1",
                "Describe 'Made' { It 'ends every process' { [Console]::Error.WriteLine('a trace'); [Environment]::Exit(7) } }"),
            scratch.Write("D.Tests.ps1", passes),
        ];

        var results = await PesterRun.RunAsync(files, (script, arguments) => WatchedRun.RunAsync(
            PowerShellProgram.Find().Start(["-NoProfile", "-NonInteractive", "-File", script, .. arguments]), TimeSpan.FromMinutes(5)));

        Assert.Equal(
            ["A.Tests.ps1: Made.passes", "B.Tests.ps1: Made.ends the process once", "D.Tests.ps1: Made.passes"],
            results.Where(result => result.Passed && result.Name.StartsWith("Made.", StringComparison.Ordinal))
                .Select(result => $"{result.File}: {result.Name}").Order(StringComparer.Ordinal));
        var failed = Assert.Single(results, result => !result.Passed);
        Assert.Equal(("C.Tests.ps1", "(the file as a whole)"), (failed.File, failed.Name));
        Assert.StartsWith("The process of C.Tests.ps1 ended with exit code 7.", failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("a trace", failed.Message, StringComparison.Ordinal);
    }
}
