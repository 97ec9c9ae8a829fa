using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-InstalledPlugin</c>: what a home loads, also what no catalog lists any more.</summary>
[Cmdlet(VerbsCommon.Get, "InstalledPlugin",
    HelpUri = OnlineHelp.Pages + "Get-InstalledPlugin.md")]
[OutputType(typeof(InstalledPlugin))]
public sealed class GetInstalledPluginCommand : MarketCmdlet
{
    private readonly List<string> _names = [];
    private bool _isAsked;

    /// <summary>Names, wildcards allowed, also <c>plugin@marketplace</c>; all by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Name { get; set; } = [];

    /// <summary>The marketplaces' names, wildcards allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Marketplace { get; set; } = [];

    /// <summary>The active version, exact.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string? Version { get; set; }

    /// <summary>Reads the files: compares the receipt with them, and computes the digest of what has none.</summary>
    [Parameter]
    public SwitchParameter IncludeHash { get; set; }

    /// <summary>States. What is gone from its catalog is Orphaned or MarketplaceRemoved, enabled or not; Enabled tells.</summary>
    [Parameter]
    [ValidateSet("Installed", "Disabled", "NotCached", "NotConfigured", "Orphaned", "MarketplaceRemoved")]
    [PSDefaultValue(Help = "All states")]
    public string[] State { get; set; } = [];

    private protected override void Process()
    {
        _isAsked = true;
        _names.AddRange(Name);
    }

    private protected override void End()
    {
        // An empty pipeline asks for nothing, which is not the same as for all.
        if (!_isAsked)
        {
            return;
        }

        var request = new InstalledPluginRequest
        {
            Names = _names,
            Marketplaces = Marketplace,
            Version = Version,
            States = State,
            IncludeHash = IncludeHash,
        };
        var listing = Run(token => Task.FromResult(new InstalledPluginQuery(Market).List(request, token)));
        foreach (var plugin in listing.Plugins)
        {
            WriteObject(plugin);
        }

        Report(listing.Failures);
    }
}
