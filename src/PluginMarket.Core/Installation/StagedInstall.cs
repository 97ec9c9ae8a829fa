using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using PluginMarket.Files;
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
    private readonly string _staging;
    private readonly Dictionary<InstallBatch, (InstallRun Run, List<InstallItem> Items)> _batches = new(ReferenceEqualityComparer.Instance);
    private SafeFileHandle? _volume;

    private StagedInstall(MarketEnvironment environment, GitOptions git)
    {
        _environment = environment;
        _fetcher = new PluginFetcher(environment, git);
        _staging = environment.Home.State.Layout.StagingPath;
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

        var settled = await Task.Run(() => PublishTogetherAsync(items, cancellationToken), cancellationToken).ConfigureAwait(false);
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

        _volume?.Dispose();
        await _fetcher.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StageAsync(IReadOnlyList<InstallBatch> batches, int throttleLimit, CancellationToken cancellationToken)
    {
        if (batches.Sum(batch => batch.Approved.Count) > 1)
        {
            _environment.Home.State.Ensure();
            _environment.Home.State.DemandSound();
            _environment.Home.State.EnsureFolder(_staging, FileOps.PrivateFolder);
            _volume = _environment.Files.TryOpenVolume(_staging);
        }

        foreach (var batch in batches)
        {
            // Announced all before the first is fetched, so that one fetch serves every plugin of a repository.
            var run = new InstallRun(_environment, batch.Plan.Request, batch.Approved, _fetcher) { SavesTogether = _volume is not null };
            _batches.Add(batch, (run, [.. batch.Approved.Select(planned => new InstallItem(run, planned))]));
        }

        var items = _batches.Values.SelectMany(batch => batch.Items).ToList();
        var limit = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, throttleLimit), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(items, limit, async (item, token) => await item.StageAsync(token).ConfigureAwait(false))
            .ConfigureAwait(false);
        if (Failing(Save) is { } failure)
        {
            items.ForEach(item => item.Fail(failure));
        }
    }

    private async Task<Dictionary<InstallItem, PluginOperationResult>> PublishTogetherAsync(List<InstallItem> items,
        CancellationToken cancellationToken)
    {
        var settled = new Dictionary<InstallItem, PluginOperationResult>();
        using var held = await _environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
        var switches = new PendingSwitches(_environment);
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (_volume is null ? null : FileOps.SavingFoldersLater())
            {
                if (item.TryPublish(switches) is { } result)
                {
                    settled[item] = result;
                }
            }
        }

        // A plugin is turned on when it is on the disk, and not before.
        if (Failing(Save) is { } unsaved)
        {
            Fail(settled, result => result.Status is "Installed" or "Updated", unsaved);
        }
        else if (Failing(switches.Write) is { } unwritten)
        {
            Fail(settled, result => switches.Has(result.Id), unwritten);
        }

        // What was replaced is deleted only now, when its successor is on the disk.
        using (_volume is null ? null : FileOps.SavingFoldersLater())
        {
            foreach (var item in settled.Keys)
            {
                item.Dispose();
            }
        }

        return settled;
    }

    private static void Fail(Dictionary<InstallItem, PluginOperationResult> settled, Func<PluginOperationResult, bool> fails,
        PluginMarketException failure)
    {
        foreach (var (item, result) in settled.Where(one => fails(one.Value)).ToList())
        {
            settled[item] = result.Failed(failure);
        }
    }

    private static PluginMarketException? Failing(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (PluginMarketException failure)
        {
            return failure;
        }
    }

    private void Save()
    {
        if (_volume is not null)
        {
            _environment.Files.SaveVolume(_volume, _staging);
        }
    }
}
