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
public sealed class AddPluginMarketplaceCommand : MarketCmdlet
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

    /// <summary>Accepts plain http.</summary>
    [Parameter(ParameterSetName = "Source")]
    [Parameter(ParameterSetName = "InputObject")]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>Several marketplaces, each a hashtable with Source and, if wanted, Name, Ref, Sha, SparsePath, AllowHttp.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Marketplace")]
    [ValidateNotNullOrEmpty]
    public Hashtable[] Marketplace { get; set; } = [];

    /// <summary>Sources as strings, without blank lines and lines starting with <c>#</c>; marketplaces of another home; or objects with
    /// Source and, if wanted, Name, Ref, Sha, SparsePath.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    /// <summary>A user name and token for the source's host, given to git through its askpass program only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>What reaches git repositories: the git command, libgit2, or by default what PLUGINMARKET_GIT_ENGINE says, else the
    /// command where it is installed.</summary>
    [Parameter]
    [PSDefaultValue(Help = "PLUGINMARKET_GIT_ENGINE, else git if it is installed, else libgit2")]
    public GitEngine GitEngine { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    /// <summary>Seconds that all fetches of the command may take together; by default what <c>PLUGINMARKET_TIMEOUT_SEC</c> says, else
    /// no limit: a fetch ends only where nothing comes for some time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    [PSDefaultValue(Help = "PLUGINMARKET_TIMEOUT_SEC, else no limit")]
    public int TimeoutSec { get; set; }

    /// <summary>Emits the marketplaces.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IReadOnlyList<string> Policies => PolicyPath;

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
        var hosts = CredentialHosts.Of(source, allowHttp, Market);
        var request = new MarketplaceAddRequest
        {
            Source = source,
            Name = given.Name,
            Ref = given.Ref,
            Sha = given.Sha,
            SparsePaths = given.SparsePath,
            Git = GitAccess.Options(Credential, hosts, allowHttp, GitEngine, timeoutSec: TimeoutSec),
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
