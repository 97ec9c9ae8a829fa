using PluginMarket.Policies;
using PluginMarket.Sources.Git;

namespace PluginMarket.Inventory;

/// <summary>What the policies have to know of a plugin that a machine reported; what a report does not tell is not known.</summary>
internal sealed class ReportedPolicySubject(MarketEnvironment environment)
{
    private readonly AddressReader _addresses = new(environment, null);

    /// <summary>The subject of a plugin of an inventory.</summary>
    internal PolicySubject Of(PluginId id, PluginInventoryPlugin plugin, PluginInventory inventory) => new($"'{id}'")
    {
        Plugin = id,
        Marketplace = Of(Array.Find(inventory.Marketplaces ?? [], there => there.Name == id.Marketplace.Value)),
        Version = Fact<string?>.Of(plugin.Version),
        TreeHash = plugin.TreeHash is null ? default : Fact<string?>.Of(plugin.TreeHash),
        Commit = plugin.Commit is null ? default : Fact<string?>.Of(plugin.Commit),
        Pin = plugin.Commit is null ? default : Fact<PinLevel>.Of(PinLevel.Commit),
    };

    private MarketplaceFacts? Of(PluginInventoryMarketplace? there)
    {
        if (there?.Source is not { } source)
        {
            return null;
        }

        var name = Fact<string>.Of(there.Name);
        if (there.SourceType != "git")
        {
            return new MarketplaceFacts { Name = name, LocalRoot = source, SourceText = source };
        }

        var facts = new MarketplaceFacts { Name = name, Ref = there.Ref, SourceType = "git", SourceText = source };
        if (!GitUrl.TryParse(source, out var url, out _) || url is null)
        {
            return facts with { IsUnreadable = true };
        }

        var (identities, isUnreadable) = _addresses.Read(url);
        return facts with
        {
            Identities = identities,
            IsUnreadable = isUnreadable,
            LocalRoot = url is { IsFile: true, Host: "" } ? url.LocalFolder : null,
        };
    }
}
