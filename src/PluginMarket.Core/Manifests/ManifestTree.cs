using PluginMarket.Files;

namespace PluginMarket.Manifests;

/// <summary>The places of a manifest in a plugin's folder, and nothing else of it: who lists versions need
/// not know what the plugins bring.</summary>
internal sealed class ManifestTree : FileTree
{
    private readonly string _root;
    private readonly FileOps _files;

    private ManifestTree(string root, FileOps files, IReadOnlyList<TreeEntry> entries)
    {
        _root = root;
        _files = files;
        Entries = entries;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>Looks at the places in the order in which Codex does (contract 2.1), up to the first folder with a manifest.</summary>
    /// <param name="root">The plugin's folder, absolute, every link on the way resolved.</param>
    /// <param name="files">The disk.</param>
    internal static ManifestTree Look(string root, FileOps files)
    {
        var entries = new List<TreeEntry>();
        Add(entries, root, files, ManifestLocation.AgentManifest);
        foreach (var folder in ManifestLocation.FolderNames)
        {
            if (Add(entries, root, files, folder) == FileKind.Directory
                && Add(entries, root, files, folder + "/plugin.json") != FileKind.Missing)
            {
                break;
            }
        }

        return new ManifestTree(root, files, entries);
    }

    /// <inheritdoc/>
    public override Stream Open(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _files.OpenBeneath(_root, RelativePath.OfTreeEntry(entry.Path));
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
