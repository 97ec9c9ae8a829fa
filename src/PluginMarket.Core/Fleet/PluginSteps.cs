using System.Runtime.CompilerServices;
using PluginMarket.Home;
using PluginMarket.Installation;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Sources.Local;

namespace PluginMarket.Fleet;

/// <summary>The steps of a plan that change plugins.</summary>
internal sealed class PluginSteps(MarketEnvironment environment, SyncRequest request)
{
    private readonly PluginInstaller _installer = new(environment);

    /// <summary>Carries out all of them but removals, in their order; a failure is an item.</summary>
    internal async IAsyncEnumerable<PluginSyncItem> RunAsync(IReadOnlyList<SyncStep> steps, Func<SyncStep, PluginSyncItem> itemOf,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var broken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in steps.Where(step => step.Operation == SyncOperation.Release))
        {
            yield return Take(await TurnAsync(step, itemOf(step), cancellation).ConfigureAwait(false));
        }

        var installs = steps.Where(step => step.Operation is SyncOperation.Install or SyncOperation.Update).ToList();
        foreach (var batch in Batches(installs))
        {
            await foreach (var item in InstallAsync(batch, itemOf, cancellation).ConfigureAwait(false))
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

    private async Task<PluginOperationResult?> PreviewInstallAsync(SyncStep step, CancellationToken cancellation)
    {
        var batch = await ResolveAsync([step], cancellation).ConfigureAwait(false);
        return batch.Settled is [var settled, ..] ? settled
            : batch.Approved is [var planned, ..] ? await _installer.PreviewAsync(batch.Plan, planned, cancellation).ConfigureAwait(false)
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

    private async IAsyncEnumerable<PluginSyncItem> InstallAsync(IReadOnlyList<SyncStep> batch, Func<SyncStep, PluginSyncItem> itemOf,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = batch[0];
        if (batch.Count == 1 && (first.IsRepair || first.IsHeld))
        {
            yield return await ReplaceAsync(first, itemOf(first), cancellation).ConfigureAwait(false);
            yield break;
        }

        var steps = batch.ToDictionary(step => step.Subject, StringComparer.Ordinal);
        await foreach (var result in ResultsOf(batch, cancellation).ConfigureAwait(false))
        {
            yield return steps.TryGetValue(result.Id, out var step) ? Of(itemOf(step), result, null)
                : Of(itemOf(first) with { Id = result.Id }, result, null);
        }
    }

    // The state decides over a hold of the machine: it is taken off for the change, and what the state says of holds follows.
    private async Task<PluginSyncItem> ReplaceAsync(SyncStep step, PluginSyncItem item, CancellationToken cancellation)
    {
        var reference = Reference(step);
        if (step.IsRepair)
        {
            return request.Offline && !IsLocal(step.Id!) ? item.Failed(MarketplaceSteps.OfflineRefusal(step.Subject))
                : Of(item, await new PluginRepairer(environment).RepairAsync(reference, request.Git, cancellation).ConfigureAwait(false),
                    null);
        }

        var held = environment.Home.Holds.Find(step.Id!);
        if (held is not null)
        {
            await new HoldPlugin(environment).ReleaseAsync(reference, request.State.ToString(), cancellation).ConfigureAwait(false);
        }

        PluginOperationResult? result = null;
        await foreach (var done in ResultsOf([step], cancellation).ConfigureAwait(false))
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

    private async IAsyncEnumerable<PluginOperationResult> ResultsOf(IReadOnlyList<SyncStep> steps,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var batch = await ResolveAsync(steps, cancellation).ConfigureAwait(false);
        foreach (var settled in batch.Settled)
        {
            yield return settled;
        }

        await foreach (var result in _installer.ExecuteAsync(batch.Plan, batch.Approved, cancellation).ConfigureAwait(false))
        {
            yield return result;
        }
    }

    /// <summary>Finds what the steps need, and what of them is settled without fetching anything.</summary>
    private async Task<Batch> ResolveAsync(IReadOnlyList<SyncStep> steps, CancellationToken cancellation)
    {
        var demand = RequestOf(steps);
        var plan = await _installer.PlanAsync(demand, cancellation).ConfigureAwait(false);
        if (demand.Intent is InstallIntent.Install install && steps is [{ Plugin.Commit: { } commit }] && plan.Items is [var only])
        {
            if (only.IsPart && !string.Equals(only.Catalog?.Commit, commit, StringComparison.OrdinalIgnoreCase))
            {
                return new Batch(plan, [PluginResult.Of(environment, only, "Failed").Failed(OtherCommit(only, commit))], []);
            }

            if (!only.IsPart)
            {
                plan = await _installer.PlanAsync(demand with { Intent = install with { Sha = commit } }, cancellation)
                    .ConfigureAwait(false);
            }
        }

        var remote = plan.Items.Where(item => request.Offline && item.Origin.Source is not LocalSource).ToList();
        return new Batch(plan,
            [.. plan.Settled, .. remote.Select(item => PluginResult.Of(environment, item, "Failed")
                .Failed(MarketplaceSteps.OfflineRefusal(item.Id.ToString())))],
            [.. plan.Items.Except(remote)]);
    }

    private sealed record Batch(InstallPlan Plan, IReadOnlyList<PluginOperationResult> Settled, IReadOnlyList<InstallPlanItem> Approved);

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
