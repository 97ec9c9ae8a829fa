using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that put a plugin's files in place: the conditions under which they may.</summary>
public abstract class PluginInstallCmdlet : PluginChangeCmdlet
{
    private readonly Dictionary<string, bool> _answers = new(StringComparer.Ordinal);
    private bool _yesToAll;
    private bool _noToAll;

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

    /// <summary>The conditions as an install request without plugins.</summary>
    private protected InstallRequest Conditions(MarketEnvironment market) => new()
    {
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

    /// <summary>The item with the answer about its marketplace. One that stays untrusted is refused by the installer itself, with the gate's own id.</summary>
    private protected InstallPlanItem Trusted(InstallPlanItem item) =>
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
