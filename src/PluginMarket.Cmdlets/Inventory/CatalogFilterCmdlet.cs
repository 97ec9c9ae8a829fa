using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets;

/// <summary>What a search in catalogs can be narrowed by.</summary>
public abstract class CatalogFilterCmdlet : FetchCmdlet
{
    /// <summary>Categories, wildcards allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CategoryCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Category { get; set; } = [];

    /// <summary>Keywords, wildcards allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KeywordCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Keyword { get; set; } = [];

    /// <summary>Kinds of component it brings. An entry whose source is not read does not match; see -Resolve.</summary>
    [Parameter]
    [ValidateSet("Skill", "App", "McpServer", "Hook", "Command")]
    public string[] Component { get; set; } = [];

    /// <summary>Capabilities its interface claims, wildcards allowed. An entry whose source is not read does not match; see
    /// -Resolve.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Capability { get; set; } = [];

    /// <summary>Installation policies.</summary>
    [Parameter]
    [InstallationPolicyTransformation]
    [PSDefaultValue(Help = "All policies")]
    public InstallationPolicy[] Installation { get; set; } = [];

    /// <summary>Authentication policies.</summary>
    [Parameter]
    [AuthenticationPolicyTransformation]
    [PSDefaultValue(Help = "All policies")]
    public AuthenticationPolicy[] Authentication { get; set; } = [];

    /// <summary>Lists entries too that cannot be used, with the reason.</summary>
    [Parameter]
    public SwitchParameter IncludeSkipped { get; set; }

    /// <summary>Fetches git and npm sources to fill in what they say of themselves.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <summary>The filters as a request to one home.</summary>
    private protected PluginFindRequest Filters(MarketEnvironment market) => new()
    {
        Categories = Category,
        Keywords = Keyword,
        Components = Component,
        Capabilities = Capability,
        Installation = Installation,
        Authentication = Authentication,
        IncludeSkipped = IncludeSkipped,
        Resolve = Resolve,
        Git = GitAccess.Options(this, market),
    };
}
