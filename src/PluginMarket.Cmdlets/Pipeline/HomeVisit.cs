using PluginMarket.Files;
using PluginMarket.Inventory;

namespace PluginMarket.Cmdlets.Pipeline;

/// <summary>One home that a command is started for.</summary>
/// <param name="Homes">What decides who may work there.</param>
/// <param name="Home">The home.</param>
/// <param name="FetchTime">What is left of the time for all homes together; null where there is no limit.</param>
internal sealed record HomeVisit(FindHomes Homes, PluginHome Home, FetchTime? FetchTime)
{
    /// <summary>The outside world in the home.</summary>
    /// <exception cref="PluginMarketException">HomeNotOwned, ForeignComputer.</exception>
    internal MarketEnvironment Open(MarketEnvironment call, bool changes) =>
        Homes.Open(call with { Limits = call.Limits with { FetchTime = FetchTime } }, Home, changes);
}
