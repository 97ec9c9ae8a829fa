using System.Collections.Concurrent;
using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Installation.Decision;
using PluginMarket.Inventory;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Installation.Updates;

/// <summary>Compares what is installed with what its sources hold now. Sources are staged and checked exactly as an update would, so that
/// the digest is the one an update has to meet; nothing stays.</summary>
internal sealed class PluginUpdateQuery
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public PluginUpdateQuery(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Finds the updates.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid, HomeNotWritable, DiskFull.</exception>
    public async Task<PluginUpdateListing> FindAsync(PluginUpdateRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var listing = List(request, cancellationToken);
        var failures = new ConcurrentQueue<PluginMarketException>(listing.Failures);
        if (request.Refresh)
        {
            foreach (var failure in await SourceRefresh.RunAsync(_environment, listing.Plugins.Select(plugin => plugin.Marketplace),
                request.ThrottleLimit, request.Git, cancellationToken).ConfigureAwait(false))
            {
                failures.Enqueue(failure);
            }
        }

        var install = new InstallRequest
        {
            References = [.. listing.Plugins.Select(plugin => PluginReference.Parse(plugin.Id) with { IsListed = true })],
            Intent = new InstallIntent.Update { IsRefreshed = request.Refresh },
            Git = request.Git,
        };
        var plan = new InstallPlanner(_environment, install).Plan(cancellationToken);
        var updates = new ConcurrentBag<PluginUpdate>();
        var versions = listing.Plugins.ToDictionary(plugin => plugin.Id, plugin => plugin.Version, StringComparer.Ordinal);
        foreach (var settled in plan.Settled)
        {
            if (settled.GetFailure() is { } failure)
            {
                failures.Enqueue(failure);
            }

            updates.Add(WithoutSource(settled, versions));
        }

        if (plan.Items.Count > 0)
        {
            var run = new InstallRun(_environment, install, plan.Items, isReading: true);
            await using (run.ConfigureAwait(false))
            {
                var limit = new ParallelOptions
                {
                    MaxDegreeOfParallelism = Math.Max(1, request.ThrottleLimit),
                    CancellationToken = cancellationToken,
                };
                await Parallel.ForEachAsync(plan.Items, limit, async (item, token) =>
                {
                    try
                    {
                        if (await CompareAsync(run, item, request.IncludeContentChange, token).ConfigureAwait(false) is { } update)
                        {
                            updates.Add(update);
                        }
                    }
                    catch (PluginMarketException failure)
                    {
                        failures.Enqueue(failure);
                        updates.Add(WithoutSource(PluginResult.Of(_environment, item, "Failed").Failed(failure), versions));
                    }
                }).ConfigureAwait(false);
            }
        }

        return new PluginUpdateListing([.. updates.OrderBy(update => update.Id, StringComparer.Ordinal)],
            [.. failures.DistinctBy(failure => (failure.Code, failure.Message))])
        {
            IsOfNothing = listing.Plugins.Count == 0,
            SnapshotOn = request.Refresh ? null : plan.Items.Where(item => item.IsPart).Min(item => item.Catalog!.SnapshotOn),
        };
    }

    private InstalledPluginListing List(PluginUpdateRequest request, CancellationToken cancellationToken)
    {
        var listing = new InstalledPluginQuery(_environment).List(
            new InstalledPluginRequest { Names = request.Names, Marketplaces = request.Marketplaces }, cancellationToken);

        // Files that no configuration names are not installed, unless somebody asks for them.
        return listing with { Plugins = [.. listing.Plugins.Where(plugin => plugin.State != "NotConfigured" || request.Names.Count > 0)] };
    }

    // It cannot be said whether there is an update: that is an answer, and not that there is none.
    private PluginUpdate WithoutSource(PluginOperationResult settled, Dictionary<string, string?> versions) => new()
    {
        Name = settled.Name,
        Marketplace = settled.Marketplace!,
        FromVersion = versions[settled.Id],
        Change = settled.ReasonCode!,
        Said = settled.Said,
        IsHeld = _environment.Home.Holds.Find(PluginId.Parse(settled.Id)) is not null,
        CollectedOn = _environment.Time.GetUtcNow(),
        ComputerName = settled.ComputerName,
        UserName = settled.UserName,
        CodexHome = settled.CodexHome,
    };

    private async Task<PluginUpdate?> CompareAsync(InstallRun run, InstallPlanItem item, bool includeContent,
        CancellationToken cancellationToken)
    {
        if (InstalledCopy.Find(_environment, _environment.Home.Cache, _environment.Home.Receipts, item.Id) is not { } installed)
        {
            return null;
        }

        var opened = _environment.Time.GetUtcNow();
        using var staged = await run.ReadAsync(
            item,
            files => IsUntouched(item, installed, files)
                ? null : new PluginStager(_environment, run.Request).Stage(item, files, opened, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        if (staged is null || ChangeOf(item, installed, staged) is not { } change)
        {
            return null;
        }

        var capabilities = CapabilityDifference.Compare(installed.Reviewed, staged.Capabilities);
        var decision = new InstallPolicy(_environment, run.Request).Judge(item, staged);
        var isRewritten = await run.History.IsRewrittenAsync(item, staged.Origin, staged.TreeHash, cancellationToken).ConfigureAwait(false);
        return new PluginUpdate
        {
            Name = item.Id.Plugin.Value,
            Marketplace = item.Id.Marketplace.Value,
            FromVersion = installed.ManifestVersion,
            ToVersion = staged.Manifest.Version,
            Change = change,
            Risk = change == "Downgrade" || isRewritten == true ? "High" : CapabilityDifference.RiskOf(capabilities),
            FromTreeHash = installed.ReviewedHash,
            ToTreeHash = staged.ReviewedHash,
            FromCommit = installed.Receipt?.AnyCommit,
            ToCommit = staged.Origin.Provenance.OwnCommit ?? item.Catalog?.Commit,
            CapabilityChange = [.. capabilities],
            ContentChange = includeContent ? [.. installed.CompareFiles(staged)] : null,
            IsChangedOutside = installed.IsChangedOutside,
            IsHistoryRewritten = isRewritten,
            IsHeld = _environment.Home.Holds.Find(item.Id) is not null,
            SnapshotOn = item.IsPart ? item.Catalog?.SnapshotOn : null,
            IsAllowedByPolicy = decision.IsAllowed,
            PolicyRule = decision.RuleId,
            SourceType = item.SourceType,
            Source = item.Source,
            CollectedOn = _environment.Time.GetUtcNow(),
            ComputerName = Origin.ComputerName,
            UserName = _environment.UserName,
            CodexHome = DisplayText.Escape(_environment.CodexHome),
        };
    }

    // Most plugins have no update: of those nothing is written, not even to staging.
    private static bool IsUntouched(InstallPlanItem item, InstalledCopy installed, PluginFiles source)
    {
        try
        {
            return installed.Receipt is { } receipt && (item.IsPart || receipt.Provenance.OwnCommit == source.Provenance.OwnCommit)
                && !installed.IsChangedOutside
                && !receipt.GeneratedFiles.Any(file => file.Path == FallbackManifest.ManifestPath)
                && TreeDigest.Compute(source.Tree) == receipt.TreeHash;
        }
        catch (IOException)
        {
            // A source that changes while it is read is checked in full.
            return false;
        }
    }

    private static string? ChangeOf(InstallPlanItem item, InstalledCopy installed, StagedPlugin staged)
    {
        if (installed.Compare(staged) != BytesMatch.Different)
        {
            return installed.IsChangedOutside ? "ChangedOutside" : !item.IsPart && installed.Receipt?.Provenance.OwnCommit is { } commit
                && commit != staged.Origin.Provenance.OwnCommit ? "CommitMoved" : null;
        }

        if (!string.Equals(installed.ManifestVersion, staged.Manifest.Version, StringComparison.Ordinal))
        {
            return PluginVersion.TryParse(installed.ManifestVersion, out var old, out _)
                && PluginVersion.TryParse(staged.Manifest.Version, out var fresh, out _) && PluginVersion.Compare(fresh, old) < 0
                ? "Downgrade"
                : "NewVersion";
        }

        return installed.IsChangedOutside && installed.Receipt?.TreeHash == staged.TreeHash ? "ChangedOutside" : "ContentChanged";
    }
}
