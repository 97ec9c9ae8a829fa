namespace PluginMarket;

/// <summary>Everything one run reads from git repositories: each is resolved once and fetched once, without a checkout (reliability rows C1 to C18).</summary>
public sealed class GitStore : IAsyncDisposable
{
    /// <summary>Makes a store; nothing is started before the first question.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="folder">An existing folder of the caller's, mode 0700, for this store alone; the caller removes it.</param>
    /// <param name="options">What is allowed and supplied.</param>
    public GitStore(MarketEnvironment environment, string folder, GitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _ = options;
    }

    /// <summary>Finds the commit that a reference or demanded id stands for, with one question to the server and none for a full id.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="reference">A branch, tag, full reference name or full commit id; null for the default branch.</param>
    /// <param name="sha">A demanded commit; wins over <paramref name="reference"/>.</param>
    /// <param name="origin">Who named the source.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>; <see cref="MarketErrorCode.GitCommitMismatch"/> for a demanded id that is not a full one.</exception>
    public Task<GitRevision> ResolveAsync(GitUrl url, string? reference, string? sha, SourceOrigin origin, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Says beforehand that files of a repository will be wanted, so that one fetch serves them all.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="selection">Which files.</param>
    public void Announce(GitUrl url, TreeSelection selection) => throw new NotImplementedException();

    /// <summary>The wanted files of a commit, fetched unless they are here already.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="commit">A full commit id; the fetched commit is compared with it.</param>
    /// <param name="selection">Which files are needed. Paths of the tree stay relative to the repository's root; take <see cref="FileTree.Subtree"/> of it.</param>
    /// <param name="origin">Who named the source.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>.</exception>
    public Task<GitTree> FetchAsync(GitUrl url, string commit, TreeSelection selection, SourceOrigin origin, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>The address that a server sent a repository's readers to, where it moved on the same host; else null.</summary>
    public GitUrl? RedirectOf(GitUrl url) => throw new NotImplementedException();

    /// <summary>Ends the processes that read objects.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
