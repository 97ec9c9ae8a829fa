using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>One commit of one repository in a private bare store: fetched once, and of its file contents no more than is wanted.</summary>
internal sealed class StoredRepository : IDisposable
{
    // A repository of which this many folders are wanted is one of plugins: its files come with the listing of its folders, in one
    // fetch, unless they are large, which pictures of others may be.
    private const int ManyFolders = 8;
    private const int SmallFile = 128 << 10;

    internal delegate Task Fetcher(string store, GitFetch fetch);

    private readonly IGitEngine _engine;
    private readonly string _folder;
    private readonly GitUrl _url;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly object _objectsGate = new();
    private readonly Dictionary<TreeSelection, GitTree> _trees = [];
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private IReadOnlyList<GitTreeItem>? _items;
    private IGitObjects? _objects;
    private PluginMarketException? _failure;
    private string _store = "";
    private string? _history;
    private int _stores;
    private int _batches;

    internal StoredRepository(IGitEngine engine, string folder, GitUrl url, string commit, Limits limits)
    {
        _engine = engine;
        _folder = folder;
        _url = url;
        Commit = commit;
        Limits = limits;
    }

    internal string Commit { get; }

    internal Limits Limits { get; }

    internal async Task<GitTree> TakeAsync(TreeSelection selection, IReadOnlyCollection<TreeSelection> announced, Fetcher fetch,
        CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_failure is { } failure)
            {
                throw new PluginMarketException(failure.Code, failure.Said, failure.Target, failure);
            }

            if (!_trees.TryGetValue(selection, out var tree))
            {
                await EnsureAsync([selection, .. announced], fetch, cancellationToken).ConfigureAwait(false);
                tree = new GitTree(this, _items!, selection, _sizes);
                _trees.Add(selection, tree);
            }

            return tree;
        }
        catch (GitCommandFailure refused)
        {
            throw _failure = refused.Explanation;
        }
        catch (PluginMarketException refused)
        {
            _failure ??= refused;
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Makes a repository of the commit and its history in a folder.</summary>
    internal async Task ExportAsync(string branch, string folder, Fetcher fetch, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Codex clones the folder without blobs. From a shallow repository git then asks for the missing parents without end.
            await FetchCommitAsync(withoutBlobs: false, withHistory: true, fetch, cancellationToken).ConfigureAwait(false);
            await MeasureAsync(BlobsOf([TreeSelection.All]), cancellationToken).ConfigureAwait(false);
            await _engine.ExportAsync(_store, Commit, branch, folder, cancellationToken).ConfigureAwait(false);
        }
        catch (GitCommandFailure refused)
        {
            throw refused.Explanation;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether another commit is an ancestor of this one. Its own store: what was fetched for files has no history.</summary>
    internal async Task<bool> IsAncestorAsync(string older, Fetcher fetch, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_history is null)
            {
                var store = Path.Join(_folder, "history");
                await _engine.InitializeAsync(store, Commit.Length, cancellationToken).ConfigureAwait(false);
                await fetch(store, Fetch([Commit], withoutBlobs: true) with { WithHistory = true, WithoutTrees = true })
                    .ConfigureAwait(false);
                _history = store;
            }

            return await _engine.IsAncestorAsync(_history, older.ToLowerInvariant(), Commit, cancellationToken).ConfigureAwait(false);
        }
        catch (GitCommandFailure refused)
        {
            throw refused.Explanation;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether the commit has a file or folder, which need not have been fetched.</summary>
    internal bool Has(string path) => _items?.Any(item => item.Path == path) == true;

    internal byte[] ReadBlob(string id, long cap) => Objects().Read(id, cap);

    /// <summary>When the author of the commit says that it was made; null where the store cannot tell.</summary>
    internal DateTimeOffset? FindCommitTime() => _store.Length == 0 ? null : Objects().FindCommitTime(Commit);

    private IGitObjects Objects()
    {
        lock (_objectsGate)
        {
            return _objects ??= _engine.OpenObjects(_store);
        }
    }

    public void Dispose()
    {
        CloseObjects();
        _gate.Dispose();
    }

    private async Task EnsureAsync(TreeSelection[] wanted, Fetcher fetch, CancellationToken cancellationToken)
    {
        if (_items is null)
        {
            await FetchCommitAsync(withoutBlobs: !wanted.Any(selection => selection.IsAll), withHistory: false, fetch, cancellationToken,
                wanted.Length >= ManyFolders ? SmallFile : null).ConfigureAwait(false);
        }

        var missing = await MeasureAsync(BlobsOf(wanted), cancellationToken).ConfigureAwait(false);
        if (missing.Count == 0)
        {
            return;
        }

        // Folders asked for one by one would be fetched one by one: the second time takes the rest along.
        if (_batches++ > 0)
        {
            missing = await MeasureAsync(BlobsOf([TreeSelection.All]), cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await fetch(_store, Fetch(missing, withoutBlobs: true) with { AreBlobs = true }).ConfigureAwait(false);
        }
        catch (GitCommandFailure refused) when (refused.DemandsFullFetch)
        {
            await FetchCommitAsync(withoutBlobs: false, withHistory: false, fetch, cancellationToken).ConfigureAwait(false);
            missing = BlobsOf(wanted);
        }

        if ((await MeasureAsync(missing, cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            throw new PluginMarketException(MarketErrorCode.GitFailed,
                $"{_url} did not send all files of the commit {Commit}. {Remedy.Do($"Run the command again.")}", _url.ToString());
        }
    }

    private async Task FetchCommitAsync(bool withoutBlobs, bool withHistory, Fetcher fetch, CancellationToken cancellationToken,
        int? smallBlobs = null)
    {
        await MakeStoreAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await fetch(_store, Fetch([Commit], withoutBlobs) with { WithHistory = withHistory, SmallBlobs = smallBlobs })
                .ConfigureAwait(false);
        }
        catch (GitCommandFailure refused) when (withoutBlobs && refused.RefusesFilter)
        {
            await FetchCommitAsync(withoutBlobs: smallBlobs is not null, withHistory, fetch, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (GitCommandFailure refused) when (refused.DemandsFullFetch)
        {
            await MakeStoreAsync(cancellationToken).ConfigureAwait(false);
            await fetch(_store, Fetch([], withoutBlobs: false)).ConfigureAwait(false);
        }

        var found = await _engine.FindCommitAsync(_store, Commit, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            throw new PluginMarketException(MarketErrorCode.GitRefNotFound, $"{_url} does not have the commit {Commit}. "
                + $"{GitFailures.ChooseCommit}", _url.ToString());
        }

        if (found != Commit)
        {
            throw new PluginMarketException(MarketErrorCode.GitCommitMismatch,
                $"{_url} returned commit {found} instead of the required {Commit}. {Remedy.Do($"Run `git ls-remote {_url}` to see the "
                    + $"commits of branches; of an annotated tag use the line that ends in ^{{}}.")}", _url.ToString());
        }

        _items = await _engine.ReadTreeAsync(_store, Commit, cancellationToken).ConfigureAwait(false);
    }

    private async Task MakeStoreAsync(CancellationToken cancellationToken)
    {
        CloseObjects();
        _sizes.Clear();
        _stores++;
        _store = Path.Join(_folder, string.Create(CultureInfo.InvariantCulture, $"store-{_stores}"));
        await _engine.InitializeAsync(_store, Commit.Length, cancellationToken).ConfigureAwait(false);
    }

    private GitFetch Fetch(IReadOnlyList<string> wants, bool withoutBlobs) =>
        new(wants, withoutBlobs) { ByteLimit = Limits.MarketplaceBytes };

    private List<string> BlobsOf(TreeSelection[] wanted) =>
        [.. _items!.Where(item => item.IsBlob && item.Path is not null && !_sizes.ContainsKey(item.Id)
            && Array.Exists(wanted, selection => selection.Includes(item.Path)))
            .Select(item => item.Id).Distinct(StringComparer.Ordinal)];

    /// <summary>Notes the sizes of the blobs that are here; returns the others.</summary>
    private async Task<List<string>> MeasureAsync(List<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return ids;
        }

        foreach (var (id, length) in await _engine.MeasureAsync(_store, ids, cancellationToken).ConfigureAwait(false))
        {
            _sizes[id] = length;
        }

        return [.. ids.Where(id => !_sizes.ContainsKey(id))];
    }

    private void CloseObjects()
    {
        lock (_objectsGate)
        {
            _objects?.Dispose();
            _objects = null;
        }
    }
}
