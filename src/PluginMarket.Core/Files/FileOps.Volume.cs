using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

/// <summary>Saving a whole volume at once: a large tree costs one wait instead of one for each of its files.</summary>
internal partial class FileOps
{
    // These save everything in one call and report a failed write. What is reached over a network, or through another program, may not.
    private static readonly string[] SavedAtOnce = ["ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs"];

    // Before it a failed write was not reported by this call.
    private static readonly Version FirstKernel = new(5, 8);

    private static readonly AsyncLocal<bool> SavesFoldersLater = new();

    /// <summary>Whether <see cref="FsyncDirectory"/> leaves folders to a later <see cref="SaveVolume"/>.</summary>
    protected static bool AreFoldersSavedLater => SavesFoldersLater.Value;

    /// <summary>Until the answer is disposed, and in what is called until then, the names in folders are not waited for: the caller saves
    /// the whole volume afterwards. The content of files is waited for as ever.</summary>
    internal static IDisposable SavingFoldersLater()
    {
        SavesFoldersLater.Value = true;
        return new LaterScope();
    }

    private sealed class LaterScope : IDisposable
    {
        public void Dispose() => SavesFoldersLater.Value = false;
    }

    /// <summary>Opens the volume of a folder for <see cref="SaveVolume"/>, which reports only writes that failed after this.</summary>
    /// <returns>Null where the system cannot save a volume and report what failed: then every file has to be saved by itself.</returns>
    public virtual SafeFileHandle? TryOpenVolume(string folder)
    {
        Before("open-volume", folder);
        if (!OperatingSystem.IsLinux() || Environment.OSVersion.Version < FirstKernel
            || !SavedAtOnce.Contains(new DriveInfo(folder).DriveFormat))
        {
            return null;
        }

        var volume = OpenHandleAt(folder, changes: false, UnixCalls.ReadOnly | UnixCalls.Directory, out var error, folder: true);
        return error == 0 ? volume : throw DiskError.Writing("Saving", folder, error);
    }

    /// <summary>Waits until all that was written to a volume is on the disk.</summary>
    /// <param name="volume">The volume, opened before the first write that counts.</param>
    /// <param name="folder">The folder that it was opened by.</param>
    public virtual void SaveVolume(SafeFileHandle volume, string folder)
    {
        Before("sync-volume", folder);
        while (UnixCalls.SyncVolume(volume) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != DiskError.Interrupted)
            {
                throw DiskError.Writing("Saving", folder, error);
            }
        }
    }
}
