namespace PluginMarket;

/// <summary>The keys of a manifest whose type Codex knows (contract 2.2); giving one twice refuses the manifest, any other key twice does not.</summary>
internal static class TypedManifestKeys
{
    internal static readonly string[] Top = ["name", "version", "description", "keywords", "skills", "mcpServers", "apps", "hooks", "interface"];

    internal static readonly string[] Interface =
    [
        "displayName", "shortDescription", "longDescription", "developerName", "category", "capabilities", "websiteUrl", "websiteURL", "privacyPolicyUrl", "privacyPolicyURL",
        "termsOfServiceUrl", "termsOfServiceURL", "brandColor", "composerIcon", "logo", "logoDark", "screenshots", "defaultPrompt",
    ];

    internal static bool Has(JsonDuplicate duplicate, bool inManifest) =>
        inManifest && duplicate.Pointer switch
        {
            "" => Top.Contains(duplicate.Name, StringComparer.Ordinal),
            "/interface" => Interface.Contains(duplicate.Name, StringComparer.Ordinal),
            _ => false,
        };
}
