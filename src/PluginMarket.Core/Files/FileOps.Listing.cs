using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>One name in a folder, and what is under it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Facts">What is known of it, without following a link.</param>
internal readonly record struct FolderEntry(string Name, FileFacts Facts);

internal partial class FileOps
{
    /// <summary>Opens a folder to read what is below it; null where the system has no such calls, or root acts as another user, whose
    /// rights count for every step.</summary>
    /// <param name="path">The folder, absolute, every link on the way resolved.</param>
    internal virtual OpenFolder? TryOpenFolder(string path)
    {
        if (!OperatingSystem.IsLinux() || !UnixCalls.CanList || !UnixCalls.CanOpenBeneath)
        {
            return null;
        }

        var descriptor = -1;
        Reach(path, changes: false, (at, name) => UnixCalls.IsActing ? 0
            : (descriptor = UnixCalls.OpenAt(at, name, UnixCalls.ReadOnly | UnixCalls.Directory | UnixCalls.CloseOnExec, 0)), folder: true);
        return descriptor < 0 ? null : new OpenFolder(new SafeFileHandle(descriptor, ownsHandle: true), path, Before);
    }

    /// <summary>The names in a folder, ordered ordinally, each with what is under it. A name that was deleted in the meantime, or is
    /// not valid Unicode, has missing facts.</summary>
    /// <param name="path">The folder, absolute.</param>
    /// <param name="include">Which names count.</param>
    /// <exception cref="IOException">The folder is missing or cannot be read.</exception>
    internal IReadOnlyList<FolderEntry> ListExamined(string path, Func<string, bool> include) =>
        [.. List(path).Where(include).Select(name => new FolderEntry(name, Examine(Path.Join(path, name))))];

    /// <summary>The same of a folder that is open, in one call for each name; returns the error number, 0 on success. Where only the
    /// files count, a folder is asked for nothing but its name.</summary>
    internal static int ExamineAll(SafeFileHandle folder, string path, Func<string, bool> include, bool onlyFiles,
        Action<string, string> before, ref FolderEntry[] found, ref string? failed)
    {
        if (UnixCalls.EntriesIn(folder) is not { } names)
        {
            return Marshal.GetLastPInvokeError();
        }

        Array.Sort(names, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var entries = new List<FolderEntry>(names.Length);
        foreach (var (name, isFolder) in names)
        {
            if (!include(name))
            {
                continue;
            }

            if (onlyFiles && isFolder)
            {
                entries.Add(new FolderEntry(name, default(FileFacts) with { Kind = FileKind.Directory }));
                continue;
            }

            before("examine", Path.Join(path, name));
            var error = UnixCalls.Examine((int)folder.DangerousGetHandle(), name, out var facts);
            if (error is not (0 or DiskError.NotFound or DiskError.NotADirectory))
            {
                failed = Path.Join(path, name);
                return error;
            }

            entries.Add(new FolderEntry(name, facts));
        }

        found = [.. entries];
        return 0;
    }

    internal static Exception ListingFailed(string path, string? failed, int error) =>
        error == DiskError.NotFound ? new DirectoryNotFoundException($"Listing '{DisplayText.Escape(path)}': it is missing.")
            : DiskError.Reading(failed is null ? "Listing" : "Looking at", failed ?? path, error);
}
