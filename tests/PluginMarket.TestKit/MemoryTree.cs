using System.Text;
using PluginMarket.Files;

namespace PluginMarket.TestKit;

/// <summary>A tree made up by a test, hostile ones included: entries are taken as they are.</summary>
internal sealed class MemoryTree : FileTree
{
    private readonly List<(TreeEntry Entry, byte[] Content)> _items = [];

    public override IReadOnlyList<TreeEntry> Entries => [.. _items.Select(i => i.Entry).OrderBy(e => e.Path, StringComparer.Ordinal)];

    public MemoryTree Add(string path, string text, bool executable = false) => Add(path, Encoding.UTF8.GetBytes(text), executable);

    public MemoryTree Add(string path, byte[] content, bool executable = false) =>
        Add(new TreeEntry(path, TreeEntryKind.File, content.Length, executable), content);

    public MemoryTree AddFolder(string path) => Add(new TreeEntry(path, TreeEntryKind.Directory), []);

    public MemoryTree AddLink(string path, string target) =>
        Add(new TreeEntry(path, TreeEntryKind.SymbolicLink), Encoding.UTF8.GetBytes(target));

    public MemoryTree Add(TreeEntry entry, byte[] content)
    {
        _items.Add((entry, content));
        return this;
    }

    public override Stream Open(TreeEntry entry) =>
        new MemoryStream(_items.First(i => i.Entry == entry).Content, writable: false);
}
