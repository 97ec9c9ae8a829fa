using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

internal partial class FileOps
{
    private const int LockExclusive = 2;
    private const int LockWithoutWaiting = 4;
    private static readonly int LockFlags = UnixCalls.ReadWrite | UnixCalls.NoFollow | UnixCalls.NonBlocking;
    private const string FolderLockName = ".pluginmarket.lock";

    /// <summary>Opens a lock file, making it with mode 0600 where it is missing; follows no link. Nothing is locked yet.</summary>
    public virtual SafeFileHandle OpenLockFile(string path)
    {
        Before("open-lock", path);
        if (OperatingSystem.IsLinux())
        {
            var handle = OpenHandleAt(path, changes: true, LockFlags | UnixCalls.Create, out var error, PrivateFile);
            return LockFileOf(handle, path, error) ?? throw DiskError.Writing("Opening the lock", path, DiskError.NotFound);
        }

        DemandWay(path, changes: true);
        while (true)
        {
            try
            {
                return OpenHandle(path);
            }
            catch (IOException e) when (DiskError.IsAlreadyExists(e) || DiskError.IsLocked(e))
            {
                // Another process made it in between, or took the lock before the base library's own passing one.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DiskError.Writing("Making the lock", path, e);
            }

            if (TryOpenLockFile(path) is { } opened)
            {
                return opened;
            }
        }
    }

    /// <summary>Opens a lock file that is there; null where it is missing. Follows no link.</summary>
    public virtual SafeFileHandle? TryOpenLockFile(string path)
    {
        Before("open-lock", path);
        if (OperatingSystem.IsWindows())
        {
            DemandWay(path, changes: true);
            return TryOpenOnWindows(path);
        }

        var handle = OpenHandleAt(path, changes: true, LockFlags, out var error);
        return LockFileOf(handle, path, error);
    }

    // A pipe or a device would take a lock that locks nobody out.
    private static SafeFileHandle? LockFileOf(SafeFileHandle handle, string path, int error)
    {
        if (error != 0)
        {
            return error == DiskError.NotFound ? null
                : error == DiskError.LinkLoop ? throw HomeWay.NotAFile(path) : throw DiskError.Writing("Opening the lock", path, error);
        }

        if (UnixCalls.Examine((int)handle.DangerousGetHandle(), out var facts) == 0 && facts.Kind != FileKind.File)
        {
            handle.Dispose();
            throw HomeWay.NotAFile(path);
        }

        return handle;
    }

    /// <summary>Opens what is locked in place of a folder: the folder itself, or on Windows, where folders cannot be locked, a file in
    /// it that is gone once it is closed. Null where another process has that.</summary>
    public virtual SafeFileHandle? OpenFolderLock(string folder)
    {
        Before("open-lock", folder);
        if (OperatingSystem.IsWindows())
        {
            try
            {
                return File.OpenHandle(Path.Join(folder, FolderLockName), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                    FileShare.None, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A file that is about to be gone answers that access is denied.
                return DiskError.IsTaken(e) ? null : throw DiskError.Writing("Making the lock", folder, e);
            }
        }

        var handle = OpenHandleAt(folder, changes: false, UnixCalls.ReadOnly | UnixCalls.Directory, out var error, folder: true);
        return error == 0 ? handle : throw DiskError.Writing("Locking", folder, error);
    }

    /// <summary>Tries to take the kernel's exclusive lock of an open file, without waiting. It ends when the
    /// handle is closed or the process dies.</summary>
    /// <param name="handle">An open file.</param>
    /// <param name="path">Its path, for messages.</param>
    public virtual LockOutcome TryLock(SafeFileHandle handle, string path)
    {
        Before("lock", path);
        if (OperatingSystem.IsWindows())
        {
            return WindowsCalls.TryLock(handle) ? LockOutcome.Taken : LockOutcome.Busy;
        }

        while (UnixCalls.Lock(handle, LockExclusive | LockWithoutWaiting) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == DiskError.WouldBlock)
            {
                return LockOutcome.Busy;
            }

            // A network file system may lock only what is open for writing, which a folder never is.
            if (error == DiskError.NoLocks || error == DiskError.NotSupported || error == DiskError.NotImplemented
                || error == DiskError.InvalidArgument || error == DiskError.BadDescriptor)
            {
                return LockOutcome.Unsupported;
            }

            if (error != DiskError.Interrupted)
            {
                throw DiskError.Writing("Locking", path, error);
            }
        }

        return LockOutcome.Taken;
    }

    /// <summary>Gives the kernel's lock back and closes the file.</summary>
    /// <remarks>Closing alone is not enough: a child process that is just being started holds the descriptor, and with it
    /// the lock, for a moment longer.</remarks>
    public virtual void Unlock(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (!OperatingSystem.IsWindows())
        {
            UnixCalls.Unlock(handle);
        }

        handle.Dispose();
    }

    /// <summary>Whether an open file is still the one its path names: false where that was deleted or replaced.</summary>
    public virtual bool IsStillAt(SafeFileHandle handle, string path)
    {
        var there = Examine(path);
        return OperatingSystem.IsWindows()
            ? there.Kind == FileKind.File && WindowsCalls.IsOpenFile(path, handle) != false
            : UnixCalls.Examine((int)handle.DangerousGetHandle(), out var open) == 0 && there.Kind == FileKind.File
                && there.Inode == open.Inode && there.Device == open.Device;
    }

    /// <summary>Whether the process may give files to other owners: root, and not on Windows.</summary>
    public virtual bool IsRoot => !OperatingSystem.IsWindows() && UnixCalls.EffectiveUser() == 0;

    /// <summary>The user id that this process acts under; 0 on Windows.</summary>
    public virtual uint User => OperatingSystem.IsWindows() ? 0 : UnixCalls.EffectiveUser();

    private static SafeFileHandle? TryOpenOnWindows(string path)
    {
        try
        {
            return File.Exists(path)
                ? File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskError.Writing("Opening the lock", path, e);
        }
    }

    // Sharing everything keeps the base library from taking its own lock, which one environment variable turns off.
    private static SafeFileHandle OpenHandle(string path)
    {
        const FileShare Everything = FileShare.ReadWrite | FileShare.Delete;
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Everything);
        }

        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = Everything,
            UnixCreateMode = PrivateFile,
            BufferSize = 0,
        });
        var descriptor = UnixCalls.OpenAt(UnixCalls.NoFolder, path, LockFlags | UnixCalls.CloseOnExec, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"'{path}' cannot be opened.", Marshal.GetLastPInvokeError());
    }
}
