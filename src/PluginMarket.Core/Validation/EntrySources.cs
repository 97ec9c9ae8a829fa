namespace PluginMarket;

/// <summary>The files of catalog entries: a folder of their marketplace, or a commit that is fetched for the time of the check.</summary>
internal sealed class EntrySources(MarketEnvironment environment, GitOptions? options) : IAsyncDisposable
{
    /// <summary>Codex clones a repository into a folder whose name is made up, so that a manifest without a name never fits.</summary>
    private const string CloneName = "plugin-source";

    private readonly object _gate = new();
    private StagedTree? _staged;
    private GitStore? _store;

    /// <summary>Finds the commit that a branch or tag names by now.</summary>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>.</exception>
    internal Task<GitRevision> ResolveAsync(GitUrl url, string? reference, string? sha, CancellationToken cancellation) =>
        Store().ResolveAsync(url, reference, sha, SourceOrigin.LocalCatalog, cancellation);

    /// <summary>The files of an entry, and the name that a manifest without one gets; null for a kind that is not looked at.</summary>
    /// <exception cref="PluginMarketException">SourceUnreachable, PathEscapesRoot, LimitExceeded, the git failures.</exception>
    internal async Task<(FileTree Tree, string DefaultName)?> ReadAsync(MarketplaceCatalog catalog, MarketplaceEntry entry, CancellationToken cancellation)
    {
        switch (entry.Source)
        {
            case LocalSource local:
                return (EntryFiles.Read(environment, catalog, local), EntryFiles.DefaultName(catalog, local));
            case GitSource git:
                return (await FetchAsync(git.Url, RelativePath.Root, git.Ref, git.Sha, cancellation).ConfigureAwait(false), CloneName);
            case GitSubdirectorySource git:
                return (await FetchAsync(git.Url, git.Path, git.Ref, git.Sha, cancellation).ConfigureAwait(false), git.Path.Name);
            default:
                return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }

        _staged?.Dispose();
    }

    private async Task<FileTree> FetchAsync(GitUrl url, RelativePath path, string? reference, string? sha, CancellationToken cancellation)
    {
        var revision = await ResolveAsync(url, reference, sha, cancellation).ConfigureAwait(false);
        var tree = await Store().FetchAsync(url, revision.Commit, TreeSelection.Below(path), SourceOrigin.LocalCatalog, cancellation).ConfigureAwait(false);
        return tree.Subtree(path);
    }

    // git works in a folder of its own in the home's staging area, which is removed afterwards.
    private GitStore Store()
    {
        lock (_gate)
        {
            if (_store is null)
            {
                _staged = StagedTree.Create(environment);
                environment.Files.CreateDirectory(_staged.RepositoryPath, FileOps.PrivateFolder);
                _store = new GitStore(environment, _staged.RepositoryPath, options);
            }

            return _store;
        }
    }
}
