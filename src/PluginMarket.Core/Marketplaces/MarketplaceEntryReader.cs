namespace PluginMarket;

/// <summary>Reads the entries of one catalog, each on its own: what is wrong with one stays its own reason (contract 1.4 to 1.8, 8).</summary>
internal sealed class MarketplaceEntryReader(SourceContext context)
{
    private static readonly string[] TypedKeys = ["name", "source", "policy", "category"];

    /// <summary>Why Codex rejects the whole file, one text per place.</summary>
    internal List<string> CodexProblems { get; } = [];

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
        var position = node.Position;
        var entry = new MarketplaceEntry { Index = index, Name = "", Node = node, Line = position.Line, Column = position.Column };
        if (node.Kind != JsonKind.Object)
        {
            return Skip(entry, node, "an entry must be an object", rejectedByCodex: true);
        }

        var nameNode = node["name"];
        if (nameNode?.AsString() is not { } raw)
        {
            return Skip(entry, nameNode ?? node, "'name' must be a string", rejectedByCodex: true);
        }

        entry = entry with { Name = DisplayText.Escape(raw) };
        var duplicates = node.DuplicateKeysWithin;
        if (duplicates.Count > 0)
        {
            return SkipDuplicate(entry, node, duplicates);
        }

        // Typed fields first: a wrong one stops Codex's whole file, a bad name or source only the entry.
        if (node["source"] is not { } sourceNode)
        {
            return Skip(entry, node, "'source' is missing", rejectedByCodex: true);
        }

        if (!ReadPolicy(node["policy"], ref entry, out var problem, out var place) || !ReadCategory(node["category"], ref entry, out problem, out place))
        {
            return Skip(entry with { Installation = "NOT_AVAILABLE" }, place, problem, rejectedByCodex: true);
        }

        if (!PluginName.TryParse(raw, out var name, out var nameProblem))
        {
            return Skip(entry, nameNode, nameProblem.TrimEnd('.'), rejectedByCodex: false);
        }

        entry = entry with { ValidName = name };
        var source = PluginSourceReader.Read(sourceNode, context);
        if (source.Source is null)
        {
            return Skip(entry, sourceNode, (source.Problem ?? "'source' is not understood").TrimEnd('.'), rejectedByCodex: false);
        }

        entry = entry with { Source = source.Source, Fallback = FallbackManifest.FromEntry(node) };
        if (entry.Products is { } products && !products.Any(product => product is "CODEX" or "codex"))
        {
            return Skip(entry, node["policy"]!, "'policy.products' does not include CODEX, so the entry is hidden", rejectedByCodex: false) with { IsHidden = true };
        }

        return InstallProblemOf(raw, source.Source) is { } installProblem ? entry with { InstallProblem = installProblem.Text, InstallProblemCode = installProblem.Code } : entry;
    }

    private static (string Text, MarketErrorCode Code)? InstallProblemOf(string name, PluginSource source)
    {
        if (NameRules.FindPortabilityProblem(name) is { } unsafeName)
        {
            return ($"its name {unsafeName}.", MarketErrorCode.NameInvalid);
        }

        // Codex hands the path to git as it is spelled, which finds nothing but the plain spelling.
        return source is GitSubdirectorySource { PathText: var spelled } folder && spelled != folder.Path.Value && spelled != folder.Path.Value + "/"
            ? ($"its path '{DisplayText.Escape(spelled)}' is one that Codex lists but cannot install: write '{DisplayText.Escape(folder.Path.Value)}'.", MarketErrorCode.SourceInvalid)
            : null;
    }

    private static bool ReadPolicy(JsonValue? policy, ref MarketplaceEntry entry, out string problem, out JsonValue place)
    {
        (problem, place) = ("", entry.Node);
        if (policy is null)
        {
            return true;
        }

        place = policy;
        JsonValue? installation, authentication, products;
        if (policy.Kind == JsonKind.Object)
        {
            (installation, authentication, products) = (policy["installation"], policy["authentication"], policy["products"]);
        }
        else if (policy.Kind == JsonKind.Array && policy.Items.Count == 3)
        {
            // Codex's reader also takes the fields by position, in full and in order.
            (installation, authentication, products) = (policy.Items[0], policy.Items[1], policy.Items[2]);
        }
        else
        {
            problem = "'policy' must be an object";
            return false;
        }

        if (installation is not null)
        {
            if (Variant(installation) is not ("AVAILABLE" or "NOT_AVAILABLE" or "INSTALLED_BY_DEFAULT"))
            {
                (problem, place) = ("'policy.installation' must be AVAILABLE, NOT_AVAILABLE or INSTALLED_BY_DEFAULT", installation);
                return false;
            }

            entry = entry with { Installation = Variant(installation)! };
        }

        if (authentication is not null)
        {
            if (Variant(authentication) is not ("ON_INSTALL" or "ON_USE"))
            {
                (problem, place) = ("'policy.authentication' must be ON_INSTALL or ON_USE", authentication);
                return false;
            }

            entry = entry with { Authentication = Variant(authentication)! };
        }

        return ReadProducts(products, ref entry, ref problem, ref place);
    }

    private static bool ReadProducts(JsonValue? products, ref MarketplaceEntry entry, ref string problem, ref JsonValue place)
    {
        if (products is null || products.Kind == JsonKind.Null)
        {
            return true;
        }

        var bad = products.Kind == JsonKind.Array ? products.Items.FirstOrDefault(item => Variant(item) is not ("CODEX" or "codex" or "CHATGPT" or "chatgpt" or "ATLAS" or "atlas")) : products;
        if (bad is not null)
        {
            (problem, place) = ("'policy.products' must be an array of CODEX, CHATGPT and ATLAS", bad);
            return false;
        }

        entry = entry with { Products = [.. products.Items.Select(item => Variant(item)!)] };
        return true;
    }

    private static bool ReadCategory(JsonValue? category, ref MarketplaceEntry entry, out string problem, out JsonValue place)
    {
        (problem, place) = ("'category' must be a string", category ?? entry.Node);
        switch (category?.Kind)
        {
            case null or JsonKind.Null:
                return true;
            case JsonKind.String:
                entry = entry with { Category = DisplayText.Escape(category.GetString()) };
                return true;
            default:
                return false;
        }
    }

    // Codex's reader takes an enum as its name, or as an object with that name and null.
    private static string? Variant(JsonValue node) =>
        node.Kind == JsonKind.Object && node.Members.Count == 1 && node.Members[0].Value.Kind == JsonKind.Null ? node.Members[0].Name : node.AsString();

    private MarketplaceEntry SkipDuplicate(MarketplaceEntry entry, JsonValue node, IReadOnlyList<JsonDuplicate> duplicates)
    {
        var policy = node["policy"]?.Pointer;
        var fatal = duplicates.Any(duplicate => duplicate.Pointer == node.Pointer
            ? TypedKeys.Contains(duplicate.Name)
            : duplicate.Pointer == policy && duplicate.Name is "installation" or "authentication" or "products");
        var first = duplicates[0];
        var reason = $"line {first.Second.Line}, column {first.Second.Column}: the key '{DisplayText.Escape(first.Name)}' stands twice in one object.";
        if (fatal)
        {
            CodexProblems.Add(reason);
        }

        _ = PluginName.TryParse(node["name"]!.GetString(), out var name, out _);
        return entry with { ValidName = name, Installation = "NOT_AVAILABLE", SkipReason = reason };
    }

    private MarketplaceEntry Skip(MarketplaceEntry entry, JsonValue place, string problem, bool rejectedByCodex)
    {
        var position = place.Position;
        var reason = $"line {position.Line}, column {position.Column}: {DisplayText.Escape(problem)}.";
        if (rejectedByCodex)
        {
            CodexProblems.Add(reason);
        }

        return entry with { SkipReason = reason };
    }

    private static void MarkCollisions(MarketplaceEntry[] entries)
    {
        foreach (var group in entries.Where(entry => entry.ValidName is not null).GroupBy(entry => NameRules.FoldKey(entry.Name), StringComparer.Ordinal).Where(group => group.Skip(1).Any()).ToList())
        {
            var places = string.Join(" and ", group.Select(entry => $"line {entry.Line}"));
            var same = group.All(entry => entry.Name == group.First().Name);
            foreach (var entry in group)
            {
                entries[entry.Index] = entry with
                {
                    InstallProblem = entry.InstallProblem ?? (same
                        ? $"the catalog lists the name more than once ({places}), so it is ambiguous."
                        : $"the catalog has names that differ only by letter case ({places}), which are one on some systems."),
                    InstallProblemCode = entry.InstallProblem is null ? MarketErrorCode.PluginNameAmbiguous : entry.InstallProblemCode,
                };
            }
        }
    }
}
