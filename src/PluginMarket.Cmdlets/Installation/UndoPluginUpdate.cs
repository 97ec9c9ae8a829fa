using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Undo-PluginUpdate</c>: brings a replaced version of an installed plugin back, and keeps the one it replaces.</summary>
[Cmdlet(VerbsCommon.Undo, "PluginUpdate", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Undo-PluginUpdate.md")]
[OutputType(typeof(PluginOperationResult))]
public sealed class UndoPluginUpdateCommand : InstalledPluginChangeCmdlet
{
    /// <summary>The kept version wanted; the one that was replaced last by default.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeptVersionCompleter))]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "The version that was replaced last")]
    public string? Version { get; set; }

    private protected override void Change(PluginReference reference, MarketEnvironment market)
    {
        if (Approve(reference.Id, Version is null ? "Bring back the version that was replaced last" : $"Bring back version {Version}"))
        {
            Emit(Run(token =>
                new RollBackPlugin(market).RollBackAsync(reference, Version is null ? null : PluginVersion.Parse(Version), token)));
        }
        else if (IsWhatIf)
        {
            Emit(new RollBackPlugin(market).Preview(reference, Version is null ? null : PluginVersion.Parse(Version)));
        }
    }
}
