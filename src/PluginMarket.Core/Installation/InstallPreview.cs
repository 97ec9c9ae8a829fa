using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources.Local;

namespace PluginMarket.Installation;

/// <summary>One plugin that is not installed but checked: its source is staged outside of the home where that needs no network,
/// and the same decision is taken.</summary>
internal sealed class InstallPreview(MarketEnvironment environment, InstallRequest request, InstallPlanItem item)
{
    internal async Task<PluginOperationResult> RunAsync(CancellationToken cancellationToken)
    {
        var draft = PluginResult.Of(environment, item, "WhatIf");
        try
        {
            InstallItem.DemandTrust(item);
            return item.Origin.Source is LocalSource
                ? await ReadAsync(staged => Judge(staged, draft), cancellationToken).ConfigureAwait(false) : Judge(null, draft);
        }
        catch (PluginMarketException failure)
        {
            return draft.Failed(failure);
        }
    }

    /// <summary>Fails where the bytes of its source would be refused, if that can be read without the network.</summary>
    internal async Task DemandAsync(CancellationToken cancellationToken)
    {
        if (item.Origin.Source is LocalSource)
        {
            await ReadAsync(_ => true, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> ReadAsync<T>(Func<StagedPlugin, T> read, CancellationToken cancellationToken)
    {
        try
        {
            var outside = environment.ForPrograms();
            using var folder = new TemporaryFolder(outside.Files);
            var aside = outside with { CodexHome = folder.Path, Log = SilentActivityLog.Instance };
            var run = new InstallRun(aside, request, [item], isReading: true);
            await using (run.ConfigureAwait(false))
            {
                using var staged = await run.StageAsync(item, cancellationToken).ConfigureAwait(false);
                InstallItem.DemandReviewed(item, staged);
                item.Pinned?.Demand(staged, request.AcceptCapability);
                return new InstallPolicy(environment, request).Judge(item, staged).RefusalAt(PolicyStage.Publish) is { } refusal
                    ? throw refusal : read(staged);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"'{item.Id}' cannot be read: "
                + $"{failure} {Remedy.Do($"Check its source, then run the command again.")}", item.Id.ToString(), failure);
        }
    }

    private PluginOperationResult Judge(StagedPlugin? staged, PluginOperationResult draft)
    {
        var layers = ConfigurationLayers.Read(environment);
        environment.Home.State.DemandUsable();
        InstallCommit.Demand(environment, item.Id, layers);
        var state = new InstallState(environment, request, item, staged, environment.Home.Cache, environment.Home.Receipts, layers);
        var decision = InstallJudge.Decide(state.Facts);
        if (decision is InstallDecision.Do planned)
        {
            InstallCommit.Demand(environment, item.Id, planned.Steps);
        }

        return decision switch
        {
            InstallDecision.Refuse refusal when staged is not null || refusal.Error == MarketErrorCode.PluginNotInstalled
                || state.Facts.Approval == ApprovalVerdict.NotListed => state.Refused(refusal),
            InstallDecision.Skip skip => state.Skipped(skip),
            InstallDecision.Do work => state.Planned(work),
            _ => draft with { Said = $"Its source is not contacted in a preview." },
        };
    }
}
