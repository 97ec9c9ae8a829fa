using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>A snapshot of a git marketplace being made: fetched and written in staging, read and checked there, published in one step
/// (promise 8, docs/reliability.md).</summary>
internal sealed class StagedSnapshot : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly GitMarketplaceSource _source;
    private readonly StagedTree _staged;
    private readonly GitStore _store;
    private readonly bool _isShared;
    private MarketplaceCatalog? _catalog;
    private GitRevision? _revision;

    private StagedSnapshot(MarketEnvironment environment, GitMarketplaceSource source, StagedTree staged, GitStore store, bool isShared)
    {
        _environment = environment;
        _source = source;
        _staged = staged;
        _store = store;
        _isShared = isShared;
    }

    /// <summary>What the source's ref stands for now.</summary>
    internal GitRevision Revision => _revision ?? throw new InvalidOperationException("Nothing was resolved yet.");

    /// <summary>The catalog as it was staged.</summary>
    internal MarketplaceCatalog Catalog => _catalog ?? throw new InvalidOperationException("Nothing was fetched yet.");

    /// <summary>Begins in staging and asks the server, once, what the ref stands for.</summary>
    internal static async Task<StagedSnapshot> BeginAsync(MarketEnvironment environment, GitMarketplaceSource source, GitOptions git,
        CancellationToken cancellation)
    {
        var snapshot = Begin(environment, source, git, null);
        try
        {
            snapshot._revision = await snapshot._store.ResolveAsync(source.Url, source.Ref, null, SourceOrigin.User, cancellation)
                .ConfigureAwait(false);
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins in staging where the server was asked already.</summary>
    internal static StagedSnapshot Begin(MarketEnvironment environment, GitMarketplaceSource source, GitOptions git, GitRevision? revision)
    {
        var staged = StagedTree.Create(environment);
        try
        {
            var shared = environment.Shared?.GitFor(environment, source);
            return new StagedSnapshot(environment, source, staged, shared ?? Open(environment, staged, git), shared is not null)
            {
                _revision = revision,
            };
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <summary>Fetches the commit, writes its files and reads its catalog.</summary>
    /// <param name="expectedName">The name the catalog must have, or null for any.</param>
    /// <param name="cancellation">Stops git.</param>
    internal async Task FetchAsync(string? expectedName, CancellationToken cancellation)
    {
        _environment.Log.Progress(new ActivityProgress(_source.Description, "Fetching"));
        var tree = await _store.FetchAsync(_source.Url, Revision.Commit, Selection(), SourceOrigin.User, cancellation)
            .ConfigureAwait(false);
        var written = _staged.Write(AuthorTree.Of(tree), TreeWriteOptions.Marketplace(_environment.Limits));
        IReadOnlyList<LeftOutEntry> leftOut = [.. tree.LeftOut.Concat(AuthorTree.LeftOutOf(tree)).Concat(written.LeftOut)
            .DistinctBy(left => left.Path).OrderBy(left => left.Path, StringComparer.Ordinal)];
        foreach (var left in leftOut)
        {
            _environment.Log.Detail($"'{left.Path}' of {_source.Description} is not copied into the snapshot: {left.Reason}.");
        }

        NameSources(tree);
        DemandCatalogInSparse(tree);
        _catalog = ReadCatalog(expectedName);
        if (_catalog.Entries.Any(entry =>
            entry.Source is GitSource { Url.IsMarketplaceFolder: true } or GitSubdirectorySource { Url.IsMarketplaceFolder: true }))
        {
            // Codex clones the snapshot itself for such an entry, so it has to be a repository (contract 3.8).
            await WriteRepositoryAsync(cancellation).ConfigureAwait(false);
        }

        var record = new SnapshotMetadata(_source.SourceType, _source.SourceText, _source.Ref, _source.SparsePaths, Revision.AdvertisedId)
        {
            Commit = Revision.AdvertisedId == Revision.Commit ? null : Revision.Commit,
            CommittedOn = PolicyGate.Open(_environment).AsksForCommitTime ? tree.FindCommitTime() : null,
            LeftOut = leftOut,
        };
        _staged.TryAddFile(RelativePath.Parse(SnapshotMetadata.FileName), record.ToUtf8());
        _staged.Sync();
        _environment.Log.Progress(new ActivityProgress(_source.Description, "Fetched", 100, true));
    }

    // From what was fetched and not from the home, where the owner of the home could change the catalog before it is read.
    private void NameSources(GitTree tree)
    {
        if (!_isShared || !_environment.Home.IsActedForOwner || _environment.Shared!.TakeUnread(_source) is not { Count: > 0 } wanted)
        {
            return;
        }

        using var folder = new TemporaryFolder(_environment.Files);
        try
        {
            foreach (var place in MarketplaceCatalogReader.CatalogPlaces)
            {
                if (tree.Find(place) is { Kind: TreeEntryKind.File } file)
                {
                    var path = Path.Join(folder.Path, place);
                    _environment.Files.CreateDirectory(Path.GetDirectoryName(path)!);
                    _environment.Files.WriteNew(path, tree.ReadBytes(file, _environment.Limits.CatalogBytes));
                }
            }

            foreach (var entry in new MarketplaceCatalogReader(_environment).Read(folder.Path, !_source.Url.IsFile).Entries)
            {
                if (wanted.Contains(entry.Name) && entry.Source is { } source)
                {
                    _environment.Shared.Name(source);
                }
            }
        }
        catch (Exception problem) when (problem is PluginMarketException or IOException)
        {
            // Whoever reads the catalog of the snapshot says so.
            _environment.Log.Detail($"The catalog of {_source.Description} cannot be read before it is in the home: {problem}");
        }
    }

    // Git run by root would follow what the owner of the home swaps there: it writes elsewhere, and its files are copied.
    private async Task WriteRepositoryAsync(CancellationToken cancellation)
    {
        using var elsewhere = _isShared && _environment.Home.IsActedForOwner ? new TemporaryFolder(_environment.Files) : null;
        var folder = elsewhere?.Path ?? _staged.TreePath;
        await _store.WriteRepositoryAsync(_source.Url, Revision.Commit, BranchOf(Revision), folder, SourceOrigin.User, cancellation)
            .ConfigureAwait(false);
        if (elsewhere is not null)
        {
            var limits = TreeLimits.Marketplace(_environment.Limits) with { FileBytes = long.MaxValue };
            var repository = FolderTree.Read(Path.Join(folder, ".git"), _environment.Files, limits);
            new TreeWriter(_environment.Files, TreeWriteOptions.Marketplace(_environment.Limits) with { Limits = limits }).Write(repository,
                Path.Join(_staged.TreePath, ".git"));
        }
    }

    /// <summary>A reader's view of the staged files, for comparisons.</summary>
    internal string TreePath => _staged.TreePath;

    /// <summary>Gives the snapshot its place; what was there stays in staging until this object is
    /// disposed. The caller holds both locks.</summary>
    internal PublishOutcome Publish(string target) => _staged.Publish(target);

    /// <summary>Takes the publish back.</summary>
    internal void Undo() => _staged.Undo();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _staged.Dispose();
    }

    /// <summary>What reaches repositories from a place in staging.</summary>
    internal static GitStore Open(MarketEnvironment environment, StagedTree staged, GitOptions git)
    {
        environment.Files.CreateDirectory(staged.RepositoryPath, FileOps.PrivateFolder);
        return new GitStore(environment, staged.RepositoryPath, git);
    }

    // What several homes share is closed by whoever opened it.
    private ValueTask CloseAsync() => _isShared ? ValueTask.CompletedTask : _store.DisposeAsync();

    private static string BranchOf(GitRevision revision)
    {
        const string Branches = "refs/heads/";
        return revision.ReferenceName is { } name && name.StartsWith(Branches, StringComparison.Ordinal) ? name[Branches.Length..] : "main";
    }

    // The list is the user's own: what it leaves out is not missing in the repository.
    private void DemandCatalogInSparse(GitTree tree)
    {
        foreach (var folder in _source.SparsePaths.Where(path => path.Trim('/').Length > 0 && !tree.IsInCommit(path.Trim('/'))))
        {
            _environment.Log.Warn($"{_source.Description} has no folder '{folder}', which the sparse list names. "
                + $"{Remedy.Do($"Check the spelling of the sparse list.")}");
        }

        if (_source.SparsePaths.Count > 0 && new MarketplaceCatalogReader(_environment).FindCatalog(_staged.TreePath) is null
            && MarketplaceCatalogReader.CatalogPlaces.FirstOrDefault(tree.IsInCommit) is { } place)
        {
            var folder = place[..place.LastIndexOf('/')];
            throw new PluginMarketException(MarketErrorCode.CatalogUnreadable,
                $"The sparse list ({string.Join(", ", _source.SparsePaths)}) leaves out the catalog '{place}' of {_source.Description}. "
                    + $"{Remedy.Use(OperationOption.Sparse.Of(folder), $"include its folder, or leave the list out")}",
                _source.Description);
        }
    }

    private TreeSelection Selection() => TreeSelection.Cone([.. _source.SparsePaths.Select(ParseFolder)]);

    private RelativePath ParseFolder(string text) => RelativePath.TryParse(text.Trim('/'), out var path, out var finding)
        ? path
        : throw new PluginMarketException(MarketErrorCode.SourceInvalid,
            $"'{text}' is not a sparse path: {finding} {Remedy.Do($"Use a folder of the repository.")}", _source.Description);

    private MarketplaceCatalog ReadCatalog(string? expectedName)
    {
        try
        {
            var catalog = new MarketplaceCatalogReader(_environment).Read(_staged.TreePath, !_source.Url.IsFile);
            return expectedName is null || catalog.Name == expectedName ? catalog : throw new PluginMarketException(
                MarketErrorCode.MarketplaceNameMismatch,
                $"The catalog of {_source.Description} calls itself '{catalog.Name}', not '{expectedName}'. "
                    + $"{Remedy.Do($"Remove the marketplace and add it again under its new name.")}",
                expectedName);
        }
        catch (PluginMarketException failure) when (failure.Code is MarketErrorCode.CatalogUnreadable or MarketErrorCode.LimitExceeded)
        {
            // The staging folder means nothing to anyone; the repository does.
            var message = failure.Said.Replace(_staged.TreePath, _source.Description);
            throw new PluginMarketException(failure.Code, message, _source.Description, failure)
            {
                File = failure.File?.Replace(_staged.TreePath, _source.Description, StringComparison.Ordinal),
                Line = failure.Line,
                Column = failure.Column,
            };
        }
    }
}
