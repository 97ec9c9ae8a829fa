using PluginMarket.Files;

namespace PluginMarket.Manifests;

/// <summary>The places of a manifest in a plugin's folder, and nothing else of it: who lists versions need
/// not know what the plugins bring.</summary>
internal sealed class ManifestTree : FileTree
{
    private static readonly string[] Folders = [.. ManifestLocation.FolderNames];

    private readonly string _root;
    private readonly FileOps _files;
    private readonly FirstFile? _read;

    private ManifestTree(string root, FileOps files, IReadOnlyList<TreeEntry> entries, FirstFile? read = null)
    {
        _root = root;
        _files = files;
        _read = read;
        Entries = entries;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>Checks the places in the order in which Codex does (contract 2.1), up to the first folder with a manifest.</summary>
    /// <param name="root">The plugin's folder, absolute, every link on the way resolved.</param>
    /// <param name="files">The disk.</param>
    internal static ManifestTree Look(string root, FileOps files)
    {
        var entries = new List<TreeEntry>();
        Add(entries, root, files, ManifestLocation.AgentManifest);
        foreach (var folder in Folders)
        {
            if (Add(entries, root, files, folder) == FileKind.Directory
                && Add(entries, root, files, folder + "/plugin.json") != FileKind.Missing)
            {
                break;
            }
        }

        return new ManifestTree(root, files, entries);
    }

    /// <summary>The same at the price of one look where that is possible; null where the folder is a link, or the system cannot.</summary>
    internal static ManifestTree? TryLook(string root, FileOps files, Limits limits) =>
        files.FindFirst(root, ManifestLocation.AgentManifest, Folders, "plugin.json", limits.ManifestBytes) is { } found
            ? new ManifestTree(root, files, found.Entries.ConvertAll(entry => FolderTree.EntryOf(entry.Path, entry.Facts)), found) : null;

    /// <summary>The manifest and its facts where no other file can come before it, because it is in the first of the folders that are
    /// there and in no other place; null otherwise.</summary>
    internal FoundFile? OnlyPlace => _read is
    {
        Content: not null,
        Entries: [{ Facts.Kind: FileKind.Directory }, { Facts.Kind: FileKind.File } file],
    } ? file : null;

    /// <inheritdoc/>
    public override Stream Open(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _read is { Content: { } content, Path: { } path } && path == entry.Path
            ? new MemoryStream(content, writable: false) : _files.OpenBeneath(_root, RelativePath.OfTreeEntry(entry.Path));
    }

    /// <inheritdoc/>
    public override byte[] ReadBytes(TreeEntry entry, long cap)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _read is { Content: { } content, Path: { } path } && path == entry.Path && content.Length <= cap
            ? content : base.ReadBytes(entry, cap);
    }

    private static FileKind Add(List<TreeEntry> entries, string root, FileOps files, string path)
    {
        var facts = files.Examine(LocalPaths.Join(root, path));
        if (facts.Kind != FileKind.Missing)
        {
            entries.Add(FolderTree.EntryOf(path, facts));
        }

        return facts.Kind;
    }
}
