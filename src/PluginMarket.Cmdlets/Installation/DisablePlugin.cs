using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Disable-Plugin</c>: turns installed plugins off, and keeps them installed.</summary>
[Cmdlet(VerbsLifecycle.Disable, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Disable-Plugin.md")]
[OutputType(typeof(InstalledPlugin), typeof(PluginOperationResult))]
public sealed class DisablePluginCommand : PluginActivationCmdlet
{
    private protected override bool Enabled => false;
}
