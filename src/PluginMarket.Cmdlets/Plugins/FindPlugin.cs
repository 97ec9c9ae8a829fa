using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Find-Plugin</c>: the entries of the catalogs in view, filtered.</summary>
[Cmdlet(VerbsCommon.Find, "Plugin", DefaultParameterSetName = "Name")]
[OutputType(typeof(Plugin))]
public sealed class FindPluginCommand : CatalogFilterCmdlet
{
    private readonly Dictionary<MarketEnvironment, (List<string> Paths, List<string> Names)> _inputs = new(ReferenceEqualityComparer.Instance);

    /// <summary>Names, wildcards allowed, also <c>plugin@marketplace</c>; all by default.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(CatalogPluginCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The marketplaces' names, wildcards allowed.</summary>
    [Parameter(ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Marketplace { get; set; } = [];

    /// <summary>Marketplace roots or catalog files, which need not be registered.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Marketplaces to look in: what Get-PluginMarketplace gives, or names.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [MarketplaceReferenceTransformation]
    public MarketplaceInput[] InputObject { get; set; } = [];

    private protected override void Process()
    {
        foreach (var input in InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            Attempt(input.Source, () =>
            {
                var market = HomeOf(Demand(input), input.CodexHome, input.ComputerName);
                var (paths, names) = _inputs.TryGetValue(market, out var known) ? known : _inputs[market] = ([], []);
                (input.CatalogPath is null ? names : paths).Add(input.CatalogPath ?? input.Name!.Value);
            });
        }
    }

    private protected override void End()
    {
        if (ParameterSetName != "InputObject")
        {
            Find(Market, Filters(Market) with { Names = Name, Marketplaces = Marketplace, Paths = [.. Path.SelectMany(path => PathInput.Expand(this, path))] });
        }

        foreach (var (market, (paths, names)) in _inputs)
        {
            if (paths.Count > 0)
            {
                Find(market, Filters(market) with { Names = Name, Paths = [.. paths.Distinct(StringComparer.Ordinal)] });
            }

            if (names.Count > 0)
            {
                Find(market, Filters(market) with { Names = Name, Marketplaces = [.. names.Distinct(StringComparer.Ordinal)] });
            }
        }
    }

    private void Find(MarketEnvironment market, PluginFindRequest request)
    {
        var listing = Run(token => new PluginQuery(market).FindAsync(request, token));
        foreach (var plugin in listing.Plugins)
        {
            WriteObject(plugin);
        }

        Report(listing.Failures);
    }
}
