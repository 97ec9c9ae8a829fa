using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Marketplaces;

/// <summary>What completion needs of a catalog, read in a tenth of the time: names of entries that look usable. What may be installed only
/// <see cref="MarketplaceCatalogReader"/> decides.</summary>
/// <param name="Name">The marketplace's name.</param>
/// <param name="Root">The folder its relative paths start from, absolute.</param>
/// <param name="Entries">Its entries.</param>
internal sealed record CatalogSketch(string Name, string Root, IReadOnlyList<SketchedEntry> Entries)
{
    /// <summary>Reads a catalog's text; null where it is none.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="root">The folder its relative paths start from.</param>
    /// <param name="allowsBarePaths">Whether local paths need no <c>./</c>.</param>
    internal static CatalogSketch? Read(byte[] utf8, string root, bool allowsBarePaths)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Member(document.RootElement, "name") is { } name && MarketplaceName.TryParse(Text(name), out _, out _)
                && Member(document.RootElement, "plugins") is { ValueKind: JsonValueKind.Array } plugins
                ? new CatalogSketch(Text(name)!, root,
                    [.. plugins.EnumerateArray().Select(entry => Sketch(entry, allowsBarePaths)).OfType<SketchedEntry>()])
                : null;
        }
#pragma warning disable CA1031 // A sketch only helps to complete a word; whatever the library throws, the text has nothing to offer.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>The category, capabilities and keywords that a manifest's text claims.</summary>
    internal static (string? Category, IReadOnlyList<string> Capabilities, IReadOnlyList<string> Keywords) ReadClaims(byte[] utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var shown = Member(document.RootElement, "interface");
            return (shown is { } face ? Text(Member(face, "category")) : null, shown is { } claims ? Texts(Member(claims, "capabilities"))
                : [], Texts(Member(document.RootElement, "keywords")));
        }
#pragma warning disable CA1031 // A sketch only helps to complete a word; whatever the library throws, the text has nothing to offer.
        catch (Exception)
#pragma warning restore CA1031
        {
            return (null, [], []);
        }
    }

    private static SketchedEntry? Sketch(JsonElement entry, bool allowsBarePaths)
    {
        if (!PluginName.TryParse(Text(Member(entry, "name")), out var name, out _) || Member(entry, "source") is not { } source)
        {
            return null;
        }

        var policy = Member(entry, "policy");
        if (PolicyField(policy, "products", 2) is { ValueKind: JsonValueKind.Array } products
            && !products.EnumerateArray().Any(product => Text(product) is "CODEX" or "codex"))
        {
            return null;
        }

        var canInstall = Text(PolicyField(policy, "installation", 0)) != "NOT_AVAILABLE";
        try
        {
            return (Text(source) is not null ? "local" : Text(Member(source, "source"))) switch
            {
                "local" => new SketchedEntry(name.Value, Text(Member(entry, "category")),
                    LocalPathGrammar.Read(Text(source) ?? Text(Member(source, "path")) ?? "", allowsBarePaths).Path, canInstall),
                "url" or "git-subdir" or "npm" => new SketchedEntry(name.Value, Text(Member(entry, "category")), null, canInstall),
                _ => null,
            };
        }
        catch (UnusableSource)
        {
            return null;
        }
    }

    // A policy may be written as an array of its fields (contract 1.4).
    private static JsonElement? PolicyField(JsonElement? policy, string name, int place) => policy switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } fields => place < fields.GetArrayLength() ? fields[place] : null,
        { } rules => Member(rules, name),
    };

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string[] Texts(JsonElement? element) => element is { ValueKind: JsonValueKind.Array } items
        ? [.. items.EnumerateArray().Select(item => Text(item)).OfType<string>()] : [];

    private static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

/// <summary>One entry of a sketch.</summary>
/// <param name="Name">The plugin's name.</param>
/// <param name="Category">The category that the entry itself states, or null.</param>
/// <param name="Path">The path of a local source, or null.</param>
/// <param name="CanInstall">Whether its policy lets it be installed.</param>
internal sealed record SketchedEntry(string Name, string? Category, RelativePath? Path, bool CanInstall);
