using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary><c>Install-Plugin</c>: collects what is asked for, plans once, asks per plugin, then installs side by side.</summary>
[Cmdlet(VerbsLifecycle.Install, "Plugin", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PluginOperationResult))]
public sealed class InstallPluginCommand : PluginChangeCmdlet
{
    private const string ByDefault = "Default";

    private readonly Dictionary<MarketEnvironment, List<PluginReference>> _wanted = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, bool> _answers = new(StringComparer.Ordinal);
    private bool _yesToAll;
    private bool _noToAll;

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

    /// <summary>Replaces an installed plugin whose bytes differ from its source's.</summary>
    [Parameter]
    public SwitchParameter Reinstall { get; set; }

    /// <summary>The cache folder of a local plugin: <c>local</c>, or the manifest's version as Codex itself writes it.</summary>
    [Parameter]
    public CacheVersionRule CacheVersion { get; set; }

    /// <summary>Registers the marketplace of a plugin that comes from an unregistered catalog, without a question.</summary>
    [Parameter]
    public SwitchParameter TrustMarketplace { get; set; }

    /// <summary>Installs and leaves the plugin turned off.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Refuses a plugin with links, submodules or devices, which are left out otherwise.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Kinds of capability that a replacement may add or change.</summary>
    [Parameter]
    [ValidateSet("Hook", "McpServer", "App", "Script", "Skill", "All")]
    public string[] AcceptCapability { get; set; } = [];

    /// <summary>Lets a version be replaced by a lower one.</summary>
    [Parameter]
    public SwitchParameter AllowDowngrade { get; set; }

    /// <summary>Accepts plain http for git sources.</summary>
    [Parameter]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>Private hosts, <c>host</c> or <c>host:port</c>, that a public catalog may name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AllowHost { get; set; } = [];

    /// <summary>A user name and token for the hosts of registered marketplaces and of -AllowHost, given to git through its askpass program only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>How many plugins are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

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

        if (Default)
        {
            ReferencesOf(Market);
        }
    }

    private protected override void End()
    {
        foreach (var (market, references) in _wanted)
        {
            Attempt(market.CodexHome, () => Install(new PluginInstaller(market), RequestOf(market, references)));
        }
    }

    private List<PluginReference> ReferencesOf(MarketEnvironment market)
    {
        if (!_wanted.TryGetValue(market, out var references))
        {
            references = _wanted[market] = [];
        }

        return references;
    }

    private void Install(PluginInstaller installer, InstallRequest request)
    {
        var plan = Run(token => installer.PlanAsync(request, token));
        foreach (var failure in plan.Failures)
        {
            Emit(failure);
        }

        var approved = plan.Items.Where(item => Approve(item.Id.ToString(), item.Description)).Select(Trusted).ToList();
        Run(async token =>
        {
            await foreach (var result in installer.ExecuteAsync(plan, approved, token).ConfigureAwait(false))
            {
                Post(() => Emit(result));
            }

            return approved.Count;
        });
    }

    private InstallRequest RequestOf(MarketEnvironment market, List<PluginReference> references) => new()
    {
        References = references,
        Default = Default,
        Marketplace = Marketplace is null ? null : MarketplaceName.Parse(Marketplace),
        Ref = Ref,
        Sha = Sha,
        Version = Version is null ? null : PluginVersion.Parse(Version),
        Reinstall = Reinstall,
        CacheVersion = MyInvocation.BoundParameters.ContainsKey(nameof(CacheVersion)) ? CacheVersion : null,
        TrustMarketplace = TrustMarketplace,
        Disabled = Disabled,
        Strict = Strict,
        AllowDowngrade = AllowDowngrade,
        AcceptCapability = AcceptCapability,
        ThrottleLimit = ThrottleLimit,
        Git = GitAccess.Options(Credential, Credential is null ? [] : GitAccess.RegisteredHosts(market), AllowHttp, AllowHost),
    };

    // An item that stays untrusted is refused by the installer itself, with the gate's own id.
    private InstallPlanItem Trusted(InstallPlanItem item) =>
        item.RequiresTrust && !item.IsTrusted ? item with { IsTrusted = TrustMarketplace || AskTrust(item) } : item;

    private bool AskTrust(InstallPlanItem item)
    {
        if (_answers.TryGetValue(item.MarketplaceRoot, out var answer))
        {
            return answer;
        }

        try
        {
            return _answers[item.MarketplaceRoot] = ShouldContinue(
                $"The catalog {item.CatalogPath} is not registered. Installing {item.Id} registers {item.MarketplaceRoot} as a marketplace of this home. Do you trust it?",
                "Untrusted marketplace",
                ref _yesToAll,
                ref _noToAll);
        }
        catch (Exception exception) when (CannotAsk(exception))
        {
            return false;
        }
    }
}
