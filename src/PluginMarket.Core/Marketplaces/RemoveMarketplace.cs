using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Takes a marketplace out: configuration first, then the snapshot (contract 4.5). A snapshot
/// without configuration goes too.</summary>
internal sealed class RemoveMarketplace(MarketEnvironment environment)
{
    internal async Task<MarketplaceRemoval> RemoveAsync(MarketplaceRemoveRequest request, CancellationToken cancellation)
    {
        Check(request.Name);
        environment.Home.Recover();
        using var locks = await MarketplaceLocks.AcquireAsync(environment, cancellation).ConfigureAwait(false);
        var (table, name) = Check(request.Name);
        var described = table is null ? null : RegisteredMarketplace.DescribeAnyway(environment, table);
        var isSnapshot = name is not null && table?.SourceType != "local";
        using var note = isSnapshot ? MarketplaceChangeNote.Write(environment, name!) : null;
        if (table is not null)
        {
            AgentConfiguration.Open(environment).RemoveMarketplace(name ?? MarketplaceName.Parse(request.Name));
        }

        var root = isSnapshot ? SnapshotRemoval.Remove(environment, name!) : null;
        note?.Finish();
        environment.Home.NoteMarketplace("RemoveMarketplace", request.Name,
            table?.Source is { } source ? GitUrl.Redact(source) : null);
        return new MarketplaceRemoval(DisplayText.Escape(request.Name), root, described);
    }

    /// <summary>Fails where the marketplace is unknown or not the user's to remove.</summary>
    internal (ConfiguredMarketplace? Table, MarketplaceName? Name) Check(string text)
    {
        var layers = ConfigurationLayers.Read(environment);
        var table = layers.FindMarketplace(text);
        _ = MarketplaceName.TryParse(text, out var name, out _);
        if (table is not null)
        {
            layers.DemandUserMarketplace(text);
            return (table, name);
        }

        return name is not null && environment.Files.Kind(MarketplaceLocations.SnapshotPath(environment, name)) != FileKind.Missing
            ? (null, name)
            : throw MarketplaceRegistry.NotFound(text, layers.Marketplaces.Select(known => known.Name));
    }
}
