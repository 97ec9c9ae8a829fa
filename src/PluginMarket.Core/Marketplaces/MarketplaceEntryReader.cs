using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Reads the entries of one catalog, each on its own: what is wrong with one stays its own
/// reason (contract 1.4 to 1.8, 8).</summary>
internal sealed class MarketplaceEntryReader(SourceContext context, string path)
{
    private string _category = "";

    /// <summary>Why Codex rejects the whole file, one text per place.</summary>
    internal List<string> CodexRefusals { get; } = [];

    /// <summary>Everything against the entries; of one entry all that is wrong, not only what its reason says.</summary>
    internal List<ReaderFinding> Findings { get; } = [];

    internal IReadOnlyList<MarketplaceEntry> ReadAll(IReadOnlyList<JsonValue> nodes)
    {
        var entries = new MarketplaceEntry[nodes.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = Read(nodes[i], i);
        }

        MarkCollisions(entries);
        return entries;
    }

    private MarketplaceEntry Read(JsonValue node, int index)
    {
        if (node.Kind != JsonKind.Object)
        {
            return Skip(new MarketplaceEntry { Index = index, Name = "", Node = node }, "EntryShape", node, "an entry must be an object",
                rejectedByCodex: true);
        }

        // The first reason is the entry's; what is found after it is told to the checks only.
        MarketplaceEntry? skipped = null;
        void Keep(MarketplaceEntry reason) => skipped ??= reason;

        var nameNode = node["name"];
        var raw = nameNode?.AsString();
        var entry = new MarketplaceEntry { Index = index, Name = raw is null ? "" : DisplayText.Escape(raw), Node = node };
        if (raw is null)
        {
            Keep(Skip(entry, "EntryShape", nameNode ?? node, "'name' must be a string", rejectedByCodex: true));
        }

        var duplicates = node.DuplicateKeysWithin;
        if (duplicates.Count > 0)
        {
            Keep(SkipDuplicate(entry, node, duplicates));
        }

        // Typed fields first: a wrong one stops Codex's whole file, a bad name or source only the entry.
        var sourceNode = node["source"];
        if (sourceNode is null)
        {
            Keep(Skip(entry, "EntrySource", node, "'source' is missing", rejectedByCodex: true));
        }

        var policy = new EntryPolicy(node["policy"]);
        entry = policy.ApplyTo(entry);
        foreach (var (kind, place, finding, suggestion) in policy.Findings)
        {
            Keep(Skip(entry with { Installation = "NOT_AVAILABLE" }, kind, place, finding, rejectedByCodex: true,
                suggestion: suggestion));
        }

        var category = node["category"];
        if (category is { Kind: not (JsonKind.Null or JsonKind.String) })
        {
            Keep(Skip(entry with { Installation = "NOT_AVAILABLE" }, "EntryCategory", category,
                "'category' must be a string", rejectedByCodex: true));
        }

        var shown = category?.AsString() is { } text ? Shared(DisplayText.Escape(text)) : null;
        PluginName? name = null;
        if (raw is not null && !PluginName.TryParse(raw, out name, out var nameFinding))
        {
            Keep(Skip(entry with { Category = shown }, "EntryName", nameNode!, nameFinding.TrimEnd('.'), rejectedByCodex: false) with
            {
                SkipCode = MarketErrorCode.NameInvalid,
            });
        }

        var source = PluginSourceReader.Read(sourceNode, context);
        if (source.Source is null && sourceNode is not null && source.Kind != "SourceRepeat")
        {
            Keep(Skip(entry with { Category = shown, ValidName = name }, source.Kind, source.At ?? sourceNode,
                (source.Refusal ?? "'source' is not understood").TrimEnd('.'), rejectedByCodex: false, told: sourceNode,
                suggestion: source.Suggestion) with
            {
                SkipCode = source.Code ?? MarketErrorCode.SourceInvalid,
            });
        }

        if (skipped is not null || source.Source is null || raw is null)
        {
            return skipped!;
        }

        entry = entry with
        {
            Category = shown,
            ValidName = name,
            Source = source.Source,
            Fallback = FallbackManifest.FromEntry(node),
        };
        if (entry.Products is { } products && !products.Any(product => product is "CODEX" or "codex"))
        {
            return Skip(entry, "PolicyHidden", policy.ProductsNode ?? node["policy"]!,
                "'policy.products' does not include CODEX, so the entry is hidden", rejectedByCodex: false, told: node["policy"]) with
            {
                IsHidden = true,
            };
        }

        return CheckInstall(raw, source.Source) is { } installRefusal
            ? entry with { InstallRefusal = installRefusal.Text, InstallRefusalCode = installRefusal.Code } : entry;
    }

    // Most entries have the category of another one.
    private string Shared(string category) => _category == category ? _category : _category = category;

    private static (string Text, MarketErrorCode Code)? CheckInstall(string name, PluginSource source)
    {
        if (NameRules.CheckPortability(name) is { } unsafeName)
        {
            return ($"its name {unsafeName}.", MarketErrorCode.NameInvalid);
        }

        // Codex hands the path to git as it is spelled, which finds nothing but the plain spelling.
        return source is GitSubdirectorySource { PathText: var spelled } folder && spelled != folder.Path.Value
            && spelled != folder.Path.Value + "/"
            ? ($"its path '{DisplayText.Escape(spelled)}' is one that Codex lists but cannot install: "
                + $"write '{DisplayText.Escape(folder.Path.Value)}'.", MarketErrorCode.SourceInvalid)
            : null;
    }

    private MarketplaceEntry SkipDuplicate(MarketplaceEntry entry, JsonValue node, IReadOnlyList<JsonDuplicate> duplicates)
    {
        var policy = node["policy"]?.Pointer;
        bool IsFatal(JsonDuplicate duplicate) => duplicate.Pointer == node.Pointer
            ? CatalogKeys.Entry.Contains(duplicate.Name)
            : duplicate.Pointer == policy && duplicate.Name is "installation" or "authentication" or "products";
        foreach (var duplicate in duplicates)
        {
            // Inside a source Codex skips the entry for it.
            var known = IsFatal(duplicate)
                || (duplicate.Pointer == node["source"]?.Pointer && CatalogKeys.Source.Contains(duplicate.Name, StringComparer.Ordinal));
            Findings.Add(new ReaderFinding(known ? "KnownKeyTwice" : "KeyTwice", path, duplicate.Second, duplicate.Pointer,
                $"The key '{DisplayText.Escape(duplicate.Name)}' is in one object twice, first in line {duplicate.First.Line}.",
                entry.Index));
        }

        var first = duplicates[0];
        var reason =
            $"line {first.Second.Line}, column {first.Second.Column}: the key '{DisplayText.Escape(first.Name)}' is in one object twice.";
        if (duplicates.Any(IsFatal))
        {
            CodexRefusals.Add(reason);
        }

        PluginName? name = null;
        _ = node["name"]?.AsString() is { } raw && PluginName.TryParse(raw, out name, out _);
        return entry with { ValidName = name, Installation = "NOT_AVAILABLE", SkipReason = reason };
    }

    private MarketplaceEntry Skip(MarketplaceEntry entry, string kind, JsonValue place, string finding, bool rejectedByCodex,
        JsonValue? told = null, string? suggestion = null)
    {
        var position = (told ?? place).Position;
        var reason = $"line {position.Line}, column {position.Column}: {DisplayText.Escape(finding)}.";
        Findings.Add(new ReaderFinding(kind, path, place.Position, place.Pointer,
            Sentence(DisplayText.Escape(finding)) + ".", entry.Index)
        { Suggestion = suggestion });
        if (rejectedByCodex)
        {
            CodexRefusals.Add(reason);
        }

        return entry with { SkipReason = reason };
    }

    private static string Sentence(string text) =>
        text.Length > 0 && char.IsAsciiLetterLower(text[0]) ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    private static void MarkCollisions(MarketplaceEntry[] entries)
    {
        var known = new HashSet<string>(entries.Length, StringComparer.Ordinal);
        var repeated = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in entries.Where(entry => entry.ValidName is not null).Select(entry => NameRules.FoldKey(entry.Name)))
        {
            if (!known.Add(key))
            {
                repeated.Add(key);
            }
        }

        if (repeated.Count == 0)
        {
            return;
        }

        foreach (var group in entries.Where(entry => entry.ValidName is not null && repeated.Contains(NameRules.FoldKey(entry.Name)))
            .GroupBy(entry => NameRules.FoldKey(entry.Name), StringComparer.Ordinal).ToList())
        {
            var places = string.Join(" and ", group.Select(entry => $"line {entry.Line}"));
            var same = group.All(entry => entry.Name == group.First().Name);
            foreach (var entry in group)
            {
                entries[entry.Index] = entry with
                {
                    InstallRefusal = entry.InstallRefusal ?? (same
                        ? $"the catalog lists the name more than once ({places}), so it is ambiguous."
                        : $"the catalog has names that differ only by letter case ({places}), which are one on some systems."),
                    InstallRefusalCode = entry.InstallRefusal is null ? MarketErrorCode.PluginNameAmbiguous : entry.InstallRefusalCode,
                };
            }
        }
    }
}
