using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

/// <summary>The system calls of Linux and macOS that the base library does not offer. All set the last error.</summary>
internal static partial class UnixCalls
{
    internal const int RenameNoReplace = 1;
    internal const int RenameExchange = 2;
    private const int AppleSwap = 2;
    private const int AppleExclusive = 4;
    private const int LockNone = 8;
    private const int EmptyPath = 0x1000;
    private const uint BasicFacts = 0x7FF;

    // The two ARM kernels number these flags differently from all others.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
    private static readonly bool Apple = OperatingSystem.IsMacOS();

    /// <summary>Stands for the process's folder where a call takes a folder and an absolute path.</summary>
    internal static int NoFolder => Apple ? -2 : -100;

    /// <summary>For calls with a folder and a name: do not follow a link under that name.</summary>
    internal static int NameItself => Apple ? 0x20 : 0x100;

    internal static int EmptyFolder => Apple ? 0x80 : 0x200;

    internal static int ReadOnly => 0;

    internal static int WriteOnly => 1;

    internal static int ReadWrite => 2;

    internal static int Create => Apple ? 0x200 : 0x40;

    internal static int Exclusive => Apple ? 0x800 : 0x80;

    internal static int Append => Apple ? 0x8 : 0x400;

    /// <summary>Opens a folder only to go on from it, which needs no right to list it.</summary>
    internal static int Passage => Directory | CloseOnExec | (Apple ? 0 : Place);

    /// <summary>Opens a mere place, which is neither read nor written; Linux only.</summary>
    internal static int Place => 0x200000;

    internal static int CloseOnExec => Apple ? 0x1000000 : 0x80000;

    internal static int NonBlocking => Apple ? 0x4 : 0x800;

    internal static int NoFollow => Apple ? 0x100 : Arm ? 0x8000 : 0x20000;

    internal static int Directory => Apple ? 0x100000 : Arm ? 0x4000 : 0x10000;

    // The last argument is one of many (...), which Apple's ARM passes in another way: there it stays unread, and nothing is made.
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenAt(int folder, string name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(int fromFolder, string from, int toFolder, string to);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(int folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MakeDirectory(int folder, string name, uint mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MakeLink(string target, int folder, string name);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ReadLink(int folder, string name, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeMode(int folder, string name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeOwner(int folder, string name, uint owner, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(int file, uint owner, uint group);

    /// <summary>Gives an open file, folder or link to a user; returns the error number, 0 on success.</summary>
    internal static int ChangeOwner(int file, FileOwner owner) =>
        (Apple ? ChangeOwner(file, owner.User, owner.Group) : ChangeOwner(file, "", owner.User, owner.Group, EmptyPath)) == 0
            ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Which mount an open file or folder is on; null where the system does not tell.</summary>
    internal static string? MountOf(int file)
    {
        const string Field = "mnt_id:";
        var path = $"/proc/self/fdinfo/{file}";
        return !File.Exists(path) ? null
            : File.ReadLines(path).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal))?[Field.Length..].Trim();
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeFileHandle file, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(SafeFileHandle file, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial void Close(int file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    internal static partial int SyncVolume(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Lock(SafeFileHandle file, int operation);

    /// <summary>Releases the lock of an open file. Closing alone would not: a process that is being started shares the open
    /// file for a moment, and with it the lock.</summary>
    internal static void Unlock(SafeFileHandle file)
    {
        if (!file.IsClosed)
        {
            Lock(file, LockNone);
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    internal static partial void Free(nint memory);

    /// <summary>Renames with one of the two flags; returns the error number, 0 on success.</summary>
    internal static int RenameWith(int fromFolder, string from, int toFolder, string to, int flag)
    {
        try
        {
            var result = Apple
                ? AppleRename(fromFolder, from, toFolder, to, flag == RenameExchange ? AppleSwap : AppleExclusive)
                : LinuxRename(fromFolder, from, toFolder, to, (uint)flag);
            return result == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        catch (EntryPointNotFoundException)
        {
            return DiskError.NotImplemented;
        }
    }

    /// <summary>Reads the facts of a name without following a link under it; returns the error number, 0 on success.</summary>
    internal static int Examine(int folder, string name, out FileFacts facts)
    {
        Span<byte> buffer = stackalloc byte[256];
        buffer.Clear();
        ref var first = ref MemoryMarshal.GetReference(buffer);
        try
        {
            var result = !Apple ? LinuxExamine(folder, name, NameItself, BasicFacts, ref first)
                : Arm ? AppleExamine(folder, name, ref first, NameItself)
                : AppleIntelExamine(folder, name, ref first, NameItself);
            return Answer(result, buffer, out facts);
        }
        catch (EntryPointNotFoundException)
        {
            facts = default;
            return DiskError.NotImplemented;
        }
    }

    /// <summary>Reads the facts of an open file or folder; returns the error number, 0 on success.</summary>
    internal static int Examine(int file, out FileFacts facts)
    {
        Span<byte> buffer = stackalloc byte[256];
        buffer.Clear();
        ref var first = ref MemoryMarshal.GetReference(buffer);
        try
        {
            var result = !Apple ? LinuxExamine(file, "", EmptyPath, BasicFacts, ref first)
                : Arm ? AppleExamineOpen(file, ref first)
                : AppleIntelExamineOpen(file, ref first);
            return Answer(result, buffer, out facts);
        }
        catch (EntryPointNotFoundException)
        {
            facts = default;
            return DiskError.NotImplemented;
        }
    }

    private static int Answer(int result, ReadOnlySpan<byte> buffer, out FileFacts facts)
    {
        facts = result != 0 ? default : Apple ? AppleFacts(buffer) : LinuxFacts(buffer);
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private static FileFacts LinuxFacts(ReadOnlySpan<byte> b) => MakeFacts(
        MemoryMarshal.Read<ushort>(b[28..]),
        MemoryMarshal.Read<long>(b[40..]),
        MemoryMarshal.Read<uint>(b[16..]),
        ((ulong)MemoryMarshal.Read<uint>(b[136..]) << 32) | MemoryMarshal.Read<uint>(b[140..]),
        MemoryMarshal.Read<ulong>(b[32..]),
        MemoryMarshal.Read<uint>(b[20..]),
        MemoryMarshal.Read<uint>(b[24..]),
        (MemoryMarshal.Read<long>(b[112..]), MemoryMarshal.Read<uint>(b[120..])),
        (MemoryMarshal.Read<long>(b[96..]), MemoryMarshal.Read<uint>(b[104..])));

    private static FileFacts AppleFacts(ReadOnlySpan<byte> b) => MakeFacts(
        MemoryMarshal.Read<ushort>(b[4..]),
        MemoryMarshal.Read<long>(b[96..]),
        MemoryMarshal.Read<ushort>(b[6..]),
        MemoryMarshal.Read<uint>(b),
        MemoryMarshal.Read<ulong>(b[8..]),
        MemoryMarshal.Read<uint>(b[16..]),
        MemoryMarshal.Read<uint>(b[20..]),
        (MemoryMarshal.Read<long>(b[48..]), MemoryMarshal.Read<long>(b[56..])),
        (MemoryMarshal.Read<long>(b[64..]), MemoryMarshal.Read<long>(b[72..])));

    private static FileFacts MakeFacts(ushort mode, long length, long links, ulong device, ulong inode, uint owner, uint group,
        (long Seconds, long Nanoseconds) written, (long Seconds, long Nanoseconds) changed)
    {
        var kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.SymbolicLink,
            _ => FileKind.Other,
        };
        var modified = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(written.Seconds, -62_135_596_800, 253_402_300_799));
        return new FileFacts(kind, kind == FileKind.File ? length : 0, (UnixFileMode)(mode & 0xFFF), links,
            device, inode, owner, group, modified)
        {
            ModifiedStamp = unchecked((written.Seconds * 1_000_000_000) + written.Nanoseconds),
            ChangedStamp = unchecked((changed.Seconds * 1_000_000_000) + changed.Nanoseconds),
        };
    }

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinuxRename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "renameatx_np", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AppleRename(int fromFolder, string from, int toFolder, string to, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinuxExamine(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "fstatat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AppleExamine(int folder, string path, ref byte buffer, int flags);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int AppleExamineOpen(int file, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "fstatat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AppleIntelExamine(int folder, string path, ref byte buffer, int flags);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int AppleIntelExamineOpen(int file, ref byte buffer);
}
