using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace PluginMarket.Installation;

/// <summary>Installs plugins so that a kill at any moment leaves the complete old or the complete new plugin
/// (docs/reliability.md).</summary>
internal sealed class PluginInstaller
{
    private readonly MarketEnvironment _environment;

    /// <summary>An installer for one home.</summary>
    public PluginInstaller(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Finds the entries asked for in the catalogs on disk and applies what they say of
    /// themselves; fetches and changes nothing.</summary>
    /// <exception cref="PluginMarketException">The request contradicts itself, or the configuration cannot be read.</exception>
    public Task<InstallPlan> PlanAsync(InstallRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.Run(() => new InstallPlanner(_environment, request).Plan(cancellationToken, asksPolicy: true), cancellationToken);
    }

    /// <summary>Installs the approved items side by side and yields one result for each as it is done; a failure
    /// is a result and stops no other.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="approved">Those of its items that may be installed; with <see cref="InstallPlanItem.IsTrusted"/> set where the user
    /// agreed to register the marketplace.</param>
    /// <param name="cancellationToken">Stops what is not yet published, and cleans up.</param>
    /// <exception cref="PluginMarketException">The home cannot be prepared: <see cref="MarketErrorCode.HomeNotWritable"/>,
    /// <see cref="MarketErrorCode.DiskFull"/>.</exception>
    public async IAsyncEnumerable<PluginOperationResult> ExecuteAsync(InstallPlan plan, IReadOnlyList<InstallPlanItem> approved,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(approved);
        if (approved.Count == 0)
        {
            yield break;
        }

        // A caller that stops reading ends what is left, and waits for it to clean up.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateUnbounded<PluginOperationResult>();
        var work = Task.Run(() => WorkAsync(plan.Request, approved, results.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return result;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await work.ConfigureAwait(false);
    }

    /// <summary>Says what executing an item would come to: every gate is asked that needs no network, and nothing is changed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="item">One of its items.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>A result with status <c>WhatIf</c>, or the <c>Skipped</c> or <c>Failed</c> one that it would be.</returns>
    public Task<PluginOperationResult> PreviewAsync(InstallPlan plan, InstallPlanItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(item);
        return Task.Run(() => new InstallPreview(_environment, plan.Request, item).RunAsync(cancellationToken), cancellationToken);
    }

    private async Task WorkAsync(InstallRequest request, IReadOnlyList<InstallPlanItem> approved,
        ChannelWriter<PluginOperationResult> results, CancellationToken cancellationToken)
    {
        try
        {
            if (approved is [var only])
            {
                var alone = new InstallRun(_environment, request, approved);
                await using (alone.ConfigureAwait(false))
                {
                    results.TryWrite(await new InstallItem(alone, only).RunAsync(cancellationToken).ConfigureAwait(false));
                }

                return;
            }

            using var volume = new StagingVolume(_environment);
            var run = new InstallRun(_environment, request, approved) { Volume = volume };
            await using (run.ConfigureAwait(false))
            {
                using var pipeline = new InstallPipeline(run, new GroupCommit(_environment, volume));
                await pipeline.RunAsync(approved, result => results.TryWrite(result), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            results.Complete();
        }
    }
}
