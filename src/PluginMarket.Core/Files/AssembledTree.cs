using System.Text;

namespace PluginMarket.Files;

/// <summary>A tree put together from texts and from other trees.</summary>
internal sealed class AssembledTree : FileTree
{
    private readonly SortedDictionary<string, (TreeEntry Entry, Func<Stream> Open)> _entries = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries => [.. _entries.Values.Select(item => item.Entry)];

    /// <inheritdoc/>
    public override Stream Open(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _entries[entry.Path].Open();
    }

    /// <summary>Adds a text file, in UTF-8.</summary>
    internal AssembledTree Add(string path, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        AddFolders(path);
        _entries[path] = (new TreeEntry(path, TreeEntryKind.File, content.Length), () => new MemoryStream(content, writable: false));
        return this;
    }

    /// <summary>Adds another tree below a folder.</summary>
    internal AssembledTree Add(string folder, FileTree tree)
    {
        AddFolders(folder + "/");
        foreach (var entry in tree.Entries)
        {
            var path = $"{folder}/{entry.Path}";
            _entries[path] = (entry with { Path = path }, () => tree.Open(entry));
        }

        return this;
    }

    /// <summary>Adds what is wanted of another tree.</summary>
    internal AssembledTree Add(FileTree tree, Func<TreeEntry, bool> include)
    {
        foreach (var entry in tree.Entries.Where(include))
        {
            _entries[entry.Path] = (entry, () => tree.Open(entry));
        }

        return this;
    }

    private void AddFolders(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var folder = path[..slash];
            _entries.TryAdd(folder, (new TreeEntry(folder, TreeEntryKind.Directory), () => throw new IOException(folder)));
        }
    }
}
