using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace PluginMarket.Sources.Git;

/// <summary>Runs a program to its end, or ends it and everything it started: no child outlives its run.</summary>
/// <param name="time">The clock.</param>
/// <param name="account">The account that programs run under; null for that of this process.</param>
internal sealed class ProcessRunner(TimeProvider time, ProgramAccount? account = null)
{
    private const int ErrorTextBytes = 64 << 10;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>What starts programs for the home of an environment.</summary>
    internal ProcessRunner(MarketEnvironment environment) : this(environment.Time, environment.Programs) { }

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.HomeNotOwned"/>: it cannot be started under the
    /// account.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the child has ended.</exception>
    internal async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(request);
        using var idle = new CancellationTokenSource(request.IdleLimit, time);
        using var limit = new CancellationTokenSource(request.TimeLimit ?? Timeout.InfiniteTimeSpan, time);
        using var overgrown = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource([cancellationToken, idle.Token, limit.Token, overgrown.Token]);
        void Moves() => idle.CancelAfter(request.IdleLimit);
        using var drain = new CancellationTokenSource();

        var input = WriteInputAsync(process, request.Input, drain.Token);
        var output = ReadOutput(process, request.OutputLimit, overgrown, Moves);
        var errors = ReadErrors(process, Moves);
        using var watch = new CancellationTokenSource();
        var watcher = WatchAsync(request, overgrown, Moves, watch.Token);
        var wasKilled = false;
        try
        {
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            wasKilled = true;
            await KillAsync(process).ConfigureAwait(false);
        }
        finally
        {
            await watch.CancelAsync().ConfigureAwait(false);
            await watcher.ConfigureAwait(false);
        }

        // A grandchild that lives on may hold the pipes open for ever.
        drain.CancelAfter(DrainTime);
        await input.ConfigureAwait(false);
        var bytes = await output.EndAsync(drain.Token).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(await errors.EndAsync(drain.Token).ConfigureAwait(false));
        cancellationToken.ThrowIfCancellationRequested();
        var end = overgrown.IsCancellationRequested ? ProcessEnd.Overgrown
            : limit.IsCancellationRequested ? ProcessEnd.TimedOut
            : idle.IsCancellationRequested && wasKilled ? ProcessEnd.StoodStill : ProcessEnd.Exited;
        var result = new ProcessResult(end, process.ExitCode, bytes, text);
        account?.DemandStarted(request.FileName, result);
        return result;
    }

    internal Process Start(ProcessRequest request)
    {
        var start = new ProcessStartInfo(request.FileName)
        {
            WorkingDirectory = request.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in request.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in request.Variables)
        {
            start.Environment[name] = value;
        }

        account?.Prepare(start);
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        }
        catch (Win32Exception problem) when (account is not null)
        {
            // What cannot be started is not the program but what gives it the account.
            throw account.Refused(request.FileName, $"{problem}");
        }
    }

    internal static async Task KillAsync(Process process)
    {
        ProcessTree.Kill(process);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task WriteInputAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            var stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The child ended without reading all; its exit code tells why.
        }

        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // As above.
        }
    }

    private static PipeReader ReadOutput(Process process, long cap, CancellationTokenSource overgrown, Action moves) =>
        new(process.StandardOutput.BaseStream, (taken, more) =>
        {
            if (taken.WrittenCount + more > cap)
            {
                overgrown.Cancel();
                return false;
            }

            moves();
            return true;
        });

    /// <summary>Keeps the end of what a child complains of.</summary>
    private static PipeReader ReadErrors(Process process, Action moves) =>
        new(process.StandardError.BaseStream, (taken, _) =>
        {
            moves();
            if (taken.WrittenCount > ErrorTextBytes + (ErrorTextBytes / 2))
            {
                var end = taken.WrittenSpan[^ErrorTextBytes..].ToArray();
                taken.ResetWrittenCount();
                taken.Write(end);
            }

            return true;
        });

    private async Task WatchAsync(ProcessRequest request, CancellationTokenSource overgrown, Action moves,
        CancellationToken cancellationToken)
    {
        if (request.HasOvergrown is null && request.Progress is null)
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(WatchPeriod, time);
            var seen = request.Progress?.Invoke();
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                if (request.HasOvergrown?.Invoke() == true)
                {
                    await overgrown.CancelAsync().ConfigureAwait(false);
                    return;
                }

                if (request.Progress?.Invoke() is { } now && now != seen)
                {
                    seen = now;
                    moves();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The child has ended.
        }
    }
}
