using System.Security.Cryptography;
using System.Text;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>The manifest of the Agent Plugin format: a <c>plugin.json</c> in the plugin's root (contract 2.3).</summary>
internal static class AgentManifestParser
{
    private const string DefaultVersion = "1.0.0";
    private const int MostNameCharacters = 64;

    internal static PluginManifest Parse(PluginPass reading, JsonFile json, string path, string displayRoot)
    {
        var root = json.Root;
        var schema = root["$schema"]!;
        if (schema.GetString() != ManifestLocation.AgentPluginSchema)
        {
            throw new RefusedManifestException(reading.NoteRefusal("AgentSchema", schema,
                $"The format \"{schema.GetString()}\" is not supported. Use \"{ManifestLocation.AgentPluginSchema}\"."));
        }

        var name = ReadName(reading, root);
        var version = ManifestFields.Text(reading, root, "version", nullAllowed: false)?.Trim();
        if (reading.Refusals.Count == 0)
        {
            reading.StatedVersion = version;
        }

        version = string.IsNullOrEmpty(version) ? DefaultVersion : version;
        var description = ManifestFields.Text(reading, root, "description", nullAllowed: false);
        var keywords = ManifestFields.Texts(reading, root, "keywords");
        var homepage = ManifestFields.Text(reading, root, "homepage", nullAllowed: false);
        var repository = ManifestFields.Text(reading, root, "repository", nullAllowed: false);
        var license = ManifestFields.Text(reading, root, "license", nullAllowed: false);
        CheckAuthor(reading, root["author"]);
        foreach (var ignored in (string[])["skills", "mcpServers", "apps", "interface"])
        {
            if (root[ignored] is { } value)
            {
                reading.Warn("FieldIgnored", value, $"Codex ignores \"{ignored}\" in this format.", "AgentFieldIgnored", atKey: true);
            }
        }

        if (root["hooks"] is { } hooks)
        {
            AgentExtension.WarnOfHooks(reading, hooks);
        }

        AgentExtension.WarnOfFiles(reading);
        var author = ReadAuthor(root["author"]);
        var extension = AgentExtension.Read(reading, root);
        var skills = SkillReader.Read(reading, ["skills"], name, levels: 1, exactLevel: true);
        var servers = AgentMcpReader.Read(reading);
        var onboardingSkill = ManifestFields.ReadOnboardingSkill(reading, extension?.OnboardingSkill, skills);
        return new PluginManifest
        {
            Name = DisplayText.Escape(name),
            Version = DisplayText.Escape(version),
            InstallVersion = FolderOf(version),
            Description = ManifestFields.Escaped(description),
            Keywords = ManifestFields.Escaped(keywords),
            Author = author,
            Homepage = ManifestFields.Escaped(homepage),
            Repository = ManifestFields.Escaped(repository),
            License = ManifestFields.Escaped(license),
            Interface = extension?.Interface ?? AgentExtension.Default(name, description, author?.Name, homepage),
            Skills = [.. skills],
            McpServers = [.. servers.Loaded],
            PassedOverMcpServers = servers.PassedOver,
            Components = PluginManifest.ListComponents(skills.Count, servers.Loaded.Count, 0, 0, 0),
            OnboardingSkill = onboardingSkill,
            Path = displayRoot,
            ManifestPath = path,
            Dialect = "Agent",
            HasHiddenText = reading.HasHiddenText,
            Warnings = [.. reading.Warnings],
            Json = json,
        };
    }

    private static string ReadName(PluginPass reading, JsonValue root)
    {
        var name = ManifestFields.Text(reading, root, "name", nullAllowed: false);
        if (name is null)
        {
            if (root["name"] is null)
            {
                reading.NoteRefusal("AgentName", root, "\"name\" is missing.");
            }

            return "";
        }

        var legal = name.Length is > 0 and <= MostNameCharacters
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
            && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && !name.Contains("--", StringComparison.Ordinal) && !name.Contains("..", StringComparison.Ordinal);
        if (!legal)
        {
            reading.NoteRefusal("AgentName", root["name"]!, $"The name \"{name}\" must be at most {MostNameCharacters} lower-case ASCII "
                + $"letters, digits, '.' and '-', begin and end with a letter or digit, and hold no '--' or '..'.");
        }

        return name;
    }

    private static void CheckAuthor(PluginPass reading, JsonValue? author)
    {
        if (author is null)
        {
            return;
        }

        // Codex's reader also takes the three texts by position.
        if (author.Kind == JsonKind.Array && author.Items.Count <= 3 && author.Items.All(item => item.Kind == JsonKind.String))
        {
            return;
        }

        if (author.Kind != JsonKind.Object)
        {
            ManifestFields.WrongType(reading, author, "author", "an object");
            return;
        }

        foreach (var field in (string[])["name", "email", "url"])
        {
            ManifestFields.Text(reading, author, field, nullAllowed: false);
        }
    }

    private static Author? ReadAuthor(JsonValue? author) => author is { Kind: JsonKind.Array }
        ? new Author
        {
            Name = ManifestFields.Shown(author.Items.ElementAtOrDefault(0)),
            Email = ManifestFields.Shown(author.Items.ElementAtOrDefault(1)),
            Url = ManifestFields.Shown(author.Items.ElementAtOrDefault(2)),
        }
        : ManifestFields.ReadAuthor(author);

    // Codex names the folder of a version that cannot be one by its hash.
    private static string FolderOf(string version) =>
        version is not ("." or "..") && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-')
            ? version
            : "agent-plugins-" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(version))).ToLowerInvariant()[..24];
}
