using System.Globalization;
using System.Text;

namespace PluginMarket;

/// <summary>What one packet of git's protocol is.</summary>
internal enum PacketKind
{
    /// <summary>The stream has ended.</summary>
    End,
    /// <summary>It carries bytes.</summary>
    Data,
    /// <summary>It ends a message (<c>0000</c>).</summary>
    Flush,
    /// <summary>It ends a section (<c>0001</c>).</summary>
    Delimiter,
}

/// <summary>Reads git's packets: four hexadecimal digits of length before each.</summary>
internal sealed class PacketReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[65520];

    /// <summary>The bytes of the packet read last; valid until the next is read.</summary>
    internal ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary><see cref="Payload"/> as a line.</summary>
    internal string Line => Encoding.UTF8.GetString(Payload.Span).TrimEnd('\n');

    /// <exception cref="InvalidDataException">These are not packets.</exception>
    /// <exception cref="EndOfStreamException">It ends in the middle of one.</exception>
    internal async ValueTask<PacketKind> ReadAsync(CancellationToken cancellationToken)
    {
        Payload = default;
        var read = await stream.ReadAtLeastAsync(_buffer.AsMemory(0, 4), 4, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        if (read == 0)
        {
            return PacketKind.End;
        }

        if (read < 4)
        {
            throw new EndOfStreamException();
        }

        if (!int.TryParse(Encoding.ASCII.GetString(_buffer, 0, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var length) || length == 3 || length > _buffer.Length)
        {
            throw new InvalidDataException("bad line length: these are not packets of git");
        }

        if (length < 4)
        {
            return length == 0 ? PacketKind.Flush : PacketKind.Delimiter;
        }

        var payload = _buffer.AsMemory(0, length - 4);
        await stream.ReadExactlyAsync(payload, cancellationToken).ConfigureAwait(false);
        Payload = payload;
        return PacketKind.Data;
    }
}
