using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation;

namespace PluginMarket.Cmdlets;

/// <summary><c>New-PluginPolicy</c>: writes an allow list of what is in use.</summary>
[Cmdlet(VerbsCommon.New, "PluginPolicy", DefaultParameterSetName = "All", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "New-PluginPolicy.md")]
[OutputType(typeof(FileInfo))]
public sealed class NewPluginPolicyCommand : MarketCmdlet
{
    private readonly List<PluginId> _plugins = [];
    private bool _hasFailed;

    /// <summary>The file, which must not exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The id of the policy.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Id { get; set; } = "baseline";

    /// <summary>Installed plugins that are allowed, with their marketplaces; everything installed and registered by default.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [PluginReferenceTransformation]
    public PluginInput[] InputObject { get; set; } = [];

    /// <summary>Whether the policy reports or refuses.</summary>
    [Parameter]
    [ValidateSet("Audit", "Enforce")]
    public string Mode { get; set; } = "Audit";

    private protected override bool WritesOneFile => true;

    private protected override void Process()
    {
        foreach (var input in InputObject.Where(input => !PipelineObject.IsBlankLine(input.Source)))
        {
            var isTaken = false;
            Attempt(input.Source, () =>
            {
                var reference = input.Reference ?? throw input.Failure(MarketErrorCode.InputNotAPlugin);
                _plugins.Add(reference.PluginId ?? throw input.Failure(MarketErrorCode.InputNotAPlugin));
                isTaken = true;
            });
            _hasFailed |= !isTaken;
        }
    }

    private protected override void End()
    {
        // A list that lacks what was asked for would refuse it.
        if (_hasFailed || (ParameterSetName == ByInputObject && _plugins.Count == 0))
        {
            return;
        }

        var path = PathInput.Resolve(this, Path);
        new PolicyAuthor(Market).DemandFree(path);
        if (!Approve(path, "Write policy"))
        {
            if (IsWhatIf)
            {
                WritePreview(new FileInfo(path));
            }

            return;
        }

        Run(_ =>
        {
            new PolicyAuthor(Market).Write(path, Id, Mode == "Audit", ParameterSetName == ByInputObject ? _plugins : null);
            return Task.FromResult(true);
        });
        WriteObject(new FileInfo(path));
    }
}
