using System.Runtime.CompilerServices;
using PluginMarket.Home;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Installation;

/// <summary>A plan, and those of its items that are to be carried out.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Approved">The items.</param>
internal sealed record InstallBatch(InstallPlan Plan, IReadOnlyList<InstallPlanItem> Approved);

/// <summary>Plugins of several plans that were fetched and staged all, before the first of them is published: what cannot be had, or is
/// refused, is known while the home is as it was.</summary>
/// <remarks>Where the system can save a volume in one call, everything staged is saved in one, and everything published in another
/// (docs/reliability.md).</remarks>
internal sealed class StagedInstall : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly PluginFetcher _fetcher;
    private readonly StagingVolume _volume;
    private GroupCommit? _commit;
    private readonly Dictionary<InstallBatch, (InstallRun Run, List<InstallItem> Items)> _batches = new(ReferenceEqualityComparer.Instance);

    private StagedInstall(MarketEnvironment environment, GitOptions git)
    {
        _environment = environment;
        _fetcher = new PluginFetcher(environment, git);
        _volume = new StagingVolume(environment);
    }

    /// <summary>Fetches and stages the items of all plans side by side; a failure is kept for the item's result.</summary>
    /// <exception cref="PluginMarketException">The home cannot be prepared.</exception>
    internal static async Task<StagedInstall> StageAsync(MarketEnvironment environment, IReadOnlyList<InstallBatch> batches,
        GitOptions git, int throttleLimit, CancellationToken cancellationToken)
    {
        if (batches.Any(batch => batch.Approved.Count > 0))
        {
            AgentHome.Open(environment).EnsureExists();
            environment.Home.Recover();
        }

        var staged = new StagedInstall(environment, git);
        try
        {
            await Task.Run(() => staged.StageAsync(batches, throttleLimit, cancellationToken), cancellationToken).ConfigureAwait(false);
            return staged;
        }
        catch
        {
            await staged.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Publishes the items of some plans under one lock of the home, and then turns them on or off in one change of the
    /// configuration; a failure is a result and stops no other.</summary>
    internal async IAsyncEnumerable<PluginOperationResult> PublishAsync(IReadOnlyList<InstallBatch> batches,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = batches.SelectMany(batch => _batches[batch].Items).ToList();
        if (items.Count == 0)
        {
            yield break;
        }

        var settled = await Task.Run(() => _commit!.PublishAsync(items, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var item in items)
        {
            yield return settled.GetValueOrDefault(item) ?? await item.PublishAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (run, items) in _batches.Values)
        {
            items.ForEach(item => item.Dispose());
            await run.DisposeAsync().ConfigureAwait(false);
        }

        _volume.Dispose();
        await _fetcher.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StageAsync(IReadOnlyList<InstallBatch> batches, int throttleLimit, CancellationToken cancellationToken)
    {
        var volume = batches.Sum(batch => batch.Approved.Count) > 1 ? _volume : null;
        _commit = new GroupCommit(_environment, volume);
        foreach (var batch in batches)
        {
            // Announced all before the first is fetched, so that one fetch serves every plugin of a repository.
            var run = new InstallRun(_environment, batch.Plan.Request, batch.Approved, _fetcher) { Volume = volume };
            _batches.Add(batch, (run, [.. batch.Approved.Select(planned => new InstallItem(run, planned))]));
        }

        var items = _batches.Values.SelectMany(batch => batch.Items).ToList();
        var limit = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, throttleLimit), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(items, limit, async (item, token) => await item.StageAsync(token).ConfigureAwait(false))
            .ConfigureAwait(false);
        _commit.Save(items);
    }
}
