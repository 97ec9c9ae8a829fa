using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.Sources;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>One home that a command is started for.</summary>
/// <param name="Homes">What decides who may work there.</param>
/// <param name="Home">The home.</param>
/// <param name="FetchTime">What is left of the time for all homes together; null where there is no limit.</param>
internal sealed record HomeVisit(FindHomes Homes, PluginHome Home, FetchTime? FetchTime)
{
    /// <summary>What all homes fetch together; null where each fetches for itself.</summary>
    public SharedSources? Shared { get; init; }

    /// <summary>The outside world in the home.</summary>
    /// <exception cref="PluginMarketException">HomeNotOwned, ForeignComputer.</exception>
    internal MarketEnvironment Open(MarketEnvironment call, bool changes) =>
        Homes.Open(call with { Limits = call.Limits with { FetchTime = FetchTime }, Shared = Shared }, Home, changes);
}
