using System.Management.Automation;
using PluginMarket.Authoring;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>New-PluginMarketplace</c>: makes a folder a marketplace without plugins.</summary>
[Cmdlet(VerbsCommon.New, "PluginMarketplace", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "New-PluginMarketplace.md")]
[OutputType(typeof(Marketplace))]
public sealed class NewPluginMarketplaceCommand : MarketCmdlet
{
    /// <summary>The marketplace's root folder; made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The marketplace's name, the second half of its plugins' ids.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The name shown to people.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DisplayName { get; set; }

    /// <summary>Writes a new catalog over one that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process()
    {
        var request =
            new NewMarketplaceRequest { Path = PathInput.Resolve(this, Path), Name = Name, DisplayName = DisplayName, Force = Force };
        var preview = new EditMarketplace(Market).PreviewCreate(request);
        if (Approve(DisplayText.Escape(request.Path), $"Make the marketplace '{DisplayText.Escape(Name)}'"))
        {
            WriteObject(Run(_ => Task.FromResult(new EditMarketplace(Market).Create(request))));
        }
        else if (IsWhatIf)
        {
            WriteObject(preview);
        }
    }
}
