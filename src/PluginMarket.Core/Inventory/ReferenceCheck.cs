using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>Whether an object that came through a pipeline belongs to the home and computer that would be changed (threat F2).</summary>
internal static class ReferenceCheck
{
    internal static void DemandThisHome(PluginReference reference, MarketEnvironment environment)
    {
        if (reference.ComputerName is { Length: > 0 } computer
            && !string.Equals(computer, Origin.ComputerName, StringComparison.OrdinalIgnoreCase))
        {
            throw new PluginMarketException(
                MarketErrorCode.ForeignComputer,
                $"'{reference.Id}' was read on the computer '{computer}'. "
                    + $"{Remedy.Do($"Use the name {reference.Id} to act on this computer.")}",
                reference.Id);
        }

        if (reference.CodexHome is { Length: > 0 } home && !AgentHome.Open(environment).IsAt(home))
        {
            throw new PluginMarketException(
                MarketErrorCode.HomeConflict,
                $"'{reference.Id}' belongs to the home '{home}', not to '{environment.CodexHome}'. {Remedy.Do($"Use only one of them.")}",
                reference.Id);
        }
    }
}
