using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Marketplaces;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginMarketplace</c>: the marketplaces in view, or the one at a path.</summary>
[Cmdlet(VerbsCommon.Get, "PluginMarketplace", DefaultParameterSetName = "Name",
    HelpUri = OnlineHelp.Pages + "Get-PluginMarketplace.md")]
[OutputType(typeof(Marketplace))]
public sealed class GetPluginMarketplaceCommand : MarketCmdlet
{
    /// <summary>Names, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Name { get; set; } = [];

    /// <summary>Who brings them into view: the user's configuration, the home folder, the repository of this
    /// location, the computer's configuration.</summary>
    [Parameter(ParameterSetName = "Name")]
    [ValidateSet("User", "Personal", "Repository", "System")]
    [PSDefaultValue(Help = "All scopes")]
    public string[] Scope { get; set; } = [];

    /// <summary>A marketplace's root folder or catalog file, which need not be registered.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Root folders or catalog files of marketplaces, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    private protected override void Process()
    {
        var request = new MarketplaceListRequest
        {
            Names = Name,
            Scopes = Scope,
            Paths =
            [
                .. Path.SelectMany(path => PathInput.Expand(this, path)), .. LiteralPath.Select(path => PathInput.Resolve(this, path)),
            ],
        };
        var listing = Run(token => new MarketplaceRegistry(Market).ListAsync(request, token));
        foreach (var marketplace in listing.Marketplaces.Concat(listing.Unreadable))
        {
            WriteObject(marketplace);
        }

        Report(listing.Failures);
    }
}
