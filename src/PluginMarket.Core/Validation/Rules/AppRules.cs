namespace PluginMarket.Validation.Rules;

/// <summary>Apps.</summary>
internal static class AppRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM0701", Severity.Error, "The app file is ignored")
        {
            Why = "The file is an object with an object apps, and each app in it has a string as its id. "
                + "One app without an id, and Codex ignores the whole file.",
            Kinds = ["AppsIgnored"],
            Bad = SampleText.Manifest("", ".app.json", "{ \"apps\": { \"mail\": { \"category\": \"Mail\" } } }\n"),
            Good = SampleText.Manifest("", ".app.json", "{ \"apps\": { \"mail\": { \"id\": \"connector_mail\" } } }\n"),
        },
        new("PM0702", Severity.Error, "An app without an id")
        {
            Why = "Codex drops an app whose id is blank.",
            Kinds = ["AppDropped"],
            Bad = SampleText.Manifest("", ".app.json", "{ \"apps\": { \"mail\": { \"id\": \" \" } } }\n"),
            Good = SampleText.Manifest("", ".app.json", "{ \"apps\": { \"mail\": { \"id\": \"connector_mail\" } } }\n"),
        },
        new("PM0703", Severity.Warning, "The app file has no apps")
        {
            Why = "Codex finds no apps without the member apps: it does not accept a bare map of apps "
                + "as in MCP files.",
            Kinds = ["AppsEmpty"],
            Bad = SampleText.Manifest("", ".app.json", "{ \"mail\": { \"id\": \"connector_mail\" } }\n"),
            Good = SampleText.Manifest("", ".app.json", "{ \"apps\": { \"mail\": { \"id\": \"connector_mail\" } } }\n"),
        },
        new("PM0704", Severity.Warning, "Two apps have one id")
        {
            Why = "They are one app under two names.",
            Plugin = static (plugin, report) =>
            {
                foreach (var same in (plugin.Manifest?.Apps ?? []).GroupBy(app => app.Id.Trim(), StringComparer.Ordinal))
                {
                    foreach (var second in same.Skip(1))
                    {
                        var id = second.Definition!["id"]!;
                        report.Value(plugin.PathOf(id), id, $"\"{second.Name}\" has the same id as \"{same.First().Name}\".");
                    }
                }
            },
            Bad = SampleText.Manifest("", ".app.json",
                "{ \"apps\": { \"mail\": { \"id\": \"connector_mail\" }, \"post\": { \"id\": \"connector_mail\" } } }\n"),
            Good = SampleText.Manifest("", ".app.json",
                "{ \"apps\": { \"mail\": { \"id\": \"connector_mail\" }, \"post\": { \"id\": \"connector_post\" } } }\n"),
        },
        new("PM0705", Severity.Warning, "Apps of the Agent Plugin format are not listed")
        {
            Why = "Codex lists no apps of a plugin with a root plugin.json of that format, whatever its extension, "
                + "its overlay or .app.json says.",
            Suggestion = "Use .codex-plugin/plugin.json without the root manifest.",
            Kinds = ["AgentApps"],
            Bad = SampleText.Agent("", ".app.json", "{ \"apps\": { \"mail\": { \"id\": \"connector_mail\" } } }\n"),
            Good = SampleText.Agent(""),
        },
    ];
}
