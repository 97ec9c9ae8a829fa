namespace PluginMarket;

/// <summary>The skills that Codex makes of a plugin's Markdown commands at install (contract 2.8).</summary>
public static class MigratedCommands
{
    /// <summary>The folder of the cache copy that holds them. Codex empties it first, whatever the source ships there.</summary>
    public const string Folder = ".codex-plugin/migrated-command-skills";

    /// <summary>Makes the files; none for the Agent format.</summary>
    /// <param name="tree">The plugin's tree.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="limits">Caps on what is read.</param>
    public static IReadOnlyList<GeneratedFile> Generate(FileTree tree, PluginManifest manifest, Limits? limits = null) => throw new NotImplementedException();
}
