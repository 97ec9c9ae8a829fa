using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>Finds and reads skills (contract 2.4).</summary>
internal static class SkillReader
{
    internal const string FileName = "SKILL.md";
    private const int MostLevels = 6;
    private const int MostNameCharacters = 64;

    /// <summary>Reads the skills below some folders, each file once, in the order of their paths within each folder.</summary>
    /// <param name="reading">The plugin.</param>
    /// <param name="roots">Folders of the plugin; empty for the plugin itself.</param>
    /// <param name="plugin">The plugin's name, the first half of each id.</param>
    /// <param name="levels">How deep below a root a skill's folder may be, exactly (<paramref name="exactLevel"/>) or at the most.</param>
    /// <param name="exactLevel">Whether only folders at that level count, as in the Agent format.</param>
    internal static List<Skill> Read(PluginPass reading, IEnumerable<string> roots, string plugin, int levels = MostLevels,
        bool exactLevel = false)
    {
        var skills = new List<Skill>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var root in roots)
        {
            if (root.Length > 0 && reading.Tree.Find(root)?.Kind != TreeEntryKind.Directory)
            {
                continue;
            }

            var prefix = root.Length == 0 ? "" : root + "/";
            foreach (var file in reading.Tree.Files)
            {
                if (!file.Path.StartsWith(prefix, StringComparison.Ordinal)
                    || !IsSkillFile(file.Path.AsSpan(prefix.Length), out var level, out var hidden) || hidden || !seen.Add(file.Path))
                {
                    continue;
                }

                if (exactLevel ? level != levels : level > levels)
                {
                    reading.Warn("SkillIgnored", file.Path, exactLevel
                        ? "Codex ignores this skill: in this format only the folders directly in skills/ hold skills."
                        : $"Codex ignores this skill: it is more than {levels} folders below {(root.Length == 0 ? "the plugin" : root)}.",
                        "SkillTooDeep");
                }
                else if (ReadSkill(reading, file, plugin) is { } skill)
                {
                    skills.Add(skill);
                }
            }
        }

        return skills;
    }

    private static bool IsSkillFile(ReadOnlySpan<char> path, out int level, out bool hidden)
    {
        level = 0;
        hidden = false;
        while (path.IndexOf('/') is var slash and >= 0)
        {
            hidden |= path[0] == '.';
            level++;
            path = path[(slash + 1)..];
        }

        return path.SequenceEqual(FileName);
    }

    private static Skill? ReadSkill(PluginPass reading, TreeEntry file, string plugin)
    {
        var text = reading.ReadText(file);
        if (text is null)
        {
            reading.Warn("SkillIgnored", file.Path, "Codex ignores this skill: the file is not UTF-8.", "SkillEncoding");
            return null;
        }

        var block = FrontMatter.Find(text);
        if (block is null)
        {
            reading.Warn("SkillIgnored", file.Path, TextPlaces.Line(text, 1),
                "Codex ignores this skill: it does not begin with YAML between two lines of '---'.", "SkillFrontMatter");
            return null;
        }

        var yaml = FrontMatter.Parse(block, CheckType, out var finding, out var line);
        if (yaml is null)
        {
            reading.Warn("SkillIgnored", file.Path, TextPlaces.Line(text, line + 1),
                $"Codex ignores this skill: its YAML cannot be used, {finding}.", "SkillYaml");
            return null;
        }

        var slash = file.Path.LastIndexOf('/');
        var folder = slash < 0 ? plugin : file.Path[(file.Path.LastIndexOf('/', slash - 1) + 1)..slash];
        var name = Collapse(TextOf(yaml["name"])) is { Length: > 0 } given ? given : folder;
        var description = Collapse(TextOf(yaml["description"]));
        var nameLength = name.EnumerateRunes().Count();
        if (description.Length == 0 || nameLength > MostNameCharacters)
        {
            reading.Warn("SkillIgnored", file.Path, TextPlaces.Line(text, description.Length > 0 ? (yaml["name"]?.Line ?? 0) + 1
                : (yaml["description"]?.Line ?? 0) + 1), description.Length == 0
                    ? $"Codex ignores this skill: it has no description.{Meant(yaml)}"
                    : $"Codex ignores this skill: its name has {nameLength} characters, {MostNameCharacters} are allowed.",
                description.Length == 0 ? "SkillDescription" : "SkillNameTooLong");
            return null;
        }

        var agent = AgentFile(reading, slash < 0 ? "" : file.Path[..(slash + 1)], out var visible);
        if (!visible)
        {
            return null;
        }

        var presentation = agent?["interface"];
        return new Skill
        {
            Name = DisplayText.Escape(name),
            Id = DisplayText.Escape($"{plugin}:{name}"),
            Description = DisplayText.Escape(description),
            ShortDescription = Optional(yaml["metadata"]?["short-description"]),
            License = Optional(yaml["license"]),
            DisplayName = Optional(presentation?["display_name"]),
            DefaultPrompt = Optional(presentation?["default_prompt"]),
            AllowImplicitInvocation = agent?["policy"]?["allow_implicit_invocation"]?.Text is not ("false" or "False" or "FALSE"),
            File = DisplayText.Escape(file.Path),
            Path = file.Path,
            HasHiddenText = reading.NoteHiddenText(text),
            Text = text,
        };
    }

    private static string Meant(YamlNode yaml) => yaml["description"] is null
        && yaml.Members?.FirstOrDefault(member => NearestName.FindTypo(member.Key, ["description"]) is not null) is { Key: { } key }
            ? $" Write \"description\" for \"{key}\"." : "";

    private static (string Finding, int Line)? CheckType(YamlNode yaml)
    {
        if (yaml.Members is null)
        {
            return ("it is not a mapping", yaml.Line);
        }

        foreach (var name in (string[])["name", "description", "metadata"])
        {
            if (yaml.Members.Where(member => member.Key == name).Skip(1).Select(member => member.Value).FirstOrDefault() is { } second)
            {
                return ($"'{name}' is given twice", second.Line);
            }
        }

        foreach (var name in (string[])["name", "description"])
        {
            if (yaml[name] is { Text: null } value)
            {
                return ($"'{name}' is not a text", value.Line);
            }
        }

        // Nothing behind the colon counts as an empty mapping; a null that is written out does not.
        if (yaml["metadata"] is { Members: null } metadata && !metadata.IsBlank)
        {
            return ("'metadata' is not a mapping", metadata.Line);
        }

        return yaml["metadata"]?["short-description"] is { Text: null } brief ? ("'short-description' is not a text", brief.Line)
            : yaml.HasCompoundKey || yaml["metadata"]?.HasCompoundKey == true ? ("a key is not a text", yaml.Line)
            : null;
    }

    /// <summary>The optional <c>agents/openai.yaml</c>; one wrong type in it and Codex ignores all of it.</summary>
    private static YamlNode? AgentFile(PluginPass reading, string folder, out bool visible)
    {
        visible = true;
        var path = folder + "agents/openai.yaml";
        if (reading.Tree.Find(path) is not { Kind: TreeEntryKind.File } file)
        {
            return null;
        }

        var text = reading.ReadText(file);
        var line = 1;
        var finding = "the file is not UTF-8";
        var yaml = text is null ? null : YamlText.Parse(text, out finding, out line);
        if (yaml is not null)
        {
            finding = CheckAgent(yaml, out line);
        }

        if (yaml is null || finding.Length > 0)
        {
            reading.Warn("SkillMetadataIgnored", path, TextPlaces.Line(text ?? "", line), $"Codex ignores this file: {finding}.");
            return null;
        }

        reading.NoteHiddenText(text);
        if (yaml["policy"]?["products"]?.Items is { Count: > 0 } products && !products.Any(p => p.Text is "CODEX" or "codex"))
        {
            visible = false;
            reading.Warn("SkillIgnored", path,
                "Codex does not load this skill: its policy names other products only.", "SkillOtherProduct");
        }

        return yaml;
    }

    private static string CheckAgent(YamlNode yaml, out int line)
    {
        line = yaml.Line;
        if (yaml.Members is null)
        {
            return "it is not a mapping";
        }

        foreach (var section in (string[])["interface", "policy"])
        {
            if (yaml[section] is { IsNull: false, Members: null } value)
            {
                line = value.Line;
                return $"'{section}' is not a mapping";
            }
        }

        foreach (var member in yaml["interface"]?.Members ?? [])
        {
            if (member.Value.Text is null
                && member.Key is "display_name" or "short_description" or "default_prompt" or "icon_small" or "icon_large" or "brand_color")
            {
                line = member.Value.Line;
                return $"'{member.Key}' is not a text";
            }
        }

        if (yaml["policy"]?["allow_implicit_invocation"] is { IsNull: false } allow
            && !(allow.IsPlain && allow.Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE"))
        {
            line = allow.Line;
            return "'allow_implicit_invocation' is neither true nor false";
        }

        return "";
    }

    private static string TextOf(YamlNode? node) => node is null || node.IsNull ? "" : node.Text ?? "";

    private static string Collapse(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string? Optional(YamlNode? node) => Collapse(TextOf(node)) is { Length: > 0 } text ? DisplayText.Escape(text) : null;
}
