using System.Collections.Concurrent;

namespace PluginMarket;

/// <summary>What the items of one execution share: the stores of git and npm, one order for commits, one registration per marketplace.</summary>
internal sealed class InstallRun : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _registrations = new(StringComparer.Ordinal);
    private readonly StagedTree? _gitFolder;
    private readonly StagedTree? _npmFolder;
    private readonly GitStore? _git;

    internal InstallRun(MarketEnvironment environment, InstallRequest request, IReadOnlyList<InstallPlanItem> items, bool isReading = false)
    {
        Environment = environment;
        Request = request;
        if (!isReading)
        {
            AgentHome.Open(environment).EnsureExists();
            MarketplaceRecovery.Run(environment);
        }

        if (items.Any(item => item.FetchedFrom is GitSource or GitSubdirectorySource || (item.IsFromCatalog && item.Marketplace.Location is { IsSnapshot: true, Source: GitMarketplaceSource })))
        {
            _gitFolder = StagedTree.Create(environment);
            environment.Files.CreateDirectory(_gitFolder.RepositoryPath, FileOps.PrivateFolder);
            _git = new GitStore(environment, _gitFolder.RepositoryPath, request.Git);
        }

        if (items.Any(item => item.FetchedFrom is NpmSource))
        {
            _npmFolder = StagedTree.Create(environment);
        }

        Fetcher = new SourceFetcher(environment, request, _git, _npmFolder is null ? null : new NpmStore(environment, _npmFolder.RepositoryPath, request.Git));
        History = new HistoryCheck(environment, request, () => _git);
        foreach (var item in items)
        {
            Fetcher.Announce(item);
        }
    }

    internal MarketEnvironment Environment { get; }

    internal InstallRequest Request { get; }

    internal SourceFetcher Fetcher { get; }

    internal HistoryCheck History { get; }

    /// <summary>Keeps the items of this process in line, so that they do not wait for one another through the file system.</summary>
    internal SemaphoreSlim CommitOrder { get; } = new(1, 1);

    /// <summary>Registers the root of a catalog that the user trusted, once.</summary>
    internal Task RegisterAsync(InstallPlanItem item, CancellationToken cancellationToken) => _registrations.GetOrAdd(
        item.MarketplaceRoot,
        root => new Lazy<Task>(() => new MarketplaceRegistry(Environment).AddAsync(
            new MarketplaceAddRequest { Source = root, Name = item.Marketplace.Name, Git = Request.Git },
            cancellationToken))).Value;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_git is not null)
            {
                await _git.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gitFolder?.Dispose();
            _npmFolder?.Dispose();
            CommitOrder.Dispose();
        }
    }
}
