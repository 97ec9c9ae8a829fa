using PluginMarket.Json;

namespace PluginMarket.Marketplaces;

/// <summary>The keys of a catalog that Codex reads (contract 1.3, 1.4).</summary>
internal static class CatalogKeys
{
    internal static readonly string[] Top = ["name", "interface", "plugins"];
    internal static readonly string[] Entry = ["name", "source", "policy", "category"];
    internal static readonly string[] Source = ["source", "path", "url", "ref", "sha", "package", "version", "registry"];
    private static readonly string[] Policy = ["installation", "authentication", "products"];

    /// <summary>What Codex reads of a catalog. It keeps the other keys of an entry as a manifest, and so reads them too.</summary>
    internal static ReadShape Shape { get; } = ReadShape.Of(Top, ("interface", ReadShape.Of(["displayName"])),
        ("plugins", ReadShape.Of(ReadShape.OfAll(("policy", ReadShape.Of(Policy))))));

    /// <summary>Whether Codex reads a key of the object at a pointer.</summary>
    internal static bool IsRead(string pointer, string name) => pointer.Split('/') switch
    {
        [_] => Top.Contains(name, StringComparer.Ordinal),
        [_, "interface"] => name == "displayName",
        [_, "plugins", _] => Entry.Contains(name, StringComparer.Ordinal),
        [_, "plugins", _, "policy"] => Policy.Contains(name, StringComparer.Ordinal),
        [_, "plugins", _, "source"] => Source.Contains(name, StringComparer.Ordinal),
        _ => false,
    };
}
