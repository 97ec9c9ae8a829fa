using PluginMarket.Json;

namespace PluginMarket.Marketplaces;

/// <summary>Edits the text of a catalog; every byte outside the edit stays.</summary>
internal static class CatalogEditor
{
    /// <summary>The text of a catalog without entries.</summary>
    internal static JsonFile Create(MarketplaceName name, string? displayName)
    {
        var file = JsonFile.Parse("{}\n"u8.ToArray(), "the new catalog", MarketErrorCode.CatalogUnreadable);
        file = JsonEditor.Set(file, "/name", JsonEditor.Quote(name.Value));
        file = string.IsNullOrWhiteSpace(displayName)
            ? file : JsonEditor.Set(file, "/interface", $"{{\"displayName\":{JsonEditor.Quote(displayName)}}}");
        return JsonEditor.Set(file, "/plugins", "[]");
    }

    /// <summary>Appends an entry.</summary>
    internal static JsonFile Add(MarketplaceCatalog catalog, PluginName name, CatalogEntryChange change)
    {
        var policy = Policy(change);
        var members = new List<string>
        {
            $"\"name\":{JsonEditor.Quote(name.Value)}",
            $"\"source\":{(change.Source ?? DefaultSource(catalog, name)).Json}",
        };
        if (policy is not null)
        {
            members.Add($"\"policy\":{policy}");
        }

        if (!string.IsNullOrEmpty(change.Category))
        {
            members.Add($"\"category\":{JsonEditor.Quote(change.Category)}");
        }

        return JsonEditor.Append(catalog.Json, catalog.Json.Root.Kind == JsonKind.Object ? "/plugins" : "/2",
            "{" + string.Join(",", members) + "}");
    }

    /// <summary>Changes an entry.</summary>
    internal static JsonFile Set(MarketplaceCatalog catalog, MarketplaceEntry entry, CatalogEntryChange change)
    {
        var file = catalog.Json;
        var pointer = entry.Node.Pointer;
        if (change.Source is { } source)
        {
            file = JsonEditor.Set(file, pointer + "/source", source.Json);
        }

        file = SetPolicy(file, pointer + "/policy", change);
        return change.Category switch
        {
            null => file,
            "" => JsonEditor.Remove(file, pointer + "/category"),
            var category => JsonEditor.Set(file, pointer + "/category", JsonEditor.Quote(category)),
        };
    }

    /// <summary>Takes entries away.</summary>
    internal static JsonFile Remove(MarketplaceCatalog catalog, IEnumerable<MarketplaceEntry> entries) =>
        entries.OrderByDescending(entry => entry.Index).Aggregate(catalog.Json,
            (file, entry) => JsonEditor.Remove(file, entry.Node.Pointer));

    /// <summary>The source of an entry that was given none: the folder of its name below <c>plugins</c>,
    /// in the form the last entry has.</summary>
    internal static SourceText DefaultSource(MarketplaceCatalog catalog, PluginName name) =>
        LocalSource(catalog, "./plugins/" + name.Value);

    /// <summary>A folder of the marketplace, in the form the last entry has.</summary>
    internal static SourceText LocalSource(MarketplaceCatalog catalog, string path) =>
        catalog.Entries is [.., { Node: var last }] && last["source"]?.Kind == JsonKind.String
            ? SourceText.OfPath(path)
            : SourceText.OfMembers([new("source", "local"), new("path", path)]);

    private static JsonFile SetPolicy(JsonFile file, string pointer, CatalogEntryChange change)
    {
        if (Policy(change) is not { } policy)
        {
            return file;
        }

        // Codex's reader also takes the fields by position, in full and in order.
        var present = file.Root.Find(pointer);
        var byPosition = present is { Kind: JsonKind.Array, Items.Count: 3 };
        if (!byPosition && present?.Kind != JsonKind.Object)
        {
            return JsonEditor.Set(file, pointer, policy);
        }

        file = change.Installation is { } installation
            ? JsonEditor.Set(file, pointer + (byPosition ? "/0" : "/installation"), JsonEditor.Quote(installation)) : file;
        return change.Authentication is { } authentication
            ? JsonEditor.Set(file, pointer + (byPosition ? "/1" : "/authentication"), JsonEditor.Quote(authentication)) : file;
    }

    private static string? Policy(CatalogEntryChange change)
    {
        var members = new[] { ("installation", change.Installation), ("authentication", change.Authentication) }
            .Where(member => member.Item2 is not null)
            .Select(member => $"\"{member.Item1}\":{JsonEditor.Quote(member.Item2!)}")
            .ToList();
        return members.Count == 0 ? null : "{" + string.Join(",", members) + "}";
    }
}
