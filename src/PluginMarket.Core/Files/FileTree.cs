using System.Text;

namespace PluginMarket.Files;

/// <summary>A tree of files to read: a folder, a commit of git, or what a test made up. Nothing here follows a link.</summary>
internal abstract class FileTree
{
    // So few entries are looked through faster than they are sorted.
    private const int FewEntries = 4;

    private Dictionary<string, TreeEntry>? _byPath;

    /// <summary>Whether this is what Codex loads, in which names that only look like <c>.git</c> count.</summary>
    public bool IsInstalled { get; private protected init; }

    /// <summary>Every entry, ordered ordinally by path; <c>.git</c> is left out.</summary>
    public abstract IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>The regular files, ordered ordinally by path.</summary>
    public IEnumerable<TreeEntry> Files => Entries.Where(e => e.Kind == TreeEntryKind.File);

    /// <summary>The entry at a path, letter case counting, or null.</summary>
    /// <param name="path">Names separated by <c>/</c>, without a leading <c>./</c>.</param>
    public TreeEntry? Find(string path)
    {
        if (Entries.Count <= FewEntries)
        {
            foreach (var entry in Entries)
            {
                if (string.Equals(entry.Path, path, StringComparison.Ordinal))
                {
                    return entry;
                }
            }

            return null;
        }

        if (_byPath is null)
        {
            var byPath = new Dictionary<string, TreeEntry>(Entries.Count, StringComparer.Ordinal);
            foreach (var entry in Entries)
            {
                byPath.TryAdd(entry.Path, entry);
            }

            _byPath = byPath;
        }

        return _byPath.GetValueOrDefault(path);
    }

    /// <summary>Whether the tree has a regular file at that path.</summary>
    public bool HasFile(string path) => Find(path)?.Kind == TreeEntryKind.File;

    /// <summary>The entries directly in a folder, ordered.</summary>
    /// <param name="folder">A path of the tree, or the empty text for its root.</param>
    public IEnumerable<TreeEntry> Children(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        return Entries.Where(e => e.Path.StartsWith(prefix, StringComparison.Ordinal) && e.Path.IndexOf('/', prefix.Length) < 0);
    }

    /// <summary>Opens a file for reading from its start.</summary>
    /// <exception cref="IOException">It cannot be read, or is no longer a regular file.</exception>
    public abstract Stream Open(TreeEntry entry);

    /// <summary>Begins to read many files, each opened as <see cref="Open"/> does.</summary>
    internal virtual TreeReader OpenReader() => new(this);

    /// <summary>What a link points to, as it is stored.</summary>
    public virtual string ReadLink(TreeEntry entry) => Encoding.UTF8.GetString(ReadBytes(entry, 4096));

    /// <summary>Reads a whole file.</summary>
    /// <param name="entry">A file of this tree.</param>
    /// <param name="cap">The most bytes to read.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.LimitExceeded"/></exception>
    /// <exception cref="IOException">It cannot be read, or is no longer a regular file.</exception>
    public virtual byte[] ReadBytes(TreeEntry entry, long cap)
    {
        ArgumentNullException.ThrowIfNull(entry);
        using var stream = Open(entry);
        return CappedReader.ReadToEnd(stream, cap, entry.Path);
    }

    /// <summary>The part of the tree below a folder, with paths relative to it; empty where there is no such folder.</summary>
    public FileTree Subtree(RelativePath folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.IsRoot ? this : new SubtreeOfTree(this, folder.Value + "/");
    }

    private sealed class SubtreeOfTree(FileTree tree, string prefix) : FileTree
    {
        private readonly Dictionary<TreeEntry, TreeEntry> _origin = new(ReferenceEqualityComparer.Instance);
        private TreeEntry[]? _entries;

        public override IReadOnlyList<TreeEntry> Entries
        {
            get
            {
                lock (_origin)
                {
                    return _entries ??= [.. tree.Entries.Where(e => e.Path.StartsWith(prefix, StringComparison.Ordinal)).Select(Shorten)];
                }
            }
        }

        public override Stream Open(TreeEntry entry) => tree.Open(Origin(entry));

        public override string ReadLink(TreeEntry entry) => tree.ReadLink(Origin(entry));

        private TreeEntry Shorten(TreeEntry entry)
        {
            var shortened = entry with { Path = entry.Path[prefix.Length..] };
            _origin.Add(shortened, entry);
            return shortened;
        }

        private TreeEntry Origin(TreeEntry entry) =>
            _origin.TryGetValue(entry, out var origin) ? origin : entry with { Path = prefix + entry.Path };
    }
}
