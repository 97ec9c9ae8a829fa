using PluginMarket.Messages;

namespace PluginMarket.Installation;

/// <summary>One plugin on its way into the cache: fetch and stage without a lock, then decide and publish under it.</summary>
internal sealed class InstallItem(InstallRun run, InstallPlanItem planned) : IDisposable
{
    // How often a catalog may change between reading it and publishing before the command gives up.
    private const int Tries = 5;

    private readonly MarketEnvironment _environment = run.Environment;
    private InstallPlanItem? _again;
    private StagedPlugin? _staged;
    private PluginOperationResult? _settled;
    private long _started;
    private bool _isDisposed;

    // As the catalog has it now.
    private InstallPlanItem Item => _again ?? planned;

    internal async Task<PluginOperationResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StageAsync(cancellationToken).ConfigureAwait(false);
            return await PublishAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Fetches and stages the plugin; a failure, or that there is nothing to do, is kept for the result.</summary>
    internal async Task StageAsync(CancellationToken cancellationToken)
    {
        _started = _environment.Time.GetTimestamp();
        _settled = await AttemptAsync(async () =>
        {
            DemandTrust(planned);
            if (FindUnchanged() is { } unchanged)
            {
                return unchanged with { Duration = _environment.Time.GetElapsedTime(_started) };
            }

            var isSavedLater = run.Volume is { IsSavedAtOnce: true };
            _staged = await StageOnceAsync(isSavedLater, cancellationToken).ConfigureAwait(false);
            if (run.Volume is not null)
            {
                new InstallPolicy(_environment, run.Request).Check(Item, _staged);
            }

            return null;
        }).ConfigureAwait(false);
    }

    /// <summary>The result, where there is one already.</summary>
    internal PluginOperationResult? Settled => _settled;

    /// <summary>Gives up a plugin whose files could not be saved, or whose home could not be locked.</summary>
    internal void Fail(PluginMarketException failure) => _settled ??= Failed(failure);

    /// <summary>Publishes what was staged, each time under the home's lock; starts again where the catalog has changed since.</summary>
    internal async Task<PluginOperationResult> PublishAsync(CancellationToken cancellationToken) =>
        _settled ??= (await AttemptAsync(async () => await PublishOnceAsync(cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false))!;

    /// <summary>Publishes what was staged under a lock that the caller has; null where the catalog changed, so that
    /// <see cref="PublishAsync"/> has to start again.</summary>
    /// <param name="switches">Takes what is to be turned on or off.</param>
    internal PluginOperationResult? TryPublish(PendingSwitches switches) => _settled is not null || planned.RequiresTrust ? _settled
        : _settled = AttemptAsync(() => Task.FromResult(Commit(switches))).GetAwaiter().GetResult();

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _staged?.Dispose();
        _staged = null;
        _environment.Log.Progress(new ActivityProgress(planned.Id.ToString(), "Done", 100, Completed: true));
    }

    private async Task<PluginOperationResult?> AttemptAsync(Func<Task<PluginOperationResult?>> work)
    {
        var id = planned.Id.ToString();
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            return Failed(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(new PluginMarketException(MarketErrorCode.HomeNotWritable, $"'{id}' could not be installed: "
                + $"{failure} {Remedy.Do($"Check the home's folders, then run the command again.")}", id, failure));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Failed(InternalFault.From(fault, id));
        }
    }

    private PluginOperationResult? FindUnchanged() =>
        planned.Pinned is not null && new PinnedCopy(_environment, run.Request).FindInPlace(planned) is { } there
            ? there : new UnchangedPlugin(run).Find(planned);

    private async Task<PluginOperationResult?> PublishOnceAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (attempt > 1)
            {
                Restart();
                _staged = await StageOnceAsync(isSavedLater: false, cancellationToken).ConfigureAwait(false);
            }

            if (planned.RequiresTrust)
            {
                await run.RegisterAsync(Item, cancellationToken).ConfigureAwait(false);
            }

            if (await CommitAsync(cancellationToken).ConfigureAwait(false) is { } result)
            {
                return result;
            }
        }

        throw new PluginMarketException(MarketErrorCode.StateLocked, $"The catalog '{planned.CatalogPath}' keeps changing. "
            + $"{Remedy.Do($"Run the command again when the other process has finished.")}", planned.Id.ToString());
    }

    private void Restart()
    {
        _environment.Log.Detail($"{Item.Id}: its catalog changed and is read again.");
        _staged?.Dispose();
        _staged = null;
        var planner = new InstallPlanner(_environment, run.Request);
        _again = Item.Pinned is { } pinned
            ? planner.Resolve(pinned) : planner.Resolve(Item.Reference with { Marketplace = Item.Id.Marketplace });
    }

    private Task<StagedPlugin?> StageOnceAsync(bool isSavedLater, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        new InstallPolicy(_environment, run.Request).Admit(Item);
        return StageAsync(Item, isSavedLater, cancellationToken);
    }

    // Null where the source cannot be had and what is installed is approved: then there is nothing to take from it.
    private async Task<StagedPlugin?> StageAsync(InstallPlanItem item, bool isSavedLater, CancellationToken cancellationToken)
    {
        StagedPlugin? staged = null;
        try
        {
            Progress("Fetching");
            staged = await run.StageAsync(item, isSavedLater, cancellationToken).ConfigureAwait(false);
            DemandReviewed(item, staged);
            item.Pinned?.Demand(staged, run.Request.AcceptCapability);
            staged.IsHistoryRewritten = await run.History.IsRewrittenAsync(item, staged.Origin, staged.TreeHash, cancellationToken)
                .ConfigureAwait(false);
            return staged;
        }
        catch (PluginMarketException failure) when (item.Pinned is null && item.Reference.TreeHash is null && IsApprovedInPlace(item))
        {
            staged?.Dispose();
            _environment.Log.Warn($"{item.Id}: {failure} The installed version is the one that '{run.Request.Approvals!.Path}' approves.");
            return null;
        }
        catch
        {
            staged?.Dispose();
            throw;
        }
    }

    private bool IsApprovedInPlace(InstallPlanItem item) =>
        run.Request.Approvals?.Find(item.Id) is { } approval
        && InstalledCopy.Find(_environment, _environment.Home.Cache, _environment.Home.Receipts,
            item.Id)?.IsReviewed(approval.TreeHash) == true;

    internal static void DemandTrust(InstallPlanItem planned)
    {
        if (planned.RequiresTrust && !planned.IsTrusted)
        {
            throw new PluginMarketException(
                MarketErrorCode.MarketplaceNotTrusted,
                $"'{planned.Id}' is listed in the catalog '{planned.CatalogPath}', which is not registered. "
                + $"{Remedy.Run(Operation.AddMarketplace, $"register it")}"
                + $"{Remedy.Use(OperationOption.TrustMarketplace, $"trust it for this command")}",
                planned.Id.ToString());
        }
    }

    internal static void DemandReviewed(InstallPlanItem item, StagedPlugin staged)
    {
        if (item.Reference.TreeHash is { Length: > 0 } reviewed && !string.Equals(reviewed, staged.ReviewedHash, StringComparison.Ordinal))
        {
            throw new PluginMarketException(
                MarketErrorCode.UpdateChangedSinceReview,
                $"The source of '{item.Id}' is not what was reviewed: it has the digest {staged.ReviewedHash}, not {reviewed}. "
                    + $"{Remedy.Run(Operation.ListUpdates.On(item.Id.ToString()), $"review it again")}",
                item.Id.ToString());
        }
    }

    private async Task<PluginOperationResult?> CommitAsync(CancellationToken cancellationToken)
    {
        await run.CommitOrder.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var held = await _environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return Commit(null);
        }
        finally
        {
            run.CommitOrder.Release();
        }
    }

    private PluginOperationResult? Commit(PendingSwitches? switches)
    {
        Progress("Publishing");
        return new InstallCommit(_environment, run.Request, Item, _staged, switches).Run(_environment.Time.GetElapsedTime(_started));
    }

    private void Progress(string status) => _environment.Log.Progress(new ActivityProgress(planned.Id.ToString(), status));

    private PluginOperationResult Failed(PluginMarketException failure) =>
        PluginResult.Of(_environment, planned, "Failed").Failed(failure) with { Duration = _environment.Time.GetElapsedTime(_started) };
}
