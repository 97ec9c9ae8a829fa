using Microsoft.Win32.SafeHandles;

namespace PluginMarket.Files;

internal partial class FileOps
{
    private const int DeepestAdoption = 64;

    /// <summary>Gives what root made in the home of another user to that user, where that gives away nothing that the user could not read
    /// or replace before.</summary>
    /// <remarks>Judged and changed by its descriptor, because the owner of the folder can exchange what is under the name. A file of
    /// root's that only root can read may have been moved there to become readable; a folder on another mount is not the home's.</remarks>
    /// <param name="path">A path below the home of another user.</param>
    /// <param name="owner">That user.</param>
    internal virtual void TryAdopt(string path, FileOwner owner)
    {
        Before("chown", path);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var error = Reach(path, changes: true, (folder, name) =>
        {
            // A pipe must not be waited for where a descriptor cannot be a mere place.
            var flags = UnixCalls.CloseOnExec | UnixCalls.NoFollow | (OperatingSystem.IsLinux() ? UnixCalls.Place : UnixCalls.NonBlocking);
            using var entry = new SafeFileHandle(UnixCalls.OpenAt(folder, name, flags, 0), ownsHandle: true);
            return !entry.IsInvalid && IsAdoptable((int)entry.DangerousGetHandle(), folder, owner)
                ? UnixCalls.ChangeOwner((int)entry.DangerousGetHandle(), owner) : 0;
        }, asSelf: true);
        if (error != 0 && error != DiskError.NotFound)
        {
            throw DiskError.Writing("Setting the owner of", path, error);
        }
    }

    private static bool IsAdoptable(int entry, int folder, FileOwner owner)
    {
        if (UnixCalls.Examine(entry, out var facts) != 0 || facts.Owner != 0
            || UnixCalls.Examine(folder, out var above) != 0 || above.Owner != owner.User || above.Device != facts.Device
            || UnixCalls.MountOf(entry) != UnixCalls.MountOf(folder))
        {
            return false;
        }

        return facts.Kind switch
        {
            FileKind.File => facts.Links == 1 && facts.Mode.HasFlag(UnixFileMode.OtherRead),
            FileKind.SymbolicLink => true,
            FileKind.Directory => facts.Mode.HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherExecute) || HasOnlyFolders(entry, 0),
            _ => false,
        };
    }

    // What is in a folder of root's that nobody else may enter was not to be read by others, whatever its own mode is.
    private static bool HasOnlyFolders(int folder, int depth)
    {
        using var handle = new SafeFileHandle(
            UnixCalls.OpenAt(folder, ".", UnixCalls.ReadOnly | UnixCalls.Directory | UnixCalls.CloseOnExec, 0), ownsHandle: true);
        if (handle.IsInvalid || depth == DeepestAdoption || !OperatingSystem.IsLinux() || UnixCalls.EntriesIn(handle) is not { } entries)
        {
            return false;
        }

        return entries.All(below =>
        {
            using var place = new SafeFileHandle(UnixCalls.OpenAt((int)handle.DangerousGetHandle(), below.Name,
                UnixCalls.Place | UnixCalls.CloseOnExec | UnixCalls.NoFollow, 0), ownsHandle: true);
            return !place.IsInvalid && UnixCalls.Examine((int)place.DangerousGetHandle(), out var facts) == 0
                && facts.Kind == FileKind.Directory && HasOnlyFolders((int)place.DangerousGetHandle(), depth + 1);
        });
    }
}
