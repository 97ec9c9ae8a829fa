using System.Management.Automation;
using PluginMarket.Cmdlets.Installation;
using PluginMarket.Cmdlets.Parameters;
using PluginMarket.Cmdlets.Pipeline;
using PluginMarket.Installation;
using PluginMarket.Messages;

namespace PluginMarket.Cmdlets;

/// <summary><c>Install-Plugin</c>: collects what is asked for, plans once, asks per plugin, then installs side by side.</summary>
[Cmdlet(VerbsLifecycle.Install, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = OnlineHelp.Pages + "Install-Plugin.md")]
[OutputType(typeof(PluginOperationResult))]
public sealed partial class InstallPluginCommand : PluginBatchCmdlet
{
    private const string ByDefault = "Default";
    private const string ByLockFile = "LockFile";

    private readonly TrustQuestion _trust = new();

    /// <summary>The plugins' names, <c>plugin</c> or <c>plugin@marketplace</c>; of a lock file those that are wanted,
    /// wildcards allowed, all by default.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByLockFile)]
    [ArgumentCompleter(typeof(InstallablePluginCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Installs what the catalogs of registered marketplaces mark as INSTALLED_BY_DEFAULT.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByDefault)]
    public SwitchParameter Default { get; set; }

    /// <summary>The branch, tag or full commit to take instead of the entry's; git sources only.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(RefCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Ref { get; set; }

    /// <summary>The full commit to take instead of the entry's; git sources only.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(RefCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Sha { get; set; }

    /// <summary>The manifest version that the source must have.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OfferedVersionCompleter))]
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

    /// <summary>Replaces an installed plugin whose bytes differ from its source's.</summary>
    [Parameter]
    public SwitchParameter Reinstall { get; set; }

    /// <summary>The cache folder of a local plugin: <c>local</c>, or the manifest's version as Codex itself writes it.</summary>
    [Parameter]
    [PSDefaultValue(Help = "PLUGINMARKET_CACHE_VERSION, else Local")]
    public CacheVersionRule CacheVersion { get; set; }

    /// <summary>Registers the marketplace of a plugin that comes from an unregistered catalog, without a question.</summary>
    [Parameter]
    public SwitchParameter TrustMarketplace { get; set; }

    /// <summary>Installs and leaves the plugin turned off.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Turns the plugin on, also one that is installed and turned off.</summary>
    [Parameter]
    public SwitchParameter Enable { get; set; }

    /// <summary>Refuses a plugin with links, submodules or devices, which are left out otherwise.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    private protected override bool CreatesHome => true;

    private protected override void Process()
    {
        switch (ParameterSetName)
        {
            case ByRequiredPlugin or ByRequiredFile:
                Add();
                return;
            case ByLockFile:
                Report(PluginLockFile.Read(Market, PathInput.Resolve(this, LockFile!)).Select(Name, out var entries));
                Asked.LockedIn(Market).AddRange(entries);
                return;
            case not ByInputObject:
                InputObject = [.. Name.Select(PluginInput.From)];
                break;
        }

        Asked.Take(PluginsIn(PluginsOf(InputObject), Marketplace));
        if (Default)
        {
            Asked.In(Market);
        }
    }

    private protected override InstallRequest RequestOf(MarketEnvironment market, IReadOnlyList<PluginReference> references) =>
        Conditions(market) with
        {
            TrustMarketplace = TrustMarketplace,
            Strict = Strict,
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
        };

    private protected override InstallRequest LockRequestOf(MarketEnvironment market, IReadOnlyList<PluginLockEntry> entries) =>
        Conditions(market) with
        {
            TrustMarketplace = TrustMarketplace,
            Strict = Strict,
            Intent = new InstallIntent.RestoreLock
            {
                Entries = entries,
                Frozen = Frozen,
                Reinstall = Reinstall,
                Activation = Wanted(Activation.Keep),
            },
        };

    /// <summary>The item with the answer about its marketplace. One that stays untrusted is refused by the installer
    /// itself, with the gate's own id.</summary>
    private protected override InstallPlanItem Prepare(InstallPlanItem item) =>
        item.RequiresTrust && !item.IsTrusted ? item with { IsTrusted = TrustMarketplace || _trust.Ask(this, item) } : item;

    /// <summary>The state that was asked for.</summary>
    /// <param name="otherwise">What it is where nothing was.</param>
    /// <exception cref="PluginMarketException">Both were asked for.</exception>
    private Activation Wanted(Activation otherwise) => (Enable.IsPresent, Disabled.IsPresent) switch
    {
        (true, true) => throw new PluginMarketException(MarketErrorCode.SourceInvalid,
            $"-Enable and -Disabled contradict each other. {Remedy.Do($"Use one of them.")}"),
        (true, _) => Activation.On,
        (_, true) => Activation.Off,
        _ => otherwise,
    };
}
