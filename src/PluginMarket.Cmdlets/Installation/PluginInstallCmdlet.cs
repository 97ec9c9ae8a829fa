using System.Management.Automation;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that install what may not be there yet: the conditions under which they may.</summary>
public abstract class PluginInstallCmdlet : PluginBatchCmdlet
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

    /// <summary>Turns the plugin on, also one that is installed and turned off.</summary>
    [Parameter]
    public SwitchParameter Enable { get; set; }

    /// <summary>Refuses a plugin with links, submodules or devices, which are left out otherwise.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>The state that was asked for.</summary>
    /// <param name="otherwise">What it is where nothing was.</param>
    /// <exception cref="PluginMarketException">Both were asked for.</exception>
    private protected Activation Wanted(Activation otherwise) => (Enable.IsPresent, Disabled.IsPresent) switch
    {
        (true, true) => throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"-Enable and -Disabled contradict each other. {Remedy.Do($"Use one of them.")}"),
        (true, _) => Activation.On,
        (_, true) => Activation.Off,
        _ => otherwise,
    };

    /// <summary>The conditions of installing as an install request without plugins.</summary>
    private protected InstallRequest InstallConditions(MarketEnvironment market) => Conditions(market) with
    {
        TrustMarketplace = TrustMarketplace,
        Strict = Strict,
    };

    /// <summary>The item with the answer about its marketplace. One that stays untrusted is refused by the installer itself, with the gate's own id.</summary>
    private protected sealed override InstallPlanItem Prepare(InstallPlanItem item) =>
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
