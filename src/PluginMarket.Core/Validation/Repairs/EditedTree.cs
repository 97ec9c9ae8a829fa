using PluginMarket.Files;

namespace PluginMarket.Validation.Repairs;

/// <summary>A tree with other bytes in some files, so that what a repair leaves can be read before it is written.</summary>
internal sealed class EditedTree : FileTree
{
    private readonly FileTree _tree;
    private readonly IReadOnlyDictionary<string, byte[]> _content;

    /// <param name="tree">The tree as it is.</param>
    /// <param name="content">The new bytes of files, by path.</param>
    /// <param name="executable">The files that get the mark.</param>
    internal EditedTree(FileTree tree, IReadOnlyDictionary<string, byte[]> content, IReadOnlySet<string> executable)
    {
        _tree = tree;
        _content = content;
        Entries = [.. tree.Entries.Select(entry => entry.Kind != TreeEntryKind.File ? entry : entry with
        {
            Length = content.TryGetValue(entry.Path, out var bytes) ? bytes.Length : entry.Length,
            Executable = entry.Executable || executable.Contains(entry.Path),
        })];
    }

    public override IReadOnlyList<TreeEntry> Entries { get; }

    public override Stream Open(TreeEntry entry) =>
        _content.TryGetValue(entry.Path, out var bytes) ? new MemoryStream(bytes, writable: false) : _tree.Open(_tree.Find(entry.Path)!);

    public override string ReadLink(TreeEntry entry) => _tree.ReadLink(_tree.Find(entry.Path)!);
}
