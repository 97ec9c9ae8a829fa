using PluginMarket.Json;

namespace PluginMarket.Marketplaces;

/// <summary>The <c>renames</c> of a catalog: Codex ignores them, and whoever asks for an old name gets the new one as a hint.</summary>
internal static class CatalogRenames
{
    private const int MostSteps = 8;

    /// <summary>The name that the catalog lists a plugin under now; null where it does not say, or lists no such plugin.</summary>
    internal static string? Find(MarketplaceCatalog catalog, string name)
    {
        var renames = catalog.Json?.Root["renames"];
        var now = name;
        for (var step = 0; step < MostSteps && Next(renames, now) is { } next; step++)
        {
            now = next;
        }

        return now != name && catalog.Named(now).Any(entry => entry.IsListed) ? now : null;
    }

    private static string? Next(JsonValue? renames, string name) => renames?.Kind switch
    {
        JsonKind.Object => renames[name]?.AsString() ?? renames[name]?["to"]?.AsString(),
        JsonKind.Array => renames.Items.FirstOrDefault(item => item["from"]?.AsString() == name)?["to"]?.AsString(),
        _ => null,
    };
}
