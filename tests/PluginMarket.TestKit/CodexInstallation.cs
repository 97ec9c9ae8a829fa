using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace PluginMarket.TestKit;

/// <summary>Finds a version of the Codex CLI on this machine, or has npm install it into its own folder beside the user's other
/// data, once for all clones: npm takes a minute of processor time for two versions.</summary>
internal static class CodexInstallation
{
    private static readonly ConcurrentDictionary<string, Lazy<(CodexCli? Cli, string? Missing)>> Found = new(StringComparer.Ordinal);

    public static (CodexCli? Cli, string? Missing) Get(string version) =>
        Found.GetOrAdd(version, static key => new(() => OnSearchPath(key) is { } present ? (present, null) : Install(key))).Value;

    private static CodexCli? OnSearchPath(string version)
    {
        var file = OperatingSystem.IsWindows() ? "codex.cmd" : "codex";
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Join(folder, file)).FirstOrDefault(File.Exists);
        if (program is null)
        {
            return null;
        }

        try
        {
            using var asked = Process.Start(
                new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = asked.StandardOutput.ReadToEnd();
            asked.WaitForExit();
            return text.Trim().EndsWith(" " + version, StringComparison.Ordinal) ? new CodexCli(version, WithoutLauncher(program)) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // The npm package starts the real program through node, which costs more than the program itself; these
    // tests start it a thousand times.
    private static string WithoutLauncher(string program)
    {
        var script = new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program;
        for (var folder = Path.GetDirectoryName(script); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var scope = Path.Join(folder, "node_modules", "@openai");
            if (Directory.Exists(scope))
            {
                return Directory.EnumerateDirectories(scope, "codex-*")
                    .Select(package => Path.Join(package, "vendor"))
                    .Where(Directory.Exists)
                    .SelectMany(Directory.EnumerateDirectories)
                    .Select(vendor => Path.Join(vendor, "bin", OperatingSystem.IsWindows() ? "codex.exe" : "codex"))
                    .FirstOrDefault(File.Exists) ?? program;
            }
        }

        return program;
    }

    private static (CodexCli?, string?) Install(string version)
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var folder = Path.Join(data.Length > 0 ? data : Path.Join(RepositoryRoot.Path, "artifacts"), "pluginmarket-tests",
            "codex-" + version);
        var program = Path.Join(folder, "node_modules", ".bin", OperatingSystem.IsWindows() ? "codex.cmd" : "codex");
        Directory.CreateDirectory(folder);
        // Test projects run side by side; one of them installs, the others wait for it.
        using var turn = WaitForTurn(Path.Join(folder, ".installing"));
        if (!File.Exists(program))
        {
            try
            {
                using var npm = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
                    ["install", "--no-audit", "--no-fund", "--prefix", folder, "@openai/codex@" + version])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
                var error = npm.StandardError.ReadToEndAsync();
                npm.StandardOutput.ReadToEnd();
                npm.WaitForExit();
                if (npm.ExitCode != 0)
                {
                    return (null, $"npm could not give @openai/codex@{version}: {error.GetAwaiter().GetResult().Trim()}");
                }
            }
            catch (Win32Exception exception)
            {
                return (null, $"npm is not there to give @openai/codex@{version}: {exception.Message}");
            }
        }

        return (new CodexCli(version, WithoutLauncher(program)), null);
    }

    private static FileStream WaitForTurn(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(200);
            }
        }
    }
}
