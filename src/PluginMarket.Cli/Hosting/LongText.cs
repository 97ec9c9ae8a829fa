using System.Buffers;
using System.Text;

namespace PluginMarket.Cli.Hosting;

/// <summary>A text that is made as a whole before any of it is written, in pieces that are never copied.</summary>
internal sealed class LongText : IBufferWriter<byte>
{
    private const int PieceBytes = 1 << 16;

    private readonly List<(byte[] Bytes, int Length)> _full = [];
    private byte[] _piece = [];
    private int _length;

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_piece.Length - _length < Math.Max(1, sizeHint))
        {
            _full.Add((_piece, _length));
            (_piece, _length) = (new byte[Math.Max(PieceBytes, sizeHint)], 0);
        }

        return _piece.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Writes the bytes.</summary>
    public void WriteTo(Stream output)
    {
        foreach (var (bytes, length) in _full)
        {
            output.Write(bytes, 0, length);
        }

        output.Write(_piece, 0, _length);
    }

    /// <summary>Writes the text, which is UTF-8.</summary>
    public void WriteTo(TextWriter output)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[PieceBytes + 1];
        foreach (var (bytes, length) in _full.Append((_piece, _length)))
        {
            for (var read = 0; read < length;)
            {
                decoder.Convert(bytes.AsSpan(read, length - read), characters, flush: false, out var used, out var made, out _);
                output.Write(characters.AsSpan(0, made));
                read += used;
            }
        }
    }
}
