using PluginMarket.Home;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>The hosts that a credential of the caller may be sent to: those that the user registered or names, never one that only a
/// catalog names.</summary>
internal static class CredentialHosts
{
    /// <summary>The hosts of the registered marketplaces.</summary>
    public static IEnumerable<string> Registered(MarketEnvironment market) =>
        ConfigurationLayers.Read(market).Marketplaces
            .Select(marketplace => GitUrl.TryParse(marketplace.Source, out var url, out _) ? url?.Authority : null)
            .OfType<string>();

    /// <summary>The host of a marketplace's source as typed; none for a local one.</summary>
    public static IEnumerable<string> Of(string source, bool allowHttp, MarketEnvironment market) =>
        MarketplaceSourceParser.Parse(source, null, null, market, allowHttp) is GitMarketplaceSource git ? [git.Url.Authority] : [];
}
