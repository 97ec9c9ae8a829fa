using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation.Updates;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginUpdate</c>: what updating installed plugins would bring, with the digest of what was looked at.</summary>
[Cmdlet(VerbsCommon.Get, "PluginUpdate")]
[OutputType(typeof(PluginUpdate))]
public sealed class GetPluginUpdateCommand : FetchCmdlet
{
    /// <summary>The names of installed plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The marketplaces' names, wildcards allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Marketplace { get; set; } = [];

    /// <summary>Brings the snapshots of the plugins' marketplaces up to date before.</summary>
    [Parameter]
    public SwitchParameter Refresh { get; set; }

    /// <summary>Lists every file that would change.</summary>
    [Parameter]
    public SwitchParameter IncludeContentChange { get; set; }

    /// <summary>How many sources are fetched at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    private protected override void End()
    {
        var request = new PluginUpdateRequest
        {
            Names = Name,
            Marketplaces = Marketplace,
            Refresh = Refresh,
            IncludeContentChange = IncludeContentChange,
            ThrottleLimit = ThrottleLimit,
            Git = GitAccess.Options(this, Market),
        };
        var listing = Run(token => new PluginUpdateQuery(Market).FindAsync(request, token));
        WriteObject(ShownRows.Of(listing.Updates, update => update.Reason), enumerateCollection: true);
        Report(listing.Failures);
    }
}
