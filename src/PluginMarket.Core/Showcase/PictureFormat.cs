using System.Buffers.Binary;

namespace PluginMarket.Showcase;

/// <summary>What a file of a picture really is, told by its first bytes, and how large it would be drawn.</summary>
/// <param name="MediaType">The type a browser is told.</param>
/// <param name="Width">Pixels; 0 for a drawing without its own size.</param>
/// <param name="Height">Pixels; 0 for a drawing without its own size.</param>
internal readonly record struct PictureFormat(string MediaType, int Width, int Height)
{
    private const int MostPixels = 4096;

    /// <summary>Recognises PNG, JPEG, GIF, WebP, and SVG that can do nothing; null for anything else, and for what would be drawn
    /// larger than a screen can show.</summary>
    internal static PictureFormat? Recognise(ReadOnlySpan<byte> bytes)
    {
        var format = bytes switch
        {
            _ when bytes.Length < 30 => null,
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Of("image/png",
                BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..])),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => Of("image/gif",
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])),
            [0xFF, 0xD8, 0xFF, ..] => Jpeg(bytes),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP(bytes),
            _ => null,
        };
        return format ?? (InertSvg.IsInert(bytes) ? new PictureFormat("image/svg+xml", 0, 0) : null);
    }

    private static PictureFormat? Of(string type, uint width, uint height) =>
        width is > 0 and <= MostPixels && height is > 0 and <= MostPixels ? new PictureFormat(type, (int)width, (int)height) : null;

    private static PictureFormat? WebP(ReadOnlySpan<byte> bytes) => bytes[12..16] switch
    {
        [(byte)'V', (byte)'P', (byte)'8', (byte)' '] => Of("image/webp", BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3FFFu,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3FFFu),
        [(byte)'V', (byte)'P', (byte)'8', (byte)'L'] => Of("image/webp", (BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]) & 0x3FFF)
            + 1, ((BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]) >> 14) & 0x3FFF) + 1),
        [(byte)'V', (byte)'P', (byte)'8', (byte)'X'] => Of("image/webp", ((uint)bytes[24] | ((uint)bytes[25] << 8)
            | ((uint)bytes[26] << 16)) + 1, ((uint)bytes[27] | ((uint)bytes[28] << 8) | ((uint)bytes[29] << 16)) + 1),
        _ => null,
    };

    // The size is in the start-of-frame segment, behind segments of any other kind.
    private static PictureFormat? Jpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            var kind = bytes[at + 1];
            if (kind is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return Of("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            }

            at += kind == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }
}
