using PluginMarket.Marketplaces;

namespace PluginMarket.TestKit;

/// <summary>What an unfinished command leaves, and the next one removes.</summary>
internal static class Litter
{
    private const int MostRuns = 1200;

    /// <summary>What stays after the clean-up that begins every command, which is run again while
    /// something is left, for a minute.</summary>
    /// <param name="environment">The home to clean up.</param>
    /// <param name="find">Looks for litter.</param>
    public static IReadOnlyList<string> AfterRecovery(MarketEnvironment environment, Func<IEnumerable<string>> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        var left = find().ToList();
        for (var run = 1; run <= MostRuns && left.Count > 0; run++)
        {
            // A process that another test starts shares our locks between its fork and its exec, and Recovery, which never waits,
            // leaves what is locked to the next command.
            Thread.Sleep(50);
            MarketplaceRecovery.Run(environment);
            left = [.. find()];
        }

        return left;
    }
}
