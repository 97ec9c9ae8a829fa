using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>How the plugin presents itself.</summary>
internal static class InterfaceRules
{
    private const int DocumentedPrompt = 128;
    private const int AcceptedPrompt = 512;

    internal static readonly CheckRule[] All =
    [
        new("PM0301", Severity.Error, "A field of the interface has the wrong type")
        {
            Why = "One wrong type in \"interface\" and Codex refuses the whole manifest: strings for names, URLs, colours and paths, "
                + "arrays of strings for capabilities and screenshots.",
            Kinds = ["InterfaceType"],
            Bad = SampleText.Interface("\"screenshots\": \"./shot.png\"", "shot.png", "x\n"),
            Good = SampleText.Interface("\"screenshots\": [\"./shot.png\"]", "shot.png", "x\n"),
        },
        new("PM0302", Severity.Error, "A URL is given under both of its keys")
        {
            Why = "websiteUrl and websiteURL are one field to Codex: with both, the field is a duplicate and the manifest is refused. "
                + "The same is true of the other two URLs.",
            Kinds = ["UrlTwice"],
            Bad = SampleText.Interface("\"websiteUrl\": \"https://example.org\",\n    \"websiteURL\": \"https://example.org\""),
            Good = SampleText.Interface("\"websiteUrl\": \"https://example.org\""),
        },
        new("PM0303", Severity.Warning, "A default prompt is empty or not a string")
        {
            Why = "Codex drops the prompt and keeps the others.",
            Kinds = ["PromptDropped"],
            Bad = SampleText.Interface("\"defaultPrompt\": [\"Show me.\", 5]"),
            Good = SampleText.Interface("\"defaultPrompt\": [\"Show me.\"]"),
        },
        new("PM0304", Severity.Warning, "A default prompt is too long")
        {
            Why = "Codex drops a prompt of more than 512 characters, counted after white space is collapsed. "
                + "The published documentation allows 128, which older versions enforced.",
            Suggestion = "Shorten it to at most 128 characters.",
            Kinds = ["PromptTooLong"],
            Bad = SampleText.Interface($"\"defaultPrompt\": \"{string.Join(' ', Enumerable.Repeat("again", 100))}\""),
            Good = SampleText.Interface("\"defaultPrompt\": \"Again.\""),
        },
        new("PM0305", Severity.Warning, "More than three default prompts")
        {
            Why = "Codex keeps the first three and drops the rest.",
            Kinds = ["PromptTooMany"],
            Bad = SampleText.Interface("\"defaultPrompt\": [\"One.\", \"Two.\", \"Three.\", \"Four.\"]"),
            Good = SampleText.Interface("\"defaultPrompt\": [\"One.\", \"Two.\", \"Three.\"]"),
        },
        new("PM0306", Severity.Warning, "The default prompt is neither a string nor an array")
        {
            Why = "Codex ignores the field.",
            Kinds = ["PromptsIgnored"],
            Bad = SampleText.Interface("\"defaultPrompt\": { \"text\": \"Show me.\" }"),
            Good = SampleText.Interface("\"defaultPrompt\": \"Show me.\""),
        },
        new("PM0307", Severity.Information, "A default prompt is longer than the documentation allows")
        {
            Why = "The published documentation allows 128 characters; Codex keeps up to 512. "
                + "Versions that follow the documentation drop a longer prompt.",
            Plugin = LongPrompts,
            Bad = SampleText.Interface($"\"defaultPrompt\": \"{string.Join(' ', Enumerable.Repeat("again", 30))}\""),
            Good = SampleText.Interface("\"defaultPrompt\": \"Again.\""),
        },
        new("PM0308", Severity.Warning, "The interface is an array")
        {
            Why = "Codex reads the items as fields in an undocumented order.",
            Suggestion = "Write an object.",
            Kinds = ["InterfaceArray"],
            Bad = SampleText.Manifest("\"interface\": [\"Demo\"]"),
            Good = SampleText.Manifest("\"interface\": { \"displayName\": \"Demo\", \"shortDescription\": \"Shows things.\" }"),
        },
        new("PM0309", Severity.Information, "The brand colour is not of the form #RRGGBB")
        {
            Why = "Codex keeps any text, but programs that show plugins can draw only colours of the form #RRGGBB.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Interface?["brandColor"] is { Kind: JsonKind.String } colour
                    && !(colour.GetString() is ['#', .. var digits] && digits.Length is 3 or 6 && digits.All(char.IsAsciiHexDigit)))
                {
                    report.Value(plugin.ManifestPath, colour, $"The brand colour \"{colour.GetString()}\" is not of the form #RRGGBB.");
                }
            },
            Bad = SampleText.Interface("\"brandColor\": \"teal\""),
            Good = SampleText.Interface("\"brandColor\": \"#008080\""),
        },
        new("PM0310", Severity.Information, "A URL of the interface is not https")
        {
            Why = "The pages are opened from Codex's plugin views. "
                + "Plain http can be changed in transit, and other schemes open other programs.",
            Plugin = static (plugin, report) =>
            {
                foreach (var name in (string[])["websiteUrl", "websiteURL", "privacyPolicyUrl", "privacyPolicyURL", "termsOfServiceUrl",
                    "termsOfServiceURL"])
                {
                    if (plugin.Interface?[name] is { Kind: JsonKind.String } url
                        && !url.GetString().StartsWith("https://", StringComparison.OrdinalIgnoreCase))
                    {
                        report.Value(plugin.ManifestPath, url, $"\"{name}\" does not begin with https://.");
                    }
                }
            },
            Bad = SampleText.Interface("\"websiteUrl\": \"http://example.org\""),
            Good = SampleText.Interface("\"websiteUrl\": \"https://example.org\""),
        },
        new("PM0311", Severity.Warning, "An unknown key of the interface that looks like a known one")
        {
            Why = "Codex ignores unknown keys without a message: a misspelled field is not shown.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Interface is { Kind: JsonKind.Object } presentation)
                {
                    ManifestFieldRules.Misspelt(plugin.ManifestPath, presentation, TypedManifestKeys.Interface, report);
                }
            },
            Bad = SampleText.Interface("\"developername\": \"Ann\""),
            Good = SampleText.Interface("\"developerName\": \"Ann\""),
        },
        new("PM0312", Severity.Information, "The interface has no display name")
        {
            Why = "Codex shows the plugin's id instead.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Interface is { Kind: JsonKind.Object, Members.Count: > 0 } presentation
                    && presentation["displayName"] is null or { Kind: JsonKind.Null })
                {
                    report.Key(plugin.ManifestPath, plugin.Interface!, "The interface has no \"displayName\".");
                }
            },
            Bad = SampleText.Manifest("\"interface\": { \"shortDescription\": \"Shows things.\" }"),
            Good = SampleText.Manifest("\"interface\": { \"displayName\": \"Demo\", \"shortDescription\": \"Shows things.\" }"),
        },
        new("PM0313", Severity.Information, "The interface has no short description")
        {
            Why = "The one line under the name in Codex's plugin views stays empty.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Interface is { Kind: JsonKind.Object, Members.Count: > 0 } presentation
                    && presentation["shortDescription"] is null or { Kind: JsonKind.Null })
                {
                    report.Key(plugin.ManifestPath, plugin.Interface!, "The interface has no \"shortDescription\".");
                }
            },
            Bad = SampleText.Manifest("\"interface\": { \"displayName\": \"Demo\" }"),
            Good = SampleText.Manifest("\"interface\": { \"displayName\": \"Demo\", \"shortDescription\": \"Shows things.\" }"),
        },
    ];

    private static void LongPrompts(PluginSubject plugin, RuleReport report)
    {
        var prompts = plugin.Interface?["defaultPrompt"];
        foreach (var prompt in prompts?.Kind == JsonKind.Array ? prompts.Items : prompts is null ? [] : [prompts])
        {
            if (prompt.AsString() is { } text && string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .EnumerateRunes().Count() is > DocumentedPrompt and <= AcceptedPrompt and var length)
            {
                report.Value(plugin.ManifestPath, prompt,
                    $"The prompt has {length} characters; the documentation allows {DocumentedPrompt}.");
            }
        }
    }
}
