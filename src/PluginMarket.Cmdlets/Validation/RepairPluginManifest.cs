using System.Management.Automation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Messages;
using PluginMarket.Validation;
using PluginMarket.Validation.Repairs;

namespace PluginMarket.Cmdlets;

/// <summary><c>Repair-PluginManifest</c>: repairs what has one right text in manifests, catalogs, hooks files and scripts; the rest of each
/// file stays as it is.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "PluginManifest", DefaultParameterSetName = "Path", SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium, HelpUri = OnlineHelp.Pages + "Repair-PluginManifest.md")]
[OutputType(typeof(ManifestRepair))]
public sealed class RepairPluginManifestCommand : MarketCmdlet
{
    private int _checked;

    /// <summary>Plugin folders, marketplace roots, or files in them, wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Plugin folders, marketplace roots, or files in them, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Paths, files, folders, and what Test-PluginManifest and Test-PluginMarketplace give.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    /// <summary>Looks through the folders below too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>With -Recurse, repairs what a catalog does not list too.</summary>
    [Parameter]
    public SwitchParameter IncludeUnlisted { get; set; }

    /// <summary>Accepts that there is nothing to check.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    private protected override bool ChangesHome => false;

    private protected override void Process()
    {
        foreach (var path in Path)
        {
            Attempt(path, () => Repair(PathInput.Expand(this, path)));
        }

        foreach (var path in LiteralPath)
        {
            Attempt(path, () => Repair([PathInput.Resolve(this, path)]));
        }

        foreach (var item in InputObject.SelectMany(PipelineObject.Items))
        {
            Attempt(item, () => Repair(PathsOf(item)));
        }
    }

    private protected override void End()
    {
        if (_checked == 0 && FailureCount == 0 && !AllowEmpty)
        {
            Report(Validator.NothingToCheck());
        }
    }

    private IReadOnlyList<string> PathsOf(object? item)
    {
        if (CheckedPath.Of(this, item) is { } paths)
        {
            return paths;
        }

        var result = ValidationResultInput.Read(PSObject.AsPSObject(item!));
        return result.ComputerName.Equals(Identity.Origin.ComputerName, StringComparison.OrdinalIgnoreCase) ? [result.Path]
            : throw new PluginMarketException(MarketErrorCode.ForeignComputer,
                $"'{result.Path}' was checked on the computer {result.ComputerName}. {Remedy.Do($"Run the command there.")}", result.Path);
    }

    private void Repair(IReadOnlyList<string> paths)
    {
        var repair = new RepairFiles(Market);
        var request = new ValidationRequest { Paths = paths, Recurse = Recurse, IncludeUnlisted = IncludeUnlisted };
        var plan = Run(token => Task.FromResult(repair.Plan(request, token)));
        _checked += plan.Checked;
        foreach (var file in plan.Repairs)
        {
            Attempt(file.Path, () =>
            {
                if (Approve(DisplayText.Escape(file.Path), string.Join(" ", file.Edits.Select(edit => edit.Message))))
                {
                    WriteObject(repair.Apply(file));
                }
                else if (IsWhatIf)
                {
                    WriteObject(RepairFiles.Preview(file));
                }
            });
        }

        Report(plan.Failures);
    }
}
