using System.Management.Automation;

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
        if (!Approve(reference.Id, Enabled ? "Enable plugin" : "Disable plugin"))
        {
            return;
        }

        var result = Run(token => new PluginActivation(market).SetEnabledAsync(reference, Enabled, token));
        if (result.GetFailure() is { } failure)
        {
            Report(failure, result.Id);
        }
        else if (PassThru)
        {
            var listing = Run(token => Task.FromResult(new InstalledPluginQuery(market).List(new InstalledPluginRequest { Names = [result.Id] }, token)));
            WriteObject(listing.Plugins, enumerateCollection: true);
        }
    }
}
