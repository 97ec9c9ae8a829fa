using System.Collections.Concurrent;
using PluginMarket.Files;
using PluginMarket.Manifests;

namespace PluginMarket.Inventory;

/// <summary>What a session remembers of the manifests that it listed: each is read again where its folder or its file is another one, or
/// was written since.</summary>
internal sealed class ManifestMemory
{
    private const int Most = 250_000;

    private readonly ConcurrentDictionary<string, Remembered> _known = new(StringComparer.Ordinal);

    /// <summary>What the manifest of a plugin says, where nothing was written since it was read; null otherwise.</summary>
    /// <param name="folder">The plugin's folder, links above it resolved.</param>
    /// <param name="files">The disk.</param>
    /// <exception cref="IOException">It cannot be examined.</exception>
    internal ManifestWords? Find(string folder, FileOps files) =>
        _known.TryGetValue(folder, out var known) && IsSame(known.Folder, files.Examine(folder))
            && IsSame(known.Manifest, files.Examine(known.Path)) ? known.Words : null;

    /// <summary>Remembers what a manifest says, unless it is so new that the next write may leave its times as they are.</summary>
    /// <param name="folder">The plugin's folder.</param>
    /// <param name="folderFacts">The folder's facts, taken before it was looked into.</param>
    /// <param name="path">The manifest, relative to it.</param>
    /// <param name="facts">The manifest's facts, taken before it was read.</param>
    /// <param name="taken">When the facts were taken, or before.</param>
    /// <param name="words">What it says.</param>
    internal void Keep(string folder, in FileFacts folderFacts, string path, in FileFacts facts, DateTimeOffset taken, ManifestWords words)
    {
        if (folderFacts.Kind != FileKind.Directory || !FolderStamp.IsSettled(folderFacts, taken) || !FolderStamp.IsSettled(facts, taken))
        {
            return;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        _known[folder] = new Remembered(Stamp.Of(folderFacts), LocalPaths.Join(folder, path), Stamp.Of(facts), words);
    }

    // The time of change is that of the folder's own names, whatever IsSameState says of folders.
    private static bool IsSame(in Stamp stamp, in FileFacts facts) => stamp == Stamp.Of(facts);

    private sealed record Remembered(Stamp Folder, string Path, Stamp Manifest, ManifestWords Words);

    private readonly record struct Stamp(FileKind Kind, ulong Device, ulong Inode, long Length, long Modified, long Changed)
    {
        internal static Stamp Of(in FileFacts facts) =>
            new(facts.Kind, facts.Device, facts.Inode, facts.Length, facts.ModifiedStamp, facts.ChangedStamp);
    }
}
