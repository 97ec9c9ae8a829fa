using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>Parts of a plugin that Codex never reads: one finding for each plugin and kind.</summary>
internal static class IgnoredParts
{
    private static readonly (string Name, string Key, Func<string, bool> IsPart)[] Kinds =
    [
        ("agents", "agents", path => IsIn(path, "agents", ".md")),
        ("LSP servers", "lspServers", path => path == ".lsp.json"),
        ("rules", "rules", path => IsIn(path, "rules", ".md") || IsIn(path, "rules", ".mdc")),
        ("output styles", "outputStyles", path => IsIn(path, "output-styles", ".md")),
        ("monitors", "monitors", path => IsIn(path, "monitors", ".json")),
        ("themes", "themes", path => IsIn(path, "themes", ".json")),
        ("settings", "settings", path => path == "settings.json"),
        ("dependencies", "dependencies", _ => false),
        ("channels", "channels", _ => false),
        ("questions to the user", "userConfig", _ => false),
    ];

    internal static void Find(PluginSubject plugin, RuleReport report)
    {
        foreach (var (name, key, isPart) in Kinds)
        {
            var files = plugin.Tree.Files.Where(file => isPart(file.Path)).Select(file => file.Path).ToList();
            var message = $"Codex ignores the plugin's {name}{(files.Count > 0 ? $" ({files.Count} "
                + $"{(files.Count == 1 ? "file" : "files")})" : "")}.";
            var stated = Stated(plugin, key);
            if (stated is not null)
            {
                report.Key(plugin.ManifestPath, stated, message);
            }
            else if (files.Count > 0)
            {
                report.File(files[0], message);
            }
        }
    }

    internal static void FindMisplaced(PluginSubject plugin, RuleReport report)
    {
        if (plugin.Manifest is null)
        {
            return;
        }

        foreach (var (path, message) in plugin.IsAgent
            ? [(".mcp.json", "In the Agent Plugin format Codex reads mcp.json, not .mcp.json.")]
            : new (string, string)[]
            {
                ("mcp.json", "Codex reads .mcp.json, not mcp.json."), ("app.json", "Codex reads .app.json, not app.json."),
                ("hooks.json", "Codex reads hooks/hooks.json, not hooks.json."),
            })
        {
            if (plugin.Tree.HasFile(path) && !plugin.Reading.Documents.ContainsKey(path) && IsComponentFile(plugin, path))
            {
                report.File(path, message, plugin.IsAgent ? "Rename it to mcp.json." : null);
            }
        }

        if (plugin.IsAgent && plugin.Tree.Files.FirstOrDefault(file => IsIn(file.Path, CommandFiles.DefaultFolder, ".md")) is { } command)
        {
            report.File(command.Path, "The Agent Plugin format has no commands.");
        }

        foreach (var folder in ManifestLocation.FolderNames)
        {
            if (plugin.Tree.Files.FirstOrDefault(file => IsMisplaced(plugin, file, folder)) is { } misplaced)
            {
                report.File(misplaced.Path, $"Codex reads no component in {folder}.", "Move it to the plugin's root.");
            }
        }
    }

    private static JsonValue? Stated(PluginSubject plugin, string key)
    {
        var value = plugin.Root?[key] ?? plugin.Root?["experimental"]?[key];
        return value is null or { Kind: JsonKind.Null } or { Kind: JsonKind.Array, Items.Count: 0 }
            or { Kind: JsonKind.Object, Members.Count: 0 } ? null : value;
    }

    private static bool IsIn(string path, string folder, string extension) =>
        path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)
        && !path.EndsWith("/README.md", StringComparison.OrdinalIgnoreCase);

    private static bool IsMisplaced(PluginSubject plugin, TreeEntry file, string folder)
    {
        if (!file.Path.StartsWith(folder + "/", StringComparison.Ordinal) || file.Path.StartsWith(MigratedCommands.Folder + "/",
            StringComparison.Ordinal))
        {
            return false;
        }

        var below = file.Path[(folder.Length + 1)..];
        var isComponent = file.Name == SkillReader.FileName || below is "hooks/hooks.json" or ".mcp.json" or ".app.json"
            || IsIn(below, CommandFiles.DefaultFolder, ".md");
        return isComponent && !plugin.Reading.Documents.ContainsKey(file.Path)
            && !plugin.Manifest!.Skills.Concat(plugin.Manifest.Commands).Any(skill => skill.Path == file.Path);
    }

    private static bool IsComponentFile(PluginSubject plugin, string path)
    {
        var text = plugin.Texts.FirstOrDefault(text => text.Path == path)?.Text ?? "";
        return text.Contains(path switch
        {
            "app.json" => "\"apps\"",
            "hooks.json" => "\"hooks\"",
            _ => "\"mcpServers\"",
        }, StringComparison.Ordinal);
    }
}
