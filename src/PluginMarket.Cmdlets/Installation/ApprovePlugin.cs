using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation.Updates;

namespace PluginMarket.Cmdlets;

/// <summary><c>Approve-Plugin</c>: writes into a file that exactly these bytes of a plugin, and what they can do, are accepted.</summary>
[Cmdlet(VerbsLifecycle.Approve, "Plugin", DefaultParameterSetName = "InputObject", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Approve-Plugin.md")]
[OutputType(typeof(PluginApproval))]
public sealed class ApprovePluginCommand : FetchCmdlet
{
    /// <summary>What Get-PluginUpdate gives, of which exactly what was checked is approved; an entry of Find-Plugin, or a text
    /// <c>plugin@marketplace</c>, of which what its source has now.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>Plugin folders that a catalog above them lists, wildcards allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Plugin folders that a catalog above them lists, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The file of approvals; made where it is missing.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string ApprovalFile { get; set; } = "";

    /// <summary>Why, or a ticket.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Note { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; what they refuse is approved with a warning.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override void Process()
    {
        foreach (var path in Path.SelectMany(path => PathInput.Expand(this, path))
            .Concat(LiteralPath.Select(path => PathInput.Resolve(this, path))))
        {
            Attempt(path, () => Write(new PluginReview(Market).FindEntryOf(path), Market));
        }

        foreach (var input in InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            Attempt(input.Source, () =>
            {
                var reference = input.Reference ?? throw input.Failure(MarketErrorCode.InputNotAPlugin);
                Write(reference, HomeOf(reference.Id, reference.CodexHome, reference.ComputerName));
            });
        }
    }

    private void Write(PluginReference reference, MarketEnvironment market)
    {
        var file = PathInput.Resolve(this, ApprovalFile);
        PluginMarket.Records.ApprovalFile.Demand(market, file);
        var approval = Run(token => new PluginReview(market).ApproveAsync(reference, Note, GitAccess.Options(this, market), token));
        if (Approve(approval.Id, $"Approve {approval.TreeHash} in {file}"))
        {
            Run(token => new PluginReview(market).WriteAsync(file, approval, token));
            WriteObject(approval);
        }
        else if (IsWhatIf)
        {
            WritePreview(approval);
        }
    }
}
