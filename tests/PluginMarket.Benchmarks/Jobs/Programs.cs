using System.Diagnostics;
using PluginMarket.TestKit;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>What is measured and what it is measured against.</summary>
/// <param name="Cli">Our command line.</param>
/// <param name="Module">The manifest of our module.</param>
/// <param name="PowerShell">The PowerShell that imports it.</param>
/// <param name="Codex">The Codex program, or null.</param>
/// <param name="Plugins">A checkout of openai/plugins, or null.</param>
internal sealed record Programs(string Cli, string Module, PowerShellProgram PowerShell, string? Codex, string? Plugins)
{
    private static readonly string Artifacts = Path.Join(RepositoryRoot.Path, "artifacts");

    /// <summary>Builds what one would publish, unless that was done, and finds the others.</summary>
    /// <param name="build">Whether to build.</param>
    /// <param name="codex">The Codex program; the one of the tests where null.</param>
    /// <param name="plugins">The checkout.</param>
    /// <param name="log">Where progress goes.</param>
    public static Programs Get(bool build, string? codex, string? plugins, TextWriter log)
    {
        var shell = PowerShellProgram.Find();
        if (build)
        {
            log.WriteLine("Building the packages and the native command line.");
            var start = shell.Start("-NoProfile", "-Command",
                $"& '{Path.Join(RepositoryRoot.Path, "build.ps1")}' -Task Package, Native");
            start.RedirectStandardOutput = true;
            using var process = Process.Start(start)!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException("The packages could not be built.");
            }
        }

        if (CompiledPowerShell.Make(shell.Path, Path.Join(Artifacts, "powershell")) is { } compiled)
        {
            shell = PowerShellProgram.Of(compiled);
        }

        codex ??= CodexCli.Find(out var reason)?.StartInfo("/", "/", "/", []).FileName;
        var module = Directory.GetFiles(Path.Join(Artifacts, "PluginMarket"), "PluginMarket.psd1", SearchOption.AllDirectories).Order().Last();
        var cli = Path.Join(Artifacts, "native", "pluginmarket");
        return File.Exists(cli) ? new Programs(cli, module, shell, codex, plugins)
            : throw new FileNotFoundException($"'{cli}' is missing. Run ./build.ps1 -Task Package, Native.");
    }
}
