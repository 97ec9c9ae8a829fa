using PluginMarket.Installation;
using PluginMarket.Marketplaces;

namespace PluginMarket.Fleet;

/// <summary>The items of a plan that is not carried out, with the refusals that are known beforehand: each step asks what carrying it out
/// would ask, and nothing is fetched or changed.</summary>
internal sealed class SyncPreview(MarketEnvironment environment, SyncRequest request)
{
    // Where nobody may write, a plan can be made all the same; and what another step brings first is not there yet.
    private static readonly MarketErrorCode[] OfTheMoment =
    [
        MarketErrorCode.HomeNotWritable, MarketErrorCode.StateLocked, MarketErrorCode.DiskFull, MarketErrorCode.MarketplaceNotFound,
        MarketErrorCode.PluginNotFound, MarketErrorCode.PluginNotInstalled, MarketErrorCode.VersionNotFound,
    ];

    private readonly PluginInstaller _installer = new(environment);

    /// <summary>One item for each step.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="itemOf">The item of a step.</param>
    /// <param name="cancellation">Stops before the next step.</param>
    internal async Task<IReadOnlyList<PluginSyncItem>> RunAsync(SyncPlan plan, Func<SyncStep, PluginSyncItem> itemOf,
        CancellationToken cancellation)
    {
        var coming = plan.Changes.Where(step => step.Operation is SyncOperation.AddMarketplace or SyncOperation.SetMarketplace)
            .Select(step => step.Subject).ToHashSet(StringComparer.Ordinal);
        var items = new List<PluginSyncItem>();
        foreach (var step in plan.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var item = itemOf(step);
            var isChange = step is { Operation: not SyncOperation.None, SkippedBecause: null };
            items.Add(isChange && await RefusalOf(step, coming, cancellation).ConfigureAwait(false) is { } refusal
                ? item.Failed(refusal) : item);
        }

        return items;
    }

    private async Task<PluginMarketException?> RefusalOf(SyncStep step, HashSet<string> coming, CancellationToken cancellation)
    {
        try
        {
            var refusal = step.Id is { } id ? coming.Contains(id.Marketplace.Value) && step.Operation is not SyncOperation.Uninstall
                    ? null : await OfPluginAsync(step, id, cancellation).ConfigureAwait(false)
                : OfMarketplace(step);
            return refusal is null || OfTheMoment.Contains(refusal.Code) ? null : refusal;
        }
        catch (PluginMarketException refusal)
        {
            return OfTheMoment.Contains(refusal.Code) ? null : refusal;
        }
    }

    private PluginMarketException? OfMarketplace(SyncStep step)
    {
        var registry = new MarketplaceRegistry(environment);
        switch (step.Operation)
        {
            case SyncOperation.AddMarketplace when MarketplaceSteps.AdditionOf(step, environment, request) is { } addition:
                registry.DemandAddable(addition);
                break;
            case SyncOperation.SetMarketplace:
                registry.DemandSettable(MarketplaceSteps.SettingOf(step, environment, request));
                break;
        }

        return null;
    }

    private async Task<PluginMarketException?> OfPluginAsync(SyncStep step, PluginId id, CancellationToken cancellation)
    {
        var reference = new PluginReference { Name = id.Plugin, Marketplace = id.Marketplace };
        switch (step.Operation)
        {
            case SyncOperation.Install or SyncOperation.Update when step.IsRepair:
                return (await new PluginRepairer(environment).PreviewAsync(reference, request.Git, cancellation).ConfigureAwait(false))
                    .GetFailure();
            case SyncOperation.Install or SyncOperation.Update:
                var plan = await _installer.PlanAsync(PluginSteps.RequestOf(request, [step]), cancellation).ConfigureAwait(false);
                return plan.Settled.Count > 0 ? plan.Settled[0].GetFailure()
                    : (await _installer.PreviewAsync(plan, plan.Items[0], cancellation).ConfigureAwait(false)).GetFailure();
            case SyncOperation.Enable:
                return new PluginActivation(environment).Preview(reference, enabled: true).GetFailure();
            case SyncOperation.Uninstall:
                return new PluginUninstaller(environment).Preview(reference).GetFailure();
            default:
                return null;
        }
    }
}
