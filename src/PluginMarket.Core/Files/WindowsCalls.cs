using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

/// <summary>The system calls of Windows that the base library does not offer.</summary>
internal static partial class WindowsCalls
{
    private const string Verbatim = @"\\?\";
    private const string VerbatimShare = @"\\?\UNC\";
    private const int LongestPath = 32767;
    private const uint ShareEverything = 7;
    private const uint OpenExisting = 3;
    private const uint OpenFolders = 0x0200_0000;

    // Locks of Windows keep others from reading what they cover, so ours covers one byte far behind every content. It is
    // in the range that Codex locks: all.
    private const uint LockedOffset = 0x4000_0000;

    /// <summary>The path with every link on the way resolved and every name in the case it is stored in; null
    /// where the system does not say.</summary>
    internal static string? FinalPath(string path)
    {
        using var handle = CreateFile(ToVerbatim(path), 0, ShareEverything, 0, OpenExisting, OpenFolders, 0);
        if (handle.IsInvalid)
        {
            return null;
        }

        var buffer = new char[LongestPath];
        var length = GetFinalPath(handle,
            ref MemoryMarshal.GetReference(MemoryMarshal.Cast<char, ushort>(buffer.AsSpan())), (uint)buffer.Length, 0);
        return length is 0 || length >= buffer.Length ? null : WithoutPrefix(new string(buffer, 0, (int)length));
    }

    /// <summary>Whether the file under a path is the one that is open; null where the system does not say.</summary>
    internal static bool? IsOpenFile(string path, SafeFileHandle open)
    {
        using var there = CreateFile(ToVerbatim(path), 0, ShareEverything, 0, OpenExisting, 0, 0);
        return !there.IsInvalid && GetFileInformation(there, out var found) && GetFileInformation(open, out var known)
            ? (found.Volume, found.IndexHigh, found.IndexLow) == (known.Volume, known.IndexHigh, known.IndexLow)
            : null;
    }

    /// <summary>Bytes this user can still write in an existing folder, which may be on a share; null
    /// where the system does not say.</summary>
    internal static long? FreeSpace(string folder) =>
        GetDiskFreeSpace(ToVerbatim(folder), out var available, 0, 0) ? (long)Math.Min(available, long.MaxValue) : null;

    internal static bool TryLock(SafeFileHandle file) => LockFile(file, 0, LockedOffset, 1, 0);

    /// <summary>The path as it is usually written, without the prefix that turns rules and limits of names off.</summary>
    internal static string WithoutPrefix(string path) =>
        path.StartsWith(VerbatimShare, StringComparison.OrdinalIgnoreCase) ? @"\\" + path[VerbatimShare.Length..]
        : path.StartsWith(Verbatim, StringComparison.Ordinal) && path.Length > 5 && path[5] == ':' ? path[Verbatim.Length..]
        : path;

    private static string ToVerbatim(string path) =>
        path.StartsWith(Verbatim, StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal) ? path
        : path.StartsWith(@"\\", StringComparison.Ordinal) ? VerbatimShare + path[2..]
        : Verbatim + path;

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(string path, uint access, uint share, nint security, uint creation, uint flags,
        nint template);

    [LibraryImport("kernel32", EntryPoint = "GetFinalPathNameByHandleW", SetLastError = true)]
    private static partial uint GetFinalPath(SafeFileHandle file, ref ushort path, uint length, uint flags);

    [LibraryImport("kernel32", EntryPoint = "GetFileInformationByHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformation(SafeFileHandle file, out FileInformation information);

    [LibraryImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetDiskFreeSpace(string folder, out ulong available, nint total, nint free);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LockFile(SafeFileHandle file, uint offsetLow, uint offsetHigh, uint lengthLow, uint lengthHigh);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly struct FileInformation
    {
        internal readonly uint Attributes;
        internal readonly ulong Created;
        internal readonly ulong Accessed;
        internal readonly ulong Written;
        internal readonly uint Volume;
        internal readonly uint SizeHigh;
        internal readonly uint SizeLow;
        internal readonly uint Links;
        internal readonly uint IndexHigh;
        internal readonly uint IndexLow;
    }
}
