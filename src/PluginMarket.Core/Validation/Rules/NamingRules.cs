using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Json;

namespace PluginMarket.Validation.Rules;

/// <summary>Names that are reserved, look alike, or are unsafe on some system.</summary>
internal static class NamingRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM1301", Severity.Error, "The marketplace's name is reserved")
        {
            Why = "Codex reserves some names for its own marketplaces and adds no other under them.",
            Catalog = static (catalog, report) =>
            {
                if (catalog.Root?["name"] is { Kind: JsonKind.String } name && NameRules.IsReservedMarketplace(name.GetString()))
                {
                    report.Value(catalog.Path, name, $"The name \"{name.GetString()}\" is reserved.");
                }
            },
            Bad = SampleText.Files(".agents/plugins/marketplace.json",
                "{ \"name\": \"openai-curated\", \"plugins\": [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }] }\n",
                "plugins/demo/.codex-plugin/plugin.json", SampleText.ManifestText()),
            Good = SampleText.Catalog(""),
        },
        new("PM1302", Severity.Warning, "The marketplace's name looks like a reserved one")
        {
            Why = "In another letter case, or with '_' for '-', it is easily mistaken for one of Codex's own marketplaces. Codex adds it; "
                + "PluginMarket refuses.",
            Catalog = static (catalog, report) =>
            {
                if (catalog.Root?["name"] is { Kind: JsonKind.String } name
                    && NameRules.FindReservedLookalike(name.GetString()) is { } reserved)
                {
                    report.Value(catalog.Path, name, $"The name \"{name.GetString()}\" looks like the reserved \"{reserved}\".");
                }
            },
            Bad = SampleText.Files(".agents/plugins/marketplace.json",
                "{ \"name\": \"OpenAI_curated\", \"plugins\": [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }] }\n",
                "plugins/demo/.codex-plugin/plugin.json", SampleText.ManifestText()),
            Good = SampleText.Catalog(""),
        },
        new("PM1303", Severity.Warning, "The marketplace's name is unsafe on some systems")
        {
            Why = "It names a folder, and on Windows some names are devices. Codex accepts it; PluginMarket refuses to install from it.",
            Catalog = static (catalog, report) =>
            {
                if (catalog.Root?["name"] is { Kind: JsonKind.String } name && catalog.Reading.Catalog?.ValidName is not null
                    && NameRules.CheckPortability(name.GetString()) is { } finding)
                {
                    report.Value(catalog.Path, name, $"The name \"{name.GetString()}\" {finding}.");
                }
            },
            Bad = SampleText.Files(".agents/plugins/marketplace.json",
                "{ \"name\": \"aux\", \"plugins\": [{ \"name\": \"demo\", \"source\": \"./plugins/demo\" }] }\n",
                "plugins/demo/.codex-plugin/plugin.json", SampleText.ManifestText()),
            Good = SampleText.Catalog(""),
        },
        new("PM1304", Severity.Warning, "An entry's name is unsafe on some systems")
        {
            Why = "It names a folder, and on Windows some names are devices. Codex accepts it; "
                + "PluginMarket lists the entry and refuses to install it.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries.Where(entry => entry.ValidName is not null))
                {
                    if (NameRules.CheckPortability(entry.Name) is { } finding)
                    {
                        report.Value(catalog.Path, entry.Node["name"]!, $"The name \"{entry.Name}\" {finding}.", null, entry.Name);
                    }
                }
            },
            Bad = SampleText.Entries("{ \"name\": \"con\", \"source\": \"./plugins/con-tools\" }",
                "plugins/con-tools/.codex-plugin/plugin.json", SampleText.ManifestText(name: "con")),
            Good = SampleText.Entries("{ \"name\": \"con-tools\", \"source\": \"./plugins/con-tools\" }",
                "plugins/con-tools/.codex-plugin/plugin.json", SampleText.ManifestText(name: "con-tools")),
        },
        new("PM1305", Severity.Warning, "The plugin's name is unsafe on some systems")
        {
            Why = "It names a folder, and on Windows some names are devices. Codex accepts it; PluginMarket refuses to install the plugin.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Root?["name"]?.AsString() is { } name && PluginName.TryParse(name, out _, out _)
                    && NameRules.CheckPortability(name) is { } finding)
                {
                    report.Value(plugin.ManifestPath, plugin.Root["name"]!, $"The name \"{name}\" {finding}.");
                }
            },
            Bad = SampleText.Files(".codex-plugin/plugin.json", SampleText.ManifestText(name: "nul.tools")),
            Good = SampleText.Files(".codex-plugin/plugin.json", SampleText.ManifestText(name: "null-tools")),
        },
        new("PM1306", Severity.Warning, "The version is unsafe on some systems")
        {
            Why = "It names a folder, and Windows drops a dot at its end. Codex accepts it; PluginMarket refuses to install the plugin.",
            Plugin = static (plugin, report) =>
            {
                if (plugin.Root?["version"]?.AsString()?.Trim() is { Length: > 0 } version && !plugin.Reading.Findings.Any(
                    finding => finding.Kind == "VersionInvalid") && !plugin.IsAgent && NameRules.CheckPortability(version) is { } finding)
                {
                    report.Value(plugin.ManifestPath, plugin.Root["version"]!, $"The version \"{version}\" {finding}.");
                }
            },
            Bad = SampleText.Files(".codex-plugin/plugin.json",
                "{\n  \"name\": \"demo\",\n  \"version\": \"1.0.\",\n  \"description\": \"Shows things.\"\n}\n"),
            Good = SampleText.Manifest(),
        },
        new("PM1307", Severity.Warning, "A file's name is unsafe on some systems")
        {
            Why = "Windows cannot write the file, or writes another one. Codex copies it if it can; "
                + "PluginMarket refuses to install the plugin anywhere.",
            Plugin = static (plugin, report) =>
            {
                foreach (var entry in plugin.Tree.Entries)
                {
                    if (NameRules.CheckPortability(entry.Name) is { } finding && !HiddenTextRules.IsHidden(entry.Name))
                    {
                        report.File(entry.Path, $"The name \"{entry.Name}\" {finding}.");
                    }
                }
            },
            Bad = SampleText.Manifest("", "docs/what?.md", "# What\n"),
            Good = SampleText.Manifest("", "docs/what.md", "# What\n"),
        },
        new("PM1308", Severity.Warning, "Two files are one on some systems")
        {
            Why = "Their paths differ only by letter case or Unicode form, so one replaces the other on Windows and macOS. "
                + "PluginMarket refuses to install the plugin anywhere.",
            Plugin = static (plugin, report) =>
            {
                foreach (var same in plugin.Tree.Entries.GroupBy(entry => NameRules.FoldKey(entry.Path), StringComparer.Ordinal))
                {
                    foreach (var second in same.Skip(1))
                    {
                        report.File(second.Path, $"\"{second.Path}\" and \"{same.First().Path}\" are one file on some systems.");
                    }
                }
            },
            Bad = SampleText.Manifest("", "docs/Guide.md", "# Guide\n", "docs/guide.md", "# Guide\n"),
            Good = SampleText.Manifest("", "docs/guide.md", "# Guide\n"),
        },
        new("PM1309", Severity.Warning, "The plugin exceeds a limit")
        {
            Why = "PluginMarket refuses to install a plugin with more files, deeper folders, "
                + "longer names or larger files than its documented caps. Codex has none.",
            Kinds = ["TreeLimit"],
            Plugin = static (plugin, report) =>
            {
                var caps = TreeLimits.Plugin(plugin.Limits);
                foreach (var entry in plugin.Tree.Entries)
                {
                    if (System.Text.Encoding.UTF8.GetByteCount(entry.Name) > caps.SegmentBytes)
                    {
                        report.File(entry.Path, $"The name has more than {caps.SegmentBytes} bytes.");
                    }
                    else if (System.Text.Encoding.UTF8.GetByteCount(entry.Path) > caps.PathBytes)
                    {
                        report.File(entry.Path, $"The path has more than {caps.PathBytes} bytes.");
                    }
                    else if (entry.Length > caps.FileBytes)
                    {
                        report.File(entry.Path, $"The file has more than {caps.FileBytes} bytes.");
                    }
                }
            },
            Bad = SampleText.Manifest("", new string('n', 220) + ".md", "# Long\n"),
            Good = SampleText.Manifest("", "short.md", "# Short\n"),
        },
    ];
}
