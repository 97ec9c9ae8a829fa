using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Enable-Plugin</c>: turns installed plugins on.</summary>
[Cmdlet(VerbsLifecycle.Enable, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Enable-Plugin.md")]
[OutputType(typeof(InstalledPlugin), typeof(PluginOperationResult))]
public sealed class EnablePluginCommand : PluginActivationCmdlet
{
    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override bool Enabled => true;
}
