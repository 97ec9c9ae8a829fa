using System.Management.Automation;
using PluginMarket.Authoring;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Remove-PluginMarketplaceEntry</c>: takes entries out of the catalog of a local marketplace; the plugins' folders
/// and the rest of the file stay.</summary>
[Cmdlet(VerbsCommon.Remove, "PluginMarketplaceEntry", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Remove-PluginMarketplaceEntry.md")]
[OutputType(typeof(Plugin))]
public sealed class RemovePluginMarketplaceEntryCommand : MarketCmdlet
{
    /// <summary>The marketplace's root folder, or its catalog file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The entries' names, exact.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(EntryNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Removes all entries of a name that is listed more than once.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        foreach (var name in Name)
        {
            Attempt(name, () =>
            {
                var request = new CatalogEntryRequest { Path = PathInput.Resolve(this, Path), Name = name, Force = Force };
                var preview = Run(token => new EditMarketplace(Market).PreviewRemoveAsync(request, token));
                if (Approve(DisplayText.Escape(request.Path), $"Remove the entry '{DisplayText.Escape(name)}'"))
                {
                    WriteObject(Run(token => new EditMarketplace(Market).RemoveEntryAsync(request, token)), enumerateCollection: true);
                }
                else if (IsWhatIf)
                {
                    WriteObject(preview, enumerateCollection: true);
                }
            });
        }
    }
}
