using System.Runtime.CompilerServices;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;

namespace PluginMarket.Inventory;

/// <summary>What a session remembers of the manifests that it listed: each is read again where its folder or its file is another one, or
/// was written since. It is remembered for as long as the catalog that names it.</summary>
internal sealed class ManifestMemory
{
    private readonly ConditionalWeakTable<MarketplaceCatalog, Remembered?[]> _known = [];

    /// <summary>What the manifest of a plugin says, where nothing was written since it was read; null otherwise.</summary>
    /// <param name="catalog">The catalog as it was read.</param>
    /// <param name="entry">The plugin in it.</param>
    /// <param name="above">The folder that the plugin's own folder is in, every link on the way there resolved.</param>
    /// <param name="files">The disk.</param>
    /// <exception cref="IOException">It cannot be examined.</exception>
    internal ManifestWords? Find(MarketplaceCatalog catalog, MarketplaceEntry entry, string above, FileOps files) =>
        _known.TryGetValue(catalog, out var known) && Volatile.Read(ref known[entry.Index]) is { } remembered
            && remembered.Above == above && remembered.IsSame(files) ? remembered.Words : null;

    /// <summary>Remembers what a manifest says, unless it is so new that the next write may leave its times as they are.</summary>
    /// <param name="catalog">The catalog as it was read.</param>
    /// <param name="entry">The plugin in it.</param>
    /// <param name="above">The folder that the plugin's own folder is in, every link on the way there resolved.</param>
    /// <param name="folder">The plugin's folder, and its facts from before it was looked into.</param>
    /// <param name="manifest">The manifest, relative to it, and its facts from before it was read.</param>
    /// <param name="taken">When the facts were taken, or before.</param>
    /// <param name="words">What it says.</param>
    internal void Keep(MarketplaceCatalog catalog, MarketplaceEntry entry, string above, FoundFile folder, FoundFile manifest,
        DateTimeOffset taken, ManifestWords words)
    {
        if (folder.Facts.Kind == FileKind.Directory && FolderStamp.IsSettled(folder.Facts, taken)
            && FolderStamp.IsSettled(manifest.Facts, taken))
        {
            var known = _known.GetValue(catalog, static read => new Remembered?[read.Entries.Count]);
            Volatile.Write(ref known[entry.Index], new Remembered(above, folder,
                manifest with { Path = LocalPaths.Join(folder.Path, manifest.Path) }, words));
        }
    }

    private sealed record Remembered(string Above, FoundFile Folder, FoundFile Manifest, ManifestWords Words)
    {
        internal bool IsSame(FileOps files) => IsSame(Folder, files) && IsSame(Manifest, files);

        // The times of a folder are those of the names in it.
        private static bool IsSame(FoundFile known, FileOps files)
        {
            var facts = files.Examine(known.Path);
            return facts.IsSameState(known.Facts) && facts.ModifiedStamp == known.Facts.ModifiedStamp
                && facts.ChangedStamp == known.Facts.ChangedStamp;
        }
    }
}
