using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation.Updates;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginUpdate</c>: what updating installed plugins would bring, with the digest of what was checked.</summary>
[Cmdlet(VerbsCommon.Get, "PluginUpdate", DefaultParameterSetName = "Name",
    HelpUri = OnlineHelp.Pages + "Get-PluginUpdate.md")]
[OutputType(typeof(PluginUpdate))]
public sealed class GetPluginUpdateCommand : FetchCmdlet
{
    private readonly Dictionary<MarketEnvironment, (List<string> Plugins, List<string> Marketplaces)> _inputs = new(
        ReferenceEqualityComparer.Instance);

    /// <summary>The names of installed plugins, <c>plugin</c> or <c>plugin@marketplace</c>, wildcards allowed; all by default.</summary>
    [Parameter(Position = 0, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(InstalledPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Name { get; set; } = [];

    /// <summary>The marketplaces' names, wildcards allowed.</summary>
    [Parameter(ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Marketplace { get; set; } = [];

    /// <summary>Plugins: objects that name one, or texts <c>plugin</c> or <c>plugin@marketplace</c>; or marketplaces, of which
    /// every installed plugin counts.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [MarketplaceReferenceTransformation]
    public MarketplaceInput[] InputObject { get; set; } = [];

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

    private protected override void Process()
    {
        if (ParameterSetName == "Name")
        {
            Find(Market, Name, Marketplace);
            return;
        }

        foreach (var input in InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            Attempt(input.Source, () => Take(input));
        }
    }

    private protected override void End()
    {
        foreach (var (market, (plugins, marketplaces)) in _inputs)
        {
            if (plugins.Count > 0)
            {
                Find(market, [.. plugins.Distinct(StringComparer.Ordinal)], []);
            }

            if (marketplaces.Count > 0)
            {
                Find(market, [], [.. marketplaces.Distinct(StringComparer.Ordinal)]);
            }
        }
    }

    // Only a marketplace means everything in it: whatever names one plugin means that one.
    private void Take(MarketplaceInput input)
    {
        if (PluginInput.From(input.Source) is { Reference: { } plugin })
        {
            In(HomeOf(plugin.Id, plugin.CodexHome, plugin.ComputerName)).Plugins.Add(plugin.Id);
        }
        else
        {
            In(HomeOf(Demand(input), input.CodexHome, input.ComputerName)).Marketplaces.Add(input.Name!.Value);
        }
    }

    private (List<string> Plugins, List<string> Marketplaces) In(MarketEnvironment market) =>
        _inputs.TryGetValue(market, out var known) ? known : _inputs[market] = ([], []);

    private void Find(MarketEnvironment market, string[] names, string[] marketplaces)
    {
        var request = new PluginUpdateRequest
        {
            Names = names,
            Marketplaces = marketplaces,
            Refresh = Refresh,
            IncludeContentChange = IncludeContentChange,
            ThrottleLimit = ThrottleLimit,
            Git = GitAccess.Options(this, market),
        };
        var listing = Run(token => new PluginUpdateQuery(market).FindAsync(request, token));
        WriteObject(ShownRows.Of(listing.Updates, update => update.Reason), enumerateCollection: true);
        Report(listing.Failures);
    }
}
