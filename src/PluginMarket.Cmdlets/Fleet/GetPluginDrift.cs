using System.Management.Automation;
using PluginMarket.Cmdlets.Fleet;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Fleet;
using PluginMarket.Inventory;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Get-PluginDrift</c>: how homes differ from a lock file, a desired state, a policy or another home; nothing for
/// one in order.</summary>
[Cmdlet(VerbsCommon.Get, "PluginDrift", DefaultParameterSetName = "Home",
    HelpUri = OnlineHelp.Pages + "Get-PluginDrift.md")]
[OutputType(typeof(PluginDrift), typeof(PluginFleetSummary), typeof(bool))]
public sealed partial class GetPluginDriftCommand : MarketCmdlet
{
    private readonly PipedHomes _piped = new();
    private DriftQuery? _query;
    private int _failing;
    private bool _isOutOfSync;

    /// <summary>A lock file that homes are compared with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LockFile { get; set; }

    /// <summary>A desired state that homes are compared with: a file of JSON or a data file of PowerShell.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RequiredPluginFile { get; set; }

    /// <summary>The inventory of a home that the others are compared with: a file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReferenceInventory { get; set; }

    /// <summary>A policy that has to be in force, and that what is installed has to keep to: a file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Policy { get; set; }

    /// <summary>What Get-PluginInventory or Get-InstalledPlugin -IncludeHash gives, also from another computer or a file.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Files of inventories, or folders of them, wildcards allowed; read one after the other, so that thousands fit.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "InventoryPath")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] InventoryPath { get; set; } = [];

    /// <summary>The computers that have to report: names, or the error records of Invoke-Command, whose targets are computers.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSObject[] ExpectedComputer { get; set; } = [];

    /// <summary>How old a report may be.</summary>
    [Parameter]
    public TimeSpan MaximumAge { get; set; }

    /// <summary>Only these kinds of drift.</summary>
    [Parameter]
    [ValidateSet("NoReport", "StaleReport", "BrokenReport", "HomeUnreadable", "ToolVersion", "CodexVersion", "PolicyMissing",
        "PolicyOutdated", "StateOutdated", "ChannelExpired",
        "MarketplaceMissing", "MarketplaceUnexpected", "MarketplaceSource", "MarketplaceRef", "MarketplaceUnreadable", "Missing",
        "Unexpected", "Version", "Commit", "Content", "Modified", "Unverified", "Disabled", "Enabled", "Hold", "Capability",
        "PolicyViolation", "Blocked", "Advisory", "Refreshable", "Duplicate", "InSync")]
    public string[] Kind { get; set; } = [];

    /// <summary>Names homes in order too.</summary>
    [Parameter]
    public SwitchParameter IncludeInSync { get; set; }

    /// <summary>Gives the numbers of the fleet instead.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>Fails the pipeline, after all results are written, if there is drift as grave as this or graver; what nobody can tell
    /// counts as an error.</summary>
    [Parameter]
    [ValidateSet("Error", "Warning", "Information")]
    public string? FailOn { get; set; }

    /// <summary>Gives true where everything is in order, else false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Accepts that there is no home to compare, as in an empty folder.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    private protected override void Begin()
    {
        DriftReference?[] references =
        [
            LockFile is null ? null : new LockReference(PluginLockFile.Read(Market, PathInput.Resolve(this, LockFile))),
            RequiredPluginFile is null ? null
                : new StateReference(Market, DesiredStateFile.Read(Market, PathInput.Resolve(this, RequiredPluginFile))),
            ReferenceInventory is null ? null
                : new InventoryReference(InventoryFile.Read(Market, PathInput.Resolve(this, ReferenceInventory))),
            Policy is null ? null : PolicyReference.Read(Market, PathInput.Resolve(this, Policy)),
        ];
        if (Array.TrueForAll(references, reference => reference is null))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"Nothing is named to compare with. "
                + $"{Remedy.Do($"Use -LockFile, -RequiredPluginFile, -ReferenceInventory or -Policy.")}");
        }

        _query = new DriftQuery(Market, new DriftRequest
        {
            References = [.. references.OfType<DriftReference>()],
            ExpectedComputers = [.. ExpectedComputer.Select(PipedHomes.ComputerOf).OfType<string>()],
            MaximumAge = MyInvocation.BoundParameters.ContainsKey(nameof(MaximumAge)) ? MaximumAge : null,
            Kinds = Kind,
            IncludeInSync = IncludeInSync,
        });
    }
}
