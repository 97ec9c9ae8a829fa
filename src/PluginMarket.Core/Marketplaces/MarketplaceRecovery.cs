using PluginMarket.Files;
using PluginMarket.Home;

namespace PluginMarket.Marketplaces;

/// <summary>Cleans up behind killed runs, changes of marketplaces included. Every command that changes something begins with it.</summary>
/// <remarks>It never waits and never fails, like <see cref="Recovery"/>, which comes first.</remarks>
internal static class MarketplaceRecovery
{
    private static readonly TimeSpan UnlockedAge = TimeSpan.FromDays(1);

    internal static void Run(MarketEnvironment environment)
    {
        Recovery.Run(environment);
        BestEffort.Try(() => SettleNotes(environment));
    }

    /// <summary>Makes the snapshot and the table of a marketplace fit each other again. The caller holds both locks.</summary>
    internal static void Settle(MarketEnvironment environment, MarketplaceName name)
    {
        var path = MarketplaceLocations.SnapshotPath(environment, name);
        if (environment.Files.Kind(path) == FileKind.Missing)
        {
            return;
        }

        var table = ConfigurationLayers.Read(environment).FindMarketplace(name.Value);
        if (table is null || table.SourceType == "local")
        {
            // Not yet added, or removed already: a snapshot that no table names is of no use to anyone.
            SnapshotRemoval.Remove(environment, name);
        }
        else if (table.Layer == ConfigurationLayer.User && SnapshotMetadata.Read(environment, path) is { } record && !record.IsOf(table))
        {
            // The snapshot went first, and the one before it is gone: the table follows.
            AgentConfiguration.Open(environment).SetMarketplace(name, record.SourceType, record.Source, record.Ref, record.SparsePaths);
        }
    }

    private static void SettleNotes(MarketEnvironment environment)
    {
        environment.Home.State.DemandUnshared();
        var files = environment.Files;
        var layout = environment.Home.State.Layout;
        if (files.Kind(layout.MarketplaceNotesPath) != FileKind.Directory
            || files.List(layout.MarketplaceNotesPath) is not { Count: > 0 } notes)
        {
            return;
        }

        // Held by another: a change may be under way.
        using var home = FileLock.TryAcquire(files, layout.LockPath);
        using var codex = home is null ? null : FileLock.TryAcquire(files, AgentHome.Open(environment).MarketplacesLockPath);
        if (home is null || codex is null)
        {
            return;
        }

        foreach (var note in notes)
        {
            BestEffort.Try(() =>
            {
                var path = Path.Join(layout.MarketplaceNotesPath, note);
                if ((home.IsEnforced && codex.IsEnforced) || environment.Time.GetUtcNow() - files.Examine(path).Modified >= UnlockedAge)
                {
                    if (MarketplaceName.TryParse(note, out var name, out _))
                    {
                        Settle(environment, name);
                    }

                    files.DeleteFile(path);
                }
            });
        }
    }
}
