using System.Text;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>The files of one commit, read from the objects that a <see cref="GitStore"/> fetched; usable until that is disposed.</summary>
internal sealed class GitTree : FileTree
{
    private const int LinkBytes = 4096;
    private readonly StoredRepository _repository;
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly TreeEntry[] _entries;

    internal GitTree(StoredRepository repository, IEnumerable<GitTreeItem> items, TreeSelection selection,
        IReadOnlyDictionary<string, long> sizes)
    {
        _repository = repository;
        var leftOut = new List<LeftOutEntry>();
        var entries = new List<TreeEntry>();
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item.Mode == "040000" || !selection.Includes(item.Path ?? item.UnreadablePath!))
            {
                continue;
            }

            if (item.Path is null || item.Path.Split('/').Any(NameRules.IsGitFolder))
            {
                leftOut.Add(item.Path is null ? LeftOutEntry.Unreadable(item.UnreadablePath!) : LeftOutEntry.OfGit(item.Path));
                continue;
            }

            entries.Add(MakeEntry(item, sizes));
            _ids[item.Path] = item.Id;
            for (var slash = item.Path.LastIndexOf('/'); slash > 0
                && folders.Add(item.Path[..slash]); slash = item.Path.LastIndexOf('/', slash - 1))
            {
                entries.Add(new TreeEntry(item.Path[..slash], TreeEntryKind.Directory));
            }
        }

        entries.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        _entries = [.. entries];
        LeftOut = leftOut;
    }

    /// <summary>When the author of the commit says that it was made; null where that cannot be told.</summary>
    internal DateTimeOffset? FindCommitTime() => _repository.FindCommitTime();

    /// <summary>The commit, full id.</summary>
    public string Commit => _repository.Commit;

    /// <summary>Entries of the wanted part that were left out because of their names (<c>.git</c> and
    /// the like, or not UTF-8), escaped.</summary>
    public IReadOnlyList<LeftOutEntry> LeftOut { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries => _entries;

    /// <summary>Whether the commit has a file or folder, also one that is not among the wanted.</summary>
    internal bool IsInCommit(string path) => _repository.Has(path);

    /// <inheritdoc/>
    public override Stream Open(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Kind == TreeEntryKind.File
            ? new MemoryStream(_repository.ReadBlob(IdOf(entry), _repository.Limits.MarketplaceBytes), writable: false)
            : throw new IOException($"'{DisplayText.Escape(entry.Path)}' is not a file.");
    }

    /// <inheritdoc/>
    public override string ReadLink(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Kind == TreeEntryKind.SymbolicLink
            ? Encoding.UTF8.GetString(_repository.ReadBlob(IdOf(entry), LinkBytes))
            : throw new IOException($"'{DisplayText.Escape(entry.Path)}' is not a link.");
    }

    private static TreeEntry MakeEntry(GitTreeItem item, IReadOnlyDictionary<string, long> sizes) => item.Mode switch
    {
        "120000" => new TreeEntry(item.Path!, TreeEntryKind.SymbolicLink),
        "160000" => new TreeEntry(item.Path!, TreeEntryKind.Submodule),
        _ when item.Mode.StartsWith("100", StringComparison.Ordinal) => new TreeEntry(item.Path!, TreeEntryKind.File,
            sizes.GetValueOrDefault(item.Id), item.Mode == "100755"),
        _ => new TreeEntry(item.Path!, TreeEntryKind.Other),
    };

    private string IdOf(TreeEntry entry) =>
        _ids.TryGetValue(entry.Path, out var id)
            ? id : throw new FileNotFoundException($"The commit has no '{DisplayText.Escape(entry.Path)}'.", entry.Path);
}
