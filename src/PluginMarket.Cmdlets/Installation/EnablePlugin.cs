using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Enable-Plugin</c>: turns installed plugins on.</summary>
[Cmdlet(VerbsLifecycle.Enable, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Enable-Plugin.md")]
[OutputType(typeof(InstalledPlugin), typeof(PluginOperationResult))]
public sealed class EnablePluginCommand : PluginActivationCmdlet
{
    private protected override bool Enabled => true;
}
