using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Sources.Git;

namespace PluginMarket.Validation.Rules;

/// <summary>Paths in the manifest, and the files they name.</summary>
internal static class PathRules
{
    private static readonly string[] Assets = ["composerIcon", "logo", "logoDark"];
    private static readonly string[] Images = [".png", ".svg", ".jpg", ".jpeg", ".webp", ".gif", ".ico"];

    internal static readonly CheckRule[] All =
    [
        new("PM0401", Severity.Warning, "A path that Codex drops")
        {
            Why = "A path in a manifest begins with './', names something, and has no '..'. Codex drops others without a message, "
                + "as if the field were missing, which for skills, MCP servers and hooks means the default path.",
            Kinds = ["PathDropped"],
            Bad = SampleText.Interface("\"logo\": \"logo.png\"", "logo.png", "x\n"),
            Good = SampleText.Interface("\"logo\": \"./logo.png\"", "logo.png", "x\n"),
        },
        new("PM0402", Severity.Warning, "An image does not exist")
        {
            Why = "Codex does not check that icons, logos and screenshots exist; plugin views leave their space empty.",
            Plugin = (plugin, report) => ForEachAsset(plugin, (value, path) =>
            {
                if (plugin.Tree.Find(path) is null && SameButCase(plugin, path) is null)
                {
                    report.Value(plugin.ManifestPath, value, $"The plugin has no file \"{path}\".");
                }
            }),
            Bad = SampleText.Interface("\"logo\": \"./logo.png\""),
            Good = SampleText.Interface("\"logo\": \"./logo.png\"", "logo.png", "x\n"),
        },
        new("PM0403", Severity.Warning, "An image's path differs in letter case")
        {
            Why = "It is found on Windows and macOS but not on Linux.",
            Plugin = (plugin, report) => ForEachAsset(plugin, (value, path) =>
            {
                if (plugin.Tree.Find(path) is null && SameButCase(plugin, path) is { } real)
                {
                    report.Value(plugin.ManifestPath, value,
                        $"The plugin has no file \"{path}\"; it has \"{real}\".", $"Write \"./{real}\".");
                }
            }),
            Bad = SampleText.Interface("\"logo\": \"./Logo.png\"", "logo.png", "x\n"),
            Good = SampleText.Interface("\"logo\": \"./logo.png\"", "logo.png", "x\n"),
        },
        new("PM0404", Severity.Information, "Image file has no image extension")
        {
            Why = "Programs that show plugins go by the file's extension: png, svg, jpg, webp, gif or ico.",
            Plugin = (plugin, report) => ForEachAsset(plugin, (value, path) =>
            {
                if (plugin.Tree.HasFile(path) && !Images.Contains(Path.GetExtension(path).ToLowerInvariant(), StringComparer.Ordinal))
                {
                    report.Value(plugin.ManifestPath, value, $"\"{path}\" does not have the extension of an image.");
                }
            }),
            Bad = SampleText.Interface("\"logo\": \"./logo.txt\"", "logo.txt", "x\n"),
            Good = SampleText.Interface("\"logo\": \"./logo.svg\"", "logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"),
        },
        new("PM0405", Severity.Warning, "A component file does not exist")
        {
            Why = "If the manifest names an MCP, app or hooks file, Codex reads no other: the plugin has none of those components.",
            Kinds = ["NamedFileMissing"],
            Bad = SampleText.Manifest("\"mcpServers\": \"./servers.json\""),
            Good = SampleText.Manifest("\"mcpServers\": \"./servers.json\"", "servers.json", "{ \"demo\": { \"command\": \"node\" } }\n"),
        },
        new("PM0406", Severity.Warning, "A skills folder does not exist")
        {
            Why = "A valid path replaces the default folder skills/ even if it does not exist: the plugin has no skills.",
            Plugin = static (plugin, report) =>
            {
                var skills = plugin.IsAgent ? null : plugin.Root?["skills"];
                foreach (var value in skills?.Kind == JsonKind.Array ? skills.Items : skills is null ? [] : [skills])
                {
                    if (value.AsString() is { } text && PluginPath.Normalise(text, out _) is { Length: > 0 } path
                        && plugin.Tree.Find(path)?.Kind != TreeEntryKind.Directory)
                    {
                        report.Value(plugin.ManifestPath, value,
                            plugin.Tree.Find(path) is null ? $"The plugin has no folder \"{path}\"." : $"\"{path}\" is not a folder.");
                    }
                }
            },
            Bad = SampleText.Manifest("\"skills\": \"./abilities\""),
            Good = SampleText.Manifest("\"skills\": \"./abilities\"", "abilities/hello/SKILL.md",
                "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n"),
        },
        new("PM0407", Severity.Warning, "A link or special file is not installed")
        {
            Why = "Installing copies regular files and folders only. Codex and PluginMarket drop links, pipes "
                + "and nested repositories, and the files that need them fail.",
            Suggestion = "Replace it with a copy of the file.",
            Plugin = static (plugin, report) =>
            {
                foreach (var entry in plugin.Tree.Entries.Where(entry => entry.Kind is not (TreeEntryKind.File or TreeEntryKind.Directory)))
                {
                    if (!plugin.Reading.Findings.Any(finding => finding.Kind == "ManifestBlocked" && finding.Path == entry.Path))
                    {
                        report.File(entry.Path, WhatIsLeftOut(entry));
                    }
                }

                foreach (var left in plugin.NotInTree)
                {
                    report.File(left.Path, $"This is not installed: {left.Reason}.");
                }
            },
            Bad = SampleText.Manifest("", "README.md", "# Demo\n", "INDEX.md -> README.md", ""),
            Good = SampleText.Manifest("", "README.md", "# Demo\n"),
        },
        new("PM0408", Severity.Warning, "A default file that the manifest replaces")
        {
            Why = "The manifest's MCP servers, apps or hooks replace the default file; "
                + "Codex does not read it.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (field, file) in (ReadOnlySpan<(string, string)>)[("mcpServers", McpReader.DefaultFile),
                    ("apps", AppReader.DefaultFile), ("hooks", HookReader.DefaultFile)])
                {
                    if (!plugin.IsAgent && plugin.Root?[field] is { } value && plugin.Tree.HasFile(file)
                        && !plugin.Reading.Documents.ContainsKey(file) && !plugin.Reading.Findings.Any(finding => finding.Path == file))
                    {
                        report.Key(plugin.ManifestPath, value, $"Because of \"{field}\" Codex does not read {file}.",
                            $"Name {file} there, or delete it.");
                    }
                }
            },
            Bad = SampleText.Manifest("\"mcpServers\": { \"demo\": { \"command\": \"node\" } }", ".mcp.json",
                "{ \"mcpServers\": { \"other\": { \"command\": \"node\" } } }\n"),
            Good = SampleText.Manifest("\"mcpServers\": { \"demo\": { \"command\": \"node\" } }"),
        },
        new("PM0409", Severity.Warning, "The onboarding skill does not exist")
        {
            Why = "extensions[\"com.openai\"].onboardingSkill is the path of the SKILL.md of a skill that the plugin has. "
                + "Codex ignores any other value without a message and shows no skill after installing.",
            Kinds = ["OnboardingSkill"],
            Bad = Onboarding("./skills/hello"),
            Good = Onboarding("./skills/hello/SKILL.md"),
        },
        new("PM0410", Severity.Warning, "A Git LFS pointer instead of a file")
        {
            Why = "Codex and PluginMarket run no git filters when they fetch a plugin from a repository: "
                + "they install a text of three lines, not the file it refers to.",
            Suggestion = "Commit the file itself, or download it from a release when it is needed.",
            Plugin = static (plugin, report) =>
            {
                foreach (var path in LfsPointers.Find(plugin.Tree))
                {
                    report.File(path, "This is a Git LFS pointer; the file it refers to is not installed.");
                }
            },
            Bad = SampleText.Manifest("", "bin/tool", "version https://git-lfs.github.com/spec/v1\noid "
                + "sha256:0000000000000000000000000000000000000000000000000000000000000000\nsize 25\n"),
            Good = SampleText.Manifest("", "bin/tool", "#!/bin/sh\necho hello\n"),
        },
    ];

    private static string Onboarding(string path) =>
        SampleText.Manifest($"\"extensions\": {{ \"com.openai\": {{ \"onboardingSkill\": \"{path}\" }} }}", "skills/hello/SKILL.md",
            "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n");

    private static string WhatIsLeftOut(TreeEntry entry) => entry.Kind switch
    {
        TreeEntryKind.SymbolicLink => "This link is not installed.",
        TreeEntryKind.Submodule => "This is another repository, which is installed as an empty folder.",
        _ when entry.Path.Contains('\uFFFD', StringComparison.Ordinal) =>
            "The name is not UTF-8, so this file is not installed.",
        _ => "This is not a regular file and is not installed.",
    };

    private static void ForEachAsset(PluginSubject plugin, Action<JsonValue, string> look)
    {
        foreach (var value in Assets.Select(name => plugin.Interface?[name]).Concat(plugin.Interface?["screenshots"]?.Items ?? []))
        {
            if (value?.AsString() is { } text && PluginPath.Normalise(text, out _) is { Length: > 0 } path)
            {
                look(value, path);
            }
        }
    }

    private static string? SameButCase(PluginSubject plugin, string path) =>
        plugin.Tree.Files.FirstOrDefault(file => file.Path != path && NameRules.FoldKey(file.Path) == NameRules.FoldKey(path))?.Path;
}
