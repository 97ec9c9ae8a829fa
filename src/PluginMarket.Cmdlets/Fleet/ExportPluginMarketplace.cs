using System.Management.Automation;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet;

namespace PluginMarket.Cmdlets;

/// <summary><c>Export-PluginMarketplace</c>: writes a lock file's plugins as a local marketplace with exactly their bytes,
/// which Codex's refresh leaves alone.</summary>
[Cmdlet(VerbsData.Export, "PluginMarketplace", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Export-PluginMarketplace.md")]
[OutputType(typeof(Marketplace))]
public sealed class ExportPluginMarketplaceCommand : FetchCmdlet
{
    /// <summary>The folder; missing or empty. Plugins of several marketplaces get a folder each below it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The lock file.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string LockFile { get; set; } = "";

    /// <summary>Says that the lock file's bytes are meant and no newer ones, which is the only way there is.</summary>
    [Parameter(Mandatory = true)]
    public SwitchParameter Frozen { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;
    private protected override bool WritesOneFile => true;

    private protected override void Process()
    {
        var file = PluginLockFile.Read(Market, PathInput.Resolve(this, LockFile));
        var path = PathInput.Resolve(this, Path);
        var preview = Run(token => new FrozenMarketplace(Market).PreviewAsync(file, path, token));
        if (!Approve(path, $"Write marketplace of {file.Plugins} locked plugins"))
        {
            if (IsWhatIf)
            {
                WriteObject(preview, enumerateCollection: true);
            }

            return;
        }

        var git = GitAccess.Options(this, Market);
        WriteObject(Run(token => new FrozenMarketplace(Market).WriteAsync(file, path, git, token)), enumerateCollection: true);
    }
}
