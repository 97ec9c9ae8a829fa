using PluginMarket.Inventory;
using PluginMarket.Json;

namespace PluginMarket.Fleet;

/// <summary>Reads what homes are compared with from a file whose kind its content tells.</summary>
internal static class DriftReferenceFile
{
    private const long MostBytes = 64L << 20;

    /// <summary>Reads a desired state, a lock file, a policy or an inventory.</summary>
    /// <param name="environment">The disk and the caps.</param>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="PluginMarketException">StateFileUnreadable, StateCorrupt, PolicyUnreadable
    /// and what else reading them fails with.</exception>
    internal static DriftReference Read(MarketEnvironment environment, string path) =>
        path.EndsWith(InventoryFile.Extension, StringComparison.OrdinalIgnoreCase)
            ? new InventoryReference(InventoryFile.Read(environment, path))
            : KindOf(environment, path) switch
            {
                "lock" => new LockReference(PluginLockFile.Read(environment, path)),
                "policy" => PolicyReference.Read(environment, path),
                _ => new StateReference(environment, DesiredStateFile.Read(environment, path)),
            };

    // A policy has rules; a state has an id, and a lock file has none.
    private static string KindOf(MarketEnvironment environment, string path)
    {
        if (Path.GetExtension(path).Equals(".psd1", StringComparison.OrdinalIgnoreCase))
        {
            return "state";
        }

        try
        {
            var root = JsonFile.Parse(environment.Files.ReadAllBytes(path, MostBytes, followLink: true), path,
                MarketErrorCode.StateFileUnreadable, environment.Limits).Root;
            return root["rules"] is not null ? "policy"
                : root["id"] is null && root["revision"] is null && root["plugins"] is not null ? "lock" : "state";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            // The reader of states words it.
            return "state";
        }
    }
}
