using System.Diagnostics;
using System.Reflection;
using PluginMarket.TestKit;

namespace PluginMarket.Core.Tests;

/// <summary>Runs the harness as its own process.</summary>
internal static class HarnessProcess
{
    /// <summary>128 and SIGKILL, as the base library reports it.</summary>
    internal const int Killed = 137;

    private static readonly string Program = typeof(HarnessProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "KillHarness").Value!;

    internal static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(PowerShellProgram.DotNet)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
