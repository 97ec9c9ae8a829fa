using System.Diagnostics;
using System.Text.Json;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>A PowerShell 7.4 or later with Pester 5, as it is found on this machine.</summary>
public sealed class PesterHost
{
    private static readonly string TestFolder = Path.Join(RepositoryRoot.Path, "tests", "module");

    private readonly string _pwsh;
    private readonly string _pesterFolder;

    private PesterHost(string pwsh, string pesterFolder)
    {
        _pwsh = pwsh;
        _pesterFolder = pesterFolder;
    }

    /// <summary>The host, or null with the reason why there is none.</summary>
    public static PesterHost? Find(out string? missing)
    {
        var pwsh = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Join(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
            .FirstOrDefault(File.Exists);
        if (pwsh is null)
        {
            missing = "no pwsh on PATH; install PowerShell 7.4 or later.";
            return null;
        }

        // PowerShell itself knows where its modules are; the one in artifacts/modules goes first.
        var script = $$"""
            $env:PSModulePath = '{{Path.Join(RepositoryRoot.Path, "artifacts", "modules")}}' + [IO.Path]::PathSeparator + $env:PSModulePath
            Get-Module Pester -ListAvailable | Where-Object { $_.Version.Major -eq 5 } | Select-Object -First 1 | ForEach-Object { Split-Path (Split-Path $_.ModuleBase) }
            """;
        using var process = Process.Start(new ProcessStartInfo(pwsh, ["-NoProfile", "-NonInteractive", "-Command", script]) { RedirectStandardOutput = true })!;
        var pesterFolder = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        missing = pesterFolder.Length == 0 ? "PowerShell has no Pester 5; get it with Install-PSResource Pester -Version '[5.5,6.0)'." : null;
        return missing is null ? new PesterHost(pwsh, pesterFolder) : null;
    }

    /// <summary>Runs every file and gives every test's outcome.</summary>
    public async Task<IReadOnlyList<PesterResult>> RunAsync(CancellationToken cancellationToken)
    {
        var files = Directory.GetFiles(TestFolder, "*.Tests.ps1").Order(StringComparer.Ordinal).ToArray();
        var results = new IReadOnlyList<PesterResult>[files.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, files.Length, options, async (i, token) => results[i] = await RunFileAsync(files[i], token));
        return [.. results.SelectMany(one => one)];
    }

    private async Task<IReadOnlyList<PesterResult>> RunFileAsync(string file, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("pluginmarket-pester-").FullName;
        try
        {
            var report = Path.Join(scratch, "report.json");
            var start = new ProcessStartInfo(_pwsh, ["-NoProfile", "-NonInteractive", "-File", Path.Join(TestFolder, "Invoke-PesterFile.ps1"), "-Path", file, "-PesterFolder", _pesterFolder, "-ReportPath", report])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = scratch,
            };

            // A test that forgets its own home must not find the user's.
            start.Environment["HOME"] = scratch;
            start.Environment["TMPDIR"] = scratch;
            start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
            start.Environment["NO_COLOR"] = "1";
            start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
            start.Environment.Remove("CODEX_HOME");
            start.Environment.Remove("PLUGINMARKET_CACHE_VERSION");

            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);

            var results = File.Exists(report) ? JsonSerializer.Deserialize<PesterResult[]>(await File.ReadAllBytesAsync(report, cancellationToken))! : [];
            return results.Length > 0 && process.ExitCode == 0
                ? results
                : [.. results, new PesterResult(Path.GetFileName(file), "(the file as a whole)", "Failed", $"exit code {process.ExitCode}, {results.Length} tests\n{output}\n{await error}")];
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
