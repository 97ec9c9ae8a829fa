using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

/// <summary>A new file of a tree that is being written, from its start to its end: the library's stream asks the system five times for what
/// is known already, which thousands of small files pay for.</summary>
internal sealed class PlainFileStream(SafeFileHandle file, string path, Action<string, string> before) : Stream
{
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        // Nothing is buffered here.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        before("write", path);
        while (!buffer.IsEmpty)
        {
            var written = (int)UnixCalls.Write(file, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            var error = written < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error is not (0 or DiskError.Interrupted))
            {
                throw DiskError.Writing("Writing", path, error);
            }

            buffer = buffer[Math.Max(0, written)..];
            _length += Math.Max(0, written);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
