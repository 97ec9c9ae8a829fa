using System.Management.Automation;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Resume-PluginUpdate</c>: releases held plugins.</summary>
[Cmdlet(VerbsLifecycle.Resume, "PluginUpdate", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Resume-PluginUpdate.md")]
[OutputType(typeof(InstalledPlugin), typeof(PluginOperationResult))]
public sealed class ResumePluginUpdateCommand : PluginHoldCmdlet
{
    private protected override string ActionOn(HoldPlugin hold, PluginReference reference) => "Release plugin";

    private protected override Task<PluginOperationResult> SetAsync(HoldPlugin hold, PluginReference reference, CancellationToken token) =>
        hold.ReleaseAsync(reference, Note, token);

    private protected override PluginOperationResult Preview(HoldPlugin hold, PluginReference reference) => hold.PreviewRelease(reference);
}
