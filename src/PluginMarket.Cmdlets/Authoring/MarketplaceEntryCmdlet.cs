using System.Management.Automation;
using PluginMarket.Authoring;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Marketplaces;
using PluginMarket.Policies;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that write an entry of a catalog: where the catalog is, and what an entry says.</summary>
public abstract class MarketplaceEntryCmdlet : MarketCmdlet
{
    /// <summary>The marketplace's root folder, or its catalog file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Where the plugin's files come from: a folder of the marketplace as <c>./path</c>, or a
    /// hashtable of the format's object form.</summary>
    [Parameter(Position = 2)]
    [SourceTextTransformation]
    public SourceText? Source { get; set; }

    /// <summary>Whether the plugin may be installed.</summary>
    [Parameter]
    [InstallationPolicyTransformation(Single = true)]
    [PSDefaultValue(Help = "Unchanged; Available for a new entry")]
    public InstallationPolicy Installation { get; set; }

    /// <summary>When the plugin's apps ask to sign in.</summary>
    [Parameter]
    [AuthenticationPolicyTransformation(Single = true)]
    [PSDefaultValue(Help = "Unchanged; OnInstall for a new entry")]
    public AuthenticationPolicy Authentication { get; set; }

    /// <summary>The category, free text; an empty text takes it away.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CategoryCompleter))]
    [AllowEmptyString]
    public string? Category { get; set; }

    /// <summary>Accepts a local folder that is not there or holds another plugin; with Add, changes an entry that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The request for one entry.</summary>
    private protected CatalogEntryRequest Request(string name) => new()
    {
        Path = PathInput.Resolve(this, Path),
        Name = name,
        Force = Force,
        Change = new CatalogEntryChange
        {
            Source = Source,
            Installation = MyInvocation.BoundParameters.ContainsKey(nameof(Installation)) ? PolicySpelling.ToFormat(Installation) : null,
            Authentication = MyInvocation.BoundParameters.ContainsKey(nameof(Authentication))
                ? PolicySpelling.ToFormat(Authentication) : null,
            Category = MyInvocation.BoundParameters.ContainsKey(nameof(Category)) ? Category ?? "" : null,
        },
    };
}
