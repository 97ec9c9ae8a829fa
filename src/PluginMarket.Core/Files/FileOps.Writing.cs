using System.Runtime.InteropServices;

namespace PluginMarket.Files;

internal partial class FileOps
{
    private const int WindowsTries = 12;
    private const int MostTries = 8;

    /// <summary>0700: only the owner.</summary>
    public const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>0600: only the owner.</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0755, before the user's mask.</summary>
    public const UnixFileMode SharedFolder = PrivateFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>0644, before the user's mask.</summary>
    public const UnixFileMode SharedFile = PrivateFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes a folder and its missing parents; an existing folder stays as it is.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mode">Permissions of what is made, before the user's mask.</param>
    public virtual void CreateDirectory(string path, UnixFileMode mode = SharedFolder)
    {
        Before("mkdir", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: true);
            Change(null, "Making the folder", path, () => Directory.CreateDirectory(path));
        }
        else
        {
            MakeFolders(path, mode);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private void MakeFolders(string path, UnixFileMode mode)
    {
        if (Find(path, out _) is null)
        {
            using var acting = UnixCalls.ActAs(_actsAs ?? (_homes.TryGetValue(path, out var home) ? home.OwnerOfMissing() : null));
            Change(null, "Making the folder", path, () => Directory.CreateDirectory(path, mode));
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            var error = Reach(path, changes: true, (folder, name) => ErrorOf(UnixCalls.MakeDirectory(folder, name, (uint)mode)));
            if (error == DiskError.AlreadyExists)
            {
                error = Reach(path, changes: true, static (_, _) => 0, folder: true);
                if (error is DiskError.NotADirectory or DiskError.NotFound && Kind(path) != FileKind.Missing)
                {
                    throw HomeWay.NotAFolder(path);
                }
            }

            if (error == 0)
            {
                return;
            }

            if (error != DiskError.NotFound || attempt == MostTries)
            {
                throw DiskError.Writing("Making the folder", path, error);
            }

            MakeFolders(Path.GetDirectoryName(path)!, mode);
        }
    }

    /// <summary>Makes a new file for writing; never opens one that is there, not even through a link.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Its permissions, before the user's mask.</param>
    /// <exception cref="IOException">Something is there already, or its folder is missing.</exception>
    public virtual Stream CreateNew(string path, UnixFileMode mode = SharedFile)
    {
        Before("create", path);
        if (OperatingSystem.IsLinux())
        {
            var file = OpenHandleAt(path, changes: true,
                UnixCalls.WriteOnly | UnixCalls.Create | UnixCalls.Exclusive | UnixCalls.NoFollow, out var error, mode);
            if (error != 0)
            {
                throw DiskError.Writing("Making the file", path, error);
            }

            // Tells a sweep that the writer is alive; not every file system has locks.
            UnixCalls.Lock(file, LockExclusive | LockWithoutWaiting);
            return new NewFileStream(new FileStream(file, FileAccess.Write, bufferSize: 0), path, Before);
        }

        DemandWay(path, changes: true);
        FileStream? stream = null;
        Change(null, "Making the file", path, () =>
        {
            var options =
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = mode;
            }

            stream = new FileStream(path, options);
        });
        return new NewFileStream(stream!, path, Before);
    }

    /// <summary>Makes a new file with this content.</summary>
    /// <inheritdoc cref="CreateNew"/>
    public void WriteNew(string path, ReadOnlySpan<byte> content, UnixFileMode mode = SharedFile)
    {
        using var stream = CreateNew(path, mode);
        stream.Write(content);
    }

    /// <summary>Appends to a file, which is made where it is missing, and waits until it is on the disk; never writes through a
    /// link.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What is added.</param>
    /// <param name="mode">Permissions of a file that is made, before the user's mask.</param>
    public virtual void Append(string path, ReadOnlySpan<byte> content, UnixFileMode mode = PrivateFile)
    {
        if (Examine(path).Kind is var kind && kind is not (FileKind.File or FileKind.Missing))
        {
            throw DiskError.Writing("Appending to", path, DiskError.LinkLoop);
        }

        var added = content.ToArray();
        Change("append", "Appending to", path, () =>
        {
            using var stream = OpenToAppend(path, mode);
            stream.Write(added);
            stream.Flush(flushToDisk: true);
        });
    }

    private FileStream OpenToAppend(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsLinux())
        {
            var file = OpenHandleAt(path, changes: true, UnixCalls.WriteOnly | UnixCalls.Create | UnixCalls.Append | UnixCalls.NoFollow
                | UnixCalls.NonBlocking, out var error, mode);
            return error == 0 ? new FileStream(file, FileAccess.Write, bufferSize: 0)
                : throw DiskError.Writing("Appending to", path, error);
        }

        DemandWay(path, changes: true);
        var options =
            new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return new FileStream(path, options);
    }

    /// <summary>Renames a file or folder to a name that nothing is under.</summary>
    /// <returns>Whether it was renamed: false where something is under the new name.</returns>
    /// <exception cref="IOException">The old name or the new name's folder is missing.</exception>
    public virtual bool RenameNoReplace(string from, string to)
    {
        Before("rename-noreplace", to);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(from, changes: true);
            DemandWay(to, changes: true);
            return ExamineByAttributes(to).Kind == FileKind.Missing && MoveOnWindows(from, to, overwrite: false);
        }

        var error = Reach(from, to, static (oldFolder, oldName, newFolder, newName) =>
            UnixCalls.RenameWith(oldFolder, oldName, newFolder, newName, UnixCalls.RenameNoReplace));
        if (IsUnknownFlag(error))
        {
            // A full folder is refused by a plain rename too; for the rest the look before is the best this file system has.
            error = Reach(from, to, static (oldFolder, oldName, newFolder, newName) =>
            {
                UnixCalls.Examine(newFolder, newName, out var there);
                return there.Kind != FileKind.Missing
                    ? DiskError.AlreadyExists : ErrorOf(UnixCalls.Rename(oldFolder, oldName, newFolder, newName));
            });
        }

        return error == DiskError.AlreadyExists || error == DiskError.NotEmpty ? false
            : error == 0 ? true : throw DiskError.Writing("Renaming to", to, error);
    }

    /// <summary>Exchanges two files or folders in one step.</summary>
    /// <returns>Whether it was done: false where this system or file system cannot.</returns>
    /// <exception cref="IOException">One of them is missing.</exception>
    public virtual bool Exchange(string first, string second)
    {
        Before("exchange", second);
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        var error = Reach(first, second, static (oldFolder, oldName, newFolder, newName) =>
            UnixCalls.RenameWith(oldFolder, oldName, newFolder, newName, UnixCalls.RenameExchange));
        return !IsUnknownFlag(error) && (error == 0 ? true : throw DiskError.Writing("Exchanging", second, error));
    }

    /// <summary>Renames a file over another one, or to a free name.</summary>
    /// <exception cref="IOException">The old name or the new name's folder is missing.</exception>
    public virtual void Rename(string from, string to)
    {
        Before("rename", to);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(from, changes: true);
            DemandWay(to, changes: true);
            MoveOnWindows(from, to, overwrite: true);
        }
        else if (Reach(from, to, static (oldFolder, oldName, newFolder, newName) =>
            ErrorOf(UnixCalls.Rename(oldFolder, oldName, newFolder, newName))) is var error && error != 0)
        {
            throw DiskError.Writing("Renaming to", to, error);
        }
    }

    /// <summary>Deletes a file or a link, never what the link points to; a missing one is fine.</summary>
    public virtual void DeleteFile(string path)
    {
        Before("unlink", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: true);
            Change(null, "Deleting", path, () => DeleteOnWindows(path));
        }
        else if (Reach(path, changes: true, static (folder, name) => ErrorOf(UnixCalls.Unlink(folder, name, 0))) is var error
            && error is not (0 or DiskError.NotFound))
        {
            throw DiskError.Writing("Deleting", path, error);
        }
    }

    /// <summary>Deletes a folder that is empty.</summary>
    /// <returns>Whether it is gone: false where it is not empty. A missing one is gone.</returns>
    public virtual bool DeleteEmptyDirectory(string path)
    {
        Before("rmdir", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: true);
            return DeleteEmptyOnWindows(path);
        }

        var error = Reach(path, changes: true, static (folder, name) => ErrorOf(UnixCalls.Unlink(folder, name, UnixCalls.EmptyFolder)));
        return error is 0 or DiskError.NotFound ? true
            : error == DiskError.NotEmpty || error == DiskError.AlreadyExists ? false
            : throw DiskError.Writing("Deleting", path, error);
    }

    /// <summary>Deletes a file, a link, or a folder with all that is in it; follows no link. A missing one is fine.</summary>
    public void DeleteTreeNoFollow(string path)
    {
        var pending = new Stack<(string Path, bool Emptied)>();
        pending.Push((path, false));
        while (pending.TryPop(out var item))
        {
            if (item.Emptied)
            {
                DeleteEmptyDirectory(item.Path);
                continue;
            }

            var facts = Examine(item.Path);
            if (facts.Kind != FileKind.Directory)
            {
                if (facts.Kind != FileKind.Missing)
                {
                    DeleteFile(item.Path);
                }

                continue;
            }

            if (!OperatingSystem.IsWindows() && (facts.Mode & PrivateFolder) != PrivateFolder)
            {
                SetMode(item.Path, facts.Mode | PrivateFolder);
            }

            pending.Push((item.Path, true));
            foreach (var name in ListOrNothing(item.Path))
            {
                pending.Push((Path.Join(item.Path, name), false));
            }
        }
    }

    /// <summary>Waits until a file's content is on the disk.</summary>
    public virtual void FsyncFile(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Change("fsync", "Saving", path, () =>
            {
                using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                RandomAccess.FlushToDisk(handle);
            });
            return;
        }

        Before("fsync", path);
        using var file = OpenHandleAt(path, changes: true, UnixCalls.ReadOnly | UnixCalls.NoFollow | UnixCalls.NonBlocking, out var error);
        if (error != 0)
        {
            throw DiskError.Writing("Saving", path, error);
        }

        Change(null, "Saving", path, () => RandomAccess.FlushToDisk(file));
    }

    /// <summary>Waits until the names in a folder are on the disk; does nothing where the system orders them itself.</summary>
    public virtual void FsyncDirectory(string path)
    {
        if (AreFoldersSavedLater)
        {
            return;
        }

        Before("fsync-folder", path);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = OpenHandleAt(path, changes: false, UnixCalls.ReadOnly | UnixCalls.Directory, out var error, folder: true);
        if (error != 0)
        {
            throw DiskError.Writing("Saving", path, error);
        }

        while (UnixCalls.Sync(folder) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            if (error == DiskError.InvalidArgument || error == DiskError.NotSupported)
            {
                return;
            }

            if (error != DiskError.Interrupted)
            {
                throw DiskError.Writing("Saving", path, error);
            }
        }
    }

    /// <summary>Sets the permissions of a file or folder of ours, whatever the user's mask; nothing on Windows.</summary>
    public virtual void SetMode(string path, UnixFileMode mode)
    {
        Before("chmod", path);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var error = Reach(path, changes: true,
            (folder, name) => ErrorOf(UnixCalls.ChangeMode(folder, name, (uint)mode, UnixCalls.NameItself)));
        if (error != 0)
        {
            throw DiskError.Writing("Setting the permissions of", path, error);
        }
    }

    /// <summary>Gives a file, folder or link to an owner; nothing on Windows.</summary>
    public virtual void SetOwner(string path, uint owner, uint group)
    {
        Before("chown", path);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var error = Reach(path, changes: true,
            (folder, name) => ErrorOf(UnixCalls.ChangeOwner(folder, name, owner, group, UnixCalls.NameItself)), asSelf: true);
        if (error != 0)
        {
            throw DiskError.Writing("Setting the owner of", path, error);
        }
    }

    /// <summary>Makes a symbolic link.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">What it points to, stored as given.</param>
    public virtual void CreateSymbolicLink(string path, string target)
    {
        Before("symlink", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: true);
            Change(null, "Making the link", path, () => File.CreateSymbolicLink(path, target));
            return;
        }

        var error = Reach(path, changes: true, (folder, name) => ErrorOf(UnixCalls.MakeLink(target, folder, name)));
        if (error != 0)
        {
            throw DiskError.Writing("Making the link", path, error);
        }
    }

    private static int ErrorOf(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    private int Reach(string from, string to, Func<int, string, int, string, int> call) =>
        Reach(from, changes: true,
            (oldFolder, oldName) => Reach(to, changes: true, (newFolder, newName) => call(oldFolder, oldName, newFolder, newName)));

    private static bool IsUnknownFlag(int error) =>
        error == DiskError.NotImplemented || error == DiskError.NotSupported || error == DiskError.InvalidArgument;

    private static bool DeleteEmptyOnWindows(string path)
    {
        try
        {
            var folder = new DirectoryInfo(path);
            if (folder.Exists && folder.Attributes.HasFlag(FileAttributes.ReadOnly))
            {
                folder.Attributes &= ~FileAttributes.ReadOnly;
            }

            Directory.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException e) when (DiskError.IsNotEmpty(e))
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskError.Writing("Deleting", path, e);
        }
    }

    private static void DeleteOnWindows(string path)
    {
        if (new FileInfo(path) is { Exists: true } file)
        {
            // Pack files of git are read-only, which stops a delete there.
            file.IsReadOnly = false;
            file.Delete();
        }
        else if (Directory.Exists(path))
        {
            Directory.Delete(path);
        }
    }

    // A scanner or an indexer holds a fresh file for moments: try for about five seconds, then give up with nothing changed.
    private static bool MoveOnWindows(string from, string to, bool overwrite)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (Directory.Exists(from))
                {
                    Directory.Move(from, to);
                }
                else
                {
                    File.Move(from, to, overwrite);
                }

                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!overwrite && ExamineByAttributes(to).Kind != FileKind.Missing)
                {
                    return false;
                }

                if (overwrite && ExamineByAttributes(to) is { Kind: FileKind.File } target && !target.Mode.HasFlag(UnixFileMode.UserWrite))
                {
                    throw DiskError.Writing("Renaming to", to, e);
                }

                // Access is denied also where a file below the folder is open, so that rights are not what is missing.
                if (e is FileNotFoundException or DirectoryNotFoundException || attempt == WindowsTries)
                {
                    throw e is UnauthorizedAccessException
                        ? DiskError.Writing("Renaming to", to, DiskError.Busy, e) : DiskError.Writing("Renaming to", to, e);
                }
            }

            Thread.Sleep(attempt * 70);
        }
    }

    private IReadOnlyList<string> ListOrNothing(string path)
    {
        try
        {
            return List(path);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private void Change(string? operation, string doing, string path, Action change)
    {
        if (operation is not null)
        {
            Before(operation, path);
        }

        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskError.Writing(doing, path, e);
        }
    }
}
