using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;

namespace PluginMarket.Validation.Repairs;

/// <summary>What a JSON file is, which decides what its words and paths mean.</summary>
internal enum RepairedFile
{
    /// <summary>A plugin's manifest.</summary>
    Manifest,
    /// <summary>A hooks file.</summary>
    Hooks,
    /// <summary>A file of MCP servers.</summary>
    Servers,
    /// <summary>A catalog.</summary>
    Catalog,
    /// <summary>A catalog at Cursor's place, whose paths need no <c>./</c>.</summary>
    CursorCatalog,
    /// <summary>Any other file that Codex reads.</summary>
    Other,
}

/// <summary>Finds the mechanical faults of a JSON file: those for which there is one right text.</summary>
internal sealed class JsonRepairs
{
    private static readonly string[] Modes = ["auto", "prompt", "writes", "approve"];
    private static readonly string[] SingleFiles = ["mcpServers", "apps"];
    private static readonly string[] Assets = ["composerIcon", "logo", "logoDark"];

    private readonly List<TextEdit> _edits = [];
    private readonly Func<string, bool> _exists;

    private JsonRepairs(Func<string, bool> exists) => _exists = exists;

    /// <summary>The edits, in the order of the file; none for a text that cannot be read as JSON, but for its byte order mark.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="role">What it is.</param>
    /// <param name="exists">Whether there is something at a path below the plugin or the marketplace.</param>
    /// <param name="limits">Caps of reading.</param>
    internal static IReadOnlyList<TextEdit> Find(byte[] utf8, RepairedFile role, Func<string, bool> exists, Limits limits)
    {
        var repairs = new JsonRepairs(exists);
        if (utf8 is [0xEF, 0xBB, 0xBF, ..])
        {
            repairs._edits.Add(new TextEdit("PM0102", 0, 3, "", "Remove the byte order mark."));
        }

        try
        {
            var file = JsonFile.Parse(utf8, "", MarketErrorCode.ManifestInvalid, limits, tolerateDuplicates: true);
            repairs.FindRepeats(file.Root, role);
            repairs.FindWords(file.Root, role);
        }
        catch (PluginMarketException)
        {
            // What is not JSON has no mechanical repair.
        }

        // What is removed as a whole needs no other edit.
        var ordered = repairs._edits.OrderBy(edit => edit.Start).ThenByDescending(edit => edit.End).ToList();
        return [.. ordered.Where(edit => !ordered.Any(other => other != edit && other.Start <= edit.Start && other.End >= edit.End))];
    }

    // Only where all values of a name are the same: which of two others is meant, nobody can tell.
    private void FindRepeats(JsonValue value, RepairedFile role)
    {
        foreach (var name in value.DuplicateKeys.Select(duplicate => duplicate.Name).Distinct(StringComparer.Ordinal))
        {
            var members = value.Members.ToList();
            var same = members.Where(member => member.Name == name).ToList();
            if (same.Any(member => member.Value.ToJson() != same[0].Value.ToJson()))
            {
                continue;
            }

            for (var place = 1; place < members.Count; place++)
            {
                if (members[place].Name == name && members[place].Value.Start != same[0].Value.Start)
                {
                    _edits.Add(new TextEdit(IsRead(value, name, role) ? "PM0103" : "PM0104", members[place - 1].Value.End,
                        members[place].Value.End, "", $"Remove the second \"{name}\", which has the same value."));
                }
            }
        }

        foreach (var child in value.Kind == JsonKind.Object ? value.Members.Select(member => member.Value) : value.Items)
        {
            FindRepeats(child, role);
        }
    }

    private static bool IsRead(JsonValue owner, string name, RepairedFile role)
    {
        var duplicate = new JsonDuplicate(name, owner.Pointer, owner.Position, owner.Position);
        return role switch
        {
            RepairedFile.Manifest => TypedManifestKeys.OfManifest(duplicate),
            RepairedFile.Hooks => TypedManifestKeys.OfHooks(duplicate),
            RepairedFile.Servers => TypedManifestKeys.OfMcp(duplicate),
            RepairedFile.Catalog or RepairedFile.CursorCatalog => CatalogKeys.IsRead(owner.Pointer, name),
            _ => false,
        };
    }

    private void FindWords(JsonValue root, RepairedFile role)
    {
        switch (role)
        {
            case RepairedFile.Manifest:
                FindInManifest(root);
                break;
            case RepairedFile.Hooks:
                FindInHooks(root);
                break;
            case RepairedFile.Servers:
                FindInServers(root["mcpServers"] ?? root);
                break;
            case RepairedFile.Catalog or RepairedFile.CursorCatalog:
                foreach (var entry in (root["plugins"] ?? root.Items.ElementAtOrDefault(2))?.Items ?? [])
                {
                    FindInEntry(entry, role == RepairedFile.Catalog);
                }

                break;
        }
    }

    private void FindInManifest(JsonValue root)
    {
        // The Agent format has its paths in the extension only.
        var isAgent = root["$schema"]?.AsString()?.StartsWith(ManifestLocation.AgentSchemas, StringComparison.Ordinal) == true;
        if ((isAgent ? root["extensions"]?[AgentExtension.Name] : root) is not { Kind: JsonKind.Object } manifest)
        {
            return;
        }

        foreach (var value in new[] { manifest["skills"], manifest["hooks"] }.Concat(SingleFiles.Select(name => manifest[name])))
        {
            FindPaths(value);
        }

        foreach (var value in Assets.Append("screenshots").Select(name => manifest["interface"]?[name]))
        {
            FindPaths(value);
        }

        if (manifest["hooks"] is { Kind: JsonKind.Object } hooks)
        {
            FindInHooks(hooks);
        }

        if (manifest["mcpServers"] is { Kind: JsonKind.Object } servers)
        {
            FindInServers(servers);
        }
    }

    private void FindPaths(JsonValue? value)
    {
        foreach (var path in value is null ? [] : value.Kind == JsonKind.Array ? value.Items : [value])
        {
            FindPath(path, "PM0401");
        }
    }

    private void FindPath(JsonValue? value, string rule)
    {
        if (value?.AsString() is { Length: > 0 } text && !text.StartsWith("./", StringComparison.Ordinal)
            && PluginPath.Normalise("./" + text, out _) is { Length: > 0 } path && _exists(path))
        {
            Replace(value, "./" + text, rule, $"Write \"./{text}\".");
        }
    }

    private void FindInHooks(JsonValue root)
    {
        if (root["hooks"] is not { Kind: JsonKind.Object } events)
        {
            return;
        }

        foreach (var member in events.Members)
        {
            if (InAnotherCase(member.Name, HookEvents.Names) is { } name && events[name] is null)
            {
                var bom = events.File.BomLength;
                _edits.Add(new TextEdit("PM0802", member.NameStart + bom, member.NameEnd + bom, JsonText.Quote(name),
                    $"Write \"{name}\"."));
            }

            foreach (var handler in member.Value.Items.SelectMany(group => group["hooks"]?.Items ?? []))
            {
                FindWord(handler["type"], "PM0801", "command", "mcp_tool", "prompt", "agent");
            }
        }
    }

    private void FindInServers(JsonValue servers)
    {
        foreach (var server in servers.Members.Select(member => member.Value))
        {
            FindWord(server["auth"], "PM0601", "oauth", "chatgpt", "ema_auth");
            FindWord(server["default_tools_approval_mode"], "PM0601", Modes);
            foreach (var tool in server["tools"]?.Members ?? [])
            {
                FindWord(tool.Value["approval_mode"], "PM0601", Modes);
            }
        }
    }

    private void FindInEntry(JsonValue entry, bool needsPrefix)
    {
        var policy = entry["policy"];
        FindWord(policy?["installation"] ?? policy?.Items.ElementAtOrDefault(0), "PM1101", "AVAILABLE", "NOT_AVAILABLE",
            "INSTALLED_BY_DEFAULT");
        FindWord(policy?["authentication"] ?? policy?.Items.ElementAtOrDefault(1), "PM1102", "ON_INSTALL", "ON_USE");
        foreach (var product in (policy?["products"] ?? policy?.Items.ElementAtOrDefault(2))?.Items ?? [])
        {
            if (product.AsString() is not ("codex" or "chatgpt" or "atlas"))
            {
                FindWord(product, "PM1103", "CODEX", "CHATGPT", "ATLAS");
            }
        }

        var source = entry["source"];
        FindWord(source?["source"], "PM1201", "local", "url", "git-subdir", "npm");
        if (needsPrefix)
        {
            FindPath(source?.Kind == JsonKind.Object && source["source"]?.AsString()?.ToLowerInvariant() == "local" ? source["path"]
                : source?.Kind == JsonKind.String ? source : null, "PM1203");
        }
    }

    private void FindWord(JsonValue? value, string rule, params string[] known)
    {
        if (value?.AsString() is { } text && InAnotherCase(text, known) is { } word)
        {
            Replace(value, word, rule, $"Write \"{word}\".");
        }
    }

    private void Replace(JsonValue value, string text, string rule, string message) =>
        _edits.Add(new TextEdit(rule, value.Start, value.End, JsonText.Quote(text), message));

    private static string? InAnotherCase(string text, IEnumerable<string> known) =>
        known.FirstOrDefault(word => word != text && word.Equals(text, StringComparison.OrdinalIgnoreCase));
}
