using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Sources.Git;

/// <summary>A whole git repository.</summary>
/// <param name="Url">The repository.</param>
/// <param name="Ref">A branch or tag, as the catalog says; null follows the default branch.</param>
/// <param name="Sha">The demanded commit, as the catalog says; it wins over <paramref name="Ref"/>.</param>
internal sealed record GitSource(GitUrl Url, string? Ref, string? Sha) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "git";

    /// <inheritdoc/>
    public override string Description => Url.ToString();

    /// <summary>The sparse paths of the marketplace that the plugin is a part of; empty for all files.</summary>
    internal IReadOnlyList<string> SparsePaths { get; init; } = [];

    internal override string? Selector => Ref;

    internal override RepositoryFolder Repository => new(Url, RelativePath.Root, Ref, Sha) { SparsePaths = SparsePaths };

    internal override T Match<T>(Func<LocalSource, T> local, Func<RepositoryFolder, T> git, Func<NpmSource, T> npm) => git(Repository);
}

/// <summary>A folder of a git repository.</summary>
/// <param name="Url">The repository.</param>
/// <param name="Path">The folder; never the root.</param>
/// <param name="Ref">A branch or tag, as the catalog says; null follows the default branch.</param>
/// <param name="Sha">The demanded commit, as the catalog says; it wins over <paramref name="Ref"/>.</param>
internal sealed record GitSubdirectorySource(GitUrl Url, RelativePath Path, string? Ref, string? Sha) : PluginSource
{
    /// <inheritdoc/>
    public override string Kind => "git-subdir";

    /// <summary>The path as the catalog spells it, which Codex returns in its JSON output.</summary>
    public string PathText { get; init; } = Path.Value;

    /// <inheritdoc/>
    public override string Description => $"{Url} {DisplayText.Escape(Path.Value)}";

    /// <summary>The sparse paths of the marketplace that the plugin is a part of; empty for all files.</summary>
    internal IReadOnlyList<string> SparsePaths { get; init; } = [];

    internal override string? Selector => Ref;

    internal override RepositoryFolder Repository => new(Url, Path, Ref, Sha) { SparsePaths = SparsePaths };

    internal override T Match<T>(Func<LocalSource, T> local, Func<RepositoryFolder, T> git, Func<NpmSource, T> npm) => git(Repository);
}

/// <summary>What both forms of a git source come down to.</summary>
/// <param name="Url">The repository.</param>
/// <param name="Path">The folder, or the root.</param>
/// <param name="Ref">A branch or tag; null follows the default branch.</param>
/// <param name="Sha">The demanded commit; it wins over <paramref name="Ref"/>.</param>
internal sealed record RepositoryFolder(GitUrl Url, RelativePath Path, string? Ref, string? Sha)
{
    internal IReadOnlyList<string> SparsePaths { get; init; } = [];

    /// <summary>The files that are wanted of a commit.</summary>
    internal TreeSelection Selection => TreeSelection.OfSparsePaths(SparsePaths).Within(Path);
}
