using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Install-Plugin</c>: collects what is asked for, plans once, asks per plugin, then installs side by side.</summary>
[Cmdlet(VerbsLifecycle.Install, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PluginOperationResult))]
public sealed class InstallPluginCommand : PluginInstallCmdlet
{
    private const string ByDefault = "Default";
    private const string ByLockFile = "LockFile";

    /// <summary>The plugins' names, <c>plugin</c> or <c>plugin@marketplace</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(CatalogPluginCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Installs what the catalogs of registered marketplaces mark as INSTALLED_BY_DEFAULT.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByDefault)]
    public SwitchParameter Default { get; set; }

    /// <summary>The branch, tag or full commit to take instead of the entry's; git sources only.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    public string? Ref { get; set; }

    /// <summary>The full commit to take instead of the entry's; git sources only.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    public string? Sha { get; set; }

    /// <summary>The manifest version that the source must have.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    /// <summary>A lock file: all of its plugins, in exactly the bytes it names.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByLockFile)]
    [ValidateNotNullOrEmpty]
    public string? LockFile { get; set; }

    /// <summary>Lets the lock file alone decide: no catalog is asked whether it still offers the plugins.</summary>
    [Parameter(ParameterSetName = ByLockFile)]
    public SwitchParameter Frozen { get; set; }

    private protected override bool CreatesHome => true;

    private protected override void Process()
    {
        if (ParameterSetName != ByInputObject)
        {
            InputObject = [.. Name.Select(PluginInput.From)];
        }

        foreach (var (reference, market) in Inputs())
        {
            ReferencesOf(market).Add(reference);
        }

        if (Default || LockFile is not null)
        {
            ReferencesOf(Market);
        }
    }

    private protected override InstallRequest RequestOf(MarketEnvironment market, IReadOnlyList<PluginReference> references) => InstallConditions(market) with
    {
        References = references,
        Default = Default,
        LockFile = LockFile is null ? null : PluginLockFile.Read(market, PathInput.Resolve(this, LockFile)),
        Frozen = Frozen,
        Marketplace = Marketplace is null ? null : MarketplaceName.Parse(Marketplace),
        Ref = Ref,
        Sha = Sha,
        Version = Version is null ? null : PluginVersion.Parse(Version),
    };
}
