using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Messages;
using PluginMarket.Showcase;

namespace PluginMarket.Cmdlets;

/// <summary><c>Export-PluginDirectory</c>: marketplaces as one page of HTML to check, search and share.</summary>
[Cmdlet(VerbsData.Export, "PluginDirectory", DefaultParameterSetName = "Name", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Export-PluginDirectory.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportPluginDirectoryCommand : FetchCmdlet
{
    private readonly List<string> _names = [];
    private readonly List<string> _catalogs = [];

    /// <summary>The page's file; one that is there is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Does not overwrite a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>The marketplaces' names, wildcards allowed; all in view by default.</summary>
    [Parameter(Position = 1, ParameterSetName = "Name")]
    [ArgumentCompleter(typeof(MarketplaceCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "*")]
    public string[] Marketplace { get; set; } = [];

    /// <summary>Marketplaces to show: what Get-PluginMarketplace gives, also with -Path, or names.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [MarketplaceReferenceTransformation]
    public MarketplaceInput[] InputObject { get; set; } = [];

    /// <summary>The page's heading; by default the marketplace's name, or "Plugin directory" for several.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [PSDefaultValue(Help = "The name of the marketplace, or Plugin directory for several")]
    public string? Title { get; set; }

    /// <summary>Fetches git sources to show what they say of themselves.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    private protected override bool WritesOneFile => true;

    private protected override void Process()
    {
        foreach (var input in InputObject)
        {
            Attempt(input.Source, () =>
            {
                HomeOf(Demand(input), input.CodexHome, input.ComputerName);
                (input.CatalogPath is null ? _names : _catalogs).Add(input.CatalogPath ?? input.Name!.Value);
            });
        }
    }

    private protected override void End()
    {
        // An empty pipeline, or one of refused objects, does not mean all marketplaces.
        if ((MyInvocation.ExpectingInput || ParameterSetName == "InputObject") && _names.Count + _catalogs.Count == 0)
        {
            return;
        }

        var request = new DirectoryExportRequest
        {
            Path = OutputPath(Path, NoClobber),
            Marketplaces = [.. Marketplace, .. _names.Distinct(StringComparer.Ordinal)],
            CatalogPaths = [.. _catalogs.Distinct(StringComparer.Ordinal)],
            Title = Title,
            Resolve = Resolve,
            Git = GitAccess.Options(this, Market),
        };
        var unreadable = Run(token => new DirectoryExporter(Market).DemandAsync(request, token));
        if (!Approve(DisplayText.Escape(request.Path), "Write the plugin directory"))
        {
            Report(unreadable);
            if (IsWhatIf)
            {
                WritePreview(new FileInfo(request.Path));
            }
        }
        else
        {
            var export = Run(token => new DirectoryExporter(Market).ExportAsync(request, token));
            Report(export.Failures);
            if (export.Path is not null)
            {
                WriteObject(new FileInfo(export.Path));
            }
        }
    }
}
