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
        Action undo = static () => { };
        try
        {
            AgentConfiguration.Open(_environment).RemovePlugin(state.Id, out undo);
            cache.Remove(state.Id);
        }
        catch when (cache.ActiveVersion(state.Id) is not null)
        {
            // Nothing was taken away, so it loads as before.
            BestEffort.Try(undo);
            throw;
        }

        ForgetRecords(state);
        if (purge)
        {
            Purge(cache.Layout.DataPath(state.Id), state.Id);
        }

        return Removed(state);
    }

    // The plugin is gone: a record that stays is told, and does not make that untrue.
    private void ForgetRecords(PluginChange.State state)
    {
        var (id, home) = (state.Id, _environment.Home);
        home.Receipts.TryFind(id, out var receipt, out _);
        Try("its hold", () => home.Holds.Remove(id));
        Try("the line of its history", () => home.History.Append(
            HistoryRecord.Of(id, PluginChange.UninstallAction, _environment.Time.GetUtcNow(), state.Active, receipt)));
        Try("its receipt", () => home.Receipts.Remove(id));

        void Try(string record, Action change)
        {
            try
            {
                change();
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
            {
                _environment.Log.Warn($"{id} was uninstalled, but {record} could not be written: {problem}");
            }
        }
    }

    private void Purge(string data, PluginId id)
    {
        var folder = _environment.Home.State;
        try
        {
            if (_environment.Files.Kind(data) != FileKind.Missing && folder.MoveToTrash(data) is { } trash)
            {
                folder.Delete(trash);
            }

            _environment.Home.Kept.RemoveAll(id);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            throw new PluginMarketException((problem as PluginMarketException)?.Code ?? MarketErrorCode.HomeNotWritable,
                $"'{id}' was uninstalled, but its data folder '{data}' or its kept versions could not be removed: {problem} "
                    + $"{Remedy.Do($"Remove them by hand.")}", id.ToString(), problem);
        }
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
