using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>Every disk call goes through this class, so that a test can stop or fail the process before each of them.</summary>
/// <remarks>
/// Paths are absolute. Reading calls throw <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>; changing calls throw
/// <see cref="PluginMarketException"/> (<see cref="MarketErrorCode.DiskFull"/>, <see cref="MarketErrorCode.HomeNotWritable"/>,
/// <see cref="MarketErrorCode.PluginInUse"/>), and <see cref="IOException"/> where the target is missing or there already.
/// </remarks>
internal partial class FileOps
{
    private const int LongestLink = 4096;

    /// <summary>The real disk.</summary>
    public static FileOps Default { get; } = new();

    /// <summary>Called before each disk call; a test may throw or end the process here.</summary>
    /// <param name="operation">The call's name, such as <c>rename</c>.</param>
    /// <param name="path">What it is about to touch.</param>
    protected virtual void Before(string operation, string path) { }

    /// <summary>What is under a path, without following a link in its last part.</summary>
    public virtual FileFacts Examine(string path)
    {
        Before("examine", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: false);
            return ExamineByAttributes(path);
        }

        var error = Examine(path, out var facts);
        if (error == 0)
        {
            return facts;
        }

        if (error is DiskError.NotFound or DiskError.NotADirectory)
        {
            return default;
        }

        return error == DiskError.NotImplemented ? ExamineByAttributes(path) : throw DiskError.Reading("Looking at", path, error);
    }

    // Most paths are below no home, and need no object for the way there.
    private int Examine(string path, out FileFacts facts)
    {
        if (Find(path, out var names) is { } way)
        {
            return ExamineBelow(way, names, out facts);
        }

        using var acting = UnixCalls.ActAs(_actsAs);
        return UnixCalls.Examine(UnixCalls.NoFolder, path, out facts);
    }

    private static int ExamineBelow(HomeWay way, string[] names, out FileFacts facts)
    {
        var found = default(FileFacts);
        var error = ReachBelow(way, names, changes: false, (folder, name) => UnixCalls.Examine(folder, name, out found));
        facts = found;
        return error;
    }

    /// <summary>What kind of thing is under a path, without following a link in its last part.</summary>
    public FileKind Kind(string path) => Examine(path).Kind;

    /// <summary>The names in a folder, ordered ordinally.</summary>
    public virtual IReadOnlyList<string> List(string path)
    {
        Before("list", path);
        var names = EntriesIn(path).Select(entry => entry.Name).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>The names of the folders in a folder, ordered ordinally; a link does not count.</summary>
    internal IReadOnlyList<string> ListFolders(string path)
    {
        Before("list", path);
        var names = EntriesIn(path).Where(entry => entry.IsFolder || Kind(Path.Join(path, entry.Name)) == FileKind.Directory)
            .Select(entry => entry.Name).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>Opens a regular file for reading; never waits for a pipe, never reads a device.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLink">Whether the last part of the path may be a link.</param>
    /// <exception cref="IOException">It is missing, a link, or no regular file.</exception>
    public virtual Stream OpenRead(string path, bool followLink = false)
    {
        Before("open", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: false);
            return OpenOnWindows(path, followLink);
        }

        var handle = OpenHandleAt(path, changes: false, UnixCalls.ReadOnly | UnixCalls.NonBlocking | UnixCalls.NoFollow, out var error);
        if (error == DiskError.LinkLoop && followLink)
        {
            handle = OpenHandleAt(path, changes: false, UnixCalls.ReadOnly | UnixCalls.NonBlocking, out error);
            if (error == 0 && ForeignOwnerOf(path) is { } owner
                && (UnixCalls.Examine((int)handle.DangerousGetHandle(), out var facts) != 0 || facts.Owner != owner.Owner.User))
            {
                handle.Dispose();
                throw HomeWay.Refused(path,
                    $"is a link of the user id {owner.Owner.User} that points to a file or folder which that user does not own");
            }
        }

        return RegularFile(error == 0 ? handle : throw DiskError.Reading("Reading", path, error), path, out _);
    }

    /// <summary>Opens a regular file below a folder for reading, following no link on the way to it.</summary>
    /// <param name="root">The folder, itself no link.</param>
    /// <param name="path">The file below it.</param>
    /// <exception cref="IOException">It is missing, a part of the way is a link, or it is not a regular file.</exception>
    public Stream OpenBeneath(string root, RelativePath path) => OpenBeneath(root, path, out _);

    /// <summary>The same, with what is known of the file that was opened.</summary>
    internal Stream OpenBeneath(string root, RelativePath path, out FileFacts facts)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = path.UnderRoot(root);
        Before("open", full);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(full, changes: false);
            for (var folder = path.Parent; !folder.IsRoot; folder = folder.Parent)
            {
                if (ExamineByAttributes(folder.UnderRoot(root)).Kind == FileKind.SymbolicLink)
                {
                    throw DiskError.Reading("Reading", full, DiskError.LinkLoop);
                }
            }

            facts = ExamineByAttributes(full);
            return OpenOnWindows(full, followLink: false);
        }

        var descriptor = -1;
        var error = Reach(root, changes: false,
            (folder, name) => (descriptor = OpenSteps(folder, name, path)) < 0 ? Marshal.GetLastPInvokeError() : 0);
        return RegularFile(error == 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw DiskError.Reading("Reading", full, error),
            full, out facts);
    }

    private static int OpenSteps(int folder, string root, RelativePath path)
    {
        if (folder != UnixCalls.NoFolder && UnixCalls.CanOpenBeneath && UnixCalls.OpenBeneath(folder, root + "/" + path.Value,
            UnixCalls.ReadOnly | UnixCalls.CloseOnExec | UnixCalls.NonBlocking) is >= 0 and var whole)
        {
            return whole;
        }

        var current = UnixCalls.OpenAt(folder, root, UnixCalls.Passage | UnixCalls.NoFollow, 0);
        if (current >= 0 && path.Segments.Count > 1 && UnixCalls.CanOpenBeneath && UnixCalls.OpenBeneath(current, path.Value,
            UnixCalls.ReadOnly | UnixCalls.CloseOnExec | UnixCalls.NonBlocking) is >= 0 and var below)
        {
            UnixCalls.Close(current);
            return below;
        }

        for (var i = 0; i < path.Segments.Count && current >= 0; i++)
        {
            var flags = i < path.Segments.Count - 1
                ? UnixCalls.Passage : UnixCalls.ReadOnly | UnixCalls.CloseOnExec | UnixCalls.NonBlocking;
            var next = UnixCalls.OpenAt(current, path.Segments[i], flags | UnixCalls.NoFollow, 0);
            var error = Marshal.GetLastPInvokeError();
            UnixCalls.Close(current);
            Marshal.SetLastPInvokeError(error);
            current = next;
        }

        return current;
    }

    /// <summary>Reads a whole regular file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cap">The most bytes to read.</param>
    /// <param name="followLink">Whether the last part of the path may be a link.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.LimitExceeded"/></exception>
    /// <exception cref="IOException">It is missing, a link, or no regular file.</exception>
    public byte[] ReadAllBytes(string path, long cap, bool followLink = false)
    {
        using var stream = OpenRead(path, followLink);
        return CappedReader.ReadToEnd(stream, cap, path);
    }

    /// <summary>Reads a whole regular file, or returns null where there is nothing under the path.</summary>
    /// <inheritdoc cref="ReadAllBytes"/>
    public byte[]? TryReadAllBytes(string path, long cap, bool followLink = false)
    {
        try
        {
            return ReadAllBytes(path, cap, followLink);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What a link points to, as it is stored.</summary>
    public virtual string ReadLink(string path)
    {
        Before("readlink", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: false);
            return new FileInfo(path).LinkTarget ?? throw new IOException($"'{DisplayText.Escape(path)}' is not a link.");
        }

        var text = new byte[LongestLink];
        var length = (nint)0;
        var error = Reach(path, changes: false, (folder, name) =>
            (length = UnixCalls.ReadLink(folder, name, ref text[0], text.Length)) < 0 ? Marshal.GetLastPInvokeError() : 0);
        return error == 0 ? System.Text.Encoding.UTF8.GetString(text, 0, (int)length)
            : throw DiskError.Reading("Reading the link", path, error);
    }

    /// <summary>The path with every link on the way resolved.</summary>
    /// <exception cref="IOException">Nothing is there.</exception>
    public virtual string RealPath(string path)
    {
        Before("realpath", path);
        if (OperatingSystem.IsWindows())
        {
            return ExamineByAttributes(path).Kind == FileKind.Missing
                ? throw DiskError.Reading("Resolving", path, DiskError.NotFound) : RealPathOnWindows(path);
        }

        var result = RealPathOnUnix(path);
        if (ForeignOwnerOf(path) is not null && Find(result, out _) is null)
        {
            Follow(path, result);
        }

        return result;
    }

    private string RealPathOnUnix(string path)
    {
        using var acting = UnixCalls.ActAs(_actsAs);
        var result = UnixCalls.RealPath(path, 0);
        if (result == 0)
        {
            throw DiskError.Reading("Resolving", path, Marshal.GetLastPInvokeError());
        }

        try
        {
            return Marshal.PtrToStringUTF8(result)!;
        }
        finally
        {
            UnixCalls.Free(result);
        }
    }

    /// <summary>Bytes this user can still write on the volume of a path, whose last parts may be missing.</summary>
    public virtual long FreeSpace(string path)
    {
        Before("statvfs", path);
        for (var existing = path; existing is { Length: > 0 }; existing = Path.GetDirectoryName(existing))
        {
            if (Directory.Exists(existing))
            {
                return OperatingSystem.IsWindows()
                    ? WindowsCalls.FreeSpace(existing) ?? long.MaxValue : new DriveInfo(existing).AvailableFreeSpace;
            }
        }

        return long.MaxValue;
    }

    // Whether a folder is there is only said where the system tells it together with the name.
    private IReadOnlyList<(string Name, bool IsFolder)> EntriesIn(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: false, folder: true);
            return NamesOf(path);
        }

        using var folder = OpenHandleAt(path, changes: false, UnixCalls.ReadOnly | UnixCalls.Directory, out var error, folder: true);
        if (error != 0)
        {
            throw error == DiskError.NotFound ? new DirectoryNotFoundException($"Listing '{DisplayText.Escape(path)}': it is missing.")
                : DiskError.Reading("Listing", path, error);
        }

        if (OperatingSystem.IsLinux() && UnixCalls.EntriesIn(folder) is { } names)
        {
            return names;
        }

        // The folder that was opened, whatever its path names by now; where a system shows no such path, the path.
        var open = $"/proc/self/fd/{folder.DangerousGetHandle()}";
        return NamesOf(OperatingSystem.IsLinux() && Directory.Exists(open) ? open : path);
    }

    private static IReadOnlyList<(string Name, bool IsFolder)> NamesOf(string path) =>
        [.. Directory.GetFileSystemEntries(path).Select(entry => (Path.GetFileName(entry)!, false))];

    internal static RegularFileStream RegularFile(SafeFileHandle handle, string path, out FileFacts facts)
    {
        var isKnown = UnixCalls.Examine((int)handle.DangerousGetHandle(), out facts) == 0;
        if (isKnown && facts.Kind != FileKind.File)
        {
            handle.Dispose();
            throw new IOException($"Reading '{DisplayText.Escape(path)}': it is not a regular file.");
        }

        return new RegularFileStream(handle, isKnown ? facts.Length : RandomAccess.GetLength(handle), path);
    }

    private static FileStream OpenOnWindows(string path, bool followLink)
    {
        var kind = ExamineByAttributes(path).Kind;
        if (kind == FileKind.SymbolicLink && !followLink)
        {
            throw DiskError.Reading("Reading", path, DiskError.LinkLoop);
        }

        if (kind is FileKind.Directory or FileKind.Other)
        {
            throw new IOException($"Reading '{DisplayText.Escape(path)}': it is not a regular file.");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (NotSupportedException e)
        {
            // Names such as NUL and COM1 are devices in every folder.
            throw new IOException($"Reading '{DisplayText.Escape(path)}': it is not a regular file.", e);
        }
    }

    private static string RealPathOnWindows(string path)
    {
        var full = LocalPaths.Normalize(path);
        return Path.TrimEndingDirectorySeparator(
            WindowsCalls.FinalPath(full) ?? new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full);
    }

    // Windows, and kernels without statx: here a pipe looks like a file, but opening a file checks again.
    private static FileFacts ExamineByAttributes(string path)
    {
        FileSystemInfo info = new FileInfo(path);
        if ((int)info.Attributes == -1)
        {
            return default;
        }

        var kind = info.Attributes.HasFlag(FileAttributes.ReparsePoint) ? FileKind.SymbolicLink
            : info.Attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
            : info.Attributes.HasFlag(FileAttributes.Device) ? FileKind.Other
            : FileKind.File;
        var mode = OperatingSystem.IsWindows()
            ? info.Attributes.HasFlag(FileAttributes.ReadOnly) ? UnixFileMode.UserRead : UnixFileMode.UserRead | UnixFileMode.UserWrite
            : info.UnixFileMode;
        return new FileFacts(kind, kind == FileKind.File ? ((FileInfo)info).Length : 0, mode, 1, 0, 0, 0, 0, info.LastWriteTimeUtc)
        {
            ModifiedStamp = info.LastWriteTimeUtc.Ticks,
        };
    }
}
