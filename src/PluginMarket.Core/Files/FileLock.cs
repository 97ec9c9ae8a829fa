using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>A kernel lock between processes. It gives order and speed; nothing is wrong without it,
/// because some file systems have none.</summary>
/// <remarks>Promise 3, threat D11. The lock file is never deleted, and that it exists means nothing.</remarks>
internal sealed class FileLock : IDisposable
{
    private const int LongestWait = 100;
    private static readonly ConcurrentDictionary<string, bool> Warned = new(StringComparer.Ordinal);

    private readonly FileOps _files;
    private readonly SafeFileHandle _handle;

    private FileLock(FileOps files, SafeFileHandle handle, string path, bool isEnforced)
    {
        _files = files;
        _handle = handle;
        Path = path;
        IsEnforced = isEnforced;
    }

    /// <summary>The lock file.</summary>
    public string Path { get; }

    /// <summary>Whether the file system really keeps others out.</summary>
    public bool IsEnforced { get; }

    /// <summary>Waits for the lock, at most <see cref="Limits.LockTime"/>.</summary>
    /// <param name="environment">Its disk, clock, log and limits.</param>
    /// <param name="path">The lock file; made where it is missing, its folder with mode 0700.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateLocked"/>, <see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/></exception>
    public static Task<FileLock> AcquireAsync(MarketEnvironment environment, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return AcquireAsync(environment, path, () => TryAcquireInFolder(environment.Files, path), cancellationToken);
    }

    /// <summary>Waits for the lock of a folder, at most <see cref="Limits.LockTime"/>. It leaves no file behind.</summary>
    /// <param name="environment">Its disk, clock, log and limits.</param>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.StateLocked"/>,
    /// <see cref="MarketErrorCode.HomeNotWritable"/></exception>
    /// <exception cref="IOException">The folder is missing.</exception>
    public static Task<FileLock> AcquireFolderAsync(MarketEnvironment environment, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return AcquireAsync(environment, folder, () => TryAcquireFolder(environment.Files, folder), cancellationToken);
    }

    private static async Task<FileLock> AcquireAsync(MarketEnvironment environment, string path, Func<FileLock?> tryAcquire,
        CancellationToken cancellationToken)
    {
        var started = environment.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (tryAcquire() is { } taken)
            {
                if (!taken.IsEnforced && Warned.TryAdd(path, true))
                {
                    environment.Log.Warn($"The file system of '{path}' has no locks. "
                        + $"Commands that run at the same time stay safe, but may fail and must then be run again.");
                }

                return taken;
            }

            if (environment.Time.GetElapsedTime(started) >= environment.Limits.LockTime)
            {
                throw new PluginMarketException(
                    MarketErrorCode.StateLocked,
                    $"Another process has held the lock '{path}' for {environment.Limits.LockTime.TotalSeconds:0} "
                        + $"seconds.{Remedy.Do($"Run the command again when that process has ended.")}",
                    path);
            }

            // Jitter keeps waiting processes from asking in step.
            var wait = Random.Shared.Next(1, Math.Min(LongestWait, 4 << Math.Min(attempt, 8)));
            await Task.Delay(TimeSpan.FromMilliseconds(wait), environment.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A command that came to nothing takes back the folders that it made, also between our making one and using it.
    private static FileLock? TryAcquireInFolder(FileOps files, string path)
    {
        files.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, FileOps.PrivateFolder);
        try
        {
            return TryAcquire(files, path);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Takes the lock if it is free; null where another holds it.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The lock file; made where it is missing, its folder exists.</param>
    public static FileLock? TryAcquire(FileOps files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        return TryTake(files, files.OpenLockFile(path), path);
    }

    private static FileLock? TryAcquireFolder(FileOps files, string folder)
    {
        if (files.OpenFolderLock(folder) is not { } handle)
        {
            return null;
        }

        var outcome = LockOutcome.Busy;
        try
        {
            outcome = files.TryLock(handle, folder);
            return outcome == LockOutcome.Busy ? null : new FileLock(files, handle, folder, outcome == LockOutcome.Taken);
        }
        finally
        {
            if (outcome == LockOutcome.Busy)
            {
                handle.Dispose();
            }
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _files.Unlock(_handle);

    // A file that was deleted while its lock was taken locks nobody out.
    internal static FileLock? TryTake(FileOps files, SafeFileHandle handle, string path)
    {
        FileLock? taken = null;
        try
        {
            var outcome = files.TryLock(handle, path);
            if (outcome != LockOutcome.Busy && files.IsStillAt(handle, path))
            {
                taken = new FileLock(files, handle, path, outcome == LockOutcome.Taken);
            }

            return taken;
        }
        finally
        {
            if (taken is null)
            {
                files.Unlock(handle);
            }
        }
    }
}
