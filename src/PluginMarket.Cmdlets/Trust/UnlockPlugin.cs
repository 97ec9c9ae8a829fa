using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Unlock-Plugin</c>: lets held plugins go.</summary>
[Cmdlet(VerbsCommon.Unlock, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(InstalledPlugin))]
public sealed class UnlockPluginCommand : PluginHoldCmdlet
{
    private protected override string ActionOn(PluginHolding holding, PluginReference reference) => "Let plugin go";

    private protected override Task<PluginOperationResult> SetAsync(PluginHolding holding, PluginReference reference, CancellationToken token) => holding.ReleaseAsync(reference, Note, token);
}
