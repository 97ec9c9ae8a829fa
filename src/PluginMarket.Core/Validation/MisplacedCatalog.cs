using PluginMarket.Files;
using PluginMarket.Json;

namespace PluginMarket.Validation;

/// <summary>A catalog in a folder without one, at a place where Codex does not look.</summary>
internal static class MisplacedCatalog
{
    private static readonly string[] Places = ["marketplace.json", ".codex-plugin/marketplace.json", ".agents/marketplace.json",
        "plugins/marketplace.json"];

    /// <summary>Its path below the folder; null where there is none.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="folder">The folder, which has no catalog.</param>
    internal static string? Find(MarketEnvironment environment, string folder) =>
        // The folder of a catalog has a file of that name too, which is read as the catalog of the folder above.
        Places.FirstOrDefault(place => Marketplaces.MarketplaceCatalogReader.RootOf(LocalPaths.Join(folder, place)) is null
            && IsCatalog(environment, LocalPaths.Join(folder, place)));

    private static bool IsCatalog(MarketEnvironment environment, string path)
    {
        if (environment.Files.Kind(path) != FileKind.File)
        {
            return false;
        }

        try
        {
            var json = JsonFile.Parse(environment.Files.ReadAllBytes(path, environment.Limits.CatalogBytes), path,
                MarketErrorCode.CatalogUnreadable, environment.Limits, tolerateDuplicates: true);
            return json.Root["plugins"]?.Kind == JsonKind.Array && json.Root["name"] is not null;
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
