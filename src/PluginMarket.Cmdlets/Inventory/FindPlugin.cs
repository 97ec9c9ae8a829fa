using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;

namespace PluginMarket.Cmdlets;

/// <summary><c>Find-Plugin</c>: the entries of the catalogs in view, filtered.</summary>
[Cmdlet(VerbsCommon.Find, "Plugin", DefaultParameterSetName = "Name",
    HelpUri = OnlineHelp.Pages + "Find-Plugin.md")]
[OutputType(typeof(Plugin))]
public sealed class FindPluginCommand : CatalogFilterCmdlet
{
    // What was read stays true for as long as its file is not written, whichever command asks.
    private static readonly CatalogMemory s_catalogs = new(TimeProvider.System);
    private static readonly ManifestMemory s_manifests = new();

    private readonly Dictionary<MarketEnvironment, FoundBy> _inputs = new(ReferenceEqualityComparer.Instance);

    /// <summary>Names, wildcards allowed, also <c>plugin@marketplace</c>; all by default.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(CatalogPluginCompleter))]
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

    /// <summary>Words that the name, display name, description or keywords of the plugin contain, ignoring case; all of them. Wildcards
    /// allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Query { get; set; } = [];

    /// <summary>Marketplace roots or catalog files, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Marketplace roots or catalog files, which need not be registered.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Marketplaces whose plugins are listed; or plugins, whose own entries are: objects that name one, or texts
    /// <c>plugin</c> or <c>plugin@marketplace</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [MarketplaceReferenceTransformation]
    public MarketplaceInput[] InputObject { get; set; } = [];

    private protected override void Process()
    {
        if (ParameterSetName != "InputObject")
        {
            Find(Market, Wanted(Market) with
            {
                Marketplaces = Marketplace,
                Paths =
                [
                    .. Path.SelectMany(path => PathInput.Expand(this, path)),
                    .. LiteralPath.Select(path => PathInput.Resolve(this, path)),
                ],
            });
            return;
        }

        foreach (var input in InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            Attempt(input.Source, () => Take(input));
        }
    }

    private protected override void End()
    {
        foreach (var (market, by) in _inputs)
        {
            foreach (var request in by.Requests(Wanted(market)))
            {
                Find(market, request);
            }
        }
    }

    // Only a marketplace means everything in it: whatever names one plugin means that one.
    private void Take(MarketplaceInput input)
    {
        if (PluginInput.From(input.Source) is { Reference: { } plugin })
        {
            In(HomeOf(plugin.Id, plugin.CodexHome, plugin.ComputerName)).Plugins.Add(plugin.Id);
            return;
        }

        var by = In(HomeOf(Demand(input), input.CodexHome, input.ComputerName));
        (input.CatalogPath is null ? by.Marketplaces : by.Paths).Add(input.CatalogPath ?? input.Name!.Value);
    }

    private PluginFindRequest Wanted(MarketEnvironment market) => Filters(market) with
    {
        Names = Name,
        Queries = Query,
        DefersFiles = true,
        Manifests = s_manifests,
    };

    private protected override MarketEnvironment Limited(MarketEnvironment market) => base.Limited(market) with { Catalogs = s_catalogs };

    private FoundBy In(MarketEnvironment market) =>
        _inputs.TryGetValue(market, out var known) ? known : _inputs[market] = new FoundBy([], [], []);

    private void Find(MarketEnvironment market, PluginFindRequest request)
    {
        var listing = Run(token => new PluginQuery(market).FindAsync(request, token));
        WriteObject(ShownRows.Of(listing.Plugins, plugin => plugin.GetKnownReason()), enumerateCollection: true);
        Report(listing.Failures);
    }

    private sealed record FoundBy(List<string> Paths, List<string> Marketplaces, List<string> Plugins)
    {
        public IEnumerable<PluginFindRequest> Requests(PluginFindRequest filters)
        {
            if (Paths.Count > 0)
            {
                yield return filters with { Paths = [.. Paths.Distinct(StringComparer.Ordinal)] };
            }

            if (Marketplaces.Count > 0)
            {
                yield return filters with { Marketplaces = [.. Marketplaces.Distinct(StringComparer.Ordinal)] };
            }

            var patterns = NamePattern.ReadAll(filters.Names);
            var plugins = Plugins.Distinct(StringComparer.Ordinal)
                .Where(id => NamePattern.MatchesAny(patterns, id) || NamePattern.MatchesAny(patterns, id.Split('@')[0])).ToList();
            if (plugins.Count > 0)
            {
                yield return filters with { Names = plugins };
            }
        }
    }
}
