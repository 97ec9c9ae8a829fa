using System.Buffers.Binary;
using System.Text;

namespace PluginMarket.TestKit;

/// <summary>What a hostile server answers to a fetch: a valid pack whose only file does not end.</summary>
internal static class EndlessPack
{
    private const int BlockLength = 65_000;

    /// <summary>The answer, for protocol version 2.</summary>
    public static GitHttpAnswer Answer()
    {
        // One blob (type 3) that calls itself 2^40 bytes long: four bits of its length in the first byte, seven in each that follows.
        byte[] start = [.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 1, 0xB0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02, 0x78, 0x01];
        var block = new byte[5 + BlockLength];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(1), BlockLength);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(3), unchecked((ushort)~BlockLength));
        return new GitHttpAnswer(200, "application/x-git-upload-pack-result", Encoding.Latin1.GetString(
            [.. Packet("packfile\n"u8), .. OnPackBand(start)]))
        {
            Repeated = OnPackBand(block),
        };
    }

    private static byte[] OnPackBand(byte[] content) => Packet([1, .. content]);

    private static byte[] Packet(ReadOnlySpan<byte> content) =>
        [.. Encoding.ASCII.GetBytes((content.Length + 4).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)), .. content];
}
