using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Test-PluginPolicy</c>: what the policies say of plugins and marketplaces, and which rule says it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "PluginPolicy", DefaultParameterSetName = ByInputObject,
    HelpUri = OnlineHelp.Pages + "Test-PluginPolicy.md")]
[OutputType(typeof(PluginPolicyResult), typeof(bool))]
public sealed partial class TestPluginPolicyCommand : FetchCmdlet
{
    /// <summary>Plugins, installed plugins, updates, marketplaces, entries of a lock file, inventories, or texts
    /// <c>plugin@marketplace</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByInputObject)]
    [ValidateNotNull]
    public object[] InputObject { get; set; } = [];

    /// <summary>Sources of marketplaces, in the forms that Add-PluginMarketplace takes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Source")]
    [ValidateNotNullOrEmpty]
    public string[] Source { get; set; } = [];

    /// <summary>A lock file, of which every plugin is tested.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LockFile")]
    [ValidateNotNullOrEmpty]
    public string? LockFile { get; set; }

    /// <summary>A desired state, of which every marketplace and plugin is tested by what it and its lock file say: a file of JSON or a data
    /// file of PowerShell.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "RequiredPluginFile")]
    [ValidateNotNullOrEmpty]
    public string? RequiredPluginFile { get; set; }

    /// <summary>Files of inventories, or folders of them, wildcards allowed, of which every installed plugin is tested by what its machine
    /// reported.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "InventoryPath")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] InventoryPath { get; set; } = [];

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    /// <summary>Fetches files that are not on this computer, so that what they can do is known.</summary>
    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <summary>Tells what allows something too, and not only what forbids it.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Effects that are an error, with the id that a command would end with.</summary>
    [Parameter]
    [ValidateSet("Denied", "Audited", "Unknown")]
    public string[] FailOn { get; set; } = [];

    /// <summary>Accepts that there is nothing to test, as in an empty lock file. Without it that is the error
    /// <c>NothingToCheck</c>.</summary>
    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <summary>Gives true or false: whether all of them are allowed.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override IReadOnlyList<string> Policies => PolicyPath;
}
