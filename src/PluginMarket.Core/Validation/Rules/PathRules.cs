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
            Why = "A path in a manifest begins with './', is more than that, and has no '..'. Codex drops any other in silence and goes on "
                + "as if the field were not there, which for skills, MCP servers and hooks means the default place.",
            Kinds = ["PathDropped"],
            Bad = SampleText.Interface("\"logo\": \"logo.png\"", "logo.png", "x\n"),
            Good = SampleText.Interface("\"logo\": \"./logo.png\"", "logo.png", "x\n"),
        },
        new("PM0402", Severity.Warning, "An image that is not there")
        {
            Why = "Codex does not look whether icons, logos and screenshots exist; the place stays empty where plugins are shown.",
            Plugin = (plugin, report) => ForEachAsset(plugin, (value, path) =>
            {
                if (plugin.Tree.Find(path) is null && SameButCase(plugin, path) is null)
                {
                    report.Value(plugin.ManifestPath, value, $"There is no file \"{path}\" in the plugin.");
                }
            }),
            Bad = SampleText.Interface("\"logo\": \"./logo.png\""),
            Good = SampleText.Interface("\"logo\": \"./logo.png\"", "logo.png", "x\n"),
        },
        new("PM0403", Severity.Warning, "An image that is there under another letter case")
        {
            Why = "It is found on Windows and macOS and not on Linux.",
            Plugin = (plugin, report) => ForEachAsset(plugin, (value, path) =>
            {
                if (plugin.Tree.Find(path) is null && SameButCase(plugin, path) is { } real)
                {
                    report.Value(plugin.ManifestPath, value,
                        $"There is no file \"{path}\" in the plugin, but \"{real}\".", $"Write \"./{real}\".");
                }
            }),
            Bad = SampleText.Interface("\"logo\": \"./Logo.png\"", "logo.png", "x\n"),
            Good = SampleText.Interface("\"logo\": \"./logo.png\"", "logo.png", "x\n"),
        },
        new("PM0404", Severity.Information, "An image that is no image by its name")
        {
            Why = "What shows plugins goes by the file's ending: png, svg, jpg, webp, gif or ico.",
            Plugin = (plugin, report) => ForEachAsset(plugin, (value, path) =>
            {
                if (plugin.Tree.HasFile(path) && !Images.Contains(Path.GetExtension(path).ToLowerInvariant(), StringComparer.Ordinal))
                {
                    report.Value(plugin.ManifestPath, value, $"\"{path}\" does not end like an image.");
                }
            }),
            Bad = SampleText.Interface("\"logo\": \"./logo.txt\"", "logo.txt", "x\n"),
            Good = SampleText.Interface("\"logo\": \"./logo.svg\"", "logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"),
        },
        new("PM0405", Severity.Warning, "A component file that is not there")
        {
            Why = "Where the manifest names an MCP, app or hooks file, Codex looks nowhere else: the plugin has none of those components.",
            Kinds = ["NamedFileMissing"],
            Bad = SampleText.Manifest("\"mcpServers\": \"./servers.json\""),
            Good = SampleText.Manifest("\"mcpServers\": \"./servers.json\"", "servers.json", "{ \"demo\": { \"command\": \"node\" } }\n"),
        },
        new("PM0406", Severity.Warning, "A skills folder that is not there")
        {
            Why = "A path that is legal replaces the default folder skills/ whether or not it exists: the plugin has no skills.",
            Plugin = static (plugin, report) =>
            {
                var skills = plugin.IsAgent ? null : plugin.Root?["skills"];
                foreach (var value in skills?.Kind == JsonKind.Array ? skills.Items : skills is null ? [] : [skills])
                {
                    if (value.AsString() is { } text && PluginPath.Normalise(text, out _) is { Length: > 0 } path
                        && plugin.Tree.Find(path)?.Kind != TreeEntryKind.Directory)
                    {
                        report.Value(plugin.ManifestPath, value,
                            plugin.Tree.Find(path) is null ? $"There is no folder \"{path}\" in the plugin." : $"\"{path}\" is no folder.");
                    }
                }
            },
            Bad = SampleText.Manifest("\"skills\": \"./abilities\""),
            Good = SampleText.Manifest("\"skills\": \"./abilities\"", "abilities/hello/SKILL.md",
                "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n"),
        },
        new("PM0407", Severity.Warning, "A link or special file is left out")
        {
            Why = "Installing copies regular files and folders only. Links, pipes and nested repositories are dropped in silence, "
                + "by Codex and by PluginMarket, and what needs them finds nothing.",
            Suggestion = "Put a copy of the file in its place.",
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
                    report.File(left.Path, $"This is left out when the plugin is installed: {left.Reason}.");
                }
            },
            Bad = SampleText.Manifest("", "README.md", "# Demo\n", "INDEX.md -> README.md", ""),
            Good = SampleText.Manifest("", "README.md", "# Demo\n"),
        },
        new("PM0408", Severity.Warning, "A default file that the manifest replaces")
        {
            Why = "What the manifest says of MCP servers, apps or hooks replaces the default file; "
                + "the file in the default place is not read.",
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
        new("PM0409", Severity.Warning, "An onboarding skill that is not there")
        {
            Why = "extensions[\"com.openai\"].onboardingSkill is the path of the SKILL.md of a skill that the plugin has. "
                + "Codex ignores any other value in silence and shows no skill after installing.",
            Kinds = ["OnboardingSkill"],
            Bad = Onboarding("./skills/hello"),
            Good = Onboarding("./skills/hello/SKILL.md"),
        },
        new("PM0410", Severity.Warning, "A Git LFS pointer in place of a file")
        {
            Why = "Filters of git are not run when a plugin is fetched from a repository, by Codex or by PluginMarket: "
                + "what is installed is a text of three lines, not the file it stands for.",
            Suggestion = "Commit the file itself, or download it from a release when it is needed.",
            Plugin = static (plugin, report) =>
            {
                foreach (var path in LfsPointers.Find(plugin.Tree))
                {
                    report.File(path, "This is a pointer of Git LFS; the file it stands for is not installed.");
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
        TreeEntryKind.SymbolicLink => "This link is left out when the plugin is installed.",
        TreeEntryKind.Submodule => "This is another repository, and an empty folder when the plugin is installed.",
        _ when entry.Path.Contains('\uFFFD', StringComparison.Ordinal) =>
            "The name is not UTF-8, so this is left out when the plugin is installed.",
        _ => "This is not a regular file and is left out when the plugin is installed.",
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
