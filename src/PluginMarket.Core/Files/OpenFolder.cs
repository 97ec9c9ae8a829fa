using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

/// <summary>A folder that is open for as long as it is read or filled: what is below it is reached from it in one call,
/// over no link, whatever its path names by now.</summary>
internal sealed class OpenFolder : IDisposable
{
    private readonly SafeFileHandle _root;
    private readonly string _path;
    private readonly Action<string, string> _before;

    internal OpenFolder(SafeFileHandle root, string path, Action<string, string> before) => (_root, _path, _before) = (root, path, before);

    /// <summary>The names in a folder below it, as <see cref="FileOps.ListExamined"/> gives them.</summary>
    /// <param name="relative">The folder below, or the empty text.</param>
    /// <param name="include">Which names count.</param>
    /// <param name="onlyFiles">Whether of the folders in it only the names have to be known.</param>
    /// <exception cref="IOException">The folder is missing, a part of the way is a link, or it cannot be read.</exception>
    internal IReadOnlyList<FolderEntry> List(string relative, Func<string, bool> include, bool onlyFiles = false)
    {
        var path = LocalPaths.Join(_path, relative);
        _before("list", path);
        using var folder = Open(relative.Length == 0 ? "." : relative, UnixCalls.Directory, out var error);
        var entries = Array.Empty<FolderEntry>();
        string? failed = null;
        error = error == 0 ? FileOps.ExamineAll(folder, path, include, onlyFiles, _before, ref entries, ref failed) : error;
        return error == 0 ? entries : throw FileOps.ListingFailed(path, failed, error);
    }

    /// <summary>Opens a regular file below it.</summary>
    /// <exception cref="IOException">It is missing, a part of the way is a link, or it is not a regular file.</exception>
    internal Stream OpenFile(string relative, out FileFacts facts)
    {
        var path = LocalPaths.Join(_path, relative);
        _before("open", path);
        var file = Open(relative, UnixCalls.NonBlocking, out var error);
        if (error != 0)
        {
            file.Dispose();
            throw DiskError.Reading("Reading", path, error);
        }

        return FileOps.RegularFile(file, path, out facts);
    }

    /// <summary>Makes a new file below it for writing; never opens one that is there.</summary>
    /// <param name="relative">The file; its folder is there.</param>
    /// <param name="mode">Its permissions, before the user's mask.</param>
    /// <exception cref="IOException">There is something already, or a part of the way is missing or a link.</exception>
    internal Stream CreateNew(string relative, UnixFileMode mode)
    {
        var path = LocalPaths.Join(_path, relative);
        _before("create", path);
        var file = Open(relative, UnixCalls.WriteOnly | UnixCalls.Create | UnixCalls.Exclusive, out var error, mode);
        if (error != 0)
        {
            file.Dispose();
            throw DiskError.Writing("Making the file", path, error);
        }

        return new PlainFileStream(file, path, _before);
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private SafeFileHandle Open(string relative, int flags, out int error, UnixFileMode mode = 0)
    {
        var descriptor = UnixCalls.OpenBeneath((int)_root.DangerousGetHandle(), relative, UnixCalls.CloseOnExec | flags, mode);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
