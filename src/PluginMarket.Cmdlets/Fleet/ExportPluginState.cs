using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Fleet;

namespace PluginMarket.Cmdlets;

/// <summary><c>Export-PluginState</c>: writes what a home has as a desired state.</summary>
[Cmdlet(VerbsData.Export, "PluginState", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Export-PluginState.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportPluginStateCommand : MarketCmdlet
{
    /// <summary>The file; one that is there is written over.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Does not overwrite a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>The plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed; all by default.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>How exactly plugins are named: by version, by version and commit, or by version and the digest of their bytes; by default
    /// any version is as good.</summary>
    [Parameter]
    public StatePin Pin { get; set; }

    private protected override bool WritesOneFile => true;

    private protected override void Process()
    {
        var path = OutputPath(Path, NoClobber);
        var writer = new DesiredStateWriter(Market);
        var (utf8, plugins, failures) = Run(token => Task.FromResult(
            writer.Make(Name, Pin, DesiredStateWriter.IdOf(path), token)));
        Report(failures);

        // A state that leaves out what was asked for would promise too much.
        if (failures.Count > 0)
        {
            return;
        }

        if (Approve(path, $"Write desired state of {plugins} plugins"))
        {
            writer.Save(path, utf8);
            WriteObject(new FileInfo(path));
        }
        else if (IsWhatIf)
        {
            WritePreview(new FileInfo(path));
        }
    }
}
