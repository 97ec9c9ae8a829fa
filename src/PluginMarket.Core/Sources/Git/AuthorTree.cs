using PluginMarket.Files;

namespace PluginMarket.Sources.Git;

/// <summary>The root of a repository without the record that a snapshot of it has there: the snapshot, a folder and a
/// fetch then have the same files.</summary>
internal sealed class AuthorTree : FileTree
{
    private readonly FileTree _tree;

    private AuthorTree(FileTree tree)
    {
        _tree = tree;
        Entries = [.. tree.Entries.Where(entry => !IsRecord(entry))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>The tree itself where it has no such record.</summary>
    internal static FileTree Of(FileTree tree) => tree.Find(SnapshotState.RecordName) is null ? tree : new AuthorTree(tree);

    /// <summary>What is told of an author's own file of that name.</summary>
    internal static IEnumerable<LeftOutEntry> LeftOutOf(FileTree tree) =>
        tree.Find(SnapshotState.RecordName) is null
            ? [] : [new LeftOutEntry(SnapshotState.RecordName, "a snapshot keeps its own record under that name")];

    /// <inheritdoc/>
    public override Stream Open(TreeEntry entry) => _tree.Open(entry);

    /// <inheritdoc/>
    public override string ReadLink(TreeEntry entry) => _tree.ReadLink(entry);

    private static bool IsRecord(TreeEntry entry) =>
        entry.Path.StartsWith(SnapshotState.RecordName, StringComparison.Ordinal)
        && (entry.Path.Length == SnapshotState.RecordName.Length || entry.Path[SnapshotState.RecordName.Length] == '/');
}
