using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;

namespace PluginMarket.Validation.Rules;

/// <summary>The entries of a catalog, but for their policy and source.</summary>
internal static class EntryRules
{
    private static readonly string[] Known = [.. CatalogKeys.Entry, .. TypedManifestKeys.Top, "author", "homepage", "repository", "license",
        "commands", "agents", "lspServers", "strict", "tags", "displayName", "installPolicy", "authPolicy", "installation"];

    internal static readonly CheckRule[] All =
    [
        new("PM1001", Severity.Error, "An entry without a name")
        {
            Why = "An entry is an object with a string as its name. Codex rejects the whole file for any other; "
                + "PluginMarket lists that entry as skipped.",
            Kinds = ["EntryShape"],
            Bad = SampleText.Entries("{ \"source\": \"./plugins/demo\" }"),
            Good = SampleText.Entries("{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }"),
        },
        new("PM1002", Severity.Error, "An entry without a source")
        {
            Why = "Codex rejects the whole file.",
            Kinds = ["EntrySource"],
            Bad = SampleText.Entries("{ \"name\": \"demo\" }"),
            Good = SampleText.Entries("{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }"),
        },
        new("PM1003", Severity.Error, "The category is not a string")
        {
            Why = "Codex rejects the whole file.",
            Kinds = ["EntryCategory"],
            Bad = SampleText.Entry("\"category\": [\"Tools\"]"),
            Good = SampleText.Entry("\"category\": \"Tools\""),
        },
        new("PM1004", Severity.Error, "An entry's name breaks the rules of names")
        {
            Why = "Codex skips the entry without a message. "
                + "A name is ASCII letters, digits, '_' and '-', in parts separated by single dots.",
            Kinds = ["EntryName"],
            Bad = SampleText.Entries("{ \"name\": \"my demo\", \"source\": \"./plugins/demo\" }"),
            Good = SampleText.Entries("{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }"),
        },
        new("PM1005", Severity.Warning, "A name is listed twice")
        {
            Why = "Codex uses the first valid entry and does not show the other. "
                + "PluginMarket lists both and refuses to install either, because the name is ambiguous.",
            Catalog = static (catalog, report) =>
            {
                foreach (var same in catalog.Entries.Where(entry => entry.ValidName is not null)
                    .GroupBy(entry => entry.Name, StringComparer.Ordinal))
                {
                    foreach (var second in same.Skip(1))
                    {
                        report.Value(catalog.Path, second.Node["name"] ?? second.Node,
                            $"\"{second.Name}\" is listed before.", null, second.Name);
                    }
                }
            },
            Bad = SampleText.Entries(
                "{ \"name\": \"demo\", \"source\": \"./plugins/demo\" },\n    { \"name\": \"demo\", \"source\": \"./plugins/more\" }",
                "plugins/more/.codex-plugin/plugin.json", SampleText.ManifestText()),
            Good = SampleText.Entries(
                "{ \"name\": \"demo\", \"source\": \"./plugins/demo\" },\n    { \"name\": \"more\", \"source\": \"./plugins/more\" }",
                "plugins/more/.codex-plugin/plugin.json", SampleText.ManifestText(name: "more")),
        },
        new("PM1006", Severity.Warning, "Similar names")
        {
            Why = "Names that differ only by letter case are one folder on Windows and macOS, and PluginMarket refuses to install them. "
                + "Names that differ only by '_', '-' and '.' are easily confused.",
            Catalog = static (catalog, report) =>
            {
                foreach (var alike in catalog.Entries.Where(entry => entry.ValidName is not null).DistinctBy(entry => entry.Name,
                    StringComparer.Ordinal).GroupBy(entry => NameRules.Skeleton(entry.Name), StringComparer.Ordinal))
                {
                    foreach (var second in alike.Skip(1))
                    {
                        report.Value(catalog.Path, second.Node["name"] ?? second.Node,
                            $"\"{second.Name}\" looks like \"{alike.First().Name}\".", null, second.Name);
                    }
                }
            },
            Bad = SampleText.Entries("{ \"name\": \"demo\", \"source\": \"./plugins/demo\" },\n    { \"name\": \"Demo\", "
                + "\"source\": \"./plugins/more\" }", "plugins/more/.codex-plugin/plugin.json", SampleText.ManifestText(name: "Demo")),
            Good = SampleText.Entries(
                "{ \"name\": \"demo\", \"source\": \"./plugins/demo\" },\n    { \"name\": \"more\", \"source\": \"./plugins/more\" }",
                "plugins/more/.codex-plugin/plugin.json", SampleText.ManifestText(name: "more")),
        },
        new("PM1007", Severity.Warning, "An unknown key that looks like a known one")
        {
            Why = "Codex reads unknown keys as parts of a manifest: a misspelled policy or category is not applied.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries)
                {
                    ManifestFieldRules.Misspelt(catalog.Path, entry.Node, Known, report, entry.Name);
                    if (entry.Node["source"] is { Kind: JsonKind.Object } source)
                    {
                        ManifestFieldRules.Misspelt(catalog.Path, source, CatalogKeys.Source, report, entry.Name);
                    }
                }
            },
            Bad = SampleText.Entry("\"categroy\": \"Tools\", \"Policy\": {}"),
            Good = SampleText.Entry("\"category\": \"Tools\", \"policy\": {}"),
        },
        new("PM1008", Severity.Warning, "A policy key outside policy")
        {
            Why = "installPolicy, authPolicy and installation directly in an entry are ignored: "
                + "the plugin is offered as if they were missing.",
            Suggestion = "Write it as \"policy\": { \"installation\": …, \"authentication\": … }.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries)
                {
                    foreach (var key in (string[])["installPolicy", "authPolicy", "installation", "authentication"])
                    {
                        if (entry.Node[key] is { } value)
                        {
                            report.Key(catalog.Path, value, $"Codex ignores \"{key}\" here.", null, entry.Name);
                        }
                    }
                }
            },
            Bad = SampleText.Entry("\"installation\": \"NOT_AVAILABLE\""),
            Good = SampleText.Entry("\"policy\": { \"installation\": \"NOT_AVAILABLE\" }"),
        },
        new("PM1009", Severity.Information, "strict has no effect")
        {
            Why = "Claude's strict: false makes an entry replace the manifest. "
                + "Codex uses the entry for a plugin without a manifest in any case, and the manifest if there is one.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries)
                {
                    if (entry.Node["strict"] is { Kind: JsonKind.Boolean } strict && !strict.GetBoolean())
                    {
                        report.Key(catalog.Path, strict, "Codex ignores \"strict\".", null, entry.Name);
                    }
                }
            },
            Bad = SampleText.Entry("\"strict\": false"),
            Good = SampleText.Entry("\"description\": \"Shows things.\""),
        },
        new("PM1010", Severity.Error, "The manifest has another name than the entry")
        {
            Why = "Codex compares the two, letter case included, and refuses to install the plugin. "
                + "Codex says so only when somebody installs it.",
            Kinds = ["ResolvedNameMismatch"],
            Bad = SampleText.Entries("{ \"name\": \"demo-kit\", \"source\": \"./plugins/demo\" }"),
            Good = SampleText.Entries("{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }"),
        },
        new("PM1011", Severity.Error, "The entry's plugin is refused")
        {
            Why = "The plugin at the entry's source has no manifest that Codex accepts: Codex lists it and cannot install it. "
                + "Test-PluginManifest shows the findings.",
            Kinds = ["ResolvedManifest"],
            Bad = SampleText.Entries("{ \"name\": \"broken\", \"source\": \"./plugins/broken\" }",
                "plugins/broken/.codex-plugin/plugin.json", "{ \"name\": \"broken\", \"version\": 1 }\n"),
            Good = SampleText.Entries("{ \"name\": \"whole\", \"source\": \"./plugins/whole\" }", "plugins/whole/.codex-plugin/plugin.json",
                "{ \"name\": \"whole\", \"version\": \"1\" }\n"),
        },
        new("PM1012", Severity.Warning, "Keys of the entry that the plugin's own manifest replaces")
        {
            Why = "Codex reads components and interface from the entry only if the plugin's folder has no manifest. "
                + "If there is one, it ignores what the entry says of them.",
            Suggestion = "Write them into the plugin's manifest, or remove them.",
            Kinds = ["EntryKeyOverridden"],
            Bad = SampleText.Entry("\"skills\": \"./abilities\""),
            Good = SampleText.Entry("\"category\": \"Tools\""),
        },
        new("PM1013", Severity.Warning, "The entry has another version than the manifest")
        {
            Why = "Codex installs the version of the plugin's own manifest; the entry's version is shown by other tools only.",
            Kinds = ["EntryVersionDiffers"],
            Bad = SampleText.Entry("\"version\": \"2.0.0\""),
            Good = SampleText.Entry("\"version\": \"1.0.0\""),
        },
    ];
}
