using PluginMarket.Messages;

namespace PluginMarket.Installation;

/// <summary>One plugin on its way into the cache: fetch and stage without a lock, then decide and publish under it.</summary>
internal sealed class InstallItem(InstallRun run, InstallPlanItem planned)
{
    // How often a catalog may change between reading it and publishing before the command gives up.
    private const int Tries = 5;

    private readonly MarketEnvironment _environment = run.Environment;

    internal async Task<PluginOperationResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = _environment.Time.GetTimestamp();
        var id = planned.Id.ToString();
        try
        {
            return await InstallAsync(started, cancellationToken).ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            return Failed(failure, started);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(new PluginMarketException(MarketErrorCode.HomeNotWritable, $"'{id}' could not be installed: "
                + $"{failure} {Remedy.Do($"Check the home's folders, then run the command again.")}", id, failure), started);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Failed(InternalFault.From(fault, id), started);
        }
        finally
        {
            _environment.Log.Progress(new ActivityProgress(id, "Done", 100, Completed: true));
        }
    }

    private async Task<PluginOperationResult> InstallAsync(long started, CancellationToken cancellationToken)
    {
        DemandTrust(planned);
        if (planned.Pinned is not null && new PinnedCopy(_environment, run.Request).FindInPlace(planned) is { } there)
        {
            return there with { Duration = _environment.Time.GetElapsedTime(started) };
        }

        if (new UnchangedPlugin(run).Find(planned) is { } unchanged)
        {
            return unchanged with { Duration = _environment.Time.GetElapsedTime(started) };
        }

        var item = planned;
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            new InstallPolicy(_environment, run.Request).Admit(item);
            using var staged = await StageAsync(item, cancellationToken).ConfigureAwait(false);
            if (planned.RequiresTrust)
            {
                await run.RegisterAsync(item, cancellationToken).ConfigureAwait(false);
            }

            if (await CommitAsync(item, staged, started, cancellationToken).ConfigureAwait(false) is { } result)
            {
                return result;
            }

            _environment.Log.Detail($"{item.Id}: its catalog changed and is read again.");
            var planner = new InstallPlanner(_environment, run.Request);
            item = item.Pinned is { } pinned
                ? planner.Resolve(pinned) : planner.Resolve(item.Reference with { Marketplace = item.Id.Marketplace });
        }

        throw new PluginMarketException(MarketErrorCode.StateLocked, $"The catalog '{planned.CatalogPath}' keeps changing. "
            + $"{Remedy.Do($"Run the command again when the other process has finished.")}", planned.Id.ToString());
    }

    // Null where the source cannot be had and what is installed is approved: then there is nothing to take from it.
    private async Task<StagedPlugin?> StageAsync(InstallPlanItem item, CancellationToken cancellationToken)
    {
        StagedPlugin? staged = null;
        try
        {
            Progress("Fetching");
            staged = await run.StageAsync(item, cancellationToken).ConfigureAwait(false);
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

    private async Task<PluginOperationResult?> CommitAsync(InstallPlanItem item, StagedPlugin? staged, long started,
        CancellationToken cancellationToken)
    {
        await run.CommitOrder.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var held = await _environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            Progress("Publishing");
            return new InstallCommit(_environment, run.Request, item, staged).Run(_environment.Time.GetElapsedTime(started));
        }
        finally
        {
            run.CommitOrder.Release();
        }
    }

    private void Progress(string status) => _environment.Log.Progress(new ActivityProgress(planned.Id.ToString(), status));

    private PluginOperationResult Failed(PluginMarketException failure, long started) =>
        PluginResult.Of(_environment, planned, "Failed").Failed(failure) with { Duration = _environment.Time.GetElapsedTime(started) };
}
