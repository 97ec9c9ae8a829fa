using System.Collections;
using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Add-PluginMarketplace</c>: registers marketplaces; a git one is fetched into the home.</summary>
[Cmdlet(VerbsCommon.Add, "PluginMarketplace", DefaultParameterSetName = "Source", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Add-PluginMarketplace.md")]
[OutputType(typeof(Marketplace))]
public sealed class AddPluginMarketplaceCommand : MarketplaceFetchCmdlet
{
    private const int MostReasons = 3;

    /// <summary>A folder, <c>owner/repo[@ref]</c>, an https, ssh or file URL, or <c>git@host:path</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Source")]
    [ValidateNotNullOrEmpty]
    public string Source { get; set; } = "";

    /// <summary>The name that the catalog must have.</summary>
    [Parameter(ParameterSetName = "Source")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A branch, tag or full commit of a git source.</summary>
    [Parameter(ParameterSetName = "Source")]
    [ValidateNotNullOrEmpty]
    public string? Ref { get; set; }

    /// <summary>A full commit of a git source.</summary>
    [Parameter(ParameterSetName = "Source")]
    [ValidateNotNullOrEmpty]
    public string? Sha { get; set; }

    /// <summary>Folders to keep of a git source, in the manner of git's cone mode.</summary>
    [Parameter(ParameterSetName = "Source")]
    [ValidateNotNullOrEmpty]
    public string[] SparsePath { get; set; } = [];

    /// <summary>Several marketplaces, each a hashtable with Source and, if wanted, Name, Ref, Sha, SparsePath, AllowHttp.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Marketplace")]
    [ValidateNotNullOrEmpty]
    public Hashtable[] Marketplace { get; set; } = [];

    /// <summary>Sources as strings, without blank lines and lines starting with <c>#</c>; marketplaces of another home; or objects with
    /// Source and, if wanted, Name, Ref, Sha, SparsePath.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    /// <summary>Emits the marketplaces.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool CreatesHome => true;

    private protected override void Process()
    {
        if (ParameterSetName == "Source")
        {
            Add(new MarketplaceSourceInput(Source, Name, Ref, Sha, SparsePath, AllowHttp));
        }

        foreach (var table in Marketplace)
        {
            Attempt(table[nameof(Source)], () => Add(MarketplaceSourceInput.From(table)));
        }

        foreach (var item in InputObject.SelectMany(PipelineObject.Items).Where(item => !PipelineObject.IsBlankLine(item)))
        {
            Attempt(item, () => Add(MarketplaceSourceInput.From(item)));
        }
    }

    private void Add(MarketplaceSourceInput given)
    {
        var source = PathInput.ResolveDrive(this, given.Source);
        var allowHttp = given.AllowHttp || AllowHttp;
        var request = new MarketplaceAddRequest
        {
            Source = source,
            Name = given.Name,
            Ref = given.Ref,
            Sha = given.Sha,
            SparsePaths = given.SparsePath,
            Git = GitOptionsFor(() => CredentialHosts.Of(source, allowHttp, Market), given.AllowHttp),
        };
        new MarketplaceRegistry(Market).DemandAddable(request);
        if (!Approve(DisplayText.Escape(source), "Add marketplace"))
        {
            if (IsWhatIf)
            {
                WriteObject(new MarketplaceRegistry(Market).PreviewAdd(request));
            }

            return;
        }

        var addition = Run(token => new MarketplaceRegistry(Market).AddAsync(request, token));
        if (addition.AlreadyAdded)
        {
            WriteVerbose($"Marketplace '{addition.Marketplace.Name}' was added before; nothing was changed.");
        }

        if (addition.Marketplace.SkipReasons is { Length: > 0 } reasons)
        {
            WriteWarning($"{SkippedEntries.Tell(addition.Marketplace).In(Face.PowerShell)} {string.Join(' ', reasons.Take(MostReasons))}"
                + (reasons.Length > MostReasons ? " The others are in SkipReasons of Get-PluginMarketplace." : ""));
        }

        if (PassThru)
        {
            WriteObject(addition.Marketplace);
        }
    }
}
