using System.Text.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Cli.Inventory;

/// <summary>One line of the listing: an entry and what of it is installed.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Installed">What is installed of it, or null.</param>
internal sealed record ListedPlugin(LocatedEntry Entry, InstalledPlugin? Installed)
{
    public bool IsInstalled => Installed is not null;

    public static string IdOf(LocatedEntry entry) => $"{entry.Entry.Name}@{entry.Marketplace.Name}";

    public IReadOnlyList<string> ToRow()
    {
        var status = Installed switch
        {
            null => "not installed",
            { EffectiveEnabled: true } => "installed, enabled",
            _ => "installed, disabled",
        };
        return [IdOf(Entry), status, Installed?.CacheVersion ?? "", SourceText(Entry)];
    }

    /// <summary>Writes the object of one plugin (contract 4.6).</summary>
    public void Write(Utf8JsonWriter json, string? version)
    {
        json.WriteStartObject();
        json.WriteString("pluginId", IdOf(Entry));
        json.WriteString("name", Entry.Entry.Name);
        json.WriteString("marketplaceName", Entry.Marketplace.Name);
        json.WriteString("version", version);
        json.WriteBoolean("installed", IsInstalled);
        json.WriteBoolean("enabled", Installed?.EffectiveEnabled ?? false);
        WriteSource(json);
        if (Entry.Marketplace.Location is { IsRegistered: true, Source: { } source })
        {
            json.WriteStartObject("marketplaceSource");
            json.WriteString("sourceType", source.SourceType);
            json.WriteString("source", source.Description);
            json.WriteEndObject();
        }

        json.WriteString("installPolicy", Entry.Entry.Installation);
        json.WriteString("authPolicy", Entry.Entry.Authentication);
        json.WriteEndObject();
    }

    // As Codex writes it: the place, then what narrows it down.
    private static string SourceText(LocatedEntry entry) => string.Join(", ", Parts(entry).Select(DisplayText.Escape));

    private static IEnumerable<string> Parts(LocatedEntry entry)
    {
        var (place, details) = entry.Entry.Source switch
        {
            LocalSource local => (local.Path.UnderRoot(entry.Marketplace.Catalog.Root), []),
            GitSource git => (git.Url.ToString(), new[] { ("ref", git.Ref), ("sha", git.Sha) }),
            GitSubdirectorySource git => (git.Url.ToString(), [("path", git.PathText), ("ref", git.Ref), ("sha", git.Sha)]),
            NpmSource npm => (npm.Package, [("version", npm.Version), ("registry", npm.Registry)]),
            _ => ("", Array.Empty<(string, string?)>()),
        };
        return [place, .. details.Where(detail => detail.Item2 is not null).Select(detail => $"{detail.Item1} `{detail.Item2}`")];
    }

    private void WriteSource(Utf8JsonWriter json)
    {
        json.WriteStartObject("source");
        switch (Entry.Entry.Source)
        {
            case LocalSource local:
                json.WriteString("source", "local");
                json.WriteString("path", local.Path.UnderRoot(Entry.Marketplace.Catalog.Root));
                break;
            case GitSource git:
                json.WriteString("source", "git");
                json.WriteString("url", git.Url.ToString());
                WriteKnown(json, "ref", git.Ref);
                WriteKnown(json, "sha", git.Sha);
                break;
            case GitSubdirectorySource git:
                json.WriteString("source", "git-subdir");
                json.WriteString("url", git.Url.ToString());
                json.WriteString("path", DisplayText.HideSecrets(git.PathText));
                WriteKnown(json, "ref", git.Ref);
                WriteKnown(json, "sha", git.Sha);
                break;
            case NpmSource npm:
                json.WriteString("source", "npm");
                json.WriteString("package", npm.Package);
                WriteKnown(json, "version", npm.Version);
                WriteKnown(json, "registry", npm.Registry);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, DisplayText.HideSecrets(value));
        }
    }
}
