using System.Runtime.CompilerServices;
using PluginMarket.Home;
using PluginMarket.Installation;
using PluginMarket.Installation.Decision;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources.Local;

namespace PluginMarket.Fleet;

/// <summary>The steps of a plan that change plugins.</summary>
internal sealed class PluginSteps(MarketEnvironment environment, SyncRequest request)
{
    private readonly PluginInstaller _installer = new(environment);

    /// <summary>Carries out all of them but removals: everything is fetched and staged before the first plugin changes; a failure is an
    /// item.</summary>
    internal async IAsyncEnumerable<PluginSyncItem> RunAsync(IReadOnlyList<SyncStep> steps, Func<SyncStep, PluginSyncItem> itemOf,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var broken = new HashSet<string>(StringComparer.Ordinal);
        var installs = new List<Resolved>();
        foreach (var batch in Batches([.. steps.Where(step => step.Operation is SyncOperation.Install or SyncOperation.Update)]))
        {
            installs.Add(await ResolveAsync(batch, cancellation).ConfigureAwait(false));
        }

        foreach (var (step, result) in installs.SelectMany(resolved => resolved.Settled))
        {
            yield return Take(Of(itemOf(step), result, null));
        }

        var staged = await StagedInstall.StageAsync(environment, [.. installs.Select(resolved => resolved.Batch)], request.Git,
            request.ThrottleLimit, cancellation).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            foreach (var step in steps.Where(step => step.Operation == SyncOperation.Release))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return Take(await TurnAsync(step, itemOf(step), cancellation).ConfigureAwait(false));
            }

            await foreach (var item in PublishAsync(staged, installs, itemOf, cancellation).ConfigureAwait(false))
            {
                yield return Take(item);
            }
        }

        foreach (var step in steps.Where(step => step.Operation is SyncOperation.Enable or SyncOperation.Disable or SyncOperation.Hold))
        {
            // What could not be put in place has nothing to turn on or to hold.
            cancellation.ThrowIfCancellationRequested();
            yield return broken.Contains(step.Subject)
                ? itemOf(step) with
                {
                    Status = "Skipped",
                    ReasonCode = SkipCode.EarlierFailure,
                    Said = SkipCode.TextOf(SkipCode.EarlierFailure),
                }
                : Take(await TurnAsync(step, itemOf(step), cancellation).ConfigureAwait(false));
        }

        PluginSyncItem Take(PluginSyncItem item)
        {
            if (item.Error is not null)
            {
                broken.Add(item.Id);
            }

            return item;
        }
    }

    /// <summary>Removes a plugin; a failure is an item.</summary>
    internal async Task<PluginSyncItem> UninstallAsync(SyncStep step, PluginSyncItem item, CancellationToken cancellation) =>
        Of(item, await new PluginUninstaller(environment).UninstallAsync(Reference(step), step.Plugin?.Purge == true, cancellation)
            .ConfigureAwait(false), "Removed");

    /// <summary>What carrying one out would come to, as far as it can be told without fetching and without changing anything.</summary>
    internal async Task<PluginSyncItem> PreviewAsync(SyncStep step, PluginSyncItem item, CancellationToken cancellation)
    {
        var reference = Reference(step);
        var result = step.Operation switch
        {
            SyncOperation.Install or SyncOperation.Update when step.IsRepair => request.Offline && !IsLocal(step.Id!)
                ? null : await new PluginRepairer(environment).PreviewAsync(reference, request.Git, cancellation).ConfigureAwait(false),
            SyncOperation.Install or SyncOperation.Update => await PreviewInstallAsync(step, cancellation).ConfigureAwait(false),
            SyncOperation.Enable => new PluginActivation(environment).Preview(reference, enabled: true),
            SyncOperation.Disable => new PluginActivation(environment).Preview(reference, enabled: false),
            SyncOperation.Uninstall => new PluginUninstaller(environment).Preview(reference),
            _ => null,
        };
        if (result is null)
        {
            return step.IsRepair ? item.Failed(MarketplaceSteps.OfflineRefusal(step.Subject)) : item;
        }

        // The state decides over a hold of the machine.
        var isSkipped = result.Status == "Skipped" && !(step.IsHeld && result.ReasonCode == ReasonCode.Held);
        return Of(item, result, null) with { Status = result.Error is not null ? "Failed" : isSkipped ? "Skipped" : "WhatIf" };
    }

    /// <summary>What carrying one out would come to, as far as the plugin's name tells, and the catalog where it can be read.</summary>
    internal static PluginSyncItem PreviewName(MarketEnvironment environment, SyncStep step, PluginSyncItem item,
        MarketplaceCatalog? catalog)
    {
        try
        {
            if (step.Operation is SyncOperation.Install or SyncOperation.Update)
            {
                InstallPolicy.CheckName(environment, step.Id!);
                if (catalog is not null && step.Plugin is { Locked: null })
                {
                    InstallationDecision.Demand(catalog, step.Id!.Marketplace.Value, step.Id.Plugin.Value);
                }
            }

            return item;
        }
        catch (PluginMarketException refusal)
        {
            return item.Failed(refusal);
        }
    }

    private async Task<PluginOperationResult?> PreviewInstallAsync(SyncStep step, CancellationToken cancellation)
    {
        var resolved = await ResolveAsync([step], cancellation).ConfigureAwait(false);
        return resolved.Settled is [var (_, settled), ..] ? settled
            : resolved.Batch is { Approved: [var planned, ..], Plan: var plan }
                ? await _installer.PreviewAsync(plan, planned, cancellation).ConfigureAwait(false)
            : null;
    }

    private static PluginReference Reference(SyncStep step) => new() { Name = step.Id!.Plugin, Marketplace = step.Id.Marketplace };

    private async Task<PluginSyncItem> TurnAsync(SyncStep step, PluginSyncItem item, CancellationToken cancellation)
    {
        var reference = Reference(step);
        var result = step.Operation switch
        {
            SyncOperation.Hold => await new HoldPlugin(environment).HoldAsync(reference, step.Plugin!.Hold, cancellation)
                .ConfigureAwait(false),
            SyncOperation.Release => await new HoldPlugin(environment).ReleaseAsync(reference, request.State.ToString(), cancellation)
                .ConfigureAwait(false),
            _ => await new PluginActivation(environment).SetEnabledAsync(reference, step.Operation == SyncOperation.Enable, cancellation)
                .ConfigureAwait(false),
        };
        return Of(item, result, "Changed");
    }

    // What has conditions of its own cannot share a request.
    private static IEnumerable<IReadOnlyList<SyncStep>> Batches(List<SyncStep> steps)
    {
        var shared = steps.Where(step => step is { IsRepair: false, IsHeld: false, Operation: SyncOperation.Install }
            && step.Plugin is { Version: null, Commit: null, Locked: null }).ToList();
        var locked = steps.Where(step => step is { IsRepair: false, IsHeld: false } && step.Plugin!.Locked is not null).ToList();
        return shared.GroupBy(step => step.Plugin!.Enabled).Select(group => (IReadOnlyList<SyncStep>)[.. group])
            .Concat(locked.GroupBy(step => (step.Plugin!.Enabled, step.Operation)).Select(group => (IReadOnlyList<SyncStep>)[.. group]))
            .Concat(steps.Except(shared).Except(locked).Select(step => (IReadOnlyList<SyncStep>)[step]));
    }

    private async IAsyncEnumerable<PluginSyncItem> PublishAsync(StagedInstall staged, List<Resolved> installs,
        Func<SyncStep, PluginSyncItem> itemOf, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var together = installs.Where(resolved => !resolved.IsHeld).ToList();
        var steps = together.SelectMany(resolved => resolved.Steps).ToDictionary(step => step.Subject, StringComparer.Ordinal);
        await foreach (var result in staged.PublishAsync([.. together.Select(resolved => resolved.Batch)], cancellation)
            .ConfigureAwait(false))
        {
            yield return Of(itemOf(steps[result.Id]), result, null);
        }

        foreach (var resolved in installs.Where(resolved => resolved is { IsHeld: true, Batch.Approved.Count: > 0 }))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return await ReplaceHeldAsync(staged, resolved, itemOf(resolved.Steps[0]), cancellation).ConfigureAwait(false);
        }
    }

    // The state decides over a hold of the machine: it is taken off for the change, and what the state says of holds follows.
    private async Task<PluginSyncItem> ReplaceHeldAsync(StagedInstall staged, Resolved resolved, PluginSyncItem item,
        CancellationToken cancellation)
    {
        var step = resolved.Steps[0];
        var reference = Reference(step);
        var held = environment.Home.Holds.Find(step.Id!);
        if (held is not null)
        {
            await new HoldPlugin(environment).ReleaseAsync(reference, request.State.ToString(), cancellation).ConfigureAwait(false);
        }

        PluginOperationResult? result = null;
        await foreach (var done in staged.PublishAsync([resolved.Batch], cancellation).ConfigureAwait(false))
        {
            result = done;
        }

        if (held is not null && (result?.Error is not null || step.Plugin!.Hold is not null))
        {
            await new HoldPlugin(environment).HoldAsync(reference, result?.Error is null ? step.Plugin!.Hold : held.Note, cancellation)
                .ConfigureAwait(false);
        }

        return Of(item, result!, null);
    }

    private bool IsLocal(PluginId id) =>
        environment.Home.Receipts.TryFind(id, out var receipt, out _) && receipt is { Provenance: FolderProvenance { Part: null } };

    /// <summary>Finds what the steps need, and what of them is settled without fetching anything.</summary>
    private async Task<Resolved> ResolveAsync(IReadOnlyList<SyncStep> steps, CancellationToken cancellation)
    {
        if (steps is [{ IsRepair: true } broken])
        {
            var repair = request.Offline && !IsLocal(broken.Id!)
                ? Settle(PluginResult.Of(environment, "Repair", broken.Id!.Plugin.Value, broken.Id.Marketplace.Value, "Failed")
                    .Failed(MarketplaceSteps.OfflineRefusal(broken.Subject)))
                : await new PluginRepairer(environment).PlanAsync(Reference(broken), request.Git, cancellation).ConfigureAwait(false);
            return new Resolved(steps, new InstallBatch(repair, repair.Items), [.. repair.Settled.Select(result => (broken, result))]);
        }

        var demand = RequestOf(steps);
        var plan = await _installer.PlanAsync(demand, cancellation).ConfigureAwait(false);
        if (demand.Intent is InstallIntent.Install install && steps is [{ Plugin.Commit: { } commit }] && plan.Items is [var only])
        {
            if (only.IsPart && !string.Equals(only.Catalog?.Commit, commit, StringComparison.OrdinalIgnoreCase))
            {
                return new Resolved(steps, new InstallBatch(plan, []),
                    [(steps[0], PluginResult.Of(environment, only, "Failed").Failed(OtherCommit(only, commit)))]);
            }

            if (!only.IsPart)
            {
                plan = await _installer.PlanAsync(demand with { Intent = install with { Sha = commit } }, cancellation)
                    .ConfigureAwait(false);
            }
        }

        var byId = steps.ToDictionary(step => step.Subject, StringComparer.Ordinal);
        var remote = plan.Items.Where(item => request.Offline && item.Origin.Source is not LocalSource).ToList();
        return new Resolved(steps, new InstallBatch(plan, [.. plan.Items.Except(remote)]),
            [
                .. plan.Settled.Select(result => (byId.GetValueOrDefault(result.Id, steps[0]), result)),
                .. remote.Select(item => (byId[item.Id.ToString()], PluginResult.Of(environment, item, "Failed")
                    .Failed(MarketplaceSteps.OfflineRefusal(item.Id.ToString())))),
            ]);

        static InstallPlan Settle(PluginOperationResult result) => new(new InstallRequest(), [], [result]);
    }

    /// <summary>Steps, what has to be installed for them, and what is settled without.</summary>
    private sealed record Resolved(IReadOnlyList<SyncStep> Steps, InstallBatch Batch,
        IReadOnlyList<(SyncStep Step, PluginOperationResult Result)> Settled)
    {
        /// <summary>Whether the hold of the one plugin has to be taken off for the change; a repair puts the held bytes back.</summary>
        public bool IsHeld => Steps is [{ IsHeld: true, IsRepair: false }];
    }

    private InstallRequest RequestOf(IReadOnlyList<SyncStep> batch)
    {
        var wanted = batch[0].Plugin!;
        var activation = batch[0].Operation == SyncOperation.Update ? Activation.Keep : wanted.Enabled ? Activation.On : Activation.Off;
        var conditions = new InstallRequest
        {
            AllowDowngrade = request.AllowDowngrade,
            AcceptCapability = request.AcceptCapability,
            Approvals = request.Approvals,
            KeepVersion = request.KeepVersion,
            Strict = request.Strict,
            ThrottleLimit = request.ThrottleLimit,
            Git = request.Git,
        };
        return wanted.Locked is not null
            ? conditions with
            {
                Intent = new InstallIntent.RestoreLock
                {
                    Entries = [.. batch.Select(step => step.Plugin!.Locked!)],
                    Activation = activation,
                    Reinstall = batch[0].Operation == SyncOperation.Update,
                },
            }
            : conditions with
            {
                References = [.. batch.Select(step => Reference(step) with { TreeHash = step.Plugin!.TreeHash })],
                Intent = new InstallIntent.Install
                {
                    Version = wanted.Version is { IsExact: true } exact ? PluginVersion.Parse(exact.Text) : null,
                    Range = wanted.Version is { IsExact: false } range ? range : null,
                    Replace = true,
                    Reinstall = batch[0].Operation == SyncOperation.Update,
                    Activation = activation,
                },
            };
    }

    private static PluginMarketException OtherCommit(InstallPlanItem item, string commit) => new(MarketErrorCode.GitCommitMismatch,
        $"'{item.Id}' is a folder of its marketplace, whose snapshot is of the commit {item.Catalog?.Commit ?? "(none)"}, not {commit}. "
            + $"{Remedy.Do($"Set 'sha' of the marketplace to that commit.")}", item.Id.ToString());

    private PluginSyncItem Of(PluginSyncItem item, PluginOperationResult result, string? status)
    {
        var done = item with
        {
            Status = result.Status is "Unchanged" or "Removed" ? status ?? Plain(item, result) : result.Status,
            ReasonCode = result.ReasonCode,
            Said = result.Said,
            Version = result.Version,
            PreviousVersion = result.PreviousVersion,
            TreeHash = result.TreeHash,
            Commit = result.Commit,
            Path = result.Path,
            CapabilityChange = result.CapabilityChange,
            RestartRequired = result.RestartRequired,
            Duration = result.Duration,
            Result = result,
        };
        return result.GetFailure() is { } failure ? done.Failed(failure)
            : IsIneffective(item, done) ? done.Failed(Ineffective(done)) : done;
    }

    // Bytes that were right already, and are on record now, are a change of the home all the same.
    private static string Plain(PluginSyncItem item, PluginOperationResult result) =>
        item.Planned == nameof(SyncOperation.Update) || result.ReasonCode is not null ? "Changed" : result.Status;

    private bool IsIneffective(PluginSyncItem item, PluginSyncItem done) =>
        item.Planned is nameof(SyncOperation.Enable) && done.ReasonCode is null
        && !ConfigurationLayers.Read(environment).IsEffectivelyEnabled(item.Id);

    private static PluginMarketException Ineffective(PluginSyncItem item) => new(MarketErrorCode.ManagedByAdministrator,
        $"'{item.Id}' cannot be enabled: the configuration disables plugins ([features] plugins). "
            + $"{Remedy.Do($"Set it to true, or ask your administrator.")}", item.Id);
}
