using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>The manifest's place and its own fields.</summary>
internal static class ManifestFieldRules
{
    private static readonly string[] KnownUntyped =
        ["author", "homepage", "repository", "license", "commands", "agents", "lspServers", "extensions", "$schema", "category",
            "displayName", "tags", "outputStyles", "settings", "rules", "dependencies", "strict", "monitors", "themes", "channels",
            "userConfig",
            "experimental"];

    internal static readonly CheckRule[] All =
    [
        new("PM0201", Severity.Error, "The plugin has no manifest")
        {
            Why = "Codex looks for .codex-plugin/plugin.json, .claude-plugin/plugin.json, .cursor-plugin/plugin.json, "
                + "or a plugin.json in the root with the schema of the Agent Plugin format. "
                + "Without one it refuses the plugin, unless the catalog entry describes it.",
            Suggestion = "Add .codex-plugin/plugin.json with a name.",
            Kinds = ["ManifestMissing", "Unreadable"],
            Bad = SampleText.Files("README.md", "# Demo\n"),
            Good = SampleText.Manifest("", "README.md", "# Demo\n"),
        },
        new("PM0202", Severity.Error, "The manifest's path is a link or a folder")
        {
            Why = "A link, or a folder, at the path of a manifest ends Codex's search: Codex finds no manifest in the plugin.",
            Suggestion = "Make it a regular file in a real folder.",
            Kinds = ["ManifestBlocked"],
            Bad = SampleText.Files(".codex-plugin/plugin.json/README.md", "# Demo\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0203", Severity.Error, "A field has the wrong type")
        {
            Why = "name, version and description are strings, keywords is an array of strings. "
                + "Anything else and Codex refuses the whole manifest.",
            Kinds = ["FieldType"],
            Bad = SampleText.Manifest("\"keywords\": \"demo\""),
            Good = SampleText.Manifest("\"keywords\": [\"demo\"]"),
        },
        new("PM0204", Severity.Error, "The name breaks the rules of names")
        {
            Why = "A plugin's name is ASCII letters, digits, '_' and '-', in parts separated by single dots. "
                + "It names a folder and a table in config.toml.",
            Kinds = ["NameInvalid"],
            Bad = SampleText.Files(".codex-plugin/plugin.json", SampleText.ManifestText(name: "my demo")),
            Good = SampleText.Files(".codex-plugin/plugin.json", SampleText.ManifestText(name: "my-demo")),
        },
        new("PM0205", Severity.Error, "The version is blank")
        {
            Why = "Codex refuses to install a plugin whose version is an empty string.",
            Suggestion = "Remove it, or give it a value.",
            Kinds = ["VersionBlank"],
            Bad = SampleText.Files(".codex-plugin/plugin.json",
                "{\n  \"name\": \"demo\",\n  \"version\": \" \",\n  \"description\": \"Shows things.\"\n}\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0206", Severity.Error, "The version cannot name a folder")
        {
            Why = "The version is the name of the folder that Codex installs into: ASCII letters, digits, '.', '_', '+' and '-', "
                + "and neither '.' nor '..'.",
            Kinds = ["VersionInvalid"],
            Bad = SampleText.Files(".codex-plugin/plugin.json",
                "{\n  \"name\": \"demo\",\n  \"version\": \"1.0.0/beta\",\n  \"description\": \"Shows things.\"\n}\n"),
            Good = SampleText.Files(".codex-plugin/plugin.json",
                "{\n  \"name\": \"demo\",\n  \"version\": \"1.0.0-beta\",\n  \"description\": \"Shows things.\"\n}\n"),
        },
        new("PM0207", Severity.Warning, "A component field has the wrong type")
        {
            Why = "skills is a path or an array of paths, mcpServers a path or an object, hooks a path, an array of paths or the "
                + "content of a hooks file. Codex logs and ignores the field, and uses the default path.",
            Kinds = ["ComponentFieldType"],
            Bad = SampleText.Manifest("\"mcpServers\": [\"./servers.json\"]"),
            Good = SampleText.Manifest("\"mcpServers\": {}"),
        },
        new("PM0208", Severity.Information, "The manifest has no description")
        {
            Why = "People read the description before they install, in Codex's lists and on a marketplace's page.",
            Plugin = static (plugin, report) =>
            {
                if (plugin is { Root: { } root, Manifest: not null } && root["description"] is null or { Kind: JsonKind.Null })
                {
                    report.Value(plugin.ManifestPath, plugin.Root!, "The manifest has no \"description\".",
                        "Say in a sentence what the plugin is for.");
                }
            },
            Bad = SampleText.Files(".codex-plugin/plugin.json", "{ \"name\": \"demo\", \"version\": \"1.0.0\" }\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0209", Severity.Warning, "The plugin has no version")
        {
            Why = "Codex installs a plugin without a version as 'local', "
                + "and a refresh replaces an installed plugin only when its version changes: existing users never get your changes.",
            Plugin = static (plugin, report) =>
            {
                if (plugin is { Root: { } root, IsAgent: false, Manifest: not null } && root["version"] is null or { Kind: JsonKind.Null })
                {
                    report.Value(plugin.ManifestPath, root["version"] ?? root, "The manifest has no \"version\".",
                        "Give one, such as \"0.1.0\", and raise it with every change.");
                }
            },
            Bad = SampleText.Files(".codex-plugin/plugin.json", "{ \"name\": \"demo\", \"description\": \"Shows things.\" }\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0210", Severity.Warning, "An unknown key that looks like a known one")
        {
            Why = "Codex ignores unknown keys without a message: a misspelled field is not read.",
            Plugin = static (plugin, report) =>
            {
                if (plugin is { Root: { } root, IsAgent: false })
                {
                    Misspelt(plugin.ManifestPath, root, [.. TypedManifestKeys.Top, .. KnownUntyped], report);
                }
            },
            Bad = SampleText.Manifest("\"keyword\": [\"demo\"]"),
            Good = SampleText.Manifest("\"keywords\": [\"demo\"]"),
        },
        new("PM0211", Severity.Warning, "The format does not have this field")
        {
            Why = "In the Agent Plugin format Codex reads skills from skills/, "
                + "MCP servers from mcp.json and the interface from extensions; "
                + "skills, mcpServers, apps and interface in the manifest, and skills, mcpServers and commands in extensions, are ignored.",
            Kinds = ["AgentFieldIgnored"],
            Bad = SampleText.Agent("\"skills\": \"./abilities\""),
            Good = SampleText.Agent(""),
        },
        new("PM0212", Severity.Error, "The format's version is not known")
        {
            Why = "A root plugin.json whose $schema begins with https://agent-plugins.org/schemas/ must name version 1.0.0. "
                + "Codex refuses any other and does not look for another manifest.",
            Kinds = ["AgentSchema"],
            Bad = SampleText.Files("plugin.json",
                "{\n  \"$schema\": \"https://agent-plugins.org/schemas/2.0.0/plugin.schema.json\",\n  \"name\": \"demo\"\n}\n"),
            Good = SampleText.Agent(""),
        },
        new("PM0213", Severity.Error, "The name breaks the rules of the Agent Plugin format")
        {
            Why = "There the name is required: at most 64 lower-case letters, digits, '.' and '-', with a letter or digit at both ends, "
                + "and no '--' or '..'.",
            Kinds = ["AgentName"],
            Bad = SampleText.Files("plugin.json", SampleText.AgentManifestText(name: "Demo")),
            Good = SampleText.Agent(""),
        },
        new("PM0214", Severity.Warning, "The name is blank")
        {
            Why = "Codex uses the folder's name instead; "
                + "a plugin that comes from a git repository gets the name of a temporary folder, and is refused.",
            Plugin = static (plugin, report) =>
            {
                if (!plugin.IsAgent && plugin.Root?["name"] is { Kind: JsonKind.String } name
                    && string.IsNullOrWhiteSpace(name.GetString()))
                {
                    report.Value(plugin.ManifestPath, name, "The name is blank, so the folder's name is used.",
                        "Write the name of the catalog entry.");
                }
            },
            Bad = SampleText.Files(".codex-plugin/plugin.json", SampleText.ManifestText(name: "")),
            Good = SampleText.Manifest(),
        },
        new("PM0215", Severity.Warning, "The manifest has no name")
        {
            Why = "Codex uses the folder's name instead; "
                + "a plugin that comes from a git repository gets the name of a temporary folder, and is refused.",
            Plugin = static (plugin, report) =>
            {
                if (plugin is { Root: { } root, IsAgent: false, Manifest: not null } && root["name"] is null)
                {
                    report.Value(plugin.ManifestPath, root, "The manifest has no \"name\", so the folder's name is used.",
                        "Write the name of the catalog entry.");
                }
            },
            Bad = SampleText.Files(".codex-plugin/plugin.json", "{ \"version\": \"1.0.0\", \"description\": \"Shows things.\" }\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0216", Severity.Warning, "Two manifests differ")
        {
            Why = "Codex reads only the first of .codex-plugin, .claude-plugin and .cursor-plugin: "
                + "a version that is raised in only one of them does not change for the users of the others.",
            Plugin = Disagreements,
            Bad = SampleText.Manifest("", ".claude-plugin/plugin.json", "{ \"name\": \"demo\", \"version\": \"2.0.0\" }\n"),
            Good = SampleText.Manifest("", ".claude-plugin/plugin.json", "{ \"name\": \"demo\", \"version\": \"1.0.0\" }\n"),
        },
        new("PM0217", Severity.Information, "The version is not a semantic version")
        {
            Why = "Codex accepts any text, but compares only semantic versions by their numbers; "
                + "it compares others as text, so 9 is later than 10.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Root?["version"] is { Kind: JsonKind.String } version && version.GetString().Trim() is { Length: > 0 } text
                    && !Semver.SemVersion.TryParse(text, Semver.SemVersionStyles.Strict, out _) && NameRules.CheckPortability(text) is null
                    && !plugin.Reading.Findings.Any(finding => finding.Kind == "VersionInvalid"))
                {
                    report.Value(plugin.ManifestPath, version, $"The version \"{text}\" is not of the form 1.2.3.",
                        "Write three numbers separated by dots.");
                }
            },
            Bad = SampleText.Files(".codex-plugin/plugin.json",
                "{\n  \"name\": \"demo\",\n  \"version\": \"v2\",\n  \"description\": \"Shows things.\"\n}\n"),
            Good = SampleText.Manifest(),
        },
        new("PM0218", Severity.Error, "apps is not a path")
        {
            Why = "\"apps\" names the file of apps. "
                + "Codex refuses the whole manifest for anything else, in the extension and the overlay of the Agent Plugin format too.",
            Suggestion = "Write the apps into .app.json.",
            Kinds = ["AppsType"],
            Bad = SampleText.Manifest("\"apps\": { \"mail\": { \"id\": \"connector_mail\" } }"),
            Good = SampleText.Manifest("", ".app.json", "{ \"apps\": { \"mail\": { \"id\": \"connector_mail\" } } }\n"),
        },
        new("PM0219", Severity.Warning, "The plugin contains nothing that Codex loads")
        {
            Why = "Codex loads skills, MCP servers, apps, hooks, and commands that become skills. "
                + "A plugin without any is listed and installed, and changes nothing.",
            Suggestion = "Add a skill, an MCP server, an app or a hook.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Manifest is { Components.Length: 0 })
                {
                    report.Add(plugin.ManifestPath, plugin.Root?.Position, plugin.Root?.Pointer,
                        "Codex loads nothing of this plugin.", null, null);
                }
            },
            Bad = SampleText.Manifest("", "README.md", "# Demo\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM0220", Severity.Warning, "Parts that Codex ignores")
        {
            Why = "Other tools read agents, LSP servers, rules, output styles, monitors, themes, settings, dependencies "
                + "and questions to the user from a plugin. Codex reads none of them, and says nothing of it.",
            Plugin = IgnoredParts.Find,
            Bad = SampleText.Manifest("", "agents/reviewer.md", "---\nname: reviewer\ndescription: Reviews.\n---\nReview the change.\n"),
            Good = SampleText.Skill("name: hello\ndescription: Says hello."),
        },
        new("PM0221", Severity.Warning, "A component where Codex does not look")
        {
            Why = "Each format has its own places: .mcp.json in a plugin with .codex-plugin, .claude-plugin or .cursor-plugin, mcp.json in "
                + "one of the Agent Plugin format, which has no commands. Codex reads no component in the folder of the manifest.",
            Plugin = IgnoredParts.FindMisplaced,
            Bad = SampleText.Manifest("", "mcp.json", "{ \"mcpServers\": { \"demo\": { \"command\": \"node\" } } }\n"),
            Good = SampleText.Manifest("", ".mcp.json", "{ \"mcpServers\": { \"demo\": { \"command\": \"node\" } } }\n"),
        },
    ];

    /// <summary>Tells of keys that are not known but nearly are.</summary>
    internal static void Misspelt(string path, JsonValue parent, IReadOnlyCollection<string> known, RuleReport report,
        string? plugin = null)
    {
        foreach (var member in parent.Members)
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal) && member.Name.Length < 40
                && NearestName.FindTypo(member.Name, known) is { } meant && parent[meant] is null)
            {
                report.Key(path, member.Value,
                    $"Codex does not know the key \"{member.Name}\" and ignores it.", $"Write \"{meant}\".", plugin);
            }
        }
    }

    private static void Disagreements(PluginSubject plugin, RuleReport report)
    {
        if (plugin.Root is not { } root || plugin.IsAgent)
        {
            return;
        }

        foreach (var other in (string[])[".claude-plugin/plugin.json", ".cursor-plugin/plugin.json"])
        {
            if (other == plugin.ManifestPath || plugin.Texts.FirstOrDefault(text => text.Path == other) is not { } text)
            {
                continue;
            }

            try
            {
                var second = JsonFile.Parse(System.Text.Encoding.UTF8.GetBytes(text.Text), other, MarketErrorCode.ManifestInvalid,
                    plugin.Limits, tolerateDuplicates: true).Root;
                foreach (var field in (string[])["name", "version"])
                {
                    if (second[field]?.AsString() is { } theirs && root[field]?.AsString() is { } ours && theirs.Trim() != ours.Trim())
                    {
                        report.Value(other, second[field]!,
                            $"Codex does not read this file; its {field} \"{theirs}\" is \"{ours}\" in {plugin.ManifestPath}.");
                    }
                }
            }
            catch (PluginMarketException)
            {
                // Codex does not read it either.
            }
        }
    }
}
