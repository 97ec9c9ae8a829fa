using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;

namespace PluginMarket.Validation;

/// <summary>Compares what an entry says of its plugin with the manifest in the plugin's folder, which Codex reads in its stead.</summary>
internal static class EntryComparison
{
    private static readonly string[] Overridden = ["skills", "mcpServers", "apps", "hooks", "commands", "interface", "displayName"];

    internal static void AddTo(List<ReaderFinding> findings, MarketplaceEntry entry, ManifestReading plugin)
    {
        if (plugin.GeneratedManifest is not null || plugin.Manifest is not { Json.Root: { Kind: JsonKind.Object } manifest })
        {
            return;
        }

        var keys = Overridden.Where(key => entry.Node[key] is { Kind: not JsonKind.Null } said
            && manifest[key]?.ToJson() != said.ToJson()).ToList();
        if (keys.Count > 0)
        {
            var first = entry.Node[keys[0]]!;
            findings.Add(new ReaderFinding("EntryKeyOverridden", "", first.KeyPosition, first.Pointer,
                $"Codex ignores {string.Join(" and ", keys.Select(key => $"\"{key}\""))} of the entry: "
                    + "the plugin has a manifest of its own.",
                entry.Index));
        }

        if (entry.Node["version"] is { Kind: JsonKind.String } version && manifest["version"]?.AsString() is { } stated
            && version.GetString().Trim() != stated.Trim())
        {
            findings.Add(new ReaderFinding("EntryVersionDiffers", "", version.Position, version.Pointer,
                Messages.DisplayText.Escape(
                    $"The entry says version \"{version.GetString()}\", the plugin's manifest \"{stated}\", which Codex installs."),
                entry.Index)
            { Suggestion = Messages.DisplayText.Escape($"Write \"{stated}\", or remove the key.") });
        }
    }
}
