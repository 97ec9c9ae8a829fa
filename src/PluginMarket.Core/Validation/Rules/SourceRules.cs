using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Validation.Rules;

/// <summary>Where entries come from, and how firmly.</summary>
internal static class SourceRules
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    internal static readonly CheckRule[] All =
    [
        new("PM1201", Severity.Error, "The kind of source is not supported")
        {
            Why = "Codex knows local, url, git-subdir and npm, and skips an entry of any other kind without a message, "
                + "Claude's github included.",
            Kinds = ["SourceKind"],
            Bad = SampleText.Source("{ \"source\": \"github\", \"repo\": \"example/demo\" }"),
            Good = Git(""),
        },
        new("PM1202", Severity.Error, "The source is invalid")
        {
            Why = "It is neither a string nor an object, or a field is missing or of the wrong type. "
                + "Codex skips the entry without a message.",
            Kinds = ["SourceForm"],
            Bad = SampleText.Source("{ \"source\": \"local\" }"),
            Good = SampleText.Source("{ \"source\": \"local\", \"path\": \"./plugins/demo\" }"),
        },
        new("PM1203", Severity.Error, "The path of the source is not allowed")
        {
            Why = "A local path begins with './' and has no '..'; a folder in a repository is a path of names. "
                + "Codex skips the entry without a message.",
            Kinds = ["SourcePath"],
            Bad = SampleText.Source("\"plugins/demo\""),
            Good = SampleText.Source("\"./plugins/demo\""),
        },
        new("PM1204", Severity.Error, "The git URL is invalid")
        {
            Why = "https://, http://, ssh://, file://, git@host:path, owner/repo, an absolute path or one that begins with './'. "
                + "Codex skips an entry with any other without a message.",
            Kinds = ["SourceUrl"],
            Bad = SampleText.Source($$"""{ "source": "url", "url": "ftp://example.org/demo.git", "sha": "{{Commit}}" }"""),
            Good = Git(""),
        },
        new("PM1205", Severity.Error, "The npm source is invalid")
        {
            Why = "A package is name or @scope/name, a version has no '/', '\\' or ':', a registry is an https address without user, "
                + "query or fragment. Codex skips the entry without a message.",
            Kinds = ["SourceNpm"],
            Bad = SampleText.Source("{ \"source\": \"npm\", \"package\": \"@example\", \"version\": \"1.0.0\" }"),
            Good = SampleText.Source("{ \"source\": \"npm\", \"package\": \"@example/demo\", \"version\": \"1.0.0\" }"),
        },
        new("PM1206", Severity.Error, "The commit is not a full id")
        {
            Why = "Codex lists the entry, compares the whole commit id with sha, and refuses to install the plugin: "
                + "a short id never equals a full one.",
            Catalog = static (catalog, report) => ForEachGit(catalog, (entry, _, sha) =>
            {
                if (sha is not null && !GitReference.IsFullId(sha))
                {
                    report.Value(catalog.Path, CatalogSubject.SourceOf(entry)["sha"]!, $"\"{sha}\" is not a full commit id.",
                        "Use all 40 hexadecimal digits.", entry.Name);
                }
            }),
            Bad = SampleText.Source("""{ "source": "url", "url": "https://example.org/demo.git", "sha": "0123456" }"""),
            Good = Git(""),
        },
        new("PM1207", Severity.Information, "The git source is not pinned")
        {
            Why = "Without a commit, Codex installs what the branch or tag contains that day, hooks and servers included. "
                + "A branch also moves installed copies at the next refresh.",
            Catalog = static (catalog, report) => ForEachGit(catalog, (entry, reference, sha) =>
            {
                if (sha is null && !(reference is not null && GitReference.IsFullId(reference)))
                {
                    report.Value(catalog.Path, CatalogSubject.SourceOf(entry), reference is null ? "The source follows the default branch."
                        : $"The source follows \"{reference}\".", "Add \"sha\" with the full commit id.", entry.Name);
                }
            }),
            Bad = SampleText.Source("""{ "source": "url", "url": "https://example.org/demo.git", "ref": "main" }"""),
            Good = Git(", \"ref\": \"main\""),
        },
        new("PM1208", Severity.Warning, "Plain http")
        {
            Why = "Anyone on the network path can replace the plugin. PluginMarket refuses such a source without -AllowHttp.",
            Catalog = static (catalog, report) => ForEachUrl(catalog, (entry, url, value) =>
            {
                if (url.Scheme == "http" && !url.IsLoopback)
                {
                    report.Value(catalog.Path, value, "The repository is fetched over plain http.", "Use https.", entry.Name);
                }
            }),
            Bad = SampleText.Source($$"""{ "source": "url", "url": "http://example.org/demo.git", "sha": "{{Commit}}" }"""),
            Good = Git(""),
        },
        new("PM1209", Severity.Warning, "A source that other computers do not have")
        {
            Why = "An absolute path or a file:// URL names a folder of this computer. Over the network PluginMarket skips such an entry; "
                + "Codex searches for that folder on each computer that installs.",
            Catalog = static (catalog, report) => ForEachUrl(catalog, (entry, url, value) =>
            {
                if (url.IsFile && !url.IsMarketplaceFolder)
                {
                    report.Value(catalog.Path, value, "The source names a folder of this computer.", null, entry.Name);
                }
            }),
            Bad = SampleText.Source($$"""{ "source": "url", "url": "file:///srv/demo.git", "sha": "{{Commit}}" }"""),
            Good = Git(""),
        },
        new("PM1210", Severity.Warning, "An address of a private network")
        {
            Why = "Outside that network the address is another machine or none. "
                + "PluginMarket refuses it when the catalog itself came from a public host, unless -AllowHost names it.",
            Catalog = static (catalog, report) => ForEachUrl(catalog, (entry, url, value) =>
            {
                if (url.IsPrivate)
                {
                    report.Value(catalog.Path, value, "The source is an address of a private network.", null, entry.Name);
                }
            }),
            Bad = SampleText.Source($$"""{ "source": "url", "url": "https://git.corp.internal/demo.git", "sha": "{{Commit}}" }"""),
            Good = Git(""),
        },
        new("PM1211", Severity.Error, "A form of the path that cannot be installed")
        {
            Why = "Codex lists the entry and passes the path to git unchanged; "
                + "git finds only the plain form, so installing fails.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries)
                {
                    if (entry is { InstallRefusalCode: MarketErrorCode.SourceInvalid, InstallRefusal: not null }
                        && entry.Source is GitSubdirectorySource folder)
                    {
                        report.Value(catalog.Path, CatalogSubject.SourceOf(entry)["path"] ?? CatalogSubject.SourceOf(entry),
                            $"git does not find \"{folder.PathText}\".", $"Write \"{folder.Path.Value}\".", entry.Name);
                    }
                }
            },
            Bad = SampleText.Source(
                $$"""{ "source": "git-subdir", "url": "https://example.org/demo.git", "path": "plugins//demo", "sha": "{{Commit}}" }"""),
            Good = SampleText.Source(
                $$"""{ "source": "git-subdir", "url": "https://example.org/demo.git", "path": "plugins/demo", "sha": "{{Commit}}" }"""),
        },
        new("PM1212", Severity.Warning, "A path with '\\', ':' or '~'")
        {
            Why = "Codex reads them as part of a name on Unix, and as separators, drives and home folders on Windows. "
                + "PluginMarket skips such an entry everywhere.",
            Suggestion = "Use '/' between names.",
            Kinds = ["SourcePathOurs", "SourceUrlOurs"],
            Bad = SampleText.Source("\"./plugins\\\\demo\""),
            Good = SampleText.Source("\"./plugins/demo\""),
        },
        new("PM1213", Severity.Warning, "A GitHub address with a slash at its end")
        {
            Why = "Codex appends .git to it, slash included, and requests …/demo/.git, which does not exist.",
            Suggestion = "Remove the slash.",
            Catalog = static (catalog, report) => ForEachUrl(catalog, (entry, _, value) =>
            {
                if (value.GetString().Trim() is var text && text.StartsWith("https://github.com/", StringComparison.Ordinal)
                    && text.EndsWith('/'))
                {
                    report.Value(catalog.Path, value, "Codex turns it into an address that does not exist.", null, entry.Name);
                }
            }),
            Bad = SampleText.Source($$"""{ "source": "url", "url": "https://github.com/example/demo/", "sha": "{{Commit}}" }"""),
            Good = SampleText.Source($$"""{ "source": "url", "url": "https://github.com/example/demo", "sha": "{{Commit}}" }"""),
        },
        new("PM1214", Severity.Information, "The npm package is not pinned")
        {
            Why = "Without a full version, Codex installs the version that the registry offers that day.",
            Catalog = static (catalog, report) =>
            {
                foreach (var entry in catalog.Entries)
                {
                    if (entry.Source is NpmSource npm
                        && !(npm.Version is { } version && Semver.SemVersion.TryParse(version, Semver.SemVersionStyles.Strict, out _)))
                    {
                        report.Value(catalog.Path, CatalogSubject.SourceOf(entry),
                            $"The package follows {(npm.Version is null ? "the newest version" : $"\"{npm.Version}\"")}.",
                            "Add \"version\" with a full version.", entry.Name);
                    }
                }
            },
            Bad = SampleText.Source("{ \"source\": \"npm\", \"package\": \"@example/demo\", \"version\": \"^1.0.0\" }"),
            Good = SampleText.Source("{ \"source\": \"npm\", \"package\": \"@example/demo\", \"version\": \"1.0.0\" }"),
        },
        new("PM1215", Severity.Warning, "The ref is not the name of a branch or tag")
        {
            Why = "Codex passes it to git, which also takes revisions such as main~1 or @, and fails for any other text. "
                + "PluginMarket takes branches, tags and commits only, and refuses to install the plugin in both cases.",
            Suggestion = "Use a branch, a tag or a full commit id.",
            Catalog = static (catalog, report) => ForEachGit(catalog, (entry, reference, _) =>
            {
                if (reference is not null && !GitReference.IsFullId(reference) && GitReference.Check(reference) is { } finding)
                {
                    report.Value(catalog.Path, CatalogSubject.SourceOf(entry)["ref"]!,
                        $"\"{reference}\" cannot be a branch or tag: it {finding}.", null, entry.Name);
                }
            }),
            Bad = SampleText.Source(
                $$"""{ "source": "url", "url": "https://example.org/demo.git", "ref": "--force", "sha": "{{Commit}}" }"""),
            Good = Git(", \"ref\": \"main\""),
        },
        new("PM1220", Severity.Error, "The source's folder does not exist")
        {
            Why = "Codex lists the entry and refuses to install it.",
            Kinds = ["ResolvedFolderMissing"],
            Bad = SampleText.Source("\"./plugins/missing\""),
            Good = SampleText.Source("\"./plugins/demo\""),
        },
        new("PM1221", Severity.Warning, "The repository cannot be reached")
        {
            Why = "It may be removed, private or temporarily unavailable; until then no one can install the plugin. "
                + "Checked with -ResolveSource.",
            Kinds = ["ResolvedUnreachable"],
            Bad = SampleText.Source($$"""{ "source": "url", "url": "./nothing", "sha": "{{Commit}}" }"""),
            Good = SampleText.Source("\"./plugins/demo\""),
        },
        new("PM1222", Severity.Error, "The repository has no such branch, tag or commit")
        {
            Why = "Codex lists the entry and refuses to install it. Checked with -ResolveSource.",
            Kinds = ["ResolvedRefMissing"],
            Bad = SampleText.Source("""{ "source": "url", "url": "./repository", "sha": "ffffffffffffffffffffffffffffffffffffffff" }""",
                "repository/.codex-plugin/plugin.json (git)", SampleText.ManifestText()),
            Good = SampleText.Source("\"./plugins/demo\""),
        },
        new("PM1223", Severity.Warning, "The pin has moved")
        {
            Why = "The branch or tag of the entry no longer names the commit of its sha. Codex installs the sha: "
                + "raise the pin, or find out why the tag was moved. Checked with -ResolveSource.",
            Kinds = ["ResolvedPinMoved"],
            Bad = SampleText.Source("""{ "source": "url", "url": "./repository", "ref": "main", "sha": "{first}" }""",
                "repository/.codex-plugin/plugin.json (git)", SampleText.ManifestText()),
            Good = SampleText.Source("""{ "source": "url", "url": "./repository", "ref": "main", "sha": "{last}" }""",
                "repository/.codex-plugin/plugin.json (git)", SampleText.ManifestText()),
        },
        new("PM1224", Severity.Warning, "The source is outside the marketplace")
        {
            Why = "The folder is a link to a place outside. Codex installs its target; PluginMarket refuses it.",
            Kinds = ["ResolvedLinkOut"],
            Bad = SampleText.Source("\"./plugins/linked\"", "plugins/linked -> /usr", ""),
            Good = SampleText.Source("\"./plugins/demo\""),
        },
    ];

    private static string Git(string more) =>
        SampleText.Source($$"""{ "source": "url", "url": "https://example.org/demo.git", "sha": "{{Commit}}"{{more}} }""");

    private static void ForEachGit(CatalogSubject catalog, Action<MarketplaceEntry, string?, string?> look)
    {
        foreach (var entry in catalog.Entries)
        {
            switch (entry.Source)
            {
                case GitSource source:
                    look(entry, source.Ref, source.Sha);
                    break;
                case GitSubdirectorySource source:
                    look(entry, source.Ref, source.Sha);
                    break;
            }
        }
    }

    private static void ForEachUrl(CatalogSubject catalog, Action<MarketplaceEntry, GitUrl, JsonValue> look)
    {
        foreach (var entry in catalog.Entries)
        {
            var url = entry.Source switch { GitSource source => source.Url, GitSubdirectorySource source => source.Url, _ => null };
            if (url is not null && CatalogSubject.SourceOf(entry)["url"] is { Kind: JsonKind.String } value)
            {
                look(entry, url, value);
            }
        }
    }
}
