using PluginMarket.Home;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Turns installed plugins on and off in the user's configuration.</summary>
internal sealed class PluginActivation
{
    private readonly MarketEnvironment _environment;

    /// <summary>Works on one home.</summary>
    public PluginActivation(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Fails where <see cref="SetEnabledAsync"/> would for what can be known without changing anything.</summary>
    /// <exception cref="PluginMarketException">PluginNotInstalled, PluginNameAmbiguous, ManagedByAdministrator,
    /// ConfigInvalid, HomeNotWritable.</exception>
    public void Demand(PluginReference reference, bool enabled)
    {
        ArgumentNullException.ThrowIfNull(reference);
        AgentConfiguration.Open(_environment).DemandPluginSettable(ChangeOf(reference, enabled).Demand().Id, enabled);
    }

    /// <summary>Says what turning one plugin on or off would come to, and changes nothing.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="enabled">The state wanted.</param>
    public PluginOperationResult Preview(PluginReference reference, bool enabled)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return ChangeOf(reference, enabled).Preview(state =>
        {
            AgentConfiguration.Open(_environment).DemandPluginSettable(state.Id, enabled);
            if (enabled)
            {
                InstallPolicy.CheckInstalled(_environment, state.Id);
            }

            var isChange = state.Configured?.UserEnabled != enabled;
            return Outcome(isChange, enabled) with
            {
                Reason = !isChange ? (Message)$"It is {(enabled ? "enabled" : "disabled")} already."
                    : $"It would be {(enabled ? "enabled" : "disabled")}.",
            };
        });
    }

    /// <summary>Turns one plugin on or off; a failure is a result.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="enabled">The state wanted.</param>
    /// <param name="cancellationToken">Stops waiting for the home's lock.</param>
    public Task<PluginOperationResult> SetEnabledAsync(PluginReference reference, bool enabled,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return ChangeOf(reference, enabled).RunAsync(state => Set(state, enabled), cancellationToken);
    }

    private PluginChange.Change Set(PluginChange.State state, bool enabled)
    {
        if (enabled)
        {
            AgentConfiguration.Open(_environment).DemandPluginSettable(state.Id, enabled);
            InstallPolicy.DemandInstalled(_environment, state.Id);
        }

        var isChange = AgentConfiguration.Open(_environment).SetPluginEnabled(state.Id, enabled);
        if (state.Configured?.UserEnabled != enabled)
        {
            Note(_environment, state.Id, state.Active, enabled);
        }

        return Outcome(isChange, enabled);
    }

    /// <summary>Writes into the history that a plugin was enabled or disabled. The caller holds the home's lock.</summary>
    internal static void Note(MarketEnvironment environment, PluginId id, PluginVersion? version, bool enabled)
    {
        environment.Home.Receipts.TryFind(id, out var receipt, out _);
        environment.Home.Note(HistoryRecord.Of(id, ActionOf(enabled), environment.Time.GetUtcNow(), version, receipt));
    }

    private static string ActionOf(bool enabled) => enabled ? "Enable" : "Disable";

    private PluginChange ChangeOf(PluginReference reference, bool enabled) =>
        new(_environment, reference, ActionOf(enabled));

    private static PluginChange.Change Outcome(bool isChange, bool enabled) => isChange
        ? new PluginChange.Change("Unchanged", enabled ? ReasonCode.Enabled : ReasonCode.Disabled, enabled, RestartRequired: true)
        : new PluginChange.Change("Unchanged", Enabled: enabled);
}
