using System.Collections.Concurrent;
using System.Diagnostics;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>Runs PowerShell, or another program, in a process of its own.</summary>
internal static class PowerShellHost
{
    private static readonly TimeSpan EndAfterKill = TimeSpan.FromSeconds(10);

    /// <summary>Runs it to its end, or until the limit is reached: then it is killed with all that it started.</summary>
    /// <param name="pwsh">The program.</param>
    /// <param name="folder">The working folder, home and temporary folder: a script that forgets its own home must not find the user's.</param>
    /// <param name="limit">Ends when the time is up.</param>
    /// <param name="arguments">After <c>-NoProfile -NonInteractive</c>.</param>
    internal static Task<PowerShellRun> RunAsync(PowerShellProgram pwsh, string folder, Task limit, params string[] arguments) =>
        RunAsync(pwsh.Start(["-NoProfile", "-NonInteractive", .. arguments]), folder, limit);

    /// <summary>Runs any program in the same way.</summary>
    /// <param name="start">The program and its arguments, with what it needs of an environment besides.</param>
    /// <param name="folder">As above.</param>
    /// <param name="limit">As above.</param>
    internal static async Task<PowerShellRun> RunAsync(ProcessStartInfo start, string folder, Task limit)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, true, folder);

        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = folder;
        start.Environment["TMPDIR"] = folder;
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["NO_COLOR"] = "1";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment.Remove("CODEX_HOME");
        start.Environment.Remove("PLUGINMARKET_CACHE_VERSION");

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var lines = new ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        var isTimedOut = await Task.WhenAny(ended, limit) != ended;
        if (isTimedOut)
        {
            process.Kill(entireProcessTree: true);

            // What it started and left to itself may hold the streams open; that must not hold up the tests.
            await Task.WhenAny(ended, Task.Delay(EndAfterKill));
        }

        return new PowerShellRun(isTimedOut ? null : process.ExitCode, string.Join('\n', lines.OfType<string>()));
    }
}

/// <summary>What a run gave.</summary>
/// <param name="ExitCode">Its exit code, or null where it was killed because its time was up.</param>
/// <param name="Output">Both streams, as far as they came.</param>
internal sealed record PowerShellRun(int? ExitCode, string Output);
