using System.Management.Automation;
using PluginMarket.Authoring;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Add-PluginMarketplaceEntry</c>: lists a plugin in the catalog of a local marketplace; the
/// rest of the file stays as it is.</summary>
[Cmdlet(VerbsCommon.Add, "PluginMarketplaceEntry", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Add-PluginMarketplaceEntry.md")]
[OutputType(typeof(Plugin))]
public sealed class AddPluginMarketplaceEntryCommand : MarketplaceEntryCmdlet
{
    /// <summary>The plugin's name; without -Source its folder is <c>./plugins/NAME</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    private protected override void Process()
    {
        var request = Request(Name);
        var preview = Run(token => new EditMarketplace(Market).PreviewAddAsync(request, token));
        if (Approve(DisplayText.Escape(request.Path), $"Add the entry '{DisplayText.Escape(Name)}'"))
        {
            WriteObject(Run(token => new EditMarketplace(Market).AddEntryAsync(request, token)));
        }
        else if (IsWhatIf)
        {
            WriteObject(preview);
        }
    }
}
