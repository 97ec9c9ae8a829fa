using System.Management.Automation;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary>What Suspend-PluginUpdate and Resume-PluginUpdate share: everything but which of both.</summary>
public abstract class PluginHoldCmdlet : InstalledPluginChangeCmdlet
{
    /// <summary>Why, or a ticket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Note { get; set; }

    /// <summary>Emits the plugins as they are now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is asked before.</summary>
    private protected abstract string ActionOn(HoldPlugin hold, PluginReference reference);

    /// <summary>Makes the change.</summary>
    private protected abstract Task<PluginOperationResult> SetAsync(HoldPlugin hold, PluginReference reference, CancellationToken token);

    /// <summary>Says what the change would come to.</summary>
    private protected abstract PluginOperationResult Preview(HoldPlugin hold, PluginReference reference);

    private protected override void Change(PluginReference reference, MarketEnvironment market)
    {
        var hold = new HoldPlugin(market);
        if (Approve(reference.Id, ActionOn(hold, reference)))
        {
            EmitChanged(Run(token => SetAsync(hold, reference, token)), market, PassThru);
        }
        else if (IsWhatIf)
        {
            Emit(Preview(hold, reference));
        }
    }
}
