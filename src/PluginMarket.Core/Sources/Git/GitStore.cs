using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>Everything one run reads from git repositories: each is resolved once and fetched once,
/// without a checkout (threat C1 to C18).</summary>
internal sealed class GitStore : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly string _folder;
    private readonly GitAccess _access;
    private readonly GitOptions _options;
    private readonly SharedAnswers<string, IGitEngine> _engines = new();
    private IGitEngine? _engine;
    private readonly SharedAnswers<string, GitRemote> _remotes = new();
    private readonly SharedAnswers<(string Url, string? Reference), GitRevision> _revisions = new();
    private readonly ConcurrentDictionary<string, GitUrl> _moved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<TreeSelection, bool>> _announced = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Url, string Commit), StoredRepository> _repositories = [];

    /// <summary>Makes a store; nothing is started before the first question.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="folder">An existing folder of the caller's, mode 0700, for this store alone; the caller
    /// removes it after disposing the store.</param>
    /// <param name="options">What is allowed and supplied.</param>
    public GitStore(MarketEnvironment environment, string folder, GitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= GitOptions.Default;
        environment = environment.ForPrograms();
        _environment = FetchLimit.Begin(environment, options);
        _folder = folder;
        _access = new GitAccess(environment, options);
        _options = options;
    }

    /// <summary>What reached the repositories, <c>git</c> or <c>libgit2</c>; null before anything was asked.</summary>
    public string? Engine => _engine?.Name;

    /// <summary>Finds the commit that a reference or demanded id stands for, with one question to the
    /// server and none for a full id.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="reference">A branch, tag, full reference name or full commit id; null for the default branch.</param>
    /// <param name="sha">A demanded commit; wins over <paramref name="reference"/>.</param>
    /// <param name="origin">Who named the source.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>;
    /// <see cref="MarketErrorCode.GitCommitMismatch"/> for a demanded id that is not a full one.</exception>
    public async Task<GitRevision> ResolveAsync(GitUrl url, string? reference, string? sha, SourceOrigin origin,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        await _access.DemandAsync(url, origin, cancellationToken).ConfigureAwait(false);
        if (!string.IsNullOrEmpty(sha))
        {
            return GitReference.IsFullId(sha) ? Pinned(sha) : throw new PluginMarketException(
                MarketErrorCode.GitCommitMismatch,
                $"'{sha}' is not a full commit id of 40 or 64 hexadecimal digits, so the commit of {url} cannot equal it. "
                    + $"{GitFailures.FullId}",
                url.ToString());
        }

        if (string.IsNullOrEmpty(reference))
        {
            reference = null;
        }
        else if (GitReference.IsFullId(reference))
        {
            return Pinned(reference);
        }
        else if (GitReference.Check(reference) is { } finding)
        {
            throw new PluginMarketException(MarketErrorCode.GitRefNotFound, $"'{reference}' cannot be a branch or tag: it {finding}. "
                + $"{Remedy.Do($"Run `git ls-remote {url}` to see the branches and tags.")}", url.ToString());
        }

        return await _revisions.AskAsync((url.Value, reference), () => AskRevisionAsync(url, reference, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says in advance that files of a repository will be wanted, so that one fetch serves them all.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="selection">Which files.</param>
    public void Announce(GitUrl url, TreeSelection selection)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(selection);
        _announced.GetOrAdd(url.Value, _ => new())[selection] = true;
    }

    /// <summary>The wanted files of a commit, fetched unless they are here already.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="commit">A full commit id; the fetched commit is compared with it.</param>
    /// <param name="selection">Which files are needed. Paths of the tree stay relative to the repository's root; take
    /// <see cref="FileTree.Subtree"/> of it.</param>
    /// <param name="origin">Who named the source.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>.</exception>
    public async Task<GitTree> FetchAsync(GitUrl url, string commit, TreeSelection selection, SourceOrigin origin,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(commit);
        ArgumentNullException.ThrowIfNull(selection);
        await DemandAsync(url, commit, origin, cancellationToken).ConfigureAwait(false);

        await ChooseEngineAsync(cancellationToken).ConfigureAwait(false);
        var announced = _announced.TryGetValue(url.Value, out var selections) ? [.. selections.Keys] : Array.Empty<TreeSelection>();
        return await RepositoryOf(url, commit).TakeAsync(selection, announced, FetcherOf(url, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>The wanted files of a commit that a repository on this disk has; its objects are read where they are.</summary>
    /// <param name="repository">The repository's own folder (<c>.git</c>, or a bare one), absolute.</param>
    /// <param name="commit">A full commit id.</param>
    /// <param name="selection">Which files are needed.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>: the repository
    /// lacks the commit, or files of it.</exception>
    public async Task<GitTree> OpenAsync(string repository, string commit, TreeSelection selection, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(repository);
        ArgumentNullException.ThrowIfNull(commit);
        ArgumentNullException.ThrowIfNull(selection);
        await ChooseEngineAsync(cancellationToken).ConfigureAwait(false);
        return await RepositoryOf(GitUrl.FromMarketplaceFolder(repository), commit).TakeAsync(selection, [], Borrow, cancellationToken)
            .ConfigureAwait(false);

        Task Borrow(string store, GitFetch fetch)
        {
            if (!fetch.AreBlobs)
            {
                var folder = Path.Join(store, "objects", "info");
                _environment.Files.CreateDirectory(folder);
                _environment.Files.WriteNew(Path.Join(folder, "alternates"),
                    Encoding.UTF8.GetBytes(Path.Join(repository, "objects") + "\n"));
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Whether one commit is an ancestor of another: commits are fetched, no files.</summary>
    /// <param name="url">The repository.</param>
    /// <param name="older">A full commit id; one that the history of the other does not hold is not an ancestor.</param>
    /// <param name="newer">A full commit id that the repository has.</param>
    /// <param name="origin">Who named the source.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>.</exception>
    public async Task<bool> IsAncestorAsync(GitUrl url, string older, string newer, SourceOrigin origin,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(older);
        await DemandAsync(url, newer, origin, cancellationToken).ConfigureAwait(false);
        await ChooseEngineAsync(cancellationToken).ConfigureAwait(false);
        return GitReference.IsFullId(older) && await RepositoryOf(url, newer)
            .IsAncestorAsync(older, FetcherOf(url, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a git repository (<c>.git</c> with a commit and its history, a branch and an index, no remote) in a folder whose
    /// files the caller wrote from the same commit.</summary>
    /// <remarks>For snapshots that entries with relative git URLs are cloned from (contract 3.8). Nothing is checked out.</remarks>
    /// <param name="url">The repository.</param>
    /// <param name="commit">A full commit id.</param>
    /// <param name="branch">The branch that HEAD names, without <c>refs/heads/</c>.</param>
    /// <param name="folder">An existing folder without <c>.git</c>.</param>
    /// <param name="origin">Who named the source.</param>
    /// <param name="cancellationToken">Stops git and waits for its end.</param>
    /// <exception cref="PluginMarketException">The git failures of <see cref="MarketErrorCode"/>.</exception>
    public async Task WriteRepositoryAsync(GitUrl url, string commit, string branch, string folder, SourceOrigin origin,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(branch);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        await DemandAsync(url, commit, origin, cancellationToken).ConfigureAwait(false);
        await ChooseEngineAsync(cancellationToken).ConfigureAwait(false);
        await RepositoryOf(url, commit).ExportAsync(GitReference.Check(branch) is null ? branch : "main", folder,
            FetcherOf(url, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task DemandAsync(GitUrl url, string commit, SourceOrigin origin, CancellationToken cancellationToken)
    {
        await _access.DemandAsync(url, origin, cancellationToken).ConfigureAwait(false);
        if (!GitReference.IsFullId(commit))
        {
            throw new PluginMarketException(MarketErrorCode.GitCommitMismatch,
                $"'{commit}' is not a full commit id. {GitFailures.FullId}", url.ToString());
        }
    }

    private StoredRepository.Fetcher FetcherOf(GitUrl url, CancellationToken cancellationToken) =>
        (store, fetch) => FollowingAsync(url, async remote =>
        {
            _environment.Log.Detail($"Fetches {url}.");
            _environment.Log.Progress(new ActivityProgress(url.ToString(), "Fetching"));
            await _engine!.FetchAsync(store, remote,
                fetch with { Received = bytes => _environment.Log.Progress(ActivityProgress.OfBytes(url.ToString(), bytes)) },
                cancellationToken).ConfigureAwait(false);
            return true;
        }, cancellationToken);

    /// <summary>The address that a server sent a repository's readers to, where it moved on the same host; else null.</summary>
    public GitUrl? RedirectOf(GitUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return _moved.GetValueOrDefault(url.Value);
    }

    /// <summary>Ends the processes that read objects.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_repositories)
        {
            foreach (var repository in _repositories.Values)
            {
                repository.Dispose();
            }

            _repositories.Clear();
        }

        (_engine as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IGitEngine> ChooseEngineAsync(CancellationToken cancellationToken) =>
        _engine ??= await _engines.AskAsync("", () => GitEngines.ChooseAsync(_environment, _folder, _options, cancellationToken),
            cancellationToken).ConfigureAwait(false);

    private static GitRevision Pinned(string id)
    {
        var commit = id.ToLowerInvariant();
        return new GitRevision(commit, null, commit);
    }

    private StoredRepository RepositoryOf(GitUrl url, string commit)
    {
        lock (_repositories)
        {
            var key = (url.Value, commit.ToLowerInvariant());
            if (!_repositories.TryGetValue(key, out var repository))
            {
                var folder = Path.Join(_folder, string.Create(CultureInfo.InvariantCulture, $"repository-{_repositories.Count + 1}"));
                repository = new StoredRepository(_engine!, folder, url, key.Item2, _environment.Limits);
                _repositories.Add(key, repository);
            }

            return repository;
        }
    }

    private async Task<GitRevision> AskRevisionAsync(GitUrl url, string? reference, CancellationToken cancellationToken)
    {
        var engine = await ChooseEngineAsync(cancellationToken).ConfigureAwait(false);
        var names = GitReference.NamesOf(reference);
        IReadOnlyDictionary<string, string> answer;
        try
        {
            answer = await FollowingAsync(url, remote => engine.ListReferencesAsync(remote,
                [.. names.SelectMany(name => new[] { name, name + "^{}" })], cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (GitCommandFailure refused)
        {
            throw refused.Explanation;
        }

        foreach (var name in names)
        {
            if (answer.TryGetValue(name, out var id))
            {
                var commit = answer.GetValueOrDefault(name + "^{}", id);
                return new GitRevision(commit.ToLowerInvariant(), name, id.ToLowerInvariant());
            }
        }

        if (reference is not null && GitReference.IsShortId(reference)
            && await FindShortAsync(engine, url, reference, cancellationToken).ConfigureAwait(false) is { } found)
        {
            return Pinned(found);
        }

        // An answer that lists nothing may be that of a page for people, which git takes for an empty repository.
        if (answer.Count == 0 && url.Scheme is "https" or "http"
            && await IsNoGitServerAsync(engine, url, cancellationToken).ConfigureAwait(false))
        {
            throw GitFailures.NotGit(url);
        }

        throw new PluginMarketException(
            MarketErrorCode.GitRefNotFound,
            reference is null
                ? (Message)($"{url} has no default branch with a commit. "
                    + $"{Remedy.Do($"Run `git ls-remote {url}` to see its branches.")}{Remedy.Use(OperationOption.Ref, $"choose one")}")
                : $"{url} has no branch or tag '{reference}'. {Remedy.Do($"Run `git ls-remote {url}` to see those it has.")}",
            url.ToString());
    }

    private async Task<bool> IsNoGitServerAsync(IGitEngine engine, GitUrl url, CancellationToken cancellationToken)
    {
        try
        {
            return (await FollowingAsync(url, remote => engine.ProbeAsync(remote, cancellationToken), cancellationToken)
                .ConfigureAwait(false)).IsOfNoGitServer;
        }
        catch (GitCommandFailure)
        {
            // It answered a moment ago: that it has nothing is the answer.
            return false;
        }
    }

    /// <summary>The full id of a commit that a branch or tag leads to, where a server does not tell it; all
    /// commits are fetched, no files.</summary>
    private async Task<string?> FindShortAsync(IGitEngine engine, GitUrl url, string id, CancellationToken cancellationToken)
    {
        var store = Path.Join(_folder, "commits-" + Guid.NewGuid().ToString("N"));
        try
        {
            await engine.InitializeAsync(store, GitReference.ShortestFullId, cancellationToken).ConfigureAwait(false);
            var commits = new GitFetch([], WithoutBlobs: true)
            {
                WithHistory = true,
                WithoutTrees = true,
                ByteLimit = _environment.Limits.MarketplaceBytes,
            };
            await FetcherOf(url, cancellationToken)(store, commits).ConfigureAwait(false);
            return await engine.FindCommitAsync(store, id.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        }
        catch (GitCommandFailure refused)
        {
            throw refused.Explanation;
        }
    }

    /// <summary>Asks a server; where it answers with a redirect, finds out where to without credentials and asks there, once.</summary>
    private async Task<T> FollowingAsync<T>(GitUrl url, Func<GitRemote, Task<T>> ask, CancellationToken cancellationToken)
    {
        var rewritten = await _remotes.AskAsync(url.Value, async () => _access.MakeRemote(url,
            await RewriteAsync(url, cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        if (!_moved.TryGetValue(url.Value, out var moved))
        {
            try
            {
                return await ask(rewritten).ConfigureAwait(false);
            }
            catch (GitCommandFailure refused) when (refused.IsRedirect)
            {
                moved = GitAccess.AcceptRedirect(rewritten.Asked,
                    (await _engine!.ProbeAsync(rewritten, cancellationToken).ConfigureAwait(false)).Location);
                _environment.Log.Detail($"{url} moved to {moved}.");
                _moved.TryAdd(url.Value, moved);
            }
        }

        try
        {
            return await ask(_access.MakeMoved(moved, rewritten)).ConfigureAwait(false);
        }
        catch (GitCommandFailure refused) when (refused.IsRedirect)
        {
            throw GitAccess.Refused(moved, "yet another address");
        }
    }

    private async Task<string> RewriteAsync(GitUrl url, CancellationToken cancellationToken)
    {
        try
        {
            return await _engine!.RewriteAsync(url, cancellationToken).ConfigureAwait(false);
        }
        catch (GitCommandFailure refused)
        {
            throw refused.Explanation;
        }
    }
}
