using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>Typed fields of a manifest: a wrong type refuses the whole manifest (contract 2.2, 2.3).</summary>
internal static class ManifestFields
{
    /// <summary>An optional text; <c>null</c> counts as absent unless the format forbids it.</summary>
    internal static string? Text(PluginPass reading, JsonValue parent, string name, bool nullAllowed = true)
    {
        var value = parent[name];
        if (value is not (null or { Kind: JsonKind.String }) && !(nullAllowed && value.Kind == JsonKind.Null))
        {
            WrongType(reading, value, name, "a string");
        }

        return value?.AsString();
    }

    /// <summary>An optional array of texts; <c>null</c> is a wrong type.</summary>
    internal static string[] Texts(PluginPass reading, JsonValue parent, string name)
    {
        var value = parent[name];
        if (value is null)
        {
            return [];
        }

        if (value.Kind != JsonKind.Array)
        {
            WrongType(reading, value, name, "an array of strings");
            return [];
        }

        foreach (var item in value.Items.Where(item => item.Kind != JsonKind.String))
        {
            WrongType(reading, item, name, "an array of strings");
        }

        return [.. value.Items.Select(item => item.AsString()).OfType<string>()];
    }

    internal static void WrongType(PluginPass reading, JsonValue value, string name, string expected) =>
        reading.NoteRefusal(value.Pointer.Contains("/interface", StringComparison.Ordinal) ? "InterfaceType" : "FieldType", value,
            $"\"{name}\" must be {expected}, not {Describe(value)}.");

    internal static string Describe(JsonValue value) => value.Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Boolean => "a Boolean",
        JsonKind.Number => "a number",
        JsonKind.String => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>Text of a field the format leaves untyped: shown when it is text, ignored otherwise.</summary>
    internal static string? Shown(JsonValue? value) => value?.AsString() is { } text ? DisplayText.Escape(text) : null;

    internal static string? Escaped(string? text) => text is null ? null : DisplayText.Escape(text);

    internal static string[] Escaped(IEnumerable<string> texts) => [.. texts.Select(DisplayText.Escape)];

    internal static Author? ReadAuthor(JsonValue? value) => value switch
    {
        { Kind: JsonKind.String } => new Author { Name = Shown(value) },
        { Kind: JsonKind.Object } => new Author { Name = Shown(value["name"]), Email = Shown(value["email"]), Url = Shown(value["url"]) },
        _ => null,
    };

    /// <summary>The file of apps: a path, or nothing.</summary>
    internal static void CheckApps(PluginPass reading, JsonValue manifest)
    {
        if (manifest["apps"] is { Kind: not (JsonKind.String or JsonKind.Null) } apps)
        {
            reading.NoteRefusal("AppsType", apps, $"\"apps\" must be a path, not {Describe(apps)}.");
        }
    }

    /// <summary>The id of the onboarding skill, where the value is the path of a skill that the plugin has.</summary>
    internal static string? ReadOnboardingSkill(PluginPass reading, JsonValue? value, IEnumerable<Skill> skills)
    {
        if (value is null)
        {
            return null;
        }

        var path = value.AsString() is { } text ? PluginPath.Normalise(text, out _) : null;
        var skill = skills.FirstOrDefault(skill => skill.Path == path);
        if (skill is null)
        {
            reading.Warn("FieldIgnored", value, "Codex ignores \"onboardingSkill\": it must be the path of a skill that it loads, "
                + "such as ./skills/hello/SKILL.md.", "OnboardingSkill");
        }

        return skill?.Id;
    }
}
