using PluginMarket.Files;

namespace PluginMarket.Marketplaces;

/// <summary>Takes a snapshot out of the home: one rename, then deleting.</summary>
internal static class SnapshotRemoval
{
    /// <summary>The folder that is gone, or null where there was none. The caller holds both locks.</summary>
    internal static string? Remove(MarketEnvironment environment, MarketplaceName name)
    {
        var path = MarketplaceLocations.SnapshotPath(environment, name);
        if (environment.Files.Kind(path) == FileKind.Missing)
        {
            return null;
        }

        var state = environment.Home.State;
        if (state.MoveToTrash(path) is not { } trash)
        {
            return null;
        }

        state.Delete(trash);
        return path;
    }
}
