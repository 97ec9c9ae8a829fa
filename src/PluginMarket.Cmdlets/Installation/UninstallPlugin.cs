using System.Management.Automation;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Uninstall-Plugin</c>: removes plugins; a piped one only in the version it was piped with.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    HelpUri = OnlineHelp.Pages + "Uninstall-Plugin.md")]
[OutputType(typeof(PluginOperationResult))]
public sealed class UninstallPluginCommand : InstalledPluginChangeCmdlet
{
    /// <summary>Removes the plugin's data folder and kept versions too.</summary>
    [Parameter]
    public SwitchParameter Purge { get; set; }

    /// <summary>Does not ask about the data folder.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Change(PluginReference reference, MarketEnvironment market)
    {
        new PluginUninstaller(market).Demand(reference);
        if (!Approve(reference.Id, reference.Version is null ? "Uninstall plugin" : $"Uninstall plugin version {reference.Version}")
            || (Purge && !Ask(reference.Id, $"The data folder and the kept versions of {reference.Id} are deleted too.", Force)))
        {
            if (IsWhatIf)
            {
                Emit(new PluginUninstaller(market).Preview(reference));
            }

            return;
        }

        Emit(Run(token => new PluginUninstaller(market).UninstallAsync(reference, Purge, token)));
    }
}
