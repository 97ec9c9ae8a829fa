using PluginMarket.Home;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Fleet;

/// <summary>The steps of a plan that register, change and remove marketplaces.</summary>
internal sealed class MarketplaceSteps(MarketEnvironment environment, SyncRequest request)
{
    private readonly MarketplaceRegistry _registry = new(Naming(environment, request));
    private readonly Dictionary<string, MarketplaceCatalog> _catalogs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fresh = new(StringComparer.Ordinal);

    /// <summary>Carries one out; a failure is an item.</summary>
    internal async Task<PluginSyncItem> RunAsync(SyncStep step, PluginSyncItem item, CancellationToken cancellation)
    {
        var started = environment.Time.GetTimestamp();
        try
        {
            return await ChangeAsync(step, item, cancellation).ConfigureAwait(false) with
            {
                Duration = environment.Time.GetElapsedTime(started),
            };
        }
        catch (PluginMarketException failure)
        {
            return item.Failed(failure) with { Duration = environment.Time.GetElapsedTime(started) };
        }
    }

    /// <summary>What carrying one out would come to, as far as it can be told without fetching: a folder's catalog is read.</summary>
    internal PluginSyncItem Preview(SyncStep step, PluginSyncItem item)
    {
        try
        {
            if (step.Operation != SyncOperation.RemoveMarketplace && SourceOf(step) is { } source)
            {
                // The catalog has to have this name, so that what asks for it can be answered before the catalog is read.
                MarketplacePolicy.Demand(environment, source, step.Subject, request.Git);
                if (source is LocalMarketplaceSource local)
                {
                    Demand(step, source);
                    _catalogs[step.Subject] = new MarketplaceCatalogReader(environment).Read(local.Path, isRemote: false);
                }
            }

            return item;
        }
        catch (PluginMarketException failure)
        {
            return item.Failed(failure);
        }
    }

    /// <summary>The catalog of a marketplace that a preview read; null where it would have to be fetched.</summary>
    internal MarketplaceCatalog? PreviewedCatalog(string name) => _catalogs.GetValueOrDefault(name);

    /// <summary>Brings the snapshots up to date that plugins are about to be taken from; one that is pinned cannot be any other.</summary>
    internal async Task RefreshAsync(SyncPlan plan, CancellationToken cancellation)
    {
        var layers = ConfigurationLayers.Read(environment);
        string[] names =
        [
            .. plan.Changes.Where(step => step.Operation is SyncOperation.Install or SyncOperation.Update && step.Id is not null)
                .Select(step => step.Id!.Marketplace.Value).Distinct(StringComparer.Ordinal)
                .Where(name => !_fresh.Contains(name) && layers.FindMarketplace(name) is { SourceType: "git" or null } table
                    && !(table.Ref is { } pin && GitReference.IsFullId(pin))),
        ];
        if (names.Length == 0)
        {
            return;
        }

        var outcome = await _registry.UpdateAsync(
            new MarketplaceUpdateRequest { Names = names, ThrottleLimit = request.ThrottleLimit, Git = request.Git }, cancellation)
            .ConfigureAwait(false);
        foreach (var failure in outcome.Failures)
        {
            environment.Log.Warn(failure.Said);
        }
    }

    private async Task<PluginSyncItem> ChangeAsync(SyncStep step, PluginSyncItem item, CancellationToken cancellation)
    {
        if (step.Operation == SyncOperation.RemoveMarketplace)
        {
            await _registry.RemoveAsync(new MarketplaceRemoveRequest { Name = step.Subject }, cancellation).ConfigureAwait(false);
            return item with { Status = "Removed" };
        }

        if (SourceOf(step) is not { } source)
        {
            return await RefetchAsync(step, item, cancellation).ConfigureAwait(false);
        }

        if (step.Operation == SyncOperation.AddMarketplace)
        {
            await _registry.AddAsync(Addition(step, source), cancellation).ConfigureAwait(false);
        }
        else
        {
            await _registry.SetAsync(Setting(step, source), cancellation).ConfigureAwait(false);
        }

        _fresh.Add(step.Subject);
        return item with { Status = "Changed" };
    }

    private void Demand(SyncStep step, MarketplaceSource source)
    {
        if (step.Operation == SyncOperation.AddMarketplace)
        {
            _registry.DemandAddable(Addition(step, source));
        }
        else
        {
            _registry.DemandSettable(Setting(step, source));
        }
    }

    private MarketplaceAddRequest Addition(SyncStep step, MarketplaceSource source) => new()
    {
        Source = TextOf(step, source),
        Name = step.Subject,
        Ref = step.Marketplace!.Wanted.Ref,
        SparsePaths = step.Marketplace.Wanted.SparsePaths,
        Git = request.Git,
    };

    private MarketplaceSetRequest Setting(SyncStep step, MarketplaceSource source) => new()
    {
        Name = step.Subject,
        Source = TextOf(step, source),
        Ref = step.Marketplace!.Wanted.Ref,
        SparsePaths = step.Marketplace.Wanted.SparsePaths,
        Git = request.Git,
    };

    private static string TextOf(SyncStep step, MarketplaceSource source) =>
        source is LocalMarketplaceSource local ? local.Path : step.Marketplace!.Wanted.Source!;

    // The state does not say where it comes from, and its snapshot cannot be read: what is configured is fetched again.
    private async Task<PluginSyncItem> RefetchAsync(SyncStep step, PluginSyncItem item, CancellationToken cancellation)
    {
        await _registry.SetAsync(new MarketplaceSetRequest { Name = step.Subject, Git = request.Git }, cancellation).ConfigureAwait(false);
        _fresh.Add(step.Subject);
        return item with { Status = "Changed" };
    }

    // What the state says is the word of whoever applies it, who fetches it once for all homes.
    private static MarketEnvironment Naming(MarketEnvironment environment, SyncRequest request)
    {
        foreach (var wanted in environment.Shared is null ? [] : request.State.Marketplaces)
        {
            try
            {
                if (MarketplaceExpectation.SourceOf(wanted, environment, request.State.Folder) is GitMarketplaceSource source)
                {
                    environment.Shared!.Name(source, request.State.Plugins.Where(plugin => plugin.Id.Marketplace.Value == wanted.Name)
                        .Select(plugin => plugin.Id.Plugin.Value));
                }
            }
            catch (PluginMarketException)
            {
                // Its step says so.
            }
        }

        return environment;
    }

    // Null where the state leaves the source to what is configured.
    private MarketplaceSource? SourceOf(SyncStep step)
    {
        var source = MarketplaceExpectation.SourceOf(step.Marketplace!.Wanted, environment, request.State.Folder);
        return source is null && step.Operation == SyncOperation.AddMarketplace ? throw NoSource(step.Subject)
            : request.Offline && source is null or GitMarketplaceSource ? throw OfflineRefusal(step.Subject)
            : source;
    }

    private static PluginMarketException NoSource(string name) => new(MarketErrorCode.MarketplaceNotFound,
        $"The marketplace '{name}' is not registered, and the desired state does not say where it comes from. "
            + $"{Remedy.Do($"Add its 'source' to the state.")}", name);

    /// <summary>The failure of what would have to be fetched.</summary>
    internal static PluginMarketException OfflineRefusal(string target) => new(MarketErrorCode.SourceUnreachable,
        $"'{target}' has to be fetched, and the command was told to stay offline. {Remedy.Do($"Run the command without "
            + $"{OperationOption.Offline}.")}", target);
}
