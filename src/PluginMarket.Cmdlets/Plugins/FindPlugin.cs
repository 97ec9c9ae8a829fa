using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Find-Plugin</c>: the entries of the catalogs in view, filtered.</summary>
[Cmdlet(VerbsCommon.Find, "Plugin", DefaultParameterSetName = "Name")]
[OutputType(typeof(Plugin))]
public sealed class FindPluginCommand : MarketCmdlet
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

    /// <summary>Categories, wildcards allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CategoryCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Category { get; set; } = [];

    /// <summary>Keywords, wildcards allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Keyword { get; set; } = [];

    /// <summary>Kinds of component it brings. An entry whose source is not read does not match; see -Resolve.</summary>
    [Parameter]
    [ValidateSet("Skill", "App", "McpServer", "Hook", "Command")]
    public string[] Component { get; set; } = [];

    /// <summary>Capabilities its interface claims, wildcards allowed. An entry whose source is not read does not match; see -Resolve.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Capability { get; set; } = [];

    /// <summary>Installation policies.</summary>
    [Parameter]
    [InstallationPolicyTransformation]
    public InstallationPolicy[] Installation { get; set; } = [];

    /// <summary>Authentication policies.</summary>
    [Parameter]
    [AuthenticationPolicyTransformation]
    public AuthenticationPolicy[] Authentication { get; set; } = [];

    /// <summary>Lists entries too that cannot be used, with the reason.</summary>
    [Parameter]
    public SwitchParameter IncludeSkipped { get; set; }

    /// <summary>Fetches git sources to fill in what they say of themselves.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    private protected override void Process()
    {
        foreach (var input in InputObject)
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
            Find(Market, Request() with { Marketplaces = Marketplace, Paths = [.. Path.SelectMany(path => PathInput.Expand(this, path))] });
        }

        foreach (var (market, (paths, names)) in _inputs)
        {
            if (paths.Count > 0)
            {
                Find(market, Request() with { Paths = [.. paths.Distinct(StringComparer.Ordinal)] });
            }

            if (names.Count > 0)
            {
                Find(market, Request() with { Marketplaces = [.. names.Distinct(StringComparer.Ordinal)] });
            }
        }
    }

    private PluginFindRequest Request() => new()
    {
        Names = Name,
        Categories = Category,
        Keywords = Keyword,
        Components = Component,
        Capabilities = Capability,
        Installation = Installation,
        Authentication = Authentication,
        IncludeSkipped = IncludeSkipped,
        Resolve = Resolve,
    };

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
