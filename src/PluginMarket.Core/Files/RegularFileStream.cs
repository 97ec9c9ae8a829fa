using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

/// <summary>An open regular file to read, of which everything but its bytes is known already: the library's stream asks the system four
/// times for it, which thousands of small files pay for.</summary>
internal sealed class RegularFileStream(SafeFileHandle file, long length, string path) : Stream
{
    private const int Interrupted = 4;

    private long _position;
    private bool _isMoved;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_isAtEnd || buffer.IsEmpty)
        {
            return 0;
        }

        var read = _isMoved ? RandomAccess.Read(file, buffer, _position) : ReadNext(buffer);
        _position += read;

        // A regular file gives less than it is asked for only where it ends.
        _isAtEnd = read == 0 || (read < buffer.Length && _position == length);
        return read;
    }

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        (_position, _isMoved, _isAtEnd) = (target, true, false);
        return target;
    }

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadNext(Span<byte> buffer)
    {
        while (true)
        {
            var read = (int)UnixCalls.Read(file, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (read >= 0)
            {
                return read;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw DiskError.Reading("Reading", path, error);
            }
        }
    }
}
