using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>The manifest of <c>.codex-plugin</c>, <c>.claude-plugin</c> and <c>.cursor-plugin</c> (contract 2.2).</summary>
internal static class ManifestParser
{
    internal static PluginManifest Parse(PluginPass reading, JsonFile json, string path, string dialect, string displayRoot,
        string defaultName, bool generated)
    {
        var root = json.Root;
        var (name, version, words) = ReadWords(reading, root, defaultName);

        var skills = SkillReader.Read(reading, ReadSkillRoots(reading, root["skills"]), name);
        var servers = McpReader.Read(reading, root["mcpServers"]);
        var apps = AppReader.Read(reading, root["apps"]);
        var hooks = HookReader.Read(reading, root["hooks"]);
        var commands = MigratedCommands.Read(reading, root["commands"]);
        var commandSkills = commands.Select(c => c.ToSkill(name)).ToArray();
        var onboardingSkill = ManifestFields.ReadOnboardingSkill(reading,
            root["extensions"]?[AgentExtension.Name]?["onboardingSkill"], skills);

        return new PluginManifest
        {
            Name = words.Name,
            Version = words.Version,
            InstallVersion = version ?? PluginVersion.Local.Value,
            Description = words.Description,
            Keywords = words.Keywords,
            Author = words.Author,
            Homepage = ManifestFields.Shown(root["homepage"]),
            Repository = ManifestFields.Shown(root["repository"]) ?? ManifestFields.Shown(root["repository"]?["url"]),
            License = words.License,
            Interface = words.Interface,
            Skills = [.. skills],
            McpServers = [.. servers.Loaded],
            PassedOverMcpServers = servers.PassedOver,
            Apps = [.. apps],
            Hooks = [.. hooks.Loaded],
            PassedOverHooks = hooks.PassedOver,
            Commands = commandSkills,
            Components = PluginManifest.ListComponents(skills.Count, servers.Loaded.Count, apps.Count,
                hooks.Loaded.Count, commandSkills.Length),
            OnboardingSkill = onboardingSkill,
            Path = displayRoot,
            ManifestPath = path,
            IsGenerated = generated,
            Dialect = dialect,
            HasHiddenText = reading.HasHiddenText,
            Warnings = [.. reading.Warnings],
            Json = json,
        };
    }

    /// <summary>Reads what a manifest says by itself, up to what the plugin brings; name and version also as they are written.</summary>
    internal static (string Name, string? Version, ManifestWords Words) ReadWords(PluginPass reading, JsonValue root, string defaultName)
    {
        var (name, version, description, keywords, presentation) = ReadTypedFields(reading, root, defaultName);
        CheckVersion(reading, root, version);
        return (name, version, new ManifestWords(DisplayText.Escape(name), ManifestFields.Escaped(version),
            ManifestFields.Escaped(description), ManifestFields.Escaped(keywords), ManifestFields.ReadAuthor(root["author"]),
            ManifestFields.Shown(root["license"]), presentation));
    }

    /// <summary>Reads the fields whose wrong types refuse the manifest, and states its version where none of them does.</summary>
    internal static (string Name, string? Version, string? Description, string[] Keywords, PluginInterface? Interface) ReadTypedFields(
        PluginPass reading, JsonValue root, string defaultName)
    {
        var name = ReadName(reading, root, defaultName);
        var version = ManifestFields.Text(reading, root, "version")?.Trim();
        var description = ManifestFields.Text(reading, root, "description");
        var keywords = ManifestFields.Texts(reading, root, "keywords");
        ManifestFields.CheckApps(reading, root);
        var presentation = InterfaceReader.Read(reading, root["interface"]);
        if (reading.Refusals.Count == 0)
        {
            reading.StatedVersion = version;
        }

        return (name, version, description, keywords, presentation);
    }

    private static string ReadName(PluginPass reading, JsonValue root, string defaultName)
    {
        var name = ManifestFields.Text(reading, root, "name", nullAllowed: false);
        if (string.IsNullOrWhiteSpace(name))
        {
            return defaultName;
        }

        if (!PluginName.TryParse(name, out _, out var finding))
        {
            reading.NoteRefusal("NameInvalid", root["name"]!, finding);
        }

        return name;
    }

    private static void CheckVersion(PluginPass reading, JsonValue root, string? version)
    {
        if (version is null)
        {
            return;
        }

        if (version.Length == 0)
        {
            reading.NoteRefusal("VersionBlank", root["version"]!, "\"version\" must not be blank. Remove it, or give it a value.");
            return;
        }

        // Codex's own rule only: what is unsafe on other systems is refused at install, and listed until then (contract 8).
        var legal = version is not ("." or "..") && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-');
        if (!legal)
        {
            reading.NoteRefusal("VersionInvalid", root["version"]!, $"The version \"{version}\" must be ASCII letters, digits, '.', '_', "
                + $"'+' and '-' only, and not '.' or '..': it names a folder.");
        }
    }

    private static List<string> ReadSkillRoots(PluginPass reading, JsonValue? value)
    {
        switch (value?.Kind)
        {
            case JsonKind.String:
                return PluginPath.Read(reading, value, "skills") is { } path ? [path] : ["skills"];
            case JsonKind.Array when value.Items.All(i => i.Kind == JsonKind.String):
                var paths = value.Items.Select(i => PluginPath.Read(reading, i, "skills")).OfType<string>().ToList();
                return paths.Count > 0 ? paths : ["skills"];
            case null or JsonKind.Null:
                return ["skills"];
            default:
                reading.Warn("FieldIgnored", value, $"Codex ignores \"skills\": it must be a string or an array of strings, "
                    + $"not {ManifestFields.Describe(value)}.", "ComponentFieldType");
                return ["skills"];
        }
    }
}
