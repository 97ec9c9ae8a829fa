using System.Text;
using PluginMarket.Files;
using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>A plugin's tree written down in the test.</summary>
internal sealed class PluginTree : FileTree
{
    private readonly SortedDictionary<string, (TreeEntry Entry, byte[] Content)> _entries = new(StringComparer.Ordinal);

    public override IReadOnlyList<TreeEntry> Entries => [.. _entries.Values.Select(e => e.Entry)];

    public override Stream Open(TreeEntry entry) => new MemoryStream(_entries[entry.Path].Content, writable: false);

    internal static PluginTree WithManifest(string manifest) => new PluginTree().Add(".codex-plugin/plugin.json", manifest);

    internal PluginTree Add(string path, string text, bool executable = false) => Add(path, Encoding.UTF8.GetBytes(text), executable);

    internal PluginTree Add(string path, byte[] content, bool executable = false)
    {
        AddFolders(path);
        _entries[path] = (new TreeEntry(path, TreeEntryKind.File, content.Length, executable), content);
        return this;
    }

    internal PluginTree AddEntry(string path, TreeEntryKind kind)
    {
        AddFolders(path);
        _entries[path] = (new TreeEntry(path, kind), []);
        return this;
    }

    internal PluginTree AddSkill(string folder, string head = "description: d") => Add($"{folder}/SKILL.md", $"---\n{head}\n---\nText.\n");

    internal ManifestReading Read(FallbackManifest? fallback = null, Limits? limits = null) =>
        ManifestReader.Read(this, "/p", "folder", fallback, limits);

    internal PluginManifest ReadManifest()
    {
        var reading = Read();
        Assert.Null(reading.Refusal?.ToString());
        return reading.Manifest!;
    }

    private void AddFolders(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            var folder = path[..slash];
            _entries.TryAdd(folder, (new TreeEntry(folder, TreeEntryKind.Directory), []));
        }
    }
}
