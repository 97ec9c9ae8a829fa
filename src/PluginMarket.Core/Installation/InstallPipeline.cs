using System.Threading.Channels;

namespace PluginMarket.Installation;

/// <summary>Installs many plugins of one home: some are staged while those before them are saved and published, as many together as are
/// staged by then.</summary>
internal sealed class InstallPipeline(InstallRun run, GroupCommit commit) : IDisposable
{
    // What is staged and waits takes room on the disk.
    private const int MostStaged = 32;

    private readonly SemaphoreSlim _room = new(MostStaged, MostStaged);
    private readonly Channel<InstallItem> _staged = Channel.CreateUnbounded<InstallItem>();

    /// <summary>Installs plugins; a failure is a result and stops no other.</summary>
    /// <param name="approved">The plugins.</param>
    /// <param name="done">Takes each result as it is there; called from one thread at a time or another.</param>
    /// <param name="cancellationToken">Stops what is not yet published, and cleans up.</param>
    internal async Task RunAsync(IReadOnlyList<InstallPlanItem> approved, Action<PluginOperationResult> done,
        CancellationToken cancellationToken)
    {
        var items = approved.Select(planned => new InstallItem(run, planned)).ToList();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = Task.Run(() => PublishAsync(done, stop), CancellationToken.None);
        try
        {
            await StageAsync(items, done, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            _staged.Writer.Complete();
            try
            {
                await publishing.ConfigureAwait(false);
            }
            finally
            {
                items.ForEach(item => item.Dispose());
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private Task StageAsync(IReadOnlyList<InstallItem> items, Action<PluginOperationResult> done, CancellationToken cancellationToken)
    {
        var limit = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(1, run.Request.ThrottleLimit),
            CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(items, limit, async (item, token) =>
        {
            await _room.WaitAsync(token).ConfigureAwait(false);
            await item.StageAsync(token).ConfigureAwait(false);
            if (item.Settled is { } result)
            {
                Finish(item, result, done);
            }
            else
            {
                _staged.Writer.TryWrite(item);
            }
        });
    }

    private async Task PublishAsync(Action<PluginOperationResult> done, CancellationTokenSource stop)
    {
        try
        {
            while (await _staged.Reader.WaitToReadAsync(stop.Token).ConfigureAwait(false))
            {
                var group = new List<InstallItem>();
                while (_staged.Reader.TryRead(out var item))
                {
                    group.Add(item);
                }

                await PublishAsync(group, done, stop.Token).ConfigureAwait(false);
            }
        }
        catch
        {
            // Nobody waits for room that is never made.
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task PublishAsync(IReadOnlyList<InstallItem> group, Action<PluginOperationResult> done,
        CancellationToken cancellationToken)
    {
        commit.Save(group);
        IReadOnlyDictionary<InstallItem, PluginOperationResult>? settled = null;
        try
        {
            settled = await commit.PublishAsync(group, cancellationToken).ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            foreach (var item in group)
            {
                item.Fail(failure);
            }
        }

        foreach (var item in group)
        {
            Finish(item, settled?.GetValueOrDefault(item) ?? await item.PublishAsync(cancellationToken).ConfigureAwait(false), done);
        }
    }

    private void Finish(InstallItem item, PluginOperationResult result, Action<PluginOperationResult> done)
    {
        item.Dispose();
        done(result);
        _room.Release();
    }
}
