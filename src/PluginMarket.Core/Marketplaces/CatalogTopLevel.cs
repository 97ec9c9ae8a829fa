using PluginMarket.Identity;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Marketplaces;

/// <summary>The top level of a catalog (contract 1.3). What is wrong there fails the whole file, in Codex and here.</summary>
internal sealed class CatalogTopLevel
{
    private readonly List<ReaderFinding> _findings;

    internal CatalogTopLevel(JsonValue root, List<ReaderFinding> findings)
    {
        _findings = findings;
        JsonValue? display = null;
        if (root.Kind == JsonKind.Array && root.Items.Count == 3)
        {
            // Codex's reader also takes the fields of an object by position, in full and in order.
            (NameNode, display, Plugins) = (root.Items[0], root.Items[1], root.Items[2]);
        }
        else if (root.Kind == JsonKind.Object)
        {
            (NameNode, display, Plugins) = (root["name"], root["interface"], root["plugins"]);
            RefuseDuplicates(root, Plugins);
        }
        else
        {
            Refuse("CatalogShape", root, "A catalog must be an object with 'name' and 'plugins'");
            return;
        }

        Name = NameNode?.AsString();
        if (Name is null)
        {
            Refuse("CatalogName", NameNode ?? root, "The catalog's 'name' must be a string", Meant(root, "name"));
        }

        if (Plugins?.Kind != JsonKind.Array)
        {
            Refuse("CatalogPlugins", Plugins ?? root, "The catalog's 'plugins' must be an array", Meant(root, "plugins"));
        }

        ReadDisplayName(display);
    }

    /// <summary>The name as written; null where there is none.</summary>
    internal string? Name { get; }

    internal JsonValue? NameNode { get; }

    internal JsonValue? Plugins { get; }

    /// <summary><c>interface.displayName</c>, escaped, or null.</summary>
    internal string? DisplayName { get; private set; }

    /// <summary>The first thing that fails the file, or null.</summary>
    internal PluginMarketException? Failure { get; private set; }

    private void Refuse(string kind, JsonValue value, string finding, string? suggestion = null)
    {
        Failure ??= value.Failure($"{finding}");
        _findings.Add(new ReaderFinding(kind, value.File.DisplayPath, value.Position, value.Pointer, finding + ".")
        {
            Suggestion = suggestion,
        });
    }

    // A key that is missing may be there under another spelling.
    private static string? Meant(JsonValue root, string key) => root[key] is null
        && root.Members.FirstOrDefault(member => NearestName.FindTypo(member.Name, [key]) is not null) is { } near
            ? $"Write \"{key}\" for \"{near.Name}\"." : null;

    private void RefuseDuplicates(JsonValue root, JsonValue? plugins)
    {
        foreach (var duplicate in root.DuplicateKeys.Concat(
            root.Members.Where(member => member.Value.Start != plugins?.Start).SelectMany(member => member.Value.DuplicateKeysWithin)))
        {
            var text = $"The key '{DisplayText.Escape(duplicate.Name)}' is in one object twice (line {duplicate.First.Line}, "
                + $"column {duplicate.First.Column} and line {duplicate.Second.Line}, column {duplicate.Second.Column}).";
            var isKnown = duplicate.Pointer.Length == 0
                ? CatalogKeys.Top.Contains(duplicate.Name, StringComparer.Ordinal)
                : duplicate is { Pointer: "/interface", Name: "displayName" };
            _findings.Add(new ReaderFinding(isKnown ? "KnownKeyTwice" : "KeyTwice", root.File.DisplayPath,
                duplicate.Second, duplicate.Pointer, text));
            Failure ??= new PluginMarketException(MarketErrorCode.CatalogUnreadable,
                $"'{root.File.DisplayPath}': {text} {Remedy.Do($"Remove one of them.")}", root.File.DisplayPath)
            {
                File = root.File.DisplayPath,
                Line = duplicate.Second.Line,
                Column = duplicate.Second.Column,
            };
        }
    }

    private void ReadDisplayName(JsonValue? node)
    {
        if (node is null || node.Kind == JsonKind.Null)
        {
            return;
        }

        if (node.Kind != JsonKind.Object && (node.Kind != JsonKind.Array || node.Items.Count > 1))
        {
            Refuse("CatalogInterface", node, "The catalog's 'interface' must be an object");
            return;
        }

        var name = node.Kind == JsonKind.Object ? node["displayName"] : node.Items.Count == 0 ? null : node.Items[0];
        if (name is { Kind: not (JsonKind.Null or JsonKind.String) })
        {
            Refuse("CatalogInterface", name, "The catalog's 'interface.displayName' must be a string");
        }

        DisplayName = name?.AsString() is { } text ? DisplayText.Escape(text) : null;
    }
}
