using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>The <c>interface</c> of a manifest (contract 2.2): any wrong type refuses the manifest, a bad path is dropped.</summary>
internal static class InterfaceReader
{
    private const int MostPrompts = 3;
    private const int MostPromptCharacters = 512;

    internal static PluginInterface? Read(PluginPass reading, JsonValue? value)
    {
        switch (value?.Kind)
        {
            case null or JsonKind.Null:
                return null;
            case JsonKind.Array:
                // Codex reads the items as fields in its own order, which nobody writes on purpose; the first is a text.
                if (value.Items.Count > 0 && value.Items[0].Kind is not (JsonKind.String or JsonKind.Null))
                {
                    ManifestFields.WrongType(reading, value, "interface", "an object");
                    return null;
                }

                reading.Warn("FieldIgnored", value, "\"interface\" should be an object, not an array.", "InterfaceArray");
                return null;
            case JsonKind.Object:
                break;
            default:
                ManifestFields.WrongType(reading, value, "interface", "an object");
                return null;
        }

        var read = new PluginInterface
        {
            DisplayName = Text(reading, value, "displayName"),
            ShortDescription = Text(reading, value, "shortDescription"),
            LongDescription = Text(reading, value, "longDescription"),
            DeveloperName = Text(reading, value, "developerName"),
            Category = Text(reading, value, "category"),
            Capabilities = ManifestFields.Escaped(ManifestFields.Texts(reading, value, "capabilities")),
            WebsiteUrl = Url(reading, value, "websiteUrl", "websiteURL"),
            PrivacyPolicyUrl = Url(reading, value, "privacyPolicyUrl", "privacyPolicyURL"),
            TermsOfServiceUrl = Url(reading, value, "termsOfServiceUrl", "termsOfServiceURL"),
            BrandColor = Text(reading, value, "brandColor"),
            ComposerIcon = Asset(reading, value, "composerIcon"),
            Logo = Asset(reading, value, "logo"),
            LogoDark = Asset(reading, value, "logoDark"),
            Screenshots = Screenshots(reading, value),
            DefaultPrompts = Prompts(reading, value["defaultPrompt"]),
        };
        return IsEmpty(read) ? null : read;
    }

    private static bool IsEmpty(PluginInterface read) =>
        read is
        {
            DisplayName: null, ShortDescription: null, LongDescription: null, DeveloperName: null, Category: null, WebsiteUrl: null,
            PrivacyPolicyUrl: null,
            TermsOfServiceUrl: null, BrandColor: null, ComposerIcon: null, Logo: null, LogoDark: null, Capabilities.Length: 0,
            Screenshots.Length: 0, DefaultPrompts.Length: 0,
        };

    private static string? Text(PluginPass reading, JsonValue parent, string name) =>
        ManifestFields.Escaped(ManifestFields.Text(reading, parent, name));

    private static string? Url(PluginPass reading, JsonValue parent, string name, string alias)
    {
        if (parent[name] is not null && parent[alias] is { } second)
        {
            reading.NoteRefusal("UrlTwice", second, $"\"{name}\" and \"{alias}\" are the same field. Keep one of them.");
        }

        return Text(reading, parent, name) ?? Text(reading, parent, alias);
    }

    private static string? Asset(PluginPass reading, JsonValue parent, string name) =>
        ManifestFields.Text(reading, parent, name) is null
            ? null : ManifestFields.Escaped(PluginPath.Read(reading, parent[name]!, $"interface.{name}"));

    private static string[] Screenshots(PluginPass reading, JsonValue parent)
    {
        ManifestFields.Texts(reading, parent, "screenshots");
        return ManifestFields.Escaped((parent["screenshots"]?.Items ?? []).Where(item => item.Kind == JsonKind.String)
            .Select(item => PluginPath.Read(reading, item, "interface.screenshots")).OfType<string>());
    }

    private static string[] Prompts(PluginPass reading, JsonValue? value)
    {
        switch (value?.Kind)
        {
            case null or JsonKind.Null:
                return [];
            case JsonKind.String:
                return Prompt(reading, value) is { } only ? [only] : [];
            case JsonKind.Array:
                break;
            default:
                reading.Warn("FieldIgnored", value, $"Codex ignores \"defaultPrompt\": it must be a string or an array of strings, "
                    + $"not {ManifestFields.Describe(value)}.", "PromptsIgnored");
                return [];
        }

        var prompts = new List<string>();
        foreach (var item in value.Items)
        {
            if (prompts.Count == MostPrompts)
            {
                reading.Warn("PromptDropped", item,
                    $"Codex keeps {MostPrompts} prompts; this one and those after it are ignored.", "PromptTooMany");
                break;
            }

            if (Prompt(reading, item) is { } prompt)
            {
                prompts.Add(prompt);
            }
        }

        return [.. prompts];
    }

    private static string? Prompt(PluginPass reading, JsonValue value)
    {
        if (value.AsString() is not { } text)
        {
            reading.Warn("PromptDropped", value, $"Codex ignores this prompt: it must be a string, not {ManifestFields.Describe(value)}.");
            return null;
        }

        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var length = text.EnumerateRunes().Count();
        if (length is 0 or > MostPromptCharacters)
        {
            reading.Warn("PromptDropped", value, length == 0 ? "Codex ignores this prompt: it is empty." : $"Codex ignores this prompt: "
                + $"it has {length} characters, {MostPromptCharacters} are allowed.", length == 0 ? null : "PromptTooLong");
            return null;
        }

        return DisplayText.Escape(text);
    }
}
