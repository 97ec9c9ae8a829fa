using System.Reflection;
using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>Runs Pester files: PowerShell as it is found, and the Pester that the repository pins.</summary>
public sealed class PesterHost
{
    private static readonly TimeSpan FileLimit = TimeSpan.FromMinutes(10);
    private static readonly string TestFolder = Path.Join(RepositoryRoot.Path, "tests", "module");

    private static readonly string Pester = typeof(PesterHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "PinnedPester").Value!;

    private readonly PowerShellProgram _pwsh = PowerShellProgram.Find();

    /// <summary>Runs every file and gives every test's outcome.</summary>
    public async Task<IReadOnlyList<PesterResult>> RunAsync(CancellationToken cancellationToken)
    {
        var files = Directory.GetFiles(TestFolder, "*.Tests.ps1").Order(StringComparer.Ordinal).ToArray();
        var results = new IReadOnlyList<PesterResult>[files.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, files.Length, options, async (i, token) => results[i] = await RunFileAsync(files[i], Task.Delay(FileLimit, token)));
        return [.. results.SelectMany(one => one)];
    }

    /// <summary>Runs one file and gives every test's outcome; one more, failed, where it did not come to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="limit">Ends when the file's time is up; its process and what that started are killed then.</param>
    /// <param name="manifest">The manifest of the module to test, or null for the repository's own.</param>
    internal async Task<IReadOnlyList<PesterResult>> RunFileAsync(string file, Task limit, string? manifest = null)
    {
        var scratch = Directory.CreateTempSubdirectory("pluginmarket-pester-").FullName;
        try
        {
            var report = Path.Join(scratch, "report.json");
            var start = _pwsh.Start("-NoProfile", "-NonInteractive", "-File", Path.Join(TestFolder, "Invoke-PesterFile.ps1"), "-Path", file, "-Pester", Pester, "-ReportPath", report);
            start.Environment["PLUGINMARKET_TEST_MANIFEST"] = manifest;
            start.Environment["PLUGINMARKET_TEST_LIBGIT2"] = LibGit2File.Path;
            var run = await PowerShellHost.RunAsync(start, scratch, limit);
            if (run.ExitCode is null)
            {
                return [Whole(file, $"killed because its time was up; its output until then:\n{run.Output}")];
            }

            var results = File.Exists(report) ? JsonSerializer.Deserialize<PesterResult[]>(await File.ReadAllBytesAsync(report))! : [];
            return results.Length > 0 && run.ExitCode == 0 ? results : [.. results, Whole(file, $"exit code {run.ExitCode}, {results.Length} tests\n{run.Output}")];
        }
        finally
        {
            FileOps.Default.DeleteTreeNoFollow(scratch);
        }
    }

    private static PesterResult Whole(string file, string message) => new(Path.GetFileName(file), "(the file as a whole)", "Failed", message);
}
