using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Opens plugins that are a repository, or a folder of one.</summary>
internal static class GitFetcher
{
    /// <summary>Codex clones a repository into a folder whose name is made up, so that a manifest without a name never fits.</summary>
    internal const string CloneName = "plugin-source";

    internal static async Task<PluginFiles> OpenAsync(GitStore git, RepositoryFolder source, SourceContext context,
        CancellationToken cancellationToken)
    {
        var (url, path) = (source.Url, source.Path);
        var revision = await git.ResolveAsync(url, source.Ref, source.Sha, context.Origin, cancellationToken).ConfigureAwait(false);
        var repository = await git.FetchAsync(url, revision.Commit, source.Selection, context.Origin, cancellationToken)
            .ConfigureAwait(false);
        var (tree, notInTree) = Part(repository, path);
        if (!tree.Entries.Any())
        {
            throw new PluginMarketException(
                MarketErrorCode.SourceUnreachable,
                path.IsRoot
                    ? (Message)$"Commit {revision.Commit} of {url} has no files. {Remedy.Do($"Ask the owner of the catalog.")}"
                    : $"Commit {revision.Commit} of {url} does not have the folder '{path.Value}'. "
                        + $"{Remedy.Do($"Ask the owner of the catalog.")}",
                url.ToString())
            { File = path.IsRoot ? null : path.Value };
        }

        return new PluginFiles(tree)
        {
            DisplayRoot = path.IsRoot ? url.ToString() : $"{url} {DisplayText.Escape(path.Value)}",
            DefaultName = path.IsRoot ? CloneName : path.Name,
            IsDefaultNameMadeUp = path.IsRoot,
            NotInTree = notInTree,
            Engine = git.Engine,
            CommittedOn = repository.FindCommitTime(),
            Provenance = ProvenanceOf(source, context, revision.Commit),
        };
    }

    /// <summary>The state of a source that names its commit itself; null where only its server tells it.</summary>
    internal static SourceState? StateOf(RepositoryFolder source, SourceContext context) =>
        (string.IsNullOrEmpty(source.Sha) ? source.Ref : source.Sha) is { } commit && GitReference.IsFullId(commit)
            ? new SourceState(ProvenanceOf(source, context, commit), null) : null;

    private static CommitProvenance ProvenanceOf(RepositoryFolder source, SourceContext context, string commit)
    {
        var (url, below) = (source.Url, source.Path.IsRoot ? null : source.Path.Value);
        return new CommitProvenance(url.ToString(), below, source.Sha ?? source.Ref, commit)
        {
            // A relative URL of the catalog means the snapshot itself, which is of the same commit (contract 3.8).
            Part = url.IsMarketplaceFolder && url.Value == context.MarketplaceRoot && context.Snapshot?.Url is { } marketplace
                ? new MarketplacePart(marketplace.ToString(), below, commit)
                : null,
        };
    }

    /// <summary>A folder of a commit as a plugin's own tree, and what the tree does not have.</summary>
    internal static (FileTree Tree, IReadOnlyList<LeftOutEntry> NotInTree) Part(GitTree repository, RelativePath path)
    {
        var leftOut = LeftOutEntry.Below(path, repository.LeftOut);
        return path.IsRoot ? (AuthorTree.Of(repository), [.. leftOut, .. AuthorTree.LeftOutOf(repository)])
            : (repository.Subtree(path), [.. leftOut]);
    }
}
