using PluginMarket.Files;
using PluginMarket.Marketplaces;

namespace PluginMarket.Installation;

/// <summary>Which catalog and snapshot a decision was made from; a different mark later means that both have to be read again.</summary>
internal sealed record CatalogMark(string? CatalogPath, FileFacts Root, FileFacts Catalog)
{
    internal static CatalogMark Take(MarketEnvironment environment, OpenMarketplace marketplace)
    {
        var root = marketplace.Catalog.Root;
        var path = marketplace.Location.CatalogPath ?? new MarketplaceCatalogReader(environment).FindCatalog(root);
        try
        {
            return path is null
                ? new CatalogMark(null, default, default)
                : new CatalogMark(path, Identity(environment.Files.Examine(environment.Files.RealPath(root))),
                    environment.Files.Examine(environment.Files.RealPath(path)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new CatalogMark(null, default, default);
        }
    }

    // A folder's time of change moves with every file put into it; which folder it is does not.
    private static FileFacts Identity(FileFacts folder) => folder with { Modified = default, Links = 0, Length = 0 };
}
