namespace PluginMarket;

/// <summary>The manifest that Codex makes of a catalog entry for a plugin without one (contract 1.8).</summary>
public sealed class FallbackManifest
{
    /// <summary>Where the generated manifest stands in the cache copy.</summary>
    public const string ManifestPath = ".codex-plugin/plugin.json";

    private FallbackManifest(string jsonText) => JsonText = jsonText;

    /// <summary>The text Codex would write, without a final newline.</summary>
    public string JsonText { get; }

    /// <summary>Makes the manifest, or null where the entry has nothing but typed keys.</summary>
    /// <param name="entry">The entry's object in the catalog.</param>
    public static FallbackManifest? FromEntry(JsonValue entry) => throw new NotImplementedException();

    /// <summary>The file to write.</summary>
    public GeneratedFile ToFile() => throw new NotImplementedException();
}
