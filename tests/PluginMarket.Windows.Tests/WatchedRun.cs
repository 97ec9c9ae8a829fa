using System.Diagnostics;
using System.Text;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs a process that is killed when it writes nothing for too long.</summary>
internal static class WatchedRun
{
    private static readonly TimeSpan TimeForTheRest = TimeSpan.FromSeconds(5);

    public static async Task<ProcessRun> RunAsync(ProcessStartInfo start, TimeSpan silence)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var isSilent = false;
        using var watchdog = new Timer(_ =>
        {
            isSilent = true;
            process.Kill(entireProcessTree: true);
        }, null, silence, Timeout.InfiniteTimeSpan);
        var output = new StringBuilder();
        var error = new StringBuilder();
        using var end = new CancellationTokenSource();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, output, () => watchdog.Change(silence, Timeout.InfiniteTimeSpan), end.Token),
            ReadAsync(process.StandardError, error, () => { }, end.Token));
        await process.WaitForExitAsync(CancellationToken.None);
        // A child that outlives it keeps its output open.
        end.CancelAfter(TimeForTheRest);
        await reading;
        return new ProcessRun(process.ExitCode, TextOf(output), TextOf(error), isSilent ? silence : null);
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder to, Action heard, CancellationToken end)
    {
        var buffer = new char[4096];
        try
        {
            while (await from.ReadAsync(buffer, end) is > 0 and var count)
            {
                heard();
                to.Append(buffer, 0, count);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static string TextOf(StringBuilder text) => text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
}
