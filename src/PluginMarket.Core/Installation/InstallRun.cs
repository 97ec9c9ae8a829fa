using System.Collections.Concurrent;
using PluginMarket.Home;
using PluginMarket.Marketplaces;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Installation;

/// <summary>What the items of one execution share: the stores of git and npm, one order for commits, one registration per
/// marketplace.</summary>
internal sealed class InstallRun : IAsyncDisposable
{
    private readonly PluginFetcher _fetcher;
    private readonly bool _ownsFetcher;
    private readonly ConcurrentDictionary<string, Lazy<Task>> _registrations = new(StringComparer.Ordinal);

    internal InstallRun(MarketEnvironment environment, InstallRequest request, IReadOnlyList<InstallPlanItem> items, bool isReading = false)
        : this(environment, request, items, Open(environment, request, isReading))
    {
        _ownsFetcher = true;
    }

    /// <summary>A run that shares what it fetches with others; the home is open and recovered.</summary>
    internal InstallRun(MarketEnvironment environment, InstallRequest request, IReadOnlyList<InstallPlanItem> items, PluginFetcher fetcher)
    {
        Environment = environment;
        Request = request;
        _fetcher = fetcher;
        History = new HistoryCheck(environment, request, () => _fetcher.Git);
        foreach (var item in items)
        {
            _fetcher.Announce(SourceOf(Request, item));
        }
    }

    /// <summary>What the caller saves in one call for all items that were staged; null where each item is saved by itself.</summary>
    internal StagingVolume? Volume { get; init; }

    internal MarketEnvironment Environment { get; }

    internal InstallRequest Request { get; }

    internal HistoryCheck History { get; }

    /// <summary>Fetches a plugin and writes it into staging as the cache would have it.</summary>
    /// <inheritdoc cref="StageAsync(InstallPlanItem, bool, CancellationToken)"/>
    internal Task<StagedPlugin> StageAsync(InstallPlanItem item, CancellationToken cancellationToken) =>
        StageAsync(item, isSavedLater: false, cancellationToken);

    /// <summary>Fetches a plugin and writes it into staging as the cache would have it.</summary>
    /// <param name="item">The plugin.</param>
    /// <param name="isSavedLater">Whether the caller waits until it is on the disk.</param>
    /// <param name="cancellationToken">Stops fetching and writing.</param>
    /// <exception cref="PluginMarketException">What kept the files away or is wrong with them; the plugin is its target, except
    /// for a home that cannot take them.</exception>
    internal Task<StagedPlugin> StageAsync(InstallPlanItem item, bool isSavedLater, CancellationToken cancellationToken)
    {
        var opened = Environment.Time.GetUtcNow();
        var stager = new PluginStager(Environment, Request) { IsSavedLater = isSavedLater };
        return ReadAsync(item, files => stager.Stage(item, files, opened, cancellationToken), cancellationToken);
    }

    /// <summary>What tells the bytes of a plugin's source without reading them; null where nothing does, or it cannot be read.</summary>
    internal SourceState? StateOf(InstallPlanItem item)
    {
        try
        {
            return _fetcher.StateOf(SourceOf(Request, item), ContextOf(item));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            // Fetching says what is wrong with it.
            return null;
        }
    }

    /// <summary>Fetches a plugin and reads it in one state of its source.</summary>
    /// <exception cref="PluginMarketException">What kept the files away; the plugin is its target,
    /// except for a home that cannot take them.</exception>
    internal async Task<T> ReadAsync<T>(InstallPlanItem item, Func<PluginFiles, T> read, CancellationToken cancellationToken)
    {
        var id = item.Id.ToString();
        try
        {
            return await _fetcher.ReadAsync(SourceOf(Request, item), ContextOf(item), read, cancellationToken).ConfigureAwait(false);
        }
        catch (PluginMarketException failure) when (failure.Target != id
            && failure.Code is not (MarketErrorCode.DiskFull or MarketErrorCode.HomeNotWritable or MarketErrorCode.HomeWritableByOthers))
        {
            throw new PluginMarketException(failure.Code, $"The files of '{id}' could not be fetched: {failure}", id, failure)
            {
                File = failure.File,
                Line = failure.Line,
                Column = failure.Column,
            };
        }
    }

    /// <summary>Keeps the items of this process in line, so that they do not wait for one another through the file system.</summary>
    internal SemaphoreSlim CommitOrder { get; } = new(1, 1);

    /// <summary>Registers the root of a catalog that the user trusted, once.</summary>
    internal Task RegisterAsync(InstallPlanItem item, CancellationToken cancellationToken) => _registrations.GetOrAdd(
        item.MarketplaceRoot,
        root => new Lazy<Task>(() => new MarketplaceRegistry(Environment).AddAsync(
            new MarketplaceAddRequest { Source = root, Name = item.Catalog!.Marketplace.Name, Git = Request.Git },
            cancellationToken))).Value;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_ownsFetcher)
            {
                await _fetcher.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            CommitOrder.Dispose();
        }
    }

    private static PluginFetcher Open(MarketEnvironment environment, InstallRequest request, bool isReading)
    {
        if (!isReading)
        {
            AgentHome.Open(environment).EnsureExists();
            environment.Home.Recover();
        }

        return new PluginFetcher(environment, request.Git);
    }

    internal static PluginSource SourceOf(InstallRequest request, InstallPlanItem item) => (request.Revision, item.Origin.Source) switch
    {
        ((null, null), var source) => source,
        (var (reference, sha), GitSource whole) => whole with { Ref = reference, Sha = sha },
        (var (reference, sha), GitSubdirectorySource part) => part with { Ref = reference, Sha = sha },
        (_, var source) => source,
    };

    // Whoever names a lock file vouches for what it names.
    private SourceContext ContextOf(InstallPlanItem item) => item switch
    {
        { Catalog: null } => SourceContext.OfRecord(item.Origin.SourceRoot),
        { Catalog.Marketplace: var marketplace, Pinned: null } => marketplace.ContextIn(Environment),
        { Catalog.Marketplace: var marketplace } => marketplace.ContextIn(Environment) with { Origin = SourceOrigin.User },
    };
}
