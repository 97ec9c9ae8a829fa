using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

internal partial class FileOps
{
    /// <summary>Looks for the first of some files below a folder and reads it, in as few calls as the system allows: a listing does so for
    /// each of thousands of folders.</summary>
    /// <param name="root">The folder, itself no link.</param>
    /// <param name="beside">A file in the folder itself, which is only checked.</param>
    /// <param name="folders">The folders below it, in order; none of them is entered through a link.</param>
    /// <param name="name">The file in each of them.</param>
    /// <param name="cap">The most bytes that are read.</param>
    /// <returns>What is in those places, up to the first folder that has something under the name; null where the root is a link or no
    /// folder, or where the system has no such calls.</returns>
    /// <exception cref="IOException">The folder is missing, or something in it cannot be checked.</exception>
    internal FirstFile? FindFirst(string root, string beside, IReadOnlyList<string> folders, string name, long cap)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        Before("examine", root);
        var found = new FirstFile(beside, folders, name);
        var error = Reach(root, changes: false, found.Look);
        if (error == DiskError.NotADirectory || error == DiskError.LinkLoop || error == DiskError.NotImplemented)
        {
            found.Dispose();
            return null;
        }

        if (error != 0)
        {
            found.Dispose();
            throw DiskError.Reading("Looking at", root, error);
        }

        using (found)
        {
            if (found.IsOpen)
            {
                Before("open", LocalPaths.Join(root, found.Path!));
                found.Read(cap);
            }
        }

        return found;
    }
}

/// <summary>What is in one of the places that were checked.</summary>
/// <param name="Path">The place, relative to the folder.</param>
/// <param name="Facts">What is there.</param>
internal sealed record FoundFile(string Path, FileFacts Facts);

/// <summary>What <see cref="FileOps.FindFirst"/> found.</summary>
internal sealed class FirstFile(string beside, IReadOnlyList<string> folders, string name) : IDisposable
{
    private SafeFileHandle? _file;
    private long _length;

    /// <summary>What is in the places that were checked.</summary>
    internal List<FoundFile> Entries { get; } = new(3);

    /// <summary>The file that was found, where it is a regular one.</summary>
    internal string? Path { get; private set; }

    /// <summary>Its bytes; null where it was not read: too long, or growing in the meantime.</summary>
    internal byte[]? Content { get; private set; }

    internal bool IsOpen => _file is not null;

    internal int Look(int at, string root)
    {
        var folder = UnixCalls.OpenAt(at, root, UnixCalls.Passage | UnixCalls.NoFollow, 0);
        if (folder < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        try
        {
            var error = Examine(folder, beside, beside, out _);
            for (var i = 0; i < folders.Count && error == 0; i++)
            {
                error = LookBelow(folder, folders[i], out var isLast);
                if (isLast)
                {
                    break;
                }
            }

            return error;
        }
        finally
        {
            UnixCalls.Close(folder);
        }
    }

    internal void Read(long cap)
    {
        if (_length > cap)
        {
            return;
        }

        var buffer = new byte[_length + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = (int)UnixCalls.Read(_file!, ref buffer[length], buffer.Length - length);
            if (read < 0)
            {
                throw DiskError.Reading("Reading", Path!, Marshal.GetLastPInvokeError());
            }

            length += read;

            // One byte more was asked for than the file has: it ends here, or where nothing comes any more.
            if (read == 0 || length == _length)
            {
                Content = buffer[..length];
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private int LookBelow(int root, string folder, out bool isLast)
    {
        isLast = false;
        var below = UnixCalls.OpenAt(root, folder, UnixCalls.Passage | UnixCalls.NoFollow, 0);
        if (below < 0)
        {
            return Marshal.GetLastPInvokeError() == DiskError.NotFound ? 0 : Examine(root, folder, folder, out _);
        }

        try
        {
            Entries.Add(new FoundFile(folder, new FileFacts(FileKind.Directory, 0, default, 1, 0, 0, 0, 0, default)));
            var path = folder + "/" + name;
            var file = UnixCalls.OpenAt(below, name,
                UnixCalls.ReadOnly | UnixCalls.NonBlocking | UnixCalls.NoFollow | UnixCalls.CloseOnExec, 0);
            if (file < 0)
            {
                return Marshal.GetLastPInvokeError() == DiskError.NotFound ? 0 : Examine(below, name, path, out isLast);
            }

            isLast = true;
            var handle = new SafeFileHandle(file, ownsHandle: true);
            if (UnixCalls.Examine(file, out var facts) is not 0 and var error)
            {
                handle.Dispose();
                return error;
            }

            Entries.Add(new FoundFile(path, facts));
            if (facts.Kind != FileKind.File)
            {
                handle.Dispose();
                return 0;
            }

            (_file, _length, Path) = (handle, facts.Length, path);
            return 0;
        }
        finally
        {
            UnixCalls.Close(below);
        }
    }

    private int Examine(int folder, string file, string path, out bool isThere)
    {
        var error = UnixCalls.Examine(folder, file, out var facts);
        isThere = error == 0;
        if (isThere)
        {
            Entries.Add(new FoundFile(path, facts));
        }

        return error is DiskError.NotFound or DiskError.NotADirectory ? 0 : error;
    }
}
