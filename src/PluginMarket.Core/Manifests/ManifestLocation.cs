using PluginMarket.Files;
using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>Where a plugin's manifest stands (contract 2.1).</summary>
/// <param name="File">The manifest.</param>
/// <param name="Dialect"><c>Codex</c>, <c>Claude</c>, <c>Cursor</c> or <c>Agent</c>.</param>
internal sealed record ManifestLocation(TreeEntry File, string Dialect)
{
    internal const string AgentManifest = "plugin.json";
    internal const string AgentSchemas = "https://agent-plugins.org/schemas/";
    internal const string AgentPluginSchema = AgentSchemas + "1.0.0/plugin.schema.json";
    internal const string AgentMcpSchema = AgentSchemas + "1.0.0/mcp.schema.json";

    private static readonly (string Folder, string Dialect)[] Folders = [(".codex-plugin", "Codex"), (".claude-plugin", "Claude"),
        (".cursor-plugin", "Cursor")];

    /// <summary>The folders that may contain a manifest, in the order in which they are tried.</summary>
    internal static IEnumerable<string> FolderNames => Folders.Select(place => place.Folder);

    /// <summary>Finds the manifest, or null where the plugin has none. Something that is in a manifest's place but
    /// is not a regular file ends the search.</summary>
    internal static ManifestLocation? Find(PluginPass reading, out string? blockedBy)
    {
        blockedBy = null;
        if (reading.Tree.Find(AgentManifest) is { } root)
        {
            if (root.Kind != TreeEntryKind.File)
            {
                blockedBy = root.Path;
                return null;
            }

            if (IsAgentManifest(reading, root))
            {
                return new ManifestLocation(root, "Agent");
            }
        }

        foreach (var (folder, dialect) in Folders)
        {
            if (reading.Tree.Find(folder) is { } metadata && metadata.Kind != TreeEntryKind.Directory)
            {
                blockedBy = metadata.Path;
                return null;
            }

            if (reading.Tree.Find(folder + "/plugin.json") is { } file)
            {
                if (file.Kind == TreeEntryKind.File)
                {
                    return new ManifestLocation(file, dialect);
                }

                blockedBy = file.Path;
                return null;
            }
        }

        return null;
    }

    private static bool IsAgentManifest(PluginPass reading, TreeEntry file)
    {
        try
        {
            var json = JsonFile.Parse(reading.ReadBytes(file), reading.DisplayPath(file.Path), MarketErrorCode.ManifestInvalid,
                reading.Limits, tolerateDuplicates: true);
            return !json.HadBom && json.Root["$schema"]?.AsString()?.StartsWith(AgentSchemas, StringComparison.Ordinal) == true;
        }
        catch (PluginMarketException failure) when (failure.Code != MarketErrorCode.LimitExceeded)
        {
            return false;
        }
        catch (PluginMarketException failure)
        {
            throw reading.Refuse(failure, file.Path);
        }
    }
}
