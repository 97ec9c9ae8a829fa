using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Install-Plugin</c>: collects what is asked for, plans once, asks per plugin, then installs side by side.</summary>
[Cmdlet(VerbsLifecycle.Install, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PluginOperationResult))]
public sealed class InstallPluginCommand : PluginInstallCmdlet
{
    private const string ByDefault = "Default";
    private const string ByLockFile = "LockFile";

    /// <summary>The plugins' names, <c>plugin</c> or <c>plugin@marketplace</c>; of a lock file those that are wanted, wildcards allowed, all by default.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByLockFile)]
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
    [Parameter(ParameterSetName = ByInputObject)]
    public SwitchParameter Frozen { get; set; }

    private protected override bool CreatesHome => true;

    private protected override void Process()
    {
        if (LockFile is not null)
        {
            var file = PluginLockFile.Read(Market, PathInput.Resolve(this, LockFile));
            Report(file.Select(Name, out var entries));
            Asked.LockedIn(Market).AddRange(entries);
            return;
        }

        if (ParameterSetName != ByInputObject)
        {
            InputObject = [.. Name.Select(PluginInput.From)];
        }

        Asked.Take(AllInputs());
        if (Default)
        {
            Asked.In(Market);
        }
    }

    private protected override InstallRequest RequestOf(MarketEnvironment market, IReadOnlyList<PluginReference> references) => InstallConditions(market) with
    {
        References = references,
        Intent = new InstallIntent.Install
        {
            Default = Default,
            Ref = Ref,
            Sha = Sha,
            Version = Version is null ? null : PluginVersion.Parse(Version),
            Reinstall = Reinstall,
            CacheVersion = MyInvocation.BoundParameters.ContainsKey(nameof(CacheVersion)) ? CacheVersion : null,
            Activation = Wanted(Activation.OnWhereNamed),
        },
        Marketplace = Marketplace is null ? null : MarketplaceName.Parse(Marketplace),
    };

    private protected override InstallRequest LockRequestOf(MarketEnvironment market, IReadOnlyList<PluginLockEntry> entries) => InstallConditions(market) with
    {
        Intent = new InstallIntent.RestoreLock { Entries = entries, Frozen = Frozen, Reinstall = Reinstall, Activation = Wanted(Activation.Keep) },
    };
}
