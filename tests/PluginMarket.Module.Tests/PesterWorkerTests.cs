using System.Diagnostics;
using System.Globalization;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests;

/// <summary>A Pester file that does not end must not hold up the others.</summary>
[Trait("Category", "Slow")]
public sealed class PesterWorkerTests
{
    [Fact]
    public async Task A_file_whose_time_is_up_is_killed_with_all_it_started_and_fails_as_one_row()
    {
        using var scratch = new ScratchFolder();
        var ids = scratch["ids"];
        var file = scratch.Write("Endless.Tests.ps1", $$"""
            BeforeAll { . '{{Path.Join(RepositoryRoot.Path, "tests/module/PowerShell.ps1")}}' }
            Describe 'endless' {
                It 'ends' { 1 | Should -Be 1 }
                It 'waits' {
                    $child = Start-Process $PowerShell[0] -ArgumentList ($PowerShell[1..1] + '-NoProfile' + '-Command' + 'Start-Sleep 3600') -PassThru
                    Write-Host 'so far'
                    "$PID $($child.Id)" | Set-Content '{{ids}}.new'
                    Move-Item '{{ids}}.new' '{{ids}}'
                    Start-Sleep 3600
                }
            }
            """);

        await using var worker = new PesterWorker();
        var result = Assert.Single(await worker.RunAsync(file, UntilExists(ids)));

        Assert.Equal(("Endless.Tests.ps1", "Failed"), (result.File, result.Outcome));
        Assert.Contains("its time was up", result.Message, StringComparison.Ordinal);
        Assert.Contains("so far", result.Message, StringComparison.Ordinal);
        foreach (var id in (await File.ReadAllTextAsync(ids)).Split())
        {
            Assert.True(id.Length == 0 || HasEnded(int.Parse(id, CultureInfo.InvariantCulture)), $"Process {id} still runs.");
        }
    }

    private static async Task UntilExists(string path)
    {
        while (!File.Exists(path))
        {
            await Task.Delay(50);
        }
    }

    private static bool HasEnded(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.WaitForExit(TimeSpan.FromMinutes(10));
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
