using System.Diagnostics;
using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>A PowerShell 7.4 or later with Pester 5, as it is found on this machine.</summary>
public sealed class PesterHost
{
    private static readonly TimeSpan FileLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromMinutes(2);
    private static readonly string TestFolder = Path.Join(RepositoryRoot.Path, "tests", "module");

    private readonly string _pwsh;
    private readonly string _pesterFolder;

    private PesterHost(string pwsh, string pesterFolder)
    {
        _pwsh = pwsh;
        _pesterFolder = pesterFolder;
    }

    /// <summary>The host, or null and the reason why there is none.</summary>
    public static async Task<(PesterHost? Host, string? Missing)> FindAsync()
    {
        if (PowerShellHost.Find(out var missing) is not { } pwsh)
        {
            return (null, missing);
        }

        // PowerShell itself knows where its modules are; the one in artifacts/modules goes first.
        var script = $$"""
            $env:PSModulePath = '{{Path.Join(RepositoryRoot.Path, "artifacts", "modules")}}' + [IO.Path]::PathSeparator + $env:PSModulePath
            Get-Module Pester -ListAvailable | Where-Object { $_.Version.Major -eq 5 } | Select-Object -First 1 | ForEach-Object { Split-Path (Split-Path $_.ModuleBase) }
            """;
        using var process = Process.Start(new ProcessStartInfo(pwsh, ["-NoProfile", "-NonInteractive", "-Command", script]) { RedirectStandardOutput = true })!;
        using var watchdog = new Timer(_ => process.Kill(entireProcessTree: true), null, QuestionLimit, Timeout.InfiniteTimeSpan);
        var pesterFolder = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return pesterFolder.Length == 0
            ? (null, "PowerShell has no Pester 5; get it with Install-PSResource Pester -Version '[5.5,6.0)'.")
            : (new PesterHost(pwsh, pesterFolder), null);
    }

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
            var start = new ProcessStartInfo(_pwsh, ["-NoProfile", "-NonInteractive", "-File", Path.Join(TestFolder, "Invoke-PesterFile.ps1"), "-Path", file, "-PesterFolder", _pesterFolder, "-ReportPath", report]);
            start.Environment["PLUGINMARKET_TEST_MANIFEST"] = manifest;

            // Its home is a scratch folder, but the libgit2 of the tests lies among the user's packages.
            start.Environment.TryAdd("NUGET_PACKAGES", Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"));
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
