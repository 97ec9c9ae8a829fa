using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Files;

/// <summary>A folder of the disk as a tree, walked once without following a link.</summary>
/// <remarks>Threat B11 to B18: links, pipes, sockets and devices are entries and are never opened; <c>.git</c> is left out, in a source
/// also what a file system could take for it.</remarks>
internal sealed class FolderTree : FileTree
{
    private readonly FileOps _files;
    private readonly TreeLimits _limits;
    private readonly FileFacts _rootFacts;
    private readonly Dictionary<string, FileFacts> _facts;

    private FolderTree(string root, FileFacts rootFacts, FileOps files, TreeLimits limits, Dictionary<string, FileFacts> facts,
        TreeEntry[] entries, bool isInstalled)
    {
        IsInstalled = isInstalled;
        Root = root;
        _rootFacts = rootFacts;
        _files = files;
        _limits = limits;
        _facts = facts;
        Entries = entries;
    }

    /// <summary>The folder, with every link on the way to it resolved.</summary>
    public string Root { get; }

    /// <summary>The folder that the root had to be in, with every link on the way to it resolved; null where there was none.</summary>
    internal string? Within { get; private init; }

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary>Walks a folder under the caps of a plugin.</summary>
    /// <inheritdoc cref="Read(string, FileOps, TreeLimits, string?)"/>
    public static FolderTree Read(string root, FileOps files, Limits limits, string? within = null) =>
        Read(root, files, TreeLimits.Plugin(limits), within);

    /// <summary>Walks the folder of an installed plugin, in which every name counts that Codex would load: only <c>.git</c>,
    /// spelled exactly so, is left out.</summary>
    /// <inheritdoc cref="Read(string, FileOps, TreeLimits, string?)"/>
    public static FolderTree ReadInstalled(string root, FileOps files, Limits limits) =>
        Read(root, files, TreeLimits.Plugin(limits), null, isInstalled: true);

    /// <summary>Walks a folder.</summary>
    /// <param name="root">The folder, absolute; may itself be a link, or lie behind one.</param>
    /// <param name="files">The disk.</param>
    /// <param name="limits">The caps.</param>
    /// <param name="within">A folder in which the resolved root must be, or null.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.LimitExceeded"/>,
    /// <see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    /// <exception cref="IOException">The folder is missing or cannot be read.</exception>
    public static FolderTree Read(string root, FileOps files, TreeLimits limits, string? within = null) =>
        Read(root, files, limits, within, isInstalled: false);

    internal static FolderTree Read(string root, FileOps files, TreeLimits limits, string? within, bool isInstalled)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(limits);
        var resolved = files.RealPath(root);
        var around = within is null ? null : files.RealPath(within);
        if (around is not null && !IsWithin(resolved, around))
        {
            throw new PluginMarketException(MarketErrorCode.PathEscapesRoot,
                $"'{root}' points outside '{within}' through a link. {Remedy.Do($"Use a folder instead of the link.")}", root);
        }

        var rootFacts = files.Examine(resolved);
        if (rootFacts.Kind != FileKind.Directory)
        {
            throw new DirectoryNotFoundException($"'{DisplayText.Escape(root)}' is not a folder.");
        }

        var facts = new Dictionary<string, FileFacts>(StringComparer.Ordinal);
        var entries = Walk(resolved, files, limits, facts, isInstalled).ToArray();
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new FolderTree(resolved, rootFacts, files, limits, facts, entries, isInstalled) { Within = around };
    }

    /// <inheritdoc/>
    /// <remarks>Only the file that was found when the folder was walked is opened, so that no two states of the folder are mixed.</remarks>
    public override Stream Open(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Demand(entry, _files.OpenBeneath(Root, RelativePathOf(entry), out var facts), facts);
    }

    /// <inheritdoc/>
    internal override TreeReader OpenReader() =>
        _files.TryOpenFolder(Root) is { } open ? new FolderReader(this, open) : base.OpenReader();

    private Stream Demand(TreeEntry entry, Stream stream, in FileFacts facts)
    {
        if (!_facts.TryGetValue(entry.Path, out var found) || found.IsSameState(facts))
        {
            return stream;
        }

        stream.Dispose();
        throw new IOException($"'{DisplayText.Escape(entry.Path)}' changed while its folder was read.");
    }

    /// <summary>What the walk found out about one of its entries.</summary>
    internal FileFacts FactsOf(TreeEntry entry) => _facts[entry.Path];

    /// <summary>Whether the folder is no longer what was walked: another folder, other names, or files
    /// that were replaced or written to.</summary>
    internal bool HasChanged()
    {
        try
        {
            var facts = new Dictionary<string, FileFacts>(_facts.Count, StringComparer.Ordinal);
            return !_files.Examine(Root).IsSameState(_rootFacts)
                || Walk(Root, _files, _limits, facts, IsInstalled).Count != Entries.Count
                || facts.Any(pair => !_facts.TryGetValue(pair.Key, out var before) || !before.IsSameState(pair.Value));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public override string ReadLink(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _files.ReadLink(LocalPaths.Join(Root, entry.Path));
    }

    internal static bool IsWithin(string path, string folder) =>
        string.Equals(path, folder, LocalPaths.Comparison)
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, LocalPaths.Comparison);

    /// <summary>What the walk of an installed plugin finds, in its order, without resolving the way to the folder.</summary>
    /// <inheritdoc cref="Read(string, FileOps, TreeLimits, string?)"/>
    internal static IEnumerable<(string Path, FileFacts Facts)> Look(string root, FileOps files, Limits limits)
    {
        var facts = new Dictionary<string, FileFacts>(StringComparer.Ordinal);
        Walk(root, files, TreeLimits.Plugin(limits), facts, isInstalled: true);
        return facts.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key, StringComparer.Ordinal);
    }

    private static List<TreeEntry> Walk(string root, FileOps files, TreeLimits limits, Dictionary<string, FileFacts> facts,
        bool isInstalled)
    {
        var entries = new List<TreeEntry>();
        var folders = new Stack<(string Relative, int Depth)>();
        Func<string, bool> isCounted = isInstalled ? static name => name != ".git" : static name => !NameRules.IsGitFolder(name);
        using var open = files.TryOpenFolder(root);
        folders.Push(("", 0));
        while (folders.TryPop(out var at))
        {
            var (folder, depth) = at;
            var listed = open?.List(folder, isCounted, onlyFiles: true) ?? files.ListExamined(LocalPaths.Join(root, folder), isCounted);
            foreach (var (name, found) in listed)
            {
                var relative = folder.Length == 0 ? name : folder + "/" + name;
                // A name that is not valid Unicode reads back changed and seems missing; one deleted in the meantime really is.
                if (found.Kind == FileKind.Missing && !name.Contains('\uFFFD', StringComparison.Ordinal))
                {
                    continue;
                }

                facts[relative] = found;
                entries.Add(EntryOf(relative, found));
                if (entries.Count > 2L * limits.Files)
                {
                    throw Exceeded(root, $"more than {limits.Files} files");
                }

                if (found.Kind == FileKind.Directory)
                {
                    if (depth + 1 > limits.Depth)
                    {
                        throw Exceeded(root, $"folders more than {limits.Depth} levels deep");
                    }

                    folders.Push((relative, depth + 1));
                }
            }
        }

        return entries.Count(e => e.Kind == TreeEntryKind.File) > limits.Files
            ? throw Exceeded(root, $"more than {limits.Files} files") : entries;
    }

    internal static TreeEntry EntryOf(string path, FileFacts facts) =>
        new(path, KindOf(facts.Kind), facts.Length, facts.Kind == FileKind.File && facts.IsExecutable);

    private static TreeEntryKind KindOf(FileKind kind) => kind switch
    {
        FileKind.File => TreeEntryKind.File,
        FileKind.Directory => TreeEntryKind.Directory,
        FileKind.SymbolicLink => TreeEntryKind.SymbolicLink,
        _ => TreeEntryKind.Other,
    };

    private static PluginMarketException Exceeded(string root, string what) =>
        new(MarketErrorCode.LimitExceeded,
            $"The folder '{root}' contains {what}, which is more than is allowed. {Remedy.Do($"Use a smaller folder.")}", root);

    private sealed class FolderReader(FolderTree tree, OpenFolder folder) : TreeReader(tree)
    {
        internal override bool IsShared => true;

        internal override Stream Open(TreeEntry entry)
        {
            ArgumentNullException.ThrowIfNull(entry);
            return tree.Demand(entry, folder.OpenFile(RelativePathOf(entry).Value, out var facts), facts);
        }

        protected override void Dispose(bool disposing)
        {
            folder.Dispose();
            base.Dispose(disposing);
        }
    }

    // A name with a backslash or a colon is legal on Unix; it can be read, and writing refuses it.
    private static RelativePath RelativePathOf(TreeEntry entry) => RelativePath.OfTreeEntry(entry.Path);
}
