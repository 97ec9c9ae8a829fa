using PluginMarket.Marketplaces;

namespace PluginMarket.Validation;

/// <summary>The catalog entry that serves as the manifest of a plugin: findings against that manifest are placed there, since the file is
/// made when the plugin is installed.</summary>
internal sealed class EntryPlace
{
    private readonly string _catalogPath;
    private readonly MarketplaceEntry _entry;

    private EntryPlace(string catalogPath, MarketplaceEntry entry) => (_catalogPath, _entry) = (catalogPath, entry);

    internal static EntryPlace Of(string catalogPath, MarketplaceEntry entry) => new(catalogPath, entry);

    /// <summary>The finding at the same key of the entry; at the entry where it does not have the key.</summary>
    internal RuleFinding Move(RuleFinding finding)
    {
        var at = (finding.Pointer is { Length: > 0 } pointer ? _entry.Node.File.Root.Find(_entry.Node.Pointer + pointer) : null)
            ?? _entry.Node;
        return finding with { File = _catalogPath, Position = at.Position, Pointer = at.Pointer };
    }
}
