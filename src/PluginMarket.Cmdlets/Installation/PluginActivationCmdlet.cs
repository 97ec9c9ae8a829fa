using System.Management.Automation;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary>What Enable-Plugin and Disable-Plugin share: everything but the state wanted.</summary>
public abstract class PluginActivationCmdlet : InstalledPluginChangeCmdlet
{
    /// <summary>Emits the plugins as they are now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The state wanted.</summary>
    private protected abstract bool Enabled { get; }

    private protected override void Change(PluginReference reference, MarketEnvironment market)
    {
        new PluginActivation(market).Demand(reference, Enabled);
        if (Approve(reference.Id, Enabled ? "Enable plugin" : "Disable plugin"))
        {
            EmitChanged(Run(token => new PluginActivation(market).SetEnabledAsync(reference, Enabled, token)), market, PassThru);
        }
        else if (IsWhatIf)
        {
            Emit(new PluginActivation(market).Preview(reference, Enabled));
        }
    }
}
