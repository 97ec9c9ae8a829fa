using System.Management.Automation;
using PluginMarket.Sources.Git;

namespace PluginMarket.Cmdlets;

/// <summary>What cmdlets share that fetch marketplaces: how their repositories may be reached, and what may be.</summary>
public abstract class MarketplaceFetchCmdlet : MarketCmdlet
{
    /// <summary>Accepts plain http.</summary>
    [Parameter]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>A user name and token for the hosts of the marketplaces, given to git through its askpass program only.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>What reaches git repositories: the git command, libgit2, or by default what PLUGINMARKET_GIT_ENGINE says, else the
    /// command where it is installed.</summary>
    [Parameter]
    [PSDefaultValue(Help = "PLUGINMARKET_GIT_ENGINE, else git if it is installed, else libgit2")]
    public GitEngine GitEngine { get; set; }

    /// <summary>Policy files that count in addition to those of the computer; they can only forbid more.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] PolicyPath { get; set; } = [];

    /// <summary>Seconds that all fetches of the command may take together; by default what <c>PLUGINMARKET_TIMEOUT_SEC</c> says, else
    /// no limit: a fetch ends only where nothing comes for some time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    [PSDefaultValue(Help = "PLUGINMARKET_TIMEOUT_SEC, else no limit")]
    public int TimeoutSec { get; set; }

    private protected override IReadOnlyList<string> Policies => PolicyPath;

    /// <summary>How git may be used.</summary>
    /// <param name="hosts">The hosts that the credential may be sent to; asked only where there is one.</param>
    /// <param name="allowHttp">Whether plain http is accepted without <see cref="AllowHttp"/> too.</param>
    private protected GitOptions GitOptionsFor(Func<IEnumerable<string>> hosts, bool allowHttp = false) =>
        Pipeline.GitAccess.Options(Credential, Credential is null ? [] : hosts(), allowHttp || AllowHttp, GitEngine,
            timeoutSec: TimeoutSec);
}
