namespace PluginMarket.Files;

/// <summary>What a tree contains under one path.</summary>
internal enum TreeEntryKind
{
    /// <summary>A regular file.</summary>
    File,
    /// <summary>A folder.</summary>
    Directory,
    /// <summary>A symbolic link; never followed.</summary>
    SymbolicLink,
    /// <summary>A nested repository of git (a gitlink).</summary>
    Submodule,
    /// <summary>A pipe, socket, device, or a name that cannot be read.</summary>
    Other,
}

/// <summary>One file, folder, link or other thing in a tree.</summary>
/// <param name="Path">The path below the tree's root, names separated by <c>/</c>. From a hostile tree it may
/// be anything: writing checks it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Bytes of a file; 0 for all else.</param>
/// <param name="Executable">Whether a file may be run, where the source knows that.</param>
internal sealed record TreeEntry(string Path, TreeEntryKind Kind, long Length = 0, bool Executable = false)
{
    /// <summary>The last name of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
