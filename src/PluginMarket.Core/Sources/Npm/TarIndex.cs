using System.Globalization;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Npm;

/// <summary>One file or folder of a tar file.</summary>
/// <param name="Path">Names separated by <c>/</c>, inside the archive.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Length">How many there are.</param>
/// <param name="IsExecutable">Whether anybody may run it.</param>
internal sealed record TarMember(string Path, bool IsFolder, long Offset, long Length, bool IsExecutable);

/// <summary>Reads the headers of one tar file (ustar, pax, GNU and the old form), and nothing that a package may not hold.</summary>
/// <remarks>Not System.Formats.Tar: that reserves memory for a header's records by the length that the
/// header claims, which may be 2 GiB.</remarks>
internal sealed class TarIndex(Stream stream, Limits limits, string package)
{
    private const int Block = 512;

    /// <summary>Bytes of one set of pax records or of one long name: many times the longest path.</summary>
    private const long LongestRecords = 64 << 10;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _header = new byte[Block];

    internal IReadOnlyList<TarMember> Read()
    {
        var members = new List<TarMember>();
        string? path = null;
        long? size = null;
        long total = 0;
        var headers = 0;
        while (ReadHeader())
        {
            if (++headers > 4L * limits.PluginFiles)
            {
                throw Exceeded($"contains more than {limits.PluginFiles} files");
            }

            var type = (char)_header[156];
            var length = type is 'x' or 'g' or 'L' or 'K' ? Number(124, 12) : size ?? Number(124, 12);
            var offset = stream.Position;
            if (length > stream.Length - offset)
            {
                throw Invalid("is cut off");
            }

            switch (type)
            {
                case 'x':
                    foreach (var (key, value) in Records(Content(length)))
                    {
                        (path, size) = key == "path" ? (value, size) : (path, Size(value));
                    }

                    break;
                case 'L':
                    path = Text(Content(length));
                    break;
                case 'g' or 'K':
                    // What they say of the archive, or of a link that is refused anyway, does not matter.
                    break;
                default:
                    members.Add(Member(type, path ?? HeaderPath(), offset, length));
                    total += length;
                    if (total > limits.NpmUnpackedBytes)
                    {
                        throw Exceeded($"unpacks to more than {limits.NpmUnpackedBytes} bytes");
                    }

                    (path, size) = (null, null);
                    break;
            }

            stream.Position = Math.Min(stream.Length, offset + ((length + Block - 1) / Block * Block));
        }

        return members;
    }

    private TarMember Member(char type, string text, long offset, long length)
    {
        var path = Inside(text);
        var isFolder = type == '5' || (type == '\0' && text.EndsWith('/'));
        return type switch
        {
            '1' or '2' => throw Refused(MarketErrorCode.PathEscapesRoot, text, "is a link"),
            '3' or '4' or '6' => throw Refused(MarketErrorCode.PathEscapesRoot, text, "is a device or a pipe"),
            '0' or '\0' or '7' or '5' when path.Length > 0
                || isFolder => new TarMember(path, isFolder, offset, isFolder ? 0 : length, (Number(100, 8) & 0b001_001_001) != 0),
            _ => throw Refused(MarketErrorCode.NpmPackageInvalid, text, "is of a kind that no package has"),
        };
    }

    private string Inside(string text)
    {
        var segments = text.Split('/');
        if (text.StartsWith('/') || segments.Contains("..", StringComparer.Ordinal))
        {
            throw Refused(MarketErrorCode.PathEscapesRoot, text, "leaves the package");
        }

        return string.Join('/', segments.Where(segment => segment is not ("" or ".")));
    }

    private long Size(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : throw Invalid("has damaged records");

    private bool ReadHeader()
    {
        var read = stream.ReadAtLeast(_header, Block, throwOnEndOfStream: false);
        if (read == 0 || !_header.AsSpan(0, read).ContainsAnyExcept((byte)0))
        {
            return false;
        }

        if (read < Block)
        {
            throw Invalid("is cut off");
        }

        var sum = 0;
        for (var i = 0; i < Block; i++)
        {
            sum += i is >= 148 and < 156 ? ' ' : _header[i];
        }

        return sum == Number(148, 8) ? true : throw Invalid("has a damaged header");
    }

    private string HeaderPath()
    {
        var name = Text(_header.AsSpan(0, 100));
        var prefix = _header.AsSpan(257, 6).SequenceEqual("ustar\0"u8) ? Text(_header.AsSpan(345, 155)) : "";
        return prefix.Length == 0 ? name : prefix + "/" + name;
    }

    private long Number(int at, int length)
    {
        var field = _header.AsSpan(at, length);
        long value = 0;

        // GNU writes what octal digits cannot hold as a binary number with the first bit set.
        if ((field[0] & 0x80) != 0)
        {
            for (var i = 0; i < length; i++)
            {
                var digit = i == 0 ? field[i] & 0x7F : field[i];
                value = value > long.MaxValue >> 9 ? throw Invalid("has a number that is too large") : (value << 8) | (byte)digit;
            }

            return value;
        }

        foreach (var digit in field.Trim((byte)' ').TrimEnd((byte)0).Trim((byte)' '))
        {
            value = digit is >= (byte)'0' and <= (byte)'7' ? (value << 3) | (byte)(digit - '0') : throw Invalid("has a damaged header");
        }

        return value;
    }

    // Lines of "LENGTH KEY=VALUE"; only those that tell where a file is and how long it is are wanted.
    private List<(string Key, string Value)> Records(byte[] content)
    {
        var records = new List<(string, string)>();
        for (var start = 0; start < content.Length && content[start] != 0;)
        {
            var space = Array.IndexOf(content, (byte)' ', start);
            if (space < 0 || !int.TryParse(Encoding.ASCII.GetString(content, start, space - start), NumberStyles.None,
                CultureInfo.InvariantCulture, out var size)
                || size <= space - start || size > content.Length - start || content[start + size - 1] != '\n')
            {
                throw Invalid("has damaged records");
            }

            var record = content.AsSpan(space + 1, size - (space - start) - 2);
            var sign = record.IndexOf((byte)'=');
            if (sign <= 0)
            {
                throw Invalid("has damaged records");
            }

            var key = Text(record[..sign]);
            if (key is "path" or "size")
            {
                records.Add((key, Text(record[(sign + 1)..])));
            }

            start += size;
        }

        return records;
    }

    private byte[] Content(long length)
    {
        if (length > LongestRecords)
        {
            throw Exceeded($"has a name or a record of more than {LongestRecords} bytes");
        }

        var content = new byte[length];
        stream.ReadExactly(content);
        return content;
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        try
        {
            return Strict.GetString(end < 0 ? bytes : bytes[..end]);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid("has a name that is not UTF-8");
        }
    }

    private PluginMarketException Refused(MarketErrorCode code, string path, string problem) =>
        new(code, $"The package '{package}' cannot be installed: '{(path.Length <= 200 ? path : path[..200] + "…")}' {problem}. "
            + $"{Remedy.Do($"Ask the owner of the package.")}", package);

    private PluginMarketException Invalid(string problem) => new(MarketErrorCode.NpmPackageInvalid,
        $"The tarball of '{package}' {problem}. {Remedy.Do($"Ask the owner of the package.")}", package);

    private PluginMarketException Exceeded(string problem) => new(MarketErrorCode.LimitExceeded, $"The tarball of '{package}' {problem}, "
        + $"which is more than is allowed. {Remedy.Do($"Ask the owner of the package for a smaller one.")}", package);
}
