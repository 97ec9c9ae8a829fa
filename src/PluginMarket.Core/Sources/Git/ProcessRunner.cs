using System.Diagnostics;
using System.Text;

namespace PluginMarket.Sources.Git;

/// <summary>Runs a program to its end, or ends it and everything it started: no child outlives its run.</summary>
internal sealed class ProcessRunner(TimeProvider time)
{
    private const int ErrorTextBytes = 64 << 10;
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
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
        var output = ReadOutputAsync(process, request.OutputLimit, overgrown, Moves, drain.Token);
        var errors = ReadErrorsAsync(process, Moves, drain.Token);
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
        var (bytes, text) = (await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        cancellationToken.ThrowIfCancellationRequested();
        var end = overgrown.IsCancellationRequested ? ProcessEnd.Overgrown
            : limit.IsCancellationRequested ? ProcessEnd.TimedOut
            : idle.IsCancellationRequested && wasKilled ? ProcessEnd.StoodStill : ProcessEnd.Exited;
        return new ProcessResult(end, process.ExitCode, bytes, text);
    }

    internal static Process Start(ProcessRequest request)
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

        return Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
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

    private static async Task<byte[]> ReadOutputAsync(Process process, long cap, CancellationTokenSource overgrown, Action moves,
        CancellationToken cancellationToken)
    {
        using var taken = new MemoryStream();
        var buffer = new byte[32 << 10];
        try
        {
            int read;
            while ((read = await process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (taken.Length + read > cap)
                {
                    await overgrown.CancelAsync().ConfigureAwait(false);
                    break;
                }

                taken.Write(buffer, 0, read);
                moves();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // What came so far is the output.
        }

        return taken.ToArray();
    }

    private static async Task<string> ReadErrorsAsync(Process process, Action moves, CancellationToken cancellationToken)
    {
        var kept = new byte[2 * ErrorTextBytes];
        var length = 0;
        try
        {
            int read;
            while ((read = await process.StandardError.BaseStream.ReadAsync(kept.AsMemory(length), cancellationToken)
                .ConfigureAwait(false)) > 0)
            {
                length += read;
                moves();
                if (length > ErrorTextBytes + (ErrorTextBytes / 2))
                {
                    Array.Copy(kept, length - ErrorTextBytes, kept, 0, ErrorTextBytes);
                    length = ErrorTextBytes;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // What came so far is the text.
        }

        return Encoding.UTF8.GetString(kept, 0, length);
    }

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
