using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

internal static partial class UnixCalls
{
    private const int ListingBytes = 1 << 15;
    private const int RecordLengthAt = 16;
    private const int KindAt = 18;
    private const int NameAt = 19;
    private const byte FolderKind = 4;

    // Asked before root acts as somebody else, who may not be able to read what a first call loads.
    private static readonly Lazy<bool> HasListing = new(() =>
    {
        var folder = OpenAt(NoFolder, "/", ReadOnly | Directory | CloseOnExec, 0);
        using var handle = new SafeFileHandle(folder, ownsHandle: true);
        return folder >= 0 && Examine(folder, "dev", out _) != DiskError.NotImplemented && EntriesIn(handle) is not null;
    });

    /// <summary>Whether the names in a folder, and what is under them, can be asked of the open folder.</summary>
    internal static bool CanList => HasListing.Value;

    /// <summary>The names in an open folder of Linux, and whether the file system says already that a folder is there; null where the C
    /// library has no such call, or it fails.</summary>
    internal static (string Name, bool IsFolder)[]? EntriesIn(SafeFileHandle folder)
    {
        var names = new List<(string Name, bool IsFolder)>();
        var buffer = ArrayPool<byte>.Shared.Rent(ListingBytes);
        try
        {
            while (true)
            {
                var length = (int)ReadEntries(folder, ref buffer[0], ListingBytes);
                if (length <= 0)
                {
                    return length == 0 ? [.. names] : null;
                }

                for (var at = 0; at < length;)
                {
                    var record = buffer.AsSpan(at, MachineOrder(buffer.AsSpan(at + RecordLengthAt, 2)));
                    var name = record[NameAt..];
                    name = name[..name.IndexOf((byte)0)];
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add((Encoding.UTF8.GetString(name), record[KindAt] == FolderKind));
                    }

                    at += record.Length;
                }
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ushort MachineOrder(ReadOnlySpan<byte> bytes) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint ReadEntries(SafeFileHandle folder, ref byte buffer, nint length);
}
