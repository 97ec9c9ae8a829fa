namespace PluginMarket.Files;

/// <summary>What is under a path, without following a link in its last part.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    Missing,
    /// <summary>A regular file.</summary>
    File,
    /// <summary>A folder.</summary>
    Directory,
    /// <summary>A symbolic link, or any other reparse point on Windows.</summary>
    SymbolicLink,
    /// <summary>A pipe, socket or device.</summary>
    Other,
}

/// <summary>What is known of a path without opening it.</summary>
/// <param name="Kind">What is there; all else is 0 where it is <see cref="FileKind.Missing"/>.</param>
/// <param name="Length">Bytes of a regular file.</param>
/// <param name="Mode">The permission bits; on Windows made up from the read-only attribute.</param>
/// <param name="Links">How many names the file has; 1 on Windows.</param>
/// <param name="Device">The volume; 0 on Windows.</param>
/// <param name="Inode">The file's number on its volume; 0 on Windows.</param>
/// <param name="Owner">The owner's user id; 0 on Windows.</param>
/// <param name="Group">The owning group's id; 0 on Windows.</param>
/// <param name="Modified">When the content last changed, UTC.</param>
internal readonly record struct FileFacts(FileKind Kind, long Length, UnixFileMode Mode, long Links, ulong Device, ulong Inode, uint Owner,
    uint Group, DateTimeOffset Modified)
{
    /// <summary>When the content last changed, as exactly as the system says it.</summary>
    internal long ModifiedStamp { get; init; }

    /// <summary>When content, name or rights last changed, as exactly as the system says it; 0 where it does not.</summary>
    internal long ChangedStamp { get; init; }

    /// <summary>Whether both were taken of the same thing in the same state. A folder is the same
    /// whatever became of what is in it.</summary>
    internal bool IsSameState(in FileFacts other) =>
        Kind == other.Kind && Device == other.Device && Inode == other.Inode
        && (Kind == FileKind.Directory
            || (Length == other.Length && ModifiedStamp == other.ModifiedStamp && ChangedStamp == other.ChangedStamp));

    /// <summary>Whether any execute bit is set.</summary>
    public bool IsExecutable => (Mode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}

/// <summary>How an attempt to take a kernel lock ended.</summary>
internal enum LockOutcome
{
    /// <summary>The lock is held now.</summary>
    Taken,
    /// <summary>Another open handle holds it.</summary>
    Busy,
    /// <summary>This file system has no such locks.</summary>
    Unsupported,
}
