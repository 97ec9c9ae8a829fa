namespace PluginMarket;

/// <summary>Lists what a plugin can do once it is loaded.</summary>
public static class CapabilityReader
{
    /// <summary>Skills, MCP servers, hooks, apps, and the executable files and scripts of the tree, sorted by kind, file, line and name.</summary>
    /// <param name="tree">The tree the manifest was read from.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <exception cref="PluginMarketException">LimitExceeded, where a file is too long.</exception>
    public static IReadOnlyList<Capability> Read(FileTree tree, PluginManifest manifest) => throw new NotImplementedException();
}
