using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>Reads no more than a cap, whatever the file's length claims to be.</summary>
internal static class CappedReader
{
    internal static byte[] ReadToEnd(Stream stream, long cap, string displayPath)
    {
        var known = stream.CanSeek ? stream.Length : 0;
        if (known > cap)
        {
            throw TooLong(displayPath, cap);
        }

        var buffer = new byte[Math.Max(256, known + 1)];
        var length = 0;
        while (true)
        {
            var read = stream.Read(buffer, length, buffer.Length - length);
            if (read == 0)
            {
                return length == buffer.Length ? buffer : buffer[..length];
            }

            length += read;
            if (length > cap)
            {
                throw TooLong(displayPath, cap);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(Math.Max(cap + 1, length + 1L), length * 2L));
            }
        }
    }

    internal static PluginMarketException TooLong(string displayPath, long cap) =>
        new(MarketErrorCode.LimitExceeded,
            $"'{displayPath}' is longer than the allowed {cap} bytes. {Remedy.Do($"Use a smaller file.")}", displayPath);
}
