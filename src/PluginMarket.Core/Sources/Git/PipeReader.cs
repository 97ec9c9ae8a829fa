using System.Buffers;

namespace PluginMarket.Sources.Git;

/// <summary>Reads one of a child's pipes to its end, on a thread of its own: .NET reads such a pipe by blocking a thread, and with those of
/// the pool many children at once would wait for each other.</summary>
internal sealed class PipeReader
{
    private readonly Stream _pipe;
    private readonly Func<ArrayBufferWriter<byte>, int, bool> _keep;
    private readonly ArrayBufferWriter<byte> _taken = new();
    private readonly Task _reading;

    /// <param name="pipe">The pipe.</param>
    /// <param name="keep">Told of what was taken so far, and how many bytes came; may shorten it, and ends the reading by false.</param>
    internal PipeReader(Stream pipe, Func<ArrayBufferWriter<byte>, int, bool> keep)
    {
        _pipe = pipe;
        _keep = keep;
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What was taken until the pipe ended, or until the wait for that was given up: a grandchild may keep it open.</summary>
    internal async Task<byte[]> EndAsync(CancellationToken giveUp)
    {
        await _reading.WaitAsync(giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_taken)
        {
            return _taken.WrittenSpan.ToArray();
        }
    }

    private void Read()
    {
        var buffer = new byte[32 << 10];
        try
        {
            for (int read; (read = _pipe.Read(buffer)) > 0;)
            {
                lock (_taken)
                {
                    if (!_keep(_taken, read))
                    {
                        return;
                    }

                    _taken.Write(buffer.AsSpan(0, read));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // What came so far is the output.
        }
    }
}
