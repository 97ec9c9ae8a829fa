using System.Management.Automation;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>How the parameters of a call let git be used.</summary>
internal static class GitAccess
{
    /// <summary>The options of a call.</summary>
    /// <param name="credential">The user's credential, or null.</param>
    /// <param name="hosts">The hosts it may be sent to: those the user registered or named, never one that only a catalog names.</param>
    /// <param name="allowHttp">Whether plain http is accepted.</param>
    /// <param name="engine">What reaches the repositories.</param>
    /// <param name="allowHosts">Private hosts that a public catalog may name.</param>
    /// <param name="timeoutSec">Seconds for all that is fetched; 0 for no limit of this call.</param>
    public static GitOptions Options(PSCredential? credential, IEnumerable<string> hosts, bool allowHttp = false,
        GitEngine engine = GitEngine.Auto, string[]? allowHosts = null, int timeoutSec = 0) => new()
        {
            Engine = engine,
            AllowHttp = allowHttp,
            AllowHosts = allowHosts ?? [],
            TimeLimit = timeoutSec > 0 ? TimeSpan.FromSeconds(timeoutSec) : null,
            Credential = credential is null ? null
                : new GitCredential(credential.UserName, credential.GetNetworkCredential().Password, [.. hosts.Concat(allowHosts ?? [])]),
        };

    /// <summary>The options of a call.</summary>
    /// <param name="call">What the call says.</param>
    /// <param name="market">The home whose registered hosts the credential may be sent to.</param>
    public static GitOptions Options(FetchCmdlet call, MarketEnvironment market) =>
        Options(call.Credential, call.Credential is null ? [] : CredentialHosts.Registered(market), call.AllowHttp, call.GitEngine,
            call.AllowHost, call.TimeoutSec);
}
