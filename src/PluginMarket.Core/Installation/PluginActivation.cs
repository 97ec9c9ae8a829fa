using PluginMarket.Home;
using PluginMarket.Installation.Decision;

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
            if (enabled)
            {
                InstallPolicy.JudgeInstalled(_environment, state.Id);
            }

            AgentConfiguration.Open(_environment).DemandPluginSettable(state.Id, enabled);
            return Outcome(state.Configured?.UserEnabled != enabled, enabled);
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
            InstallPolicy.DemandInstalled(_environment, state.Id);
        }

        return Outcome(AgentConfiguration.Open(_environment).SetPluginEnabled(state.Id, enabled), enabled);
    }

    private PluginChange ChangeOf(PluginReference reference, bool enabled) =>
        new(_environment, reference, enabled ? "Enable" : "Disable");

    private static PluginChange.Change Outcome(bool isChange, bool enabled) => isChange
        ? new PluginChange.Change("Unchanged", enabled ? ReasonCode.Enabled : ReasonCode.Disabled, enabled, RestartRequired: true)
        : new PluginChange.Change("Unchanged", Enabled: enabled);
}
