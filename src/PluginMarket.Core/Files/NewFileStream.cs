namespace PluginMarket.Files;

/// <summary>A new file being written: each write can be stopped by a test, and a failed one says why in our terms.</summary>
internal sealed class NewFileStream(FileStream file, string path, Action<string, string> before) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        // Nothing is buffered here.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        before("write", path);
        try
        {
            file.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskError.Writing("Writing", path, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (OperatingSystem.IsLinux())
            {
                UnixCalls.Unlock(file.SafeFileHandle);
            }

            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
