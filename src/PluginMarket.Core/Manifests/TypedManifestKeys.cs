using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>The keys whose type Codex knows: giving one twice refuses the manifest or rejects the file; any other key twice
/// does not (contract 2.2, 2.5, 2.7).</summary>
internal static class TypedManifestKeys
{
    internal static readonly string[] Top = ["name", "version", "description", "keywords", "skills", "mcpServers", "apps", "hooks",
        "interface"];

    internal static readonly string[] Interface =
    [
        "displayName", "shortDescription", "longDescription", "developerName", "category", "capabilities", "websiteUrl", "websiteURL",
        "privacyPolicyUrl", "privacyPolicyURL",
        "termsOfServiceUrl", "termsOfServiceURL", "brandColor", "composerIcon", "logo", "logoDark", "screenshots", "defaultPrompt",
    ];

    private static readonly string[] Handler =
        ["type", "command", "commandWindows", "command_windows", "timeout", "async", "statusMessage", "additionalContextLimit", "server",
            "tool", "input"];

    /// <summary>What Codex reads of a manifest.</summary>
    internal static ReadShape Shape { get; } =
        ReadShape.Of([.. Top, "extensions"], ("interface", ReadShape.Of(Interface)));

    /// <summary>Whether a key of the manifest is one of them.</summary>
    internal static bool OfManifest(JsonDuplicate duplicate) => duplicate.Pointer switch
    {
        "" => Top.Contains(duplicate.Name, StringComparer.Ordinal),
        "/interface" => Interface.Contains(duplicate.Name, StringComparer.Ordinal),
        _ => false,
    };

    /// <summary>Whether a key of a hooks file is one of them.</summary>
    internal static bool OfHooks(JsonDuplicate duplicate) => duplicate.Pointer.Split('/').Length switch
    {
        1 => duplicate.Name is "description" or "hooks",
        2 => HookEvents.Names.Contains(duplicate.Name, StringComparer.Ordinal),
        4 => duplicate.Name is "matcher" or "hooks",
        6 => Handler.Contains(duplicate.Name, StringComparer.Ordinal),
        _ => false,
    };

    /// <summary>Whether a key of an MCP file is one of them.</summary>
    internal static bool OfMcp(JsonDuplicate duplicate) => duplicate is { Pointer: "", Name: "mcpServers" };
}
