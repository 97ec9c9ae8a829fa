using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Removes plugins: the configuration first, then one rename out of the cache (docs/reliability.md).</summary>
internal sealed class PluginUninstaller
{
    private readonly MarketEnvironment _environment;

    /// <summary>An uninstaller for one home.</summary>
    public PluginUninstaller(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Fails where <see cref="UninstallAsync"/> would for what can be known without changing anything.</summary>
    /// <exception cref="PluginMarketException">PluginNotInstalled, PluginNameAmbiguous, ManagedByAdministrator,
    /// VersionNotFound, ConfigInvalid.</exception>
    public void Demand(PluginReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, PluginChange.UninstallAction);
        var state = change.Demand();
        DemandVersion(change.Cache, state, reference);
        change.Cache.DemandRemovable(state.Id);
        PolicyGate.Open(_environment).DemandRemovable(state.Id);
    }

    /// <summary>Removes one plugin; a failure is a result.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin. A version in it must be the active
    /// one.</param>
    /// <param name="purge">Whether to remove its data folder and kept versions too.</param>
    /// <param name="cancellationToken">Stops waiting for the home's lock.</param>
    public Task<PluginOperationResult> UninstallAsync(PluginReference reference, bool purge = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, PluginChange.UninstallAction);
        return change.RunAsync(state => Remove(change.Cache, state, reference, purge), cancellationToken);
    }

    /// <summary>Says what uninstalling would come to, and changes nothing.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin. A version in it must be the active
    /// one.</param>
    public PluginOperationResult Preview(PluginReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, PluginChange.UninstallAction);
        return change.Preview(state =>
        {
            DemandVersion(change.Cache, state, reference);
            change.Cache.DemandRemovable(state.Id);
            PolicyGate.Open(_environment).DemandRemovable(state.Id);
            return Removed(state);
        });
    }

    private static PluginChange.Change Removed(PluginChange.State state) => new("Removed", Enabled: false,
        RestartRequired: state.Configured?.Enabled == true && state.Active is not null);

    private PluginChange.Change Remove(PluginCache cache, PluginChange.State state, PluginReference reference, bool purge)
    {
        DemandVersion(cache, state, reference);
        cache.DemandRemovable(state.Id);
        PolicyGate.Open(_environment).DemandRemovable(state.Id);

        // Off before the files go: a plugin that is half there is never one that loads.
        AgentConfiguration.Open(_environment).RemovePlugin(state.Id, out var undo);
        try
        {
            cache.Remove(state.Id);
        }
        catch when (cache.ActiveVersion(state.Id) is not null)
        {
            // Nothing was taken away, so it loads as before.
            BestEffort.Try(undo);
            throw;
        }

        if (purge)
        {
            var folder = _environment.Home.State;
            var data = cache.Layout.DataPath(state.Id);
            if (_environment.Files.Kind(data) != FileKind.Missing && folder.MoveToTrash(data) is { } trash)
            {
                folder.Delete(trash);
            }

            _environment.Home.Kept.RemoveAll(state.Id);
        }

        _environment.Home.Holds.Remove(state.Id);
        var receipts = _environment.Home.Receipts;
        receipts.TryFind(state.Id, out var receipt, out _);
        _environment.Home.History.Append(
            HistoryRecord.Of(state.Id, PluginChange.UninstallAction, _environment.Time.GetUtcNow(), state.Active, receipt));
        receipts.Remove(state.Id);
        return Removed(state);
    }

    // What a catalog calls the version is the manifest's; what the cache calls it is its folder.
    private void DemandVersion(PluginCache cache, PluginChange.State state, PluginReference reference)
    {
        if (reference.Version is not { } wanted || wanted == state.Active)
        {
            return;
        }

        var installed = InstalledCopy.Find(_environment, cache, _environment.Home.Receipts, state.Id);
        if (!string.Equals(installed?.ManifestVersion, wanted.Value, StringComparison.Ordinal))
        {
            throw new PluginMarketException(
                MarketErrorCode.VersionNotFound,
                $"'{state.Id}' is not installed in version {wanted}: the active one is {installed?.ManifestVersion
                    ?? installed?.Version.Value ?? "none"}. {Remedy.Run(Operation.ListInstalled, $"read it again")}",
                state.Id.ToString());
        }
    }
}
