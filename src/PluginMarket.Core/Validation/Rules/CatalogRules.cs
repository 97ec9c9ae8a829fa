using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Rules;

/// <summary>The catalog file as a whole.</summary>
internal static class CatalogRules
{
    private const int MostNamed = 8;

    private static readonly string[] Known = ["name", "interface", "plugins", "owner", "metadata", "version", "description", "renames",
        "homepage", "repository", "license", "author", "keywords", "category", "$schema"];

    internal static readonly CheckRule[] All =
    [
        new("PM0901", Severity.Error, "The folder has no catalog")
        {
            Why = "Codex looks for .agents/plugins/marketplace.json, .agents/plugins/api_marketplace.json, "
                + ".claude-plugin/marketplace.json and .cursor-plugin/marketplace.json, and accepts nothing else as a marketplace.",
            Suggestion = "Add .agents/plugins/marketplace.json.",
            Kinds = ["CatalogMissing"],
            Bad = SampleText.Files("marketplace.json", "{ \"name\": \"corp\", \"plugins\": [] }\n"),
            Good = SampleText.Catalog(""),
        },
        new("PM0902", Severity.Error, "The catalog is not an object")
        {
            Why = "Codex rejects a catalog that is not an object with a name and plugins.",
            Kinds = ["CatalogShape"],
            Bad = SampleText.Files(".agents/plugins/marketplace.json", "[]\n"),
            Good = SampleText.Catalog(""),
        },
        new("PM0903", Severity.Error, "The catalog's name is missing or not allowed")
        {
            Why = "The name is ASCII letters, digits, '_' and '-'. It names folders and tables in config.toml; "
                + "Codex does not add a marketplace with another name.",
            Kinds = ["CatalogName"],
            Bad = SampleText.Files(".agents/plugins/marketplace.json",
                "{ \"name\": \"corp tools\", \"plugins\": [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }] }\n",
                "plugins/demo/.codex-plugin/plugin.json", SampleText.ManifestText()),
            Good = SampleText.Catalog(""),
        },
        new("PM0904", Severity.Error, "The catalog's plugins are missing or not an array")
        {
            Why = "Codex rejects the whole file. An empty array is valid.",
            Kinds = ["CatalogPlugins"],
            Bad = SampleText.Files(".agents/plugins/marketplace.json", "{ \"name\": \"corp\", \"plugins\": {} }\n"),
            Good = SampleText.Catalog(""),
        },
        new("PM0905", Severity.Error, "The catalog's interface has the wrong type")
        {
            Why = "interface is an object and its displayName a string. Codex rejects the whole file for anything else.",
            Kinds = ["CatalogInterface"],
            Bad = SampleText.Catalog("\"interface\": \"Corp\","[..^1]),
            Good = SampleText.Catalog("\"interface\": { \"displayName\": \"Corp\" }"),
        },
        new("PM0906", Severity.Warning, "Another catalog is not read")
        {
            Why =
                "Codex reads only the first of the four paths that exists, even if it is invalid; the others are for other tools.",
            Catalog = static (catalog, report) =>
            {
                var names = catalog.Entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
                foreach (var (place, other) in catalog.Others)
                {
                    if (other is null || !names.SetEquals(other.Entries.Select(entry => entry.Name)))
                    {
                        report.File(place, $"Codex reads {catalog.Path} and not this file, which lists other plugins.");
                    }
                }
            },
            Bad = SampleText.Catalog("", ".claude-plugin/marketplace.json",
                "{ \"name\": \"corp\", \"plugins\": [{ \"name\": \"more\", \"source\": \"./plugins/more\" }] }\n"),
            Good = SampleText.Catalog("", ".claude-plugin/marketplace.json",
                "{ \"name\": \"corp\", \"plugins\": [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }] }\n"),
        },
        new("PM0907", Severity.Warning, "pluginRoot has no effect")
        {
            Why =
                "Claude's metadata.pluginRoot is the base of relative sources. Codex ignores it and uses the marketplace's root.",
            Suggestion = "Use the whole path in each source.",
            Catalog = static (catalog, report) =>
            {
                if (catalog.Root?["metadata"]?["pluginRoot"] is { } root && root.AsString() is not ("" or "." or "./"))
                {
                    report.Key(catalog.Path, root, "Codex ignores metadata.pluginRoot.");
                }
            },
            Bad = SampleText.Catalog("\"metadata\": { \"pluginRoot\": \"./plugins\" }"),
            Good = SampleText.Catalog("\"metadata\": { \"version\": \"1.0.0\" }"),
        },
        new("PM0908", Severity.Information, "The catalog lists nothing")
        {
            Why = "An empty array is valid: the marketplace has no plugins.",
            Catalog = static (catalog, report) =>
            {
                if (catalog.Root?["plugins"] is { Kind: JsonKind.Array, Items.Count: 0 } plugins)
                {
                    report.Value(catalog.Path, plugins, "The catalog lists no plugin.");
                }
            },
            Bad = SampleText.Files(".agents/plugins/marketplace.json", "{ \"name\": \"corp\", \"plugins\": [] }\n"),
            Good = SampleText.Catalog(""),
        },
        new("PM0909", Severity.Warning, "The catalog's fields are in an array")
        {
            Why = "Codex reads three items as name, interface and plugins, which is undocumented.",
            Suggestion = "Write an object.",
            Catalog = static (catalog, report) =>
            {
                if (catalog.Reading.Catalog is not null && catalog.Reading.Json?.Root is { Kind: JsonKind.Array } root)
                {
                    report.Value(catalog.Path, root, "The catalog is an array.");
                }
            },
            Bad = SampleText.Files(".agents/plugins/marketplace.json",
                "[\"corp\", null, [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }]]\n",
                "plugins/demo/.codex-plugin/plugin.json", SampleText.ManifestText()),
            Good = SampleText.Catalog(""),
        },
        new("PM0910", Severity.Warning, "Catalogs of one repository disagree")
        {
            Why = "Other tools read the other file: under another name, or with another source for one plugin, "
                + "the two know different plugins. "
                + "If the first file is deleted, Codex reads the other, and installed marketplaces no longer upgrade.",
            Catalog = Disagreements,
            Bad = SampleText.Catalog("", ".claude-plugin/marketplace.json",
                "{ \"name\": \"other\", \"plugins\": [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }] }\n"),
            Good = SampleText.Catalog("", ".claude-plugin/marketplace.json",
                "{ \"name\": \"corp\", \"plugins\": [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }] }\n"),
        },
        new("PM0911", Severity.Warning, "An unknown key of the catalog that looks like a known one")
        {
            Why = "Codex ignores unknown keys without a message: a misspelled interface is not shown.",
            Catalog = static (catalog, report) =>
            {
                if (catalog.Root is { } root)
                {
                    ManifestFieldRules.Misspelt(catalog.Path, root, Known, report);
                }

                if (catalog.Root?["interface"] is { Kind: JsonKind.Object } presentation)
                {
                    ManifestFieldRules.Misspelt(catalog.Path, presentation, ["displayName"], report);
                }
            },
            Bad = SampleText.Catalog("\"interfaces\": { \"displayName\": \"Corp\" }"),
            Good = SampleText.Catalog("\"interface\": { \"displayName\": \"Corp\" }"),
        },
    ];

    // One finding for a whole file: a catalog that begins its paths elsewhere differs in every entry.
    private static string AlsoTrueOf(List<MarketplaceEntry> entries) => entries.Count == 1 ? ""
        : $" {entries.Count - 1} more {(entries.Count == 2 ? "entry differs" : "entries differ")}: "
            + string.Join(", ", entries.Skip(1).Take(MostNamed).Select(entry => DisplayText.Escape(entry.Name)))
            + (entries.Count - 1 > MostNamed ? $" and {entries.Count - 1 - MostNamed} more." : ".");

    private static void Disagreements(CatalogSubject catalog, RuleReport report)
    {
        foreach (var (place, other) in catalog.Others)
        {
            if (other is not { } second || catalog.Reading.Catalog is not { } first)
            {
                continue;
            }

            if (first.Name != second.Name && second.Json.Root["name"] is { } name)
            {
                report.Value(place, name, $"This catalog is called \"{second.Name}\", {catalog.Path} \"{first.Name}\".",
                    $"Write \"{first.Name}\".");
            }

            var others = second.Entries.Where(entry => entry.Source is not null
                && first.Named(entry.Name) is [{ Source: { } source }, ..] && !source.Equals(entry.Source)).ToList();
            if (others.Count > 0)
            {
                var entry = others[0];
                report.Value(place, CatalogSubject.SourceOf(entry), $"The source of \"{entry.Name}\" is {entry.Source!.Description}, in "
                    + $"{catalog.Path} {first.Named(entry.Name)[0].Source!.Description}.{AlsoTrueOf(others)}", null, entry.Name);
            }
        }
    }
}
