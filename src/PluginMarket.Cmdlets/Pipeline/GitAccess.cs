using System.Management.Automation;
using PluginMarket.Home;
using PluginMarket.Sources;
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
    public static GitOptions Options(PSCredential? credential, IEnumerable<string> hosts, bool allowHttp = false,
        GitEngine engine = GitEngine.Auto, string[]? allowHosts = null) => new()
        {
            Engine = engine,
            AllowHttp = allowHttp,
            AllowHosts = allowHosts ?? [],
            Credential = credential is null ? null
                : new GitCredential(credential.UserName, credential.GetNetworkCredential().Password, [.. hosts.Concat(allowHosts ?? [])]),
        };

    /// <summary>The options of a call.</summary>
    /// <param name="call">What the call says.</param>
    /// <param name="market">The home whose registered hosts the credential may be sent to.</param>
    public static GitOptions Options(FetchCmdlet call, MarketEnvironment market) =>
        Options(call.Credential, call.Credential is null ? [] : RegisteredHosts(market), call.AllowHttp, call.GitEngine, call.AllowHost);

    /// <summary>The host of a marketplace's source as typed; none for a local one.</summary>
    public static IEnumerable<string> HostOf(string source, bool allowHttp, MarketEnvironment market) =>
        MarketplaceSourceParser.Parse(source, null, null, market, allowHttp) is GitMarketplaceSource git ? [git.Url.Authority] : [];

    /// <summary>The hosts of the registered marketplaces.</summary>
    public static IEnumerable<string> RegisteredHosts(MarketEnvironment market) =>
        ConfigurationLayers.Read(market).Marketplaces
            .Select(marketplace => GitUrl.TryParse(marketplace.Source, out var url, out _) ? url?.Authority : null)
            .OfType<string>();
}
