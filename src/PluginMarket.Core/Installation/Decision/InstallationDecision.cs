using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Installation.Decision;

/// <summary>Whether a catalog entry may be installed: the answer of the catalog on disk, never of a piped object.</summary>
internal static class InstallationDecision
{
    /// <summary>Finds the entry that <paramref name="name"/> may be installed from.</summary>
    /// <param name="catalog">The catalog as it is on disk now.</param>
    /// <param name="marketplace">The marketplace's name, for messages.</param>
    /// <param name="name">The plugin's name, exact.</param>
    /// <exception cref="PluginMarketException">PluginNotFound (also for entries hidden from this product), PluginNameAmbiguous,
    /// PluginNotAvailable, NameInvalid, PathEscapesRoot, SourceInvalid or SourceNotSupported for an entry that is skipped for its name or
    /// source, or CatalogUnreadable for a catalog with a byte order mark (contract 1.6, 8).</exception>
    public static MarketplaceEntry Demand(MarketplaceCatalog catalog, string marketplace, string name)
    {
        var entries = catalog.Named(name);
        if (entries.Count > 1)
        {
            throw new PluginMarketException(
                MarketErrorCode.PluginNameAmbiguous,
                $"Marketplace '{marketplace}' lists plugin '{name}' more than once: "
                    + $"{string.Join(", ", entries.Select(Place))} of {catalog.CatalogPath}.{Remedy.Do($"Ask its author to keep one.")}",
                $"{name}@{marketplace}");
        }

        if (entries.Count == 0 || entries[0].IsHidden)
        {
            var nearest = NearestName.Find(name, catalog.Entries.Where(entry => entry.IsListed).Select(entry => entry.Name));
            throw new PluginMarketException(
                MarketErrorCode.PluginNotFound,
                $"Marketplace '{marketplace}' has no plugin '{name}'. "
                    + $"{Renamed(catalog, name) ?? Remedy.DidYouMean(nearest)
                        ?? Remedy.Run(Operation.FindPlugin.With(OperationOption.Marketplace.Of($"{marketplace}")), $"list its plugins")}",
                $"{name}@{marketplace}");
        }

        var entry = entries[0];
        if (entry.SkipReason is { } reason)
        {
            throw new PluginMarketException(entry.SkipCode, $"Plugin '{entry.Name}' of marketplace '{marketplace}' cannot be used: "
                + $"{reason} {Remedy.Do($"Ask the owner of the catalog to fix the entry.")}", $"{name}@{marketplace}");
        }

        if (entry.InstallRefusal is { } finding)
        {
            throw new PluginMarketException(entry.InstallRefusalCode,
                $"Plugin '{entry.Name}' of marketplace '{marketplace}' is listed but cannot be installed: "
                    + $"{finding} {Remedy.Do($"Ask the owner of the catalog to fix the entry.")}", $"{name}@{marketplace}");
        }

        return entry.Installation != "NOT_AVAILABLE" ? entry : throw new PluginMarketException(
            MarketErrorCode.PluginNotAvailable,
            $"Plugin '{entry.Name}' is not available for install in marketplace '{marketplace}': "
                + $"its catalog says NOT_AVAILABLE.{Remedy.Do($"Ask the owner of the catalog.")}",
            $"{name}@{marketplace}");
    }

    private static string Place(MarketplaceEntry entry) => $"entry {entry.Index + 1} (line {entry.Line})";

    /// <summary>The hint that a catalog lists a plugin under another name now; null where it does not say so.</summary>
    internal static Remedy? Renamed(MarketplaceCatalog catalog, string name) =>
        CatalogRenames.Find(catalog, name) is { } now ? Remedy.Do($"Use '{now}', its new name in the catalog '{catalog.Name}'.") : null;
}
