using System.Management.Automation;
using PluginMarket.Authoring;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Set-PluginMarketplaceEntry</c>: changes entries in the catalog of a local marketplace; the
/// rest of the file stays as it is.</summary>
[Cmdlet(VerbsCommon.Set, "PluginMarketplaceEntry", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Set-PluginMarketplaceEntry.md")]
[OutputType(typeof(Plugin))]
public sealed class SetPluginMarketplaceEntryCommand : MarketplaceEntryCmdlet
{
    /// <summary>The entries' names, exact.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(EntryNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    private protected override void Process()
    {
        foreach (var name in Name)
        {
            Attempt(name, () =>
            {
                var request = Request(name);
                var preview = Run(token => new EditMarketplace(Market).PreviewSetAsync(request, token));
                if (Approve(DisplayText.Escape(request.Path), $"Change the entry '{DisplayText.Escape(name)}'"))
                {
                    WriteObject(Run(token => new EditMarketplace(Market).SetEntryAsync(request, token)));
                }
                else if (IsWhatIf)
                {
                    WriteObject(preview);
                }
            });
        }
    }
}
