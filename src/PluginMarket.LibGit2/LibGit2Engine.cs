using System.Collections.Concurrent;
using LibGit2Sharp;
using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using Repository = LibGit2Sharp.Repository;

namespace PluginMarket;

/// <summary>Reaches git repositories without a git command: http by our own words, stores and folders through libgit2. Nothing is checked
/// out, and no setting of the library comes from outside.</summary>
internal sealed class LibGit2Engine : IGitEngine, IDisposable
{
    internal const string PackFolder = "objects/pack";

    /// <summary>What the library puts into a new repository for a user to fill in.</summary>
    private static readonly string[] ExamplesOfLibrary = ["description", "hooks", "info"];

    private readonly MarketEnvironment _environment;
    private readonly Lazy<nint> _library;
    private readonly Lazy<UserGitConfiguration> _configuration;
    private readonly Lazy<GitHttp> _http;
    private readonly ConcurrentDictionary<GitRemote, UploadPack> _servers = new();

    /// <param name="environment">The outside world.</param>
    /// <param name="folder">A private folder of the store's.</param>
    internal LibGit2Engine(MarketEnvironment environment, string folder)
    {
        _environment = environment;
        _library = new Lazy<nint>(() => LibGit2Library.Demand(environment));
        _configuration = new Lazy<UserGitConfiguration>(() => ReadConfiguration());
        _http = new Lazy<GitHttp>(() => new GitHttp(environment, _configuration.Value, folder));
    }

    /// <inheritdoc/>
    public string Name => "libgit2";

    /// <inheritdoc/>
    public Task<string> RewriteAsync(GitUrl url, CancellationToken cancellationToken)
    {
        var rewritten = _configuration.Value.Rewrite(url.Value);
        if (rewritten != url.Value && GitUrl.FromCatalog(rewritten).Refusal is { Code: not MarketErrorCode.CredentialInUrl })
        {
            throw NotSupported(url,
                "is rewritten by the git configuration (url.*.insteadOf) to something other than the address of a server or folder");
        }

        return Task.FromResult(rewritten);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ListReferencesAsync(GitRemote remote, IReadOnlyList<string> names,
        CancellationToken cancellationToken) =>
            RunAsync(remote, stop => FolderOf(remote) is { } folder
                ? folder.ListAsync(stop)
                : ServerOf(remote).ListAsync(names.Where(name => !name.EndsWith("^{}", StringComparison.Ordinal)), stop),
                cancellationToken);

    /// <inheritdoc/>
    public Task<ServerSign> ProbeAsync(GitRemote remote, CancellationToken cancellationToken) =>
        RunAsync(remote,
            stop => _http.Value.ProbeAsync(remote, UploadPack.Beginning, stop), cancellationToken);

    /// <inheritdoc/>
    public Task InitializeAsync(string store, int idLength, CancellationToken cancellationToken)
    {
        _ = idLength == 40 ? _library.Value : throw new PluginMarketException(MarketErrorCode.SourceNotSupported,
            $"A repository whose objects are named by SHA-256 needs the git command: libgit2 reads SHA-1 alone. "
                + $"{Remedy.Do($"Install git.")}{Remedy.Use(OperationOption.GitEngine.Of("Git"), $"use it")}");
        return RunLocal("make a store", () =>
        {
            Repository.Init(store, isBare: true);
            return true;
        });
    }

    /// <inheritdoc/>
    public Task FetchAsync(string store, GitRemote remote, GitFetch fetch, CancellationToken cancellationToken) =>
        RunAsync(remote, async stop =>
        {
            if (FolderOf(remote) is { } folder)
            {
                await folder.FetchAsync(store, fetch, stop).ConfigureAwait(false);
            }
            else
            {
                await FetchPackAsync(store, remote, fetch, stop).ConfigureAwait(false);
            }

            if (StoreSize.Exceeds(_environment.Files, store, fetch.ByteLimit, fetch.Received))
            {
                throw TooLarge(remote, fetch);
            }

            return true;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindCommitAsync(string store, string id, CancellationToken cancellationToken) => RunLocal("find a commit", () =>
    {
        using var repository = new Repository(store);
        return repository.Lookup<GitObject>(id) is { } found ? (LibGit2Folder.Peel(found) as Commit)?.Sha : null;
    });

    /// <inheritdoc/>
    public Task<bool> IsAncestorAsync(string store, string older, string newer, CancellationToken cancellationToken) =>
        RunLocal("compare two commits", () =>
        {
            using var repository = new Repository(store);
            return repository.Lookup<Commit>(older) is { } ancestor
                && repository.ObjectDatabase.FindMergeBase(ancestor, repository.Lookup<Commit>(newer))?.Id == ancestor.Id;
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<GitTreeItem>> ReadTreeAsync(string store, string commit, CancellationToken cancellationToken) =>
        RunLocal("read the tree of " + commit, () =>
        {
            using var repository = new Repository(store);
            return LibGit2Tree.Read(repository, commit, cancellationToken);
        });

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, long>> MeasureAsync(string store, IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken) => RunLocal("measure files", () =>
        {
            using var repository = new Repository(store);
            var sizes = new Dictionary<string, long>(ids.Count, StringComparer.Ordinal);
            foreach (var id in ids)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var object_ = new ObjectId(id);
                if (repository.ObjectDatabase.Contains(object_)
                    && repository.ObjectDatabase.RetrieveObjectMetadata(object_) is { Type: ObjectType.Blob } blob)
                {
                    sizes[id] = blob.Size;
                }
            }

            return (IReadOnlyDictionary<string, long>)sizes;
        });

    /// <inheritdoc/>
    public IGitObjects OpenObjects(string store) => new LibGit2Objects(store);

    /// <inheritdoc/>
    public Task ExportAsync(string store, string commit, string branch, string folder, CancellationToken cancellationToken) =>
        RunLocal("make a repository", () =>
        {
            var repositoryFolder = Repository.Init(folder);
            foreach (var example in ExamplesOfLibrary)
            {
                _environment.Files.DeleteTreeNoFollow(Path.Join(repositoryFolder, example));
            }

            var (from, to) = (Path.Join(store, PackFolder), Path.Join(repositoryFolder, PackFolder));
            foreach (var name in _environment.Files.List(from))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var source = _environment.Files.OpenRead(Path.Join(from, name));
                using var target = _environment.Files.CreateNew(Path.Join(to, name));
                source.CopyTo(target);
            }

            using var repository = new Repository(folder);
            repository.Refs.Add("refs/heads/" + branch, new ObjectId(commit));
            repository.Refs.UpdateTarget(repository.Refs.Head, "refs/heads/" + branch);
            repository.Index.Replace(repository.Lookup<Commit>(commit));
            repository.Index.Write();
            return true;
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    internal static PluginMarketException NotSupported(GitUrl url, string what) =>
        new(MarketErrorCode.SourceNotSupported,
            $"{url} {what}, which libgit2 does not reach. {Remedy.Do($"Install git.")}{Remedy.Use(OperationOption.GitEngine.Of("Git"),
                $"use it")}{Remedy.Do($"Run `git ls-remote {url}` to see whether git reaches it.")}", url.ToString());

    private UserGitConfiguration ReadConfiguration()
    {
        _ = _library.Value;
        return new UserGitConfiguration(_environment);
    }

    private UploadPack ServerOf(GitRemote remote) => _servers.GetOrAdd(remote, _ => new UploadPack(_http.Value, remote));

    /// <summary>The folder of an address of this machine; null for a server.</summary>
    private LibGit2Folder? FolderOf(GitRemote remote)
    {
        _ = _library.Value;
        var url = remote.Asked;
        if (url.Scheme == "ssh")
        {
            throw NotSupported(remote.Address, "is an ssh address");
        }

        if (!url.IsFile)
        {
            return null;
        }

        var folder = url.LocalFolder;
        return url.Host.Length > 0 ? throw NotSupported(remote.Address, "is a share of another machine")
            : _environment.Files.Kind(folder) != FileKind.Missing ? new LibGit2Folder(_environment, remote, folder)
            : throw GitHttp.Failure(remote, $"fatal: '{url}' does not appear to be a git repository", null);
    }

    private async Task FetchPackAsync(string store, GitRemote remote, GitFetch fetch, CancellationToken stop)
    {
        using var indexer = new PackIndexer(_library.Value, Path.Join(store, PackFolder));
        long total = 0;
        await ServerOf(remote).FetchAsync(
            fetch,
            part =>
            {
                total += part.Length;
                if (total > fetch.ByteLimit)
                {
                    throw TooLarge(remote, fetch);
                }

                fetch.Received?.Invoke(total);
                indexer.Append(part.Span);
            },
            stop).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        indexer.Finish();
    }

    internal static PluginMarketException TooLarge(GitRemote remote, GitFetch fetch) =>
        new(MarketErrorCode.LimitExceeded, $"The repository {remote.Address} is larger than the allowed {fetch.ByteLimit} bytes. "
            + $"{Remedy.Do($"Use a smaller repository.")}", remote.Address.ToString());

    private async Task<T> RunAsync<T>(GitRemote remote, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        var url = remote.Address;
        var time = _environment.Limits.FetchTime;
        using var limit = new CancellationTokenSource(time?.Left(_environment.Time) ?? Timeout.InfiniteTimeSpan, _environment.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await run(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PluginMarketException(MarketErrorCode.GitTimeout, FetchLimit.Passed(url.ToString(), time!.Limit), url.ToString());
        }
        catch (Exception e) when (e is EndOfStreamException or HttpIOException)
        {
            throw GitHttp.Failure(remote, "fatal: early EOF", remote.Credential);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or LibGit2SharpException)
        {
            throw GitHttp.Failure(remote, e.Message, remote.Credential);
        }
    }

    private static Task<T> RunLocal<T>(string task, Func<T> run) => Task.Run(() =>
    {
        try
        {
            return run();
        }
        catch (LibGit2SharpException e)
        {
            var full = e.Message.Contains("No space left on device", StringComparison.Ordinal);
            throw new PluginMarketException(full ? MarketErrorCode.DiskFull : MarketErrorCode.GitFailed,
                $"libgit2 could not {task}: {e} {Remedy.Do($"Run the command again.")}", null, e);
        }
    });
}
