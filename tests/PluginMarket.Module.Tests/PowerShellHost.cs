using System.Diagnostics;
using PluginMarket.TestKit;

namespace PluginMarket.Module.Tests;

/// <summary>Runs PowerShell, or another program, in its own process.</summary>
internal static class PowerShellHost
{
    /// <summary>Runs it to its end, or until the limit is reached: then it is killed with all that it started.</summary>
    /// <param name="pwsh">The program.</param>
    /// <param name="folder">The working folder, home and temporary folder: a script that forgets its own
    /// home must not find the user's.</param>
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
        using var process = new WatchedProcess(start, folder);
        var isTimedOut = await Task.WhenAny(process.Ended, limit) != process.Ended;
        if (isTimedOut)
        {
            await process.KillAsync();
        }

        return new PowerShellRun(isTimedOut ? null : process.ExitCode, process.TakeOutput());
    }
}

/// <summary>What a run gave.</summary>
/// <param name="ExitCode">Its exit code, or null where it was killed because its time was up.</param>
/// <param name="Output">Both streams, as far as they came.</param>
internal sealed record PowerShellRun(int? ExitCode, string Output);
