namespace PluginMarket;

/// <summary>Fetches the git and npm sources of entries into staging, to read what they say of themselves; nothing stays.</summary>
internal sealed class RemoteEntries : IAsyncDisposable
{
    /// <summary>Codex reads a package in the folder of that name.</summary>
    private const string PackageName = "package";

    private readonly PluginFindRequest _request;
    private readonly MarketEnvironment _environment;
    private readonly StagedTree _staged;
    private readonly GitStore _store;
    private readonly NpmStore _npm;
    private readonly Dictionary<MarketplaceEntry, FetchedEntry> _fetched = new(ReferenceEqualityComparer.Instance);

    internal RemoteEntries(MarketEnvironment environment, PluginFindRequest request)
    {
        _environment = environment;
        _request = request;
        _staged = StagedTree.Create(environment);
        try
        {
            environment.Files.CreateDirectory(_staged.RepositoryPath, FileOps.PrivateFolder);
            _store = new GitStore(environment, _staged.RepositoryPath, request.Git);
            _npm = new NpmStore(environment, _staged.TreePath, request.Git);
        }
        catch
        {
            _staged.Dispose();
            throw;
        }
    }

    internal static bool IsRemote(MarketplaceEntry entry) => entry.Source is GitSource or GitSubdirectorySource or NpmSource;

    internal FetchedEntry? Find(MarketplaceEntry entry) => _fetched.GetValueOrDefault(entry);

    internal async Task FetchAsync(IReadOnlyList<PluginCandidate> candidates, CancellationToken cancellation)
    {
        var wanted = candidates.Where(candidate => candidate.SkipReason is null && IsRemote(candidate.Entry)).ToList();
        foreach (var candidate in wanted.Where(candidate => candidate.Entry.Source is not NpmSource))
        {
            var (url, path, _, _) = Parts(candidate.Entry.Source!);
            _store.Announce(url, TreeSelection.Below(path));
        }

        using var throttle = new SemaphoreSlim(Math.Max(1, _request.ThrottleLimit));
        var fetched = await Task.WhenAll(wanted.Select(candidate => FetchOneAsync(candidate, throttle, cancellation))).ConfigureAwait(false);
        for (var i = 0; i < fetched.Length; i++)
        {
            _fetched[wanted[i].Entry] = fetched[i];
        }
    }

    /// <summary>The files of a local entry as the commit of its snapshot has them; null where that cannot be found out.</summary>
    internal async Task<FileTree?> FindCommittedAsync(OpenMarketplace open, string commit, RelativePath path, string id, CancellationToken cancellation) =>
        (await CommittedFolder.FindAsync(_environment, _store, open.Catalog.Root, commit, path, id, "What is looked at is the folder.", cancellation).ConfigureAwait(false))?.Files;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _staged.Dispose();
    }

    private async Task<FetchedEntry> FetchOneAsync(PluginCandidate candidate, SemaphoreSlim throttle, CancellationToken cancellation)
    {
        await throttle.WaitAsync(cancellation).ConfigureAwait(false);
        var id = $"{candidate.Entry.Name}@{candidate.Marketplace.Name}";
        try
        {
            _environment.Log.Progress(new ActivityProgress(id, "Fetching"));
            var origin = OriginOf(candidate.Marketplace.Location);
            if (candidate.Entry.Source is NpmSource package)
            {
                return new FetchedEntry((await _npm.FetchAsync(package, origin, cancellation).ConfigureAwait(false)).Files, PackageName, null, null);
            }

            var (url, path, reference, sha) = Parts(candidate.Entry.Source!);
            var revision = await _store.ResolveAsync(url, reference, sha, origin, cancellation).ConfigureAwait(false);
            var tree = await _store.FetchAsync(url, revision.Commit, TreeSelection.Below(path), origin, cancellation).ConfigureAwait(false);
            return new FetchedEntry(tree.Subtree(path), path.IsRoot ? candidate.Entry.Name : path.Name, revision.Commit, null);
        }
        catch (PluginMarketException failure)
        {
            return new FetchedEntry(null, "", null, failure);
        }
        finally
        {
            _environment.Log.Progress(new ActivityProgress(id, "Fetched", 100, true));
            throttle.Release();
        }
    }

    private static (GitUrl Url, RelativePath Path, string? Ref, string? Sha) Parts(PluginSource source) => source switch
    {
        GitSubdirectorySource folder => (folder.Url, folder.Path, folder.Ref, folder.Sha),
        GitSource whole => (whole.Url, RelativePath.Root, whole.Ref, whole.Sha),
        _ => throw new ArgumentException($"'{source.Kind}' is no git source.", nameof(source)),
    };

    private static SourceOrigin OriginOf(MarketplaceLocation location) => location switch
    {
        { Source: GitMarketplaceSource { Url: var url } } => url.IsFile ? SourceOrigin.LocalCatalog : url.IsPrivate ? SourceOrigin.PrivateCatalog : SourceOrigin.PublicCatalog,
        { IsRemote: true } => SourceOrigin.PublicCatalog,
        _ => SourceOrigin.LocalCatalog,
    };
}

/// <summary>What became of fetching one entry's source: a tree or a failure.</summary>
internal sealed record FetchedEntry(FileTree? Tree, string DefaultName, string? Commit, PluginMarketException? Failure);
