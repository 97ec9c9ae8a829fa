namespace PluginMarket;

/// <summary>The <c>interface</c> of a manifest (contract 2.2): any wrong type refuses the manifest, a bad path is dropped.</summary>
internal static class InterfaceReader
{
    private const int MostPrompts = 3;
    private const int MostPromptCharacters = 512;

    internal static PluginInterface? Read(PluginReading reading, JsonValue? value)
    {
        switch (value?.Kind)
        {
            case null or JsonKind.Null:
                return null;
            case JsonKind.Array:
                // Codex reads the items as fields in its own order, which nobody writes on purpose.
                reading.Warn("FieldIgnored", value, "\"interface\" should be an object, not an array.");
                return null;
            case JsonKind.Object:
                break;
            default:
                throw ManifestFields.WrongType(value, "interface", "an object");
        }

        var read = new PluginInterface
        {
            DisplayName = Text(value, "displayName"),
            ShortDescription = Text(value, "shortDescription"),
            LongDescription = Text(value, "longDescription"),
            DeveloperName = Text(value, "developerName"),
            Category = Text(value, "category"),
            Capabilities = ManifestFields.Escaped(ManifestFields.Texts(value, "capabilities")),
            WebsiteUrl = Url(value, "websiteUrl", "websiteURL"),
            PrivacyPolicyUrl = Url(value, "privacyPolicyUrl", "privacyPolicyURL"),
            TermsOfServiceUrl = Url(value, "termsOfServiceUrl", "termsOfServiceURL"),
            BrandColor = Text(value, "brandColor"),
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
            DisplayName: null, ShortDescription: null, LongDescription: null, DeveloperName: null, Category: null, WebsiteUrl: null, PrivacyPolicyUrl: null,
            TermsOfServiceUrl: null, BrandColor: null, ComposerIcon: null, Logo: null, LogoDark: null, Capabilities.Length: 0, Screenshots.Length: 0, DefaultPrompts.Length: 0,
        };

    private static string? Text(JsonValue parent, string name) => ManifestFields.Escaped(ManifestFields.Text(parent, name));

    private static string? Url(JsonValue parent, string name, string alias)
    {
        if (parent[name] is not null && parent[alias] is { } second)
        {
            throw PluginReading.Refuse(second, $"\"{name}\" and \"{alias}\" are the same field. Keep one of them.");
        }

        return Text(parent, name) ?? Text(parent, alias);
    }

    private static string? Asset(PluginReading reading, JsonValue parent, string name) =>
        ManifestFields.Text(parent, name) is null ? null : ManifestFields.Escaped(PluginPath.Read(reading, parent[name]!, $"interface.{name}"));

    private static string[] Screenshots(PluginReading reading, JsonValue parent)
    {
        ManifestFields.Texts(parent, "screenshots");
        return ManifestFields.Escaped((parent["screenshots"]?.Items ?? []).Select(item => PluginPath.Read(reading, item, "interface.screenshots")).OfType<string>());
    }

    private static string[] Prompts(PluginReading reading, JsonValue? value)
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
                reading.Warn("FieldIgnored", value, $"Codex ignores \"defaultPrompt\": it must be a string or an array of strings, not {ManifestFields.Describe(value)}.");
                return [];
        }

        var prompts = new List<string>();
        foreach (var item in value.Items)
        {
            if (prompts.Count == MostPrompts)
            {
                reading.Warn("PromptDropped", item, $"Codex keeps {MostPrompts} prompts; this one and those after it are ignored.");
                break;
            }

            if (Prompt(reading, item) is { } prompt)
            {
                prompts.Add(prompt);
            }
        }

        return [.. prompts];
    }

    private static string? Prompt(PluginReading reading, JsonValue value)
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
            reading.Warn("PromptDropped", value, length == 0 ? "Codex ignores this prompt: it is empty." : $"Codex ignores this prompt: it has {length} characters, {MostPromptCharacters} are allowed.");
            return null;
        }

        return DisplayText.Escape(text);
    }
}
