using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Validation.Rules;

namespace PluginMarket.Validation.Repairs;

/// <summary>Finds the mechanical faults of one plugin's files.</summary>
internal static class PluginRepairs
{
    // A repaired manifest is read, and names files that were not read before; those name scripts.
    private const int MostRounds = 5;

    /// <summary>What is to be done, one for each file; null where there is no manifest to read.</summary>
    internal static IReadOnlyList<FileRepair>? Find(FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback,
        Limits limits)
    {
        var repairs = new SortedDictionary<string, FileRepair>(StringComparer.Ordinal);
        for (var round = 0; round < MostRounds; round++)
        {
            var edited = new EditedTree(tree, repairs.ToDictionary(one => one.Key, one => one.Value.After, StringComparer.Ordinal),
                repairs.Where(one => one.Value.IsMarked).Select(one => one.Key).ToHashSet(StringComparer.Ordinal));
            var plugin = new PluginSubject(edited, displayRoot, defaultName, fallback, limits);
            if (plugin.Reading.Findings.Any(finding => finding.Kind is "ManifestMissing" or "ManifestBlocked"))
            {
                return null;
            }

            if (!RepairOnce(plugin, repairs))
            {
                break;
            }
        }

        return [.. repairs.Values];
    }

    private static bool RepairOnce(PluginSubject plugin, SortedDictionary<string, FileRepair> repairs)
    {
        var hasChanged = false;
        var generated = plugin.Reading.GeneratedManifest?.Path;
        foreach (var path in plugin.Reading.Documents.Keys
            .Concat(plugin.Reading.Findings.Where(finding => finding.Kind == "ByteOrderMark").Select(finding => finding.Path))
            .Where(path => path != generated && plugin.Tree.HasFile(path)).Distinct(StringComparer.Ordinal))
        {
            var repair = Of(plugin, path, repairs);
            var edits = JsonRepairs.Find(repair.After, RoleOf(plugin, path), place => plugin.Tree.Find(place) is not null, plugin.Limits);
            if (edits.Count > 0)
            {
                repairs[path] = repair.With(edits);
                hasChanged = true;
            }
        }

        foreach (var (script, fault) in HookCommandRules.Faults(plugin))
        {
            var repair = Of(plugin, script.Path, repairs);
            repairs[script.Path] = fault == ScriptFault.NotExecutable ? repair.Marked() : repair.WithLineEnds();
            hasChanged = true;
        }

        return hasChanged;
    }

    private static FileRepair Of(PluginSubject plugin, string path, SortedDictionary<string, FileRepair> repairs) =>
        repairs.TryGetValue(path, out var known) ? known
            : new FileRepair(path, plugin.Tree.ReadBytes(plugin.Tree.Find(path)!, plugin.Limits.ManifestBytes));

    private static RepairedFile RoleOf(PluginSubject plugin, string path) =>
        path == plugin.ManifestPath || path.EndsWith("plugin.json", StringComparison.Ordinal) ? RepairedFile.Manifest
            : path.EndsWith("mcp.json", StringComparison.Ordinal)
                || (plugin.Reading.Documents.GetValueOrDefault(path)?.Root["mcpServers"] is not null) ? RepairedFile.Servers
            : path == HookReader.DefaultFile || plugin.Reading.Documents.GetValueOrDefault(path)?.Root["hooks"] is not null
                ? RepairedFile.Hooks : RepairedFile.Other;
}
