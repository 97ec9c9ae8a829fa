using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Records;
using PluginMarket.Sources.Git;

namespace PluginMarket.Installation;

/// <summary>Puts the recorded bytes of changed plugins back, from the recorded commit, and cleans up behind killed runs.</summary>
internal sealed class PluginRepairer
{
    private const string ActionName = "Repair";

    private readonly MarketEnvironment _environment;
    private readonly ReceiptStore _receipts;

    /// <summary>A repairer for one home.</summary>
    public PluginRepairer(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        _receipts = environment.Home.Receipts;
    }

    /// <summary>Repairs one plugin; a failure is a result. One that is intact is <c>Unchanged</c>.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="cancellationToken">Stops what is not yet published, and cleans up.</param>
    public async Task<PluginOperationResult> RepairAsync(PluginReference reference, GitOptions? git = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var plan = await PlanAsync(reference, git, cancellationToken).ConfigureAwait(false);
        if (plan.Settled is [var settled, ..])
        {
            return settled;
        }

        PluginOperationResult? result = null;
        await foreach (var done in new PluginInstaller(_environment).ExecuteAsync(plan, plan.Items, cancellationToken)
            .ConfigureAwait(false))
        {
            result = done;
        }

        return result!;
    }

    /// <summary>What has to be installed to repair a plugin; settled where it is intact, or cannot be repaired.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    internal async Task<InstallPlan> PlanAsync(PluginReference reference, GitOptions? git, CancellationToken cancellationToken)
    {
        var started = _environment.Time.GetTimestamp();
        try
        {
            var cache = _environment.Home.Cache;
            var layers = ConfigurationLayers.Read(_environment);
            var id = InstalledReference.Resolve(_environment, reference, layers, cache, _receipts.Exists);
            _environment.Home.Recover();
            var found = new IntegrityCheck(_environment).Check(id);
            if (found.IsIntact)
            {
                return Settled(Result(reference, id, "Unchanged", null, cache.ActiveVersion(id), started));
            }

            var receipt = Recorded(id, out var fileHash);
            DemandUnforged(receipt, fileHash);
            return await new PluginInstaller(_environment)
                .PlanAsync(RequestOf(receipt, found, git ?? GitOptions.Default), cancellationToken).ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            return Settled(Result(reference, reference.PluginId, "Failed", failure, null, started));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var wrapped = new PluginMarketException(MarketErrorCode.HomeNotWritable, $"'{reference.Id}' could not be repaired: "
                + $"{failure} {Remedy.Do($"Check the home's folders, then run the command again.")}", reference.Id, failure);
            return Settled(Result(reference, reference.PluginId, "Failed", wrapped, null, started));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Settled(Result(reference, reference.PluginId, "Failed", InternalFault.From(fault, reference.Id), null, started));
        }

        static InstallPlan Settled(PluginOperationResult result) => new(new InstallRequest(), [], [result]);
    }

    /// <summary>Says what repairing would come to, and changes nothing.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<PluginOperationResult> PreviewAsync(PluginReference reference, GitOptions? git = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var started = _environment.Time.GetTimestamp();
        try
        {
            var cache = _environment.Home.Cache;
            var id = InstalledReference.Resolve(_environment, reference, ConfigurationLayers.Read(_environment), cache, _receipts.Exists);
            _environment.Home.State.DemandUsable();
            var found = new IntegrityCheck(_environment).Check(id);
            if (!found.IsIntact)
            {
                var receipt = Recorded(id, out var fileHash);
                DemandUnforged(receipt, fileHash);
                InstallCommit.Demand(_environment, id, ConfigurationLayers.Read(_environment));
                cache.DemandChangeable(id);
                var installer = new PluginInstaller(_environment);
                var plan = await installer.PlanAsync(RequestOf(receipt, found, git ?? GitOptions.Default), cancellationToken)
                    .ConfigureAwait(false);
                if (plan.Failures is [var refused, ..])
                {
                    return refused;
                }

                var preview = await installer.PreviewAsync(plan, plan.Items[0], cancellationToken).ConfigureAwait(false);
                if (preview.Error is not null)
                {
                    return preview;
                }
            }

            var status = found.IsIntact ? "Unchanged" : "Updated";
            return Result(reference, id, "WhatIf", null, cache.ActiveVersion(id), started) with
            {
                ReasonCode = status,
                Said = $"It would be {status}.",
            };
        }
        catch (PluginMarketException failure)
        {
            return Result(reference, reference.PluginId, "Failed", failure, null, started);
        }
    }

    private Receipt Recorded(PluginId id, out string fileHash) => _receipts.Find(id, out fileHash) ?? throw new PluginMarketException(
        MarketErrorCode.ProvenanceUnknown,
        $"'{id}' has no record of its installed bytes. "
            + $"{Remedy.Run(Operation.InstallPlugin.On($"{id}").With(OperationOption.Reinstall), $"take what its source has now")}",
        id.ToString());

    private InstallRequest RequestOf(Receipt receipt, IntegrityResult found, GitOptions git)
    {
        var entry = PluginLockEntry.Of(receipt, "").DemandWholeAddress() with { GeneratedManifest = GeneratedManifest(receipt) };
        return new InstallRequest
        {
            Intent = new InstallIntent.Repair(new PinnedPlugin(entry, MarketErrorCode.IntegrityMismatch, receipt.Version,
                KnowsPrograms: receipt.Files is not null))
            {
                FilesDiffer = found.HasOtherFiles,
                OnlyRemoves = found is { Modified: [], Missing: [], Unexpected: [_, ..] },
            },

            // These bytes were accepted when they were installed; what is there now was not.
            AllowDowngrade = true,
            AcceptCapability = ["All"],
            Git = git,
        };
    }

    // A receipt that the history does not know may be of the right bytes all the same; then fetching and comparing them writes a right one.
    private void DemandUnforged(Receipt receipt, string fileHash)
    {
        var lines = _environment.Home.History.Read().Where(record => record.Id == receipt.Id).ToList();
        if (!lines.Exists(record => record.ReceiptHash == fileHash)
            && lines.FindLast(record => record.ReceiptHash is not null) is { } written && written.TreeHash != receipt.TreeHash)
        {
            throw new PluginMarketException(
                MarketErrorCode.IntegrityMismatch,
                $"The receipt of '{receipt.Id}' was edited: the history has the digest {written.TreeHash ?? "(none)"}. {Remedy.Run(
                    Operation.InstallPlugin.On($"{receipt.Id}").With(OperationOption.Reinstall), $"take what its source has now")}",
                receipt.Id.ToString());
        }
    }

    // Only its digest is recorded: the text comes from the cache, or from the catalog, whichever still has those bytes.
    private string? GeneratedManifest(Receipt receipt)
    {
        if (receipt.GeneratedFiles.FirstOrDefault(file => file.Path == FallbackManifest.ManifestPath) is not { } generated)
        {
            return null;
        }

        var cached = _environment.Home.Cache.ActivePath(receipt.Id) is { } folder
            ? _environment.Files.TryReadAllBytes(LocalPaths.Join(folder, generated.Path), _environment.Limits.ManifestBytes)
            : null;
        var entries = MarketplaceView.Open(_environment).Locate(receipt.Id.Plugin.Value, receipt.Id.Marketplace.Value);
        var text = entries.Select(located => located.Entry.Fallback?.ToFile().Content).Prepend(cached)
            .FirstOrDefault(content => content is not null && TreeDigest.OfBytes(content) == generated.Hash);
        return text is null ? null : System.Text.Encoding.UTF8.GetString(text);
    }

    private PluginOperationResult Result(PluginReference reference, PluginId? id, string status, PluginMarketException? failure,
        PluginVersion? active, long started)
    {
        var copy = active is null ? null : InstalledCopy.Find(_environment, _environment.Home.Cache, _receipts, id!);
        var result = PluginResult.Of(_environment, ActionName, reference.Name.Value,
            (id?.Marketplace ?? reference.Marketplace)?.Value, status) with
        {
            Version = copy?.ManifestVersion,
            CacheVersion = active?.Value,
            PreviousVersion = copy?.ManifestVersion,
            PreviousCacheVersion = active?.Value,
            Path = active is null ? null : _environment.Home.Cache.Layout.VersionPath(id!, active),
            TreeHash = copy?.SourceHash,
            Enabled = copy is null ? null : ConfigurationLayers.Read(_environment).FindPlugin(id!.ToString())?.UserEnabled,
            Duration = _environment.Time.GetElapsedTime(started),
        };
        return failure is null ? result : result.Failed(failure);
    }
}
