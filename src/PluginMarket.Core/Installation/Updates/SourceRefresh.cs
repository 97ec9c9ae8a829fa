using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;

namespace PluginMarket.Installation.Updates;

/// <summary>Brings the snapshots of marketplaces up to date before something is compared with them.</summary>
internal static class SourceRefresh
{
    /// <summary>Brings those up to date that have a snapshot; a folder is read as it is.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="marketplaces">Names; each is asked once.</param>
    /// <param name="throttleLimit">How many are fetched at once.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <returns>One failure for each that could not be brought up to date.</returns>
    public static async Task<IReadOnlyList<PluginMarketException>> RunAsync(
        MarketEnvironment environment,
        IEnumerable<string> marketplaces,
        int throttleLimit,
        GitOptions git,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var layers = ConfigurationLayers.Read(environment);
        var names = marketplaces.Distinct(StringComparer.Ordinal)
            .Where(name => layers.FindMarketplace(name) is { SourceType: not "local" } && !NameRules.IsReservedMarketplace(name))
            .ToList();
        return names.Count == 0
            ? []
            : (await new MarketplaceRegistry(environment).UpdateAsync(
                new MarketplaceUpdateRequest { Names = names, ThrottleLimit = throttleLimit, Git = git },
                cancellationToken).ConfigureAwait(false)).Failures;
    }
}
