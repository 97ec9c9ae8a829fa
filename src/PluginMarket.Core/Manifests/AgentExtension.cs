using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>What OpenAI's part of an Agent-format plugin says (contract 2.3): the extension object in the root manifest, else the overlay
/// <c>.codex-plugin/plugin.json</c>.</summary>
/// <param name="Interface">How the plugin presents itself; null where neither says so.</param>
/// <param name="OnboardingSkill">The value that names the onboarding skill.</param>
internal sealed record AgentExtension(PluginInterface? Interface, JsonValue? OnboardingSkill)
{
    internal const string Name = "com.openai";
    internal const string OverlayFile = ".codex-plugin/plugin.json";
    private static readonly string[] Ignored = ["skills", "mcpServers", "commands"];

    /// <summary>Reads it as Codex does: as its own complete manifest format, of which only the interface and
    /// the onboarding skill are used.</summary>
    internal static AgentExtension? Read(PluginPass reading, JsonValue root)
    {
        if (root["extensions"]?[Name] is { Kind: JsonKind.Object } extension)
        {
            return Read(reading, extension, extension["onboardingSkill"]);
        }

        if (reading.Tree.Find(OverlayFile) is not { Kind: TreeEntryKind.File } file)
        {
            return null;
        }

        var overlay = ManifestReader.Parse(reading, reading.ReadBytes(file), file.Path).Root;
        return Read(reading, overlay, overlay["extensions"]?[Name]?["onboardingSkill"]);
    }

    /// <summary>What Codex shows of a plugin whose extension has no interface.</summary>
    internal static PluginInterface Default(string name, string? description, string? developer, string? homepage) => new()
    {
        DisplayName = DisplayText.Escape(name),
        ShortDescription = Trimmed(description),
        LongDescription = Trimmed(description),
        DeveloperName = Trimmed(developer),
        Category = "Other",
        WebsiteUrl = Trimmed(homepage),
    };

    private static AgentExtension Read(PluginPass reading, JsonValue manifest, JsonValue? onboardingSkill)
    {
        ManifestFields.Text(reading, manifest, "name", nullAllowed: false);
        ManifestFields.Text(reading, manifest, "version");
        ManifestFields.Text(reading, manifest, "description");
        ManifestFields.Texts(reading, manifest, "keywords");
        ManifestFields.CheckApps(reading, manifest);
        foreach (var ignored in Ignored)
        {
            if (manifest[ignored] is { } value)
            {
                reading.Warn("FieldIgnored", value, $"Codex ignores \"{ignored}\" here.", "AgentFieldIgnored", atKey: true);
            }
        }

        if (manifest["hooks"] is { } hooks)
        {
            WarnOfHooks(reading, hooks);
        }

        if (manifest["apps"] is { Kind: JsonKind.String } apps)
        {
            reading.Warn("FieldIgnored", apps, "Codex lists no apps of a plugin in this format.", "AgentApps", atKey: true);
        }

        return new AgentExtension(InterfaceReader.Read(reading, manifest["interface"]), onboardingSkill);
    }

    internal static void WarnOfHooks(PluginPass reading, JsonValue hooks) =>
        reading.Warn("FieldIgnored", hooks, "Codex never runs hooks of a plugin in this format.", "AgentHooks", atKey: true);

    /// <summary>Tells of files that a plugin of another format would bring.</summary>
    internal static void WarnOfFiles(PluginPass reading)
    {
        if (reading.Tree.HasFile(HookReader.DefaultFile))
        {
            reading.Warn("HooksIgnored", HookReader.DefaultFile, "Codex never runs hooks of a plugin in this format.", "AgentHooks");
        }

        if (reading.Tree.HasFile(AppReader.DefaultFile))
        {
            reading.Warn("AppsIgnored", AppReader.DefaultFile, "Codex lists no apps of a plugin in this format.", "AgentApps");
        }
    }

    private static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } trimmed ? DisplayText.Escape(trimmed) : null;
}
