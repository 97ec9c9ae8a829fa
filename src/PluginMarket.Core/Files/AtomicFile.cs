using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>Writes a file so that its path names the old content or the new one, whenever the process dies or the power fails.</summary>
internal static class AtomicFile
{
    /// <summary>Fails where a file that must not be overwritten exists.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.FileAlreadyExists"/>.</exception>
    internal static void DemandNew(FileOps files, string path)
    {
        if (files.Kind(path) is not (FileKind.Missing or FileKind.Directory))
        {
            throw new PluginMarketException(MarketErrorCode.FileAlreadyExists,
                $"The file '{path}' exists. {Remedy.Do($"Choose another file.")}{Remedy.Do(
                    $"Remove {OperationOption.NoClobber} to overwrite it.")}", path);
        }
    }

    private const int Tries = 3;

    /// <summary>Writes beside the file, saves, renames over it, saves the folder.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file; where it is a link, the link is replaced. Its folder exists.</param>
    /// <param name="content">The whole new content.</param>
    /// <param name="mode">The permissions; those of the file that is there, else 0600, where it is null.</param>
    /// <param name="confirm">Asked right before the rename; false gives up with nothing changed.</param>
    /// <returns>Whether the new content is in place: false only where <paramref name="confirm"/> said so.</returns>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.DiskFull"/>, <see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.PluginInUse"/>; the old content is in place.</exception>
    public static bool Write(FileOps files, string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null, Func<bool>? confirm = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return WriteOnce(files, path, content, mode, confirm);
            }
            catch (IOException e) when ((e is DirectoryNotFoundException or FileNotFoundException || DiskError.IsLocked(e))
                && attempt < Tries && files.Kind(Path.GetDirectoryName(path)!) == FileKind.Directory)
            {
                // A sweep of another process took the new file while it was not locked.
            }
            catch (DirectoryNotFoundException e) when (files.Kind(Path.GetDirectoryName(path)!) == FileKind.Missing)
            {
                // The name of the new file beside it would tell nobody anything.
                throw new DirectoryNotFoundException($"the folder '{Path.GetDirectoryName(path)}' does not exist.", e);
            }
        }
    }

    private static bool WriteOnce(FileOps files, string path, ReadOnlySpan<byte> content, UnixFileMode? mode, Func<bool>? confirm)
    {
        var folder = Path.GetDirectoryName(path)!;
        var before = files.Examine(path);
        var temporary = TemporaryName.For(path);
        var renamed = false;
        try
        {
            using (var stream = files.CreateNew(temporary, FileOps.PrivateFile))
            {
                stream.Write(content);
            }

            // The lock tells a sweep that this file's writer is alive.
            using var owner = !OperatingSystem.IsWindows() && files.TryOpenLockFile(temporary) is { } handle
                ? FileLock.TryTake(files, handle, temporary) : null;

            KeepOwner(files, temporary, before, folder);
            var wanted = mode ?? (before.Kind == FileKind.File ? before.Mode : FileOps.PrivateFile);
            if (wanted != FileOps.PrivateFile)
            {
                files.SetMode(temporary, wanted);
            }

            files.FsyncFile(temporary);
            if (confirm?.Invoke() == false)
            {
                return false;
            }

            // Under its real name a lock would make every .NET program that opens the file fail.
            owner?.Dispose();
            files.Rename(temporary, path);
            renamed = true;
            files.FsyncDirectory(folder);
            return true;
        }
        finally
        {
            if (!renamed)
            {
                BestEffort.Try(() => files.DeleteFile(temporary));
            }
        }
    }

    // Root leaves another user's file to that user; in another user's home it acts as that user anyway.
    private static void KeepOwner(FileOps files, string temporary, FileFacts before, string folder)
    {
        if (files.IsRoot && files.ForeignOwnerOf(temporary) is null)
        {
            var model = before.Kind == FileKind.File ? before : files.Examine(folder);
            if (model.Owner != 0)
            {
                files.SetOwner(temporary, model.Owner, model.Group);
            }
        }
    }
}
