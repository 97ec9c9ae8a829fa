using System.Collections.Concurrent;

namespace PluginMarket;

/// <summary>Compares what is installed with what its sources hold now. Sources are staged and checked exactly as an update would, so that the digest is the one an update has to meet; nothing stays.</summary>
public sealed class PluginUpdateQuery
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
            foreach (var failure in await RefreshAsync(request, listing.Plugins, cancellationToken).ConfigureAwait(false))
            {
                failures.Enqueue(failure);
            }
        }

        var install = new InstallRequest { References = [.. listing.Plugins.Select(plugin => PluginReference.Parse(plugin.Id))], Update = true, Git = request.Git };
        var plan = new InstallPlanner(_environment, install).Plan(cancellationToken);
        foreach (var failed in plan.Failures)
        {
            if (IsNamed(request, failed.Id))
            {
                failures.Enqueue(failed.GetFailure()!);
            }
            else
            {
                _environment.Log.Detail($"{failed.Id} has no update: {failed.Reason}");
            }
        }

        var updates = new ConcurrentBag<PluginUpdate>();
        if (plan.Items.Count > 0)
        {
            var run = new InstallRun(_environment, install, plan.Items, isReading: true);
            await using (run.ConfigureAwait(false))
            {
                var limit = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.ThrottleLimit), CancellationToken = cancellationToken };
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
                    }
                }).ConfigureAwait(false);
            }
        }

        return new PluginUpdateListing([.. updates.OrderBy(update => update.Id, StringComparer.Ordinal)], [.. failures]);
    }

    private InstalledPluginListing List(PluginUpdateRequest request, CancellationToken cancellationToken)
    {
        var listing = new InstalledPluginQuery(_environment).List(new InstalledPluginRequest { Names = request.Names, Marketplaces = request.Marketplaces }, cancellationToken);
        return listing with { Plugins = [.. listing.Plugins.Where(plugin => plugin.State is not ("NotCached" or "NotConfigured"))] };
    }

    private async Task<IReadOnlyList<PluginMarketException>> RefreshAsync(PluginUpdateRequest request, IReadOnlyList<InstalledPlugin> plugins, CancellationToken cancellationToken)
    {
        var layers = ConfigurationLayers.Read(_environment);
        var names = plugins.Select(plugin => plugin.Marketplace).Distinct(StringComparer.Ordinal)
            .Where(name => layers.FindMarketplace(name) is { SourceType: not "local" } && !NameRules.IsReservedMarketplace(name))
            .ToList();
        return names.Count == 0
            ? []
            : (await new MarketplaceRegistry(_environment).UpdateAsync(new MarketplaceUpdateRequest { Names = names, ThrottleLimit = request.ThrottleLimit, Git = request.Git }, cancellationToken).ConfigureAwait(false)).Failures;
    }

    private static bool IsNamed(PluginUpdateRequest request, string id) =>
        request.Names.Select(PluginFilter.SplitId).Any(name => name.Plugin.IsLiteral && PluginId.TryParse(id, out var known, out _) && name.Plugin.Matches(known.Plugin.Value));

    private async Task<PluginUpdate?> CompareAsync(InstallRun run, InstallPlanItem item, bool includeContent, CancellationToken cancellationToken)
    {
        if (InstalledCopy.Find(_environment, _environment.Home.Cache, _environment.Home.Receipts, item.Id) is not { } installed)
        {
            return null;
        }

        using var staged = await run.ReadAsync(item, files => IsUntouched(item, installed, files) ? null : new PluginStager(_environment, run.Request).Stage(item, files, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (staged is null || ChangeOf(item, installed, staged) is not { } change)
        {
            return null;
        }

        var capabilities = CapabilityDifference.Compare(installed.Reviewed, staged.Capabilities);
        var isRewritten = await run.History.IsRewrittenAsync(item, staged.Origin, staged.TreeHash, cancellationToken).ConfigureAwait(false);
        return new PluginUpdate
        {
            Name = item.Id.Plugin.Value,
            Marketplace = item.Id.Marketplace.Value,
            FromVersion = installed.ManifestVersion,
            ToVersion = staged.Manifest.Version,
            Change = change,
            Risk = change == "Downgrade" || isRewritten == true ? "High" : CapabilityDifference.RiskOf(capabilities),
            FromTreeHash = installed.SourceHash,
            ToTreeHash = staged.TreeHash,
            FromCommit = installed.Receipt?.Commit ?? installed.Receipt?.CatalogCommit,
            ToCommit = staged.Origin.Provenance.OwnCommit ?? item.CatalogCommit,
            CapabilityChange = [.. capabilities],
            ContentChange = includeContent ? [.. installed.CompareFiles(staged)] : null,
            IsChangedOutside = installed.IsChangedOutside,
            IsHistoryRewritten = isRewritten,
            IsHeld = _environment.Home.Holds.Find(item.Id) is not null,
            SourceType = item.SourceType,
            Source = item.Source,
            CollectedOn = _environment.Time.GetUtcNow(),
            ComputerName = Origin.ComputerName,
            UserName = Origin.UserName,
            CodexHome = DisplayText.Escape(_environment.CodexHome),
        };
    }

    // Most plugins have no update: of those nothing is written, not even to staging.
    private static bool IsUntouched(InstallPlanItem item, InstalledCopy installed, PluginFiles source)
    {
        try
        {
            return installed.Receipt is { } receipt && (IsPart(item) || receipt.Commit == source.Provenance.OwnCommit) && !installed.IsChangedOutside && TreeDigest.Compute(source.Tree) == receipt.TreeHash;
        }
        catch (IOException)
        {
            // A source that changes while it is read is looked at in full.
            return false;
        }
    }

    // A folder of a marketplace has no commit of its own, although a lock or a repair names the one it was fetched from.
    private static bool IsPart(InstallPlanItem item) => item.Entry.Source is LocalSource;

    private static string? ChangeOf(InstallPlanItem item, InstalledCopy installed, StagedPlugin staged)
    {
        if (installed.IsSameAs(staged))
        {
            return installed.IsChangedOutside ? "ChangedOutside" : !IsPart(item) && installed.Receipt?.Commit is { } commit && commit != staged.Origin.Provenance.OwnCommit ? "CommitMoved" : null;
        }

        if (!string.Equals(installed.ManifestVersion, staged.Manifest.Version, StringComparison.Ordinal))
        {
            return PluginVersion.TryParse(installed.ManifestVersion, out var old, out _) && PluginVersion.TryParse(staged.Manifest.Version, out var fresh, out _) && PluginVersion.Compare(fresh, old) < 0
                ? "Downgrade"
                : "NewVersion";
        }

        return installed.IsChangedOutside && installed.Receipt?.TreeHash == staged.TreeHash ? "ChangedOutside" : "ContentChanged";
    }
}
