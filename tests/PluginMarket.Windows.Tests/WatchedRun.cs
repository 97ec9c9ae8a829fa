using System.Diagnostics;
using System.Text;

namespace PluginMarket.Windows.Tests;

/// <summary>Runs a process that is killed when it hangs: it writes nothing for too long, and hardly computes either.</summary>
internal static class WatchedRun
{
    // A process that computes without writing has a busy machine or a long test, until this many times the silence have passed.
    private const int MostSilences = 5;

    // One that waits for ever uses next to nothing; one of many on a busy machine still gets a tenth of a processor.
    private const double LeastShareOfProcessor = 0.02;

    private static readonly TimeSpan TimeForTheRest = TimeSpan.FromSeconds(5);

    public static async Task<ProcessRun> RunAsync(ProcessStartInfo start, TimeSpan silence)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var heard = Stopwatch.StartNew();
        var output = new StringBuilder();
        var error = new StringBuilder();
        using var end = new CancellationTokenSource();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, output, heard.Restart, end.Token),
            ReadAsync(process.StandardError, error, () => { }, end.Token));
        var isSilent = await HangsAsync(process, heard, silence);
        if (isSilent)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        // A child that outlives it keeps its output open.
        end.CancelAfter(TimeForTheRest);
        await reading;
        return new ProcessRun(process.ExitCode, TextOf(output), TextOf(error), isSilent ? silence : null);
    }

    /// <summary>Waits until the process ends, or hangs.</summary>
    private static async Task<bool> HangsAsync(Process process, Stopwatch heard, TimeSpan silence)
    {
        var exit = process.WaitForExitAsync(CancellationToken.None);
        while (true)
        {
            var computed = ProcessorTime(process);
            if (await Task.WhenAny(exit, Task.Delay(silence)) == exit)
            {
                return false;
            }

            var computes = ProcessorTime(process) - computed > silence * LeastShareOfProcessor;
            if (heard.Elapsed > silence * (computes ? MostSilences : 1))
            {
                return !process.HasExited;
            }
        }
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has ended.
            return TimeSpan.Zero;
        }
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
