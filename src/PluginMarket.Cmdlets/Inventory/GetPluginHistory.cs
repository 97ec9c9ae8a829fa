using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Records;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginHistory</c>: what was done in a home, when, and by whom.</summary>
[Cmdlet(VerbsCommon.Get, "PluginHistory",
    HelpUri = OnlineHelp.Pages + "Get-PluginHistory.md")]
[OutputType(typeof(PluginHistoryEntry))]
public sealed class GetPluginHistoryCommand : MarketCmdlet
{
    private readonly List<string> _names = [];
    private bool _isAsked;

    /// <summary>Names, wildcards allowed, also <c>plugin@marketplace</c>; by default everything, changes of marketplaces
    /// included.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(HistoryNameCompleter))]
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

    /// <summary>What was done, wildcards allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HistoryActionCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Action { get; set; } = [];

    /// <summary>The first moment wanted.</summary>
    [Parameter]
    [PSDefaultValue(Help = "The beginning")]
    public DateTimeOffset? After { get; set; }

    /// <summary>The last moment wanted.</summary>
    [Parameter]
    [PSDefaultValue(Help = "Now")]
    public DateTimeOffset? Before { get; set; }

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

        var request = new HistoryRequest
        {
            Names = _names,
            Marketplaces = Marketplace,
            Actions = Action,
            After = After,
            Before = Before,
        };
        var listing = Run(token => Task.FromResult(new HistoryQuery(Market).Read(request)));
        WriteObject(listing.Entries, enumerateCollection: true);
        Report(listing.Failures);
    }
}
