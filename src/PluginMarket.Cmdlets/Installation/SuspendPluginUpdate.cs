using System.Management.Automation;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Suspend-PluginUpdate</c>: holds installed plugins at the version they have.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "PluginUpdate", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Suspend-PluginUpdate.md")]
[OutputType(typeof(InstalledPlugin), typeof(PluginOperationResult))]
public sealed class SuspendPluginUpdateCommand : PluginHoldCmdlet
{
    private protected override string ActionOn(HoldPlugin hold, PluginReference reference) =>
        hold.FolderAfterHold(reference) is { } folder ? $"Hold plugin, and rename its cache folder 'local' to '{folder}'" : "Hold plugin";

    private protected override Task<PluginOperationResult> SetAsync(HoldPlugin hold, PluginReference reference, CancellationToken token) =>
        hold.HoldAsync(reference, Note, token);

    private protected override PluginOperationResult Preview(HoldPlugin hold, PluginReference reference) => hold.PreviewHold(reference);
}
