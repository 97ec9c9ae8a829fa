using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Messages;
using PluginMarket.Policies;

namespace PluginMarket.Cmdlets;

/// <summary><c>Export-PluginPolicy</c>: says policies in the words of Codex, and how much of each rule that can say.</summary>
[Cmdlet(VerbsData.Export, "PluginPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Export-PluginPolicy.md")]
[OutputType(typeof(PluginPolicyExport))]
public sealed class ExportPluginPolicyCommand : MarketCmdlet
{
    /// <summary>The files of Codex that the policy is written for.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateSet("CodexRequirements", "CodexManagedConfig", "CodexConfig")]
    public string[] Format { get; set; } = [];

    /// <summary>The file; its other keys are kept. Without it nothing is written.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Does not overwrite a file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    /// <summary>Files of inventories, or folders of them, wildcards allowed: what is installed on those machines is known too where a rule
    /// has a pattern of plugins.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] InventoryPath { get; set; } = [];

    /// <summary>The version of Codex that reads the file; one older than those that were tested is refused.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CodexVersion { get; set; }

    /// <summary>Exports a policy of which the formats cannot say every rule.</summary>
    [Parameter]
    public SwitchParameter AllowPartial { get; set; }

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    private protected override bool WritesOneFile => true;

    private protected override void Process()
    {
        var formats = Format.Select(format => Enum.Parse<PolicyFormat>(format, ignoreCase: true)).Distinct().ToList();
        var path = Path is null ? null : OutputPath(Path, NoClobber);
        if (path is not null && formats.Count > 1)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"Each format is a file of its own. {Remedy.Do($"Use {OperationOption.Path} with one format.")}");
        }

        PluginInventory[] inventories = [.. InventoryPath.SelectMany(one => InventoryInput.Files(this, Market, one))
            .Select(one => InventoryFile.Read(Market, one))];

        // The text is made first, so that what cannot be said is told before anybody is asked.
        var exports = Run(_ => Task.FromResult(Export(formats, null, inventories)));
        if (path is not null)
        {
            if (!Approve(path, "Write policy"))
            {
                return;
            }

            exports = Run(_ => Task.FromResult(Export(formats, path, inventories)));
        }

        WriteObject(exports, enumerateCollection: true);
    }

    private IReadOnlyList<PluginPolicyExport> Export(IReadOnlyList<PolicyFormat> formats, string? path,
        IReadOnlyList<PluginInventory> inventories) =>
        new PolicyAuthor(Market).Export(formats, path, AllowPartial, inventories, CodexVersion);
}
