using PluginMarket.Files;

namespace PluginMarket;

/// <summary>The body of an answer; gives up on a server that sends less than a kilobyte a second for half a minute, as git is told
/// to.</summary>
internal sealed class PatientStream(HttpResponseMessage response, Stream body) : ForwardReadStream
{
    private const int Enough = 30_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _slow = new(Patience);
    private long _since;

    /// <exception cref="IOException">The server is too slow, or gone.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _slow.Token);
        try
        {
            var read = await body.ReadAsync(buffer, stop.Token).ConfigureAwait(false);
            _since += read;
            if (_since >= Enough)
            {
                _since = 0;
                _slow.CancelAfter(Patience);
            }

            return read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("Operation too slow. Less than 1000 bytes/sec transferred the last 30 seconds");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
            _slow.Dispose();
        }

        base.Dispose(disposing);
    }
}
