using System.Text.Json.Nodes;

namespace PluginMarket.Cli.Inventory;

/// <summary>One line of the listing: an entry and what of it is installed.</summary>
/// <param name="Offered">The entry.</param>
/// <param name="Installed">What is installed of it, or null.</param>
internal sealed record ListedPlugin(Plugin Offered, InstalledPlugin? Installed)
{
    public bool IsInstalled => Installed is not null;

    public IReadOnlyList<string> ToRow()
    {
        var status = Installed switch
        {
            null => "not installed",
            { EffectiveEnabled: true } => "installed, enabled",
            _ => "installed, disabled",
        };
        return [Offered.Id, status, Installed?.CacheVersion ?? "", SourceText(Offered.GetEntry()!)];
    }

    public JsonObject ToJson()
    {
        var item = new JsonObject
        {
            ["pluginId"] = Offered.Id,
            ["name"] = Offered.Name,
            ["marketplaceName"] = Offered.Marketplace,
            ["version"] = Installed?.CacheVersion ?? Offered.Version,
            ["installed"] = IsInstalled,
            ["enabled"] = Installed?.EffectiveEnabled ?? false,
            ["source"] = Source(Offered.GetEntry()!),
        };
        if (Offered.GetEntry()!.Marketplace.Location is { IsRegistered: true, Source: { } source })
        {
            item["marketplaceSource"] = new JsonObject { ["sourceType"] = source.SourceType, ["source"] = source.Description };
        }

        item["installPolicy"] = Offered.Installation;
        item["authPolicy"] = Offered.Authentication;
        return item;
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

    private static JsonObject Source(LocatedEntry entry) => entry.Entry.Source switch
    {
        LocalSource local => new JsonObject { ["source"] = "local", ["path"] = local.Path.UnderRoot(entry.Marketplace.Catalog.Root) },
        GitSource git => Pinned(new JsonObject { ["source"] = "git", ["url"] = git.Url.ToString() }, git.Ref, git.Sha),
        GitSubdirectorySource git => Pinned(new JsonObject { ["source"] = "git-subdir", ["url"] = git.Url.ToString(), ["path"] = DisplayText.HideSecrets(git.PathText) }, git.Ref, git.Sha),
        NpmSource npm => Npm(npm),
        _ => [],
    };

    private static JsonObject Pinned(JsonObject source, string? reference, string? sha)
    {
        if (reference is not null)
        {
            source["ref"] = DisplayText.HideSecrets(reference);
        }

        if (sha is not null)
        {
            source["sha"] = DisplayText.HideSecrets(sha);
        }

        return source;
    }

    private static JsonObject Npm(NpmSource npm)
    {
        var source = new JsonObject { ["source"] = "npm", ["package"] = npm.Package };
        if (npm.Version is not null)
        {
            source["version"] = DisplayText.HideSecrets(npm.Version);
        }

        if (npm.Registry is not null)
        {
            source["registry"] = npm.Registry;
        }

        return source;
    }
}
