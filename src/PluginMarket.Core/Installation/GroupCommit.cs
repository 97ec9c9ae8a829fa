using PluginMarket.Files;

namespace PluginMarket.Installation;

/// <summary>Publishes staged plugins under one lock of the home, and turns them on or off in one change of the configuration
/// (docs/reliability.md).</summary>
internal sealed class GroupCommit(MarketEnvironment environment, StagingVolume? volume)
{
    /// <summary>Saves what was staged, with all that others have staged; where that fails, so do the plugins.</summary>
    internal void Save(IReadOnlyList<InstallItem> items)
    {
        if (Failing(() => volume?.Save()) is { } failure)
        {
            foreach (var item in items)
            {
                item.Fail(failure);
            }
        }
    }

    /// <summary>Publishes saved plugins; a failure is a result and stops no other.</summary>
    /// <param name="items">The plugins.</param>
    /// <param name="cancellationToken">Stops before the next one.</param>
    /// <returns>The results; none of a plugin that has to start again, because its catalog has changed or is not registered yet, and none
    /// of those that were not begun when it was stopped.</returns>
    /// <exception cref="PluginMarketException">The home cannot be locked.</exception>
    internal async Task<IReadOnlyDictionary<InstallItem, PluginOperationResult>> PublishAsync(IReadOnlyList<InstallItem> items,
        CancellationToken cancellationToken)
    {
        var settled = new Dictionary<InstallItem, PluginOperationResult>();
        using var held = await environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
        var switches = new PendingSwitches(environment);
        foreach (var item in items)
        {
            // What is published by now is enabled all the same.
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            using (SavingFoldersLater())
            {
                if (item.TryPublish(switches) is { } result)
                {
                    settled[item] = result;
                }
            }
        }

        Finish(settled, switches);

        // What was replaced is deleted only now, when its successor is on the disk.
        using (SavingFoldersLater())
        {
            foreach (var item in settled.Keys)
            {
                item.Dispose();
            }
        }

        return settled;
    }

    // A plugin is turned on when it is on the disk, and not before.
    private void Finish(Dictionary<InstallItem, PluginOperationResult> settled, PendingSwitches switches)
    {
        if (Failing(() => volume?.Save()) is { } unsaved)
        {
            Fail(settled, result => result.Status is "Installed" or "Updated", unsaved);
        }
        else if (Failing(switches.Write) is { } unwritten)
        {
            Fail(settled, result => switches.Has(result.Id), unwritten);
        }
    }

    private IDisposable? SavingFoldersLater() => volume is { IsOpen: true } ? FileOps.SavingFoldersLater() : null;

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
}
