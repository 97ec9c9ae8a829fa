using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket;

/// <summary>The system calls of Linux and macOS that the base library does not offer. All set the last error.</summary>
internal static partial class UnixCalls
{
    internal const int RenameNoReplace = 1;
    internal const int RenameExchange = 2;
    private const int CurrentFolder = -100;
    private const int AppleSwap = 2;
    private const int AppleExclusive = 4;
    private const int EmptyPath = 0x1000;
    private const int NoFollowLink = 0x100;
    private const uint BasicFacts = 0x7FF;

    // The two ARM kernels number these flags differently from all others.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
    private static readonly bool Apple = OperatingSystem.IsMacOS();

    internal static int ReadOnly => 0;

    internal static int ReadWrite => 2;

    internal static int CloseOnExec => Apple ? 0x1000000 : 0x80000;

    internal static int NonBlocking => Apple ? 0x4 : 0x800;

    internal static int NoFollow => Apple ? 0x100 : Arm ? 0x8000 : 0x20000;

    internal static int Directory => Apple ? 0x100000 : Arm ? 0x4000 : 0x10000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenAt(SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int RemoveDirectory(string path);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    internal static partial void Free(nint memory);

    /// <summary>Renames with one of the two flags; returns the error number, 0 on success.</summary>
    internal static int RenameWith(string from, string to, int flag)
    {
        try
        {
            var result = Apple
                ? AppleRename(from, to, flag == RenameExchange ? AppleSwap : AppleExclusive)
                : LinuxRename(CurrentFolder, from, CurrentFolder, to, (uint)flag);
            return result == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        catch (EntryPointNotFoundException)
        {
            return DiskError.NotImplemented;
        }
    }

    /// <summary>Looks at a path without following a link in its last part, or at an open file; returns the error number, 0 on success.</summary>
    internal static int Examine(string path, SafeFileHandle? file, out FileFacts facts)
    {
        facts = default;
        Span<byte> buffer = stackalloc byte[256];
        buffer.Clear();
        int result;
        try
        {
            ref var first = ref MemoryMarshal.GetReference(buffer);
            result = !Apple
                ? file is null ? LinuxExamine(CurrentFolder, path, NoFollowLink, BasicFacts, ref first) : LinuxExamineOpen(file, "", EmptyPath, BasicFacts, ref first)
                : Arm
                    ? file is null ? AppleExamine(path, ref first) : AppleExamineOpen(file, ref first)
                    : file is null ? AppleIntelExamine(path, ref first) : AppleIntelExamineOpen(file, ref first);
        }
        catch (EntryPointNotFoundException)
        {
            return DiskError.NotImplemented;
        }

        if (result != 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        facts = Apple ? AppleFacts(buffer) : LinuxFacts(buffer);
        return 0;
    }

    private static FileFacts LinuxFacts(ReadOnlySpan<byte> b) => MakeFacts(
        MemoryMarshal.Read<ushort>(b[28..]),
        MemoryMarshal.Read<long>(b[40..]),
        MemoryMarshal.Read<uint>(b[16..]),
        ((ulong)MemoryMarshal.Read<uint>(b[136..]) << 32) | MemoryMarshal.Read<uint>(b[140..]),
        MemoryMarshal.Read<ulong>(b[32..]),
        MemoryMarshal.Read<uint>(b[20..]),
        MemoryMarshal.Read<uint>(b[24..]),
        MemoryMarshal.Read<long>(b[112..]));

    private static FileFacts AppleFacts(ReadOnlySpan<byte> b) => MakeFacts(
        MemoryMarshal.Read<ushort>(b[4..]),
        MemoryMarshal.Read<long>(b[96..]),
        MemoryMarshal.Read<ushort>(b[6..]),
        MemoryMarshal.Read<uint>(b),
        MemoryMarshal.Read<ulong>(b[8..]),
        MemoryMarshal.Read<uint>(b[16..]),
        MemoryMarshal.Read<uint>(b[20..]),
        MemoryMarshal.Read<long>(b[48..]));

    private static FileFacts MakeFacts(ushort mode, long length, long links, ulong device, ulong inode, uint owner, uint group, long seconds)
    {
        var kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.SymbolicLink,
            _ => FileKind.Other,
        };
        var modified = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, -62_135_596_800, 253_402_300_799));
        return new FileFacts(kind, kind == FileKind.File ? length : 0, (UnixFileMode)(mode & 0xFFF), links, device, inode, owner, group, modified);
    }

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinuxRename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "renamex_np", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AppleRename(string from, string to, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinuxExamine(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinuxExamineOpen(SafeFileHandle file, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "lstat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AppleExamine(string path, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int AppleExamineOpen(SafeFileHandle file, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AppleIntelExamine(string path, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int AppleIntelExamineOpen(SafeFileHandle file, ref byte buffer);
}
