using System.Management.Automation;
using PluginMarket.Files;
using PluginMarket.Sources;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that read what sources hold: how those may be reached.</summary>
public abstract class FetchCmdlet : MarketCmdlet
{
    /// <summary>Accepts plain http for git sources.</summary>
    [Parameter]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>Private hosts, <c>host</c> or <c>host:port</c>, that a public catalog may name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] AllowHost { get; set; } = [];

    /// <summary>A user name and token for the hosts of registered marketplaces and of -AllowHost, given to git
    /// through its askpass program only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>What reaches git repositories: the git command, libgit2, or by default what PLUGINMARKET_GIT_ENGINE says, else the
    /// command where it is installed.</summary>
    [Parameter]
    [PSDefaultValue(Help = "PLUGINMARKET_GIT_ENGINE, else git if it is installed, else libgit2")]
    public GitEngine GitEngine { get; set; }

    /// <summary>Seconds that all fetches of the command may take together; by default what <c>PLUGINMARKET_TIMEOUT_SEC</c> says, else
    /// no limit: a fetch ends only where nothing comes for some time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    [PSDefaultValue(Help = "PLUGINMARKET_TIMEOUT_SEC, else no limit")]
    public int TimeoutSec { get; set; }

    private FetchTime? _time;

    // One clock for all homes and sources of a call.
    private protected override MarketEnvironment Limited(MarketEnvironment market)
    {
        if (_time is null)
        {
            market = FetchLimit.BeginCommand(market, TimeoutSec > 0 ? TimeSpan.FromSeconds(TimeoutSec) : null);
            _time = market.Limits.FetchTime;
            return market;
        }

        return market with { Limits = market.Limits with { FetchTime = _time } };
    }
}
