using PluginMarket.Files;

namespace PluginMarket.Sources;

/// <summary>The files of one plugin as its source has them, readable for as long as the fetcher that opened them.</summary>
/// <param name="tree">The plugin's own tree.</param>
/// <param name="folder">The folder that the tree is read from; null where it cannot change.</param>
internal sealed class PluginFiles(FileTree tree, FolderTree? folder = null)
{
    /// <summary>The plugin's own tree.</summary>
    internal FileTree Tree => tree;

    /// <summary>The folder that the tree is read from; null where it cannot change.</summary>
    internal FolderTree? Folder => folder;

    /// <summary>What the tree's root is called in messages: a folder, a URL without secrets and its path, or a package.</summary>
    internal required string DisplayRoot { get; init; }

    /// <summary>The name of a manifest that does not state one.</summary>
    internal required string DefaultName { get; init; }

    /// <summary>Whether that name is made up by Codex, so that it fits no entry.</summary>
    internal bool IsDefaultNameMadeUp { get; init; }

    /// <summary>Where they came from.</summary>
    internal required Provenance Provenance { get; init; }

    /// <summary>When the author of their commit says that it was made; null where that is not known.</summary>
    internal DateTimeOffset? CommittedOn { get; init; }

    /// <summary>The git engine that fetched them; null for every other source.</summary>
    internal string? Engine { get; init; }

    /// <summary>What the source has and <see cref="Tree"/> does not.</summary>
    internal IReadOnlyList<LeftOutEntry> NotInTree { get; init; } = [];

    /// <summary>The commit of the files: their own, or that of the marketplace they are a part of; null where none is known.</summary>
    internal string? Commit => Provenance.OwnCommit ?? Provenance.Part?.Commit;

    /// <summary>Whether the source is no longer in the state in which it was opened, so that what was read may be of two states.</summary>
    internal bool HasChanged() => folder?.HasChanged() == true;
}
