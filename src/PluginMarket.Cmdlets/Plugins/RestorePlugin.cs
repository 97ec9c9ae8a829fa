using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Restore-Plugin</c>: brings a replaced version of an installed plugin back, and keeps the one it replaces.</summary>
[Cmdlet(VerbsData.Restore, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PluginOperationResult))]
public sealed class RestorePluginCommand : InstalledPluginChangeCmdlet
{
    /// <summary>The kept version wanted; the one that was replaced last by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    private protected override void Change(PluginReference reference, MarketEnvironment market)
    {
        if (Approve(reference.Id, Version is null ? "Restore the version that was replaced last" : $"Restore version {Version}"))
        {
            Emit(Run(token => new PluginRestorer(market).RestoreAsync(reference, Version is null ? null : PluginVersion.Parse(Version), token)));
        }
        else if (IsWhatIf)
        {
            Emit(new PluginRestorer(market).Preview(reference, Version is null ? null : PluginVersion.Parse(Version)));
        }
    }
}
