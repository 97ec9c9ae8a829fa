namespace PluginMarket;

/// <summary>Reads a plugin's manifest and components as Codex reads them (contract section 2).</summary>
public static class ManifestReader
{
    /// <summary>Finds and reads the manifest of a tree, and every component it brings.</summary>
    /// <param name="tree">The plugin's folder; nothing outside it is read and no link is followed.</param>
    /// <param name="displayRoot">What the tree's root is called in findings: a folder or a URL.</param>
    /// <param name="defaultName">The name of a manifest without one: the folder's name.</param>
    /// <param name="fallback">The manifest made from the catalog entry, used where the tree has none (contract 1.8).</param>
    /// <param name="limits">Caps on what is read; the documented ones where null.</param>
    public static ManifestReading Read(FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback = null, Limits? limits = null) => throw new NotImplementedException();
}
