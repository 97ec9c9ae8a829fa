using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Lock-Plugin</c>: holds installed plugins at the version they have.</summary>
[Cmdlet(VerbsCommon.Lock, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(InstalledPlugin))]
public sealed class LockPluginCommand : PluginHoldCmdlet
{
    private protected override string ActionOn(PluginHolding holding, PluginReference reference) =>
        holding.FolderAfterHold(reference) is { } folder ? $"Hold plugin, and rename its cache folder 'local' to '{folder}'" : "Hold plugin";

    private protected override Task<PluginOperationResult> SetAsync(PluginHolding holding, PluginReference reference, CancellationToken token) => holding.HoldAsync(reference, Note, token);
}
