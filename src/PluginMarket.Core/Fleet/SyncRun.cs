using System.Runtime.CompilerServices;
using PluginMarket.Identity;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Fleet;

/// <summary>A state to apply to one home, and how.</summary>
/// <param name="State">The state.</param>
internal sealed record SyncRequest(DesiredState State)
{
    public SyncOptions Options { get; init; } = new();

    public bool AllowDowngrade { get; init; }

    public IReadOnlyList<string> AcceptCapability { get; init; } = [];

    public ApprovalFile? Approvals { get; init; }

    /// <summary>Whether nothing may be fetched.</summary>
    public bool Offline { get; init; }

    public int ThrottleLimit { get; init; } = 5;

    public int KeepVersion { get; init; } = InstallRequest.DefaultKeepVersion;

    /// <summary>Whether a link, submodule or device in a plugin refuses it instead of being left out.</summary>
    public bool Strict { get; init; }

    public GitOptions Git { get; init; } = GitOptions.Default;

    /// <summary>What the state is fetched from for several homes, each of which has a run of its own; null for one home.</summary>
    public SharedSources? Shared { get; init; }

    /// <summary>Whether the home remembers that the state was applied.</summary>
    public bool IsRecorded { get; init; } = true;
}

/// <summary>Applies a desired state to a home: marketplaces, plugins, switches, holds, and removals last. A home that is as it should be is
/// not written to.</summary>
internal sealed class SyncRun(MarketEnvironment environment, SyncRequest request)
{
    private readonly MarketEnvironment _environment = request.State.In(environment) with
    {
        GivenOptions = request.Options.Force ? ["Force"] : [],
        Shared = request.Shared ?? environment.Shared,
    };

    /// <summary>What applying would do now; nothing is fetched or changed.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid, HomeNotFound.</exception>
    internal SyncPlan Plan(CancellationToken cancellation = default)
    {
        var inventory = new CollectInventory(_environment) { TrustsStamps = true }.Demand(withCapabilities: false, cancellation);
        return SyncPlanner.Plan(
            ExpectedHome.Of(request.State, ExpectedMarketplace.AllOf(request.State, _environment), MachineFacts.Of(inventory),
                DefaultPlugins.Of(_environment, request.State.Defaults)),
            inventory, request.Options);
    }

    /// <summary>What carrying a plan out would come to as far as it can be told without fetching: the policies and the installer's own
    /// decisions are asked, and nothing is changed.</summary>
    /// <exception cref="PluginMarketException">The plan's refusal.</exception>
    internal async IAsyncEnumerable<PluginSyncItem> PreviewAsync(SyncPlan plan,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (plan.Refusal is { } refusal)
        {
            throw refusal;
        }

        var (marketplaces, plugins) = (new MarketplaceSteps(_environment, request), new PluginSteps(_environment, request));
        var changing = new HashSet<string>(StringComparer.Ordinal);
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in plan.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var item = ItemOf(step) with { Status = "WhatIf" };
            item = step.SkippedBecause is not null || step.Operation == SyncOperation.None ? Idle(step)
                : DependsOnFailure(step, failed) ? Idle(step with { SkippedBecause = SkipCode.EarlierFailure })
                : step.Id is null ? marketplaces.Preview(step, item)

                // What its marketplace will offer is known only when it was fetched, or where it is a folder.
                : changing.Contains(step.Id.Marketplace.Value) ? PluginSteps.PreviewName(_environment, step, item,
                    marketplaces.PreviewedCatalog(step.Id.Marketplace.Value))
                : await plugins.PreviewAsync(step, item, cancellation).ConfigureAwait(false);
            if (item.Error is not null)
            {
                failed.Add(step.Subject);
            }
            else if (IsMarketplace(step))
            {
                changing.Add(step.Subject);
            }

            yield return item;
        }
    }

    /// <summary>Carries a plan out and yields one item for each step, also for those that need nothing; a failure is an item.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isApproved">Whether a step may be done; one that may not gives no item.</param>
    /// <param name="cancellation">Stops before the next step.</param>
    /// <exception cref="PluginMarketException">The plan's refusal.</exception>
    internal async IAsyncEnumerable<PluginSyncItem> ExecuteAsync(SyncPlan plan, Func<SyncStep, bool> isApproved,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (plan.Refusal is { } refusal)
        {
            throw refusal;
        }

        var isComplete = true;
        var done = new List<PluginSyncItem>();
        await foreach (var item in CarryOutAsync(plan, Approved, cancellation).ConfigureAwait(false))
        {
            done.Add(item);
            yield return item;
        }

        if (!request.Options.AddsOnly && request.IsRecorded && isComplete)
        {
            await RecordAsync(done, cancellation).ConfigureAwait(false);
        }

        bool Approved(SyncStep step)
        {
            var approved = isApproved(step);
            isComplete &= approved;
            return approved;
        }
    }

    private async IAsyncEnumerable<PluginSyncItem> CarryOutAsync(SyncPlan plan, Func<SyncStep, bool> isApproved,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (failed, changesMarketplaces) = (false, false);
        var marketplaces = new MarketplaceSteps(_environment, request);
        foreach (var step in plan.Changes.Where(IsMarketplace).Where(isApproved).ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            var item = await marketplaces.RunAsync(step, ItemOf(step), cancellation).ConfigureAwait(false);
            failed |= item.Error is not null;
            changesMarketplaces |= item.Error is null;
            yield return item;
        }

        var rest = plan;
        if (changesMarketplaces && request.State.Defaults.Count > 0)
        {
            // What the new catalogs mark as installed by default is known only now.
            rest = Plan(cancellation);
            if (rest.Refusal is { } late)
            {
                throw late;
            }
        }

        var plugins = new PluginSteps(_environment, request);
        if (rest.Changes.Any(step => step.Operation is SyncOperation.Install or SyncOperation.Update) && !request.Offline)
        {
            await marketplaces.RefreshAsync(rest, cancellation).ConfigureAwait(false);
        }

        var waiting = rest.Changes.Where(step => !IsMarketplace(step)).Where(isApproved).ToList();
        await foreach (var item in plugins.RunAsync(waiting, ItemOf, cancellation).ConfigureAwait(false))
        {
            failed |= item.Error is not null;
            yield return item;
        }

        foreach (var step in waiting.Where(step => step.Operation is SyncOperation.Uninstall or SyncOperation.RemoveMarketplace))
        {
            cancellation.ThrowIfCancellationRequested();
            var item = failed ? Idle(step with { SkippedBecause = SkipCode.EarlierFailure })
                : step.Id is null ? await marketplaces.RunAsync(step, ItemOf(step), cancellation).ConfigureAwait(false)
                : await plugins.UninstallAsync(step, ItemOf(step), cancellation).ConfigureAwait(false);
            failed |= item.Error is not null;
            yield return item;
        }

        foreach (var step in rest.Steps.Where(step => step.SkippedBecause is not null || step.Operation == SyncOperation.None))
        {
            yield return Idle(step);
        }
    }

    // Nothing is removed after a failure, and what could not be put in place has nothing to turn on or to hold.
    private static bool DependsOnFailure(SyncStep step, HashSet<string> failed) => step.Operation switch
    {
        SyncOperation.Uninstall or SyncOperation.RemoveMarketplace => failed.Count > 0,
        SyncOperation.Enable or SyncOperation.Disable or SyncOperation.Hold => failed.Contains(step.Subject),
        _ => false,
    };

    private static bool IsMarketplace(SyncStep step) => step.Operation is SyncOperation.AddMarketplace or SyncOperation.SetMarketplace;

    private Task RecordAsync(List<PluginSyncItem> items, CancellationToken cancellation) => _environment.Home.Applied.WriteAsync(
        new AppliedState(request.State.Id, request.State.Revision, request.State.Digest, _environment.Time.GetUtcNow(),
            items.Exists(item => item.Error is not null) ? "Failed" : "InSync")
        {
            Steps = [.. items.Where(item => item.Status != "Unchanged")
                .Select(item => new AppliedStep(item.Id, item.Planned, item.Status, item.Error))],
        },
        cancellation);

    private PluginSyncItem Idle(SyncStep step) => ItemOf(step) with
    {
        Status = step.SkippedBecause is null ? "Unchanged" : "Skipped",
        ReasonCode = step.SkippedBecause,
        Said = step.SkippedBecause is { } code ? SkipCode.TextOf(code) : null,
    };

    private PluginSyncItem ItemOf(SyncStep step) => new()
    {
        Name = step.Id?.Plugin.Value ?? step.Subject,
        Marketplace = step.Id?.Marketplace.Value ?? step.Subject,
        Id = step.Subject,
        Planned = step.Operation.ToString(),
        Expected = step.Expected,
        Actual = step.Actual,
        Status = "Unchanged",
        State = request.State.ToString(),
        ComputerName = Origin.ComputerName,
        UserName = _environment.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
    };
}

/// <summary>What catalogs mark as installed by default.</summary>
internal static class DefaultPlugins
{
    /// <summary>The plugins of the named marketplaces, as far as they are registered and readable now.</summary>
    internal static IReadOnlyList<PluginId> Of(MarketEnvironment environment, IReadOnlyList<string> marketplaces) =>
        marketplaces.Count == 0 ? [] :
        [
            .. from open in MarketplaceView.Open(environment).Marketplaces
               where marketplaces.Contains(open.Name) && !open.Location.RequiresTrust && open.Catalog.ValidName is not null
               from entry in open.Catalog.Entries
               where entry is { IsListed: true, Installation: "INSTALLED_BY_DEFAULT", ValidName: not null }
               select new PluginId(entry.ValidName!, open.Catalog.ValidName!),
        ];
}
