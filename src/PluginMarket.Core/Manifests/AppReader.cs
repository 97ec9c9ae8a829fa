using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>Reads apps (contract 2.6): one app without an id breaks the file, a blank id drops that app.</summary>
internal static class AppReader
{
    internal const string DefaultFile = ".app.json";

    internal static List<App> Read(PluginPass reading, JsonValue? value)
    {
        var named = value is { Kind: JsonKind.String } ? PluginPath.Read(reading, value, "apps") : null;
        var path = named ?? DefaultFile;
        if (reading.Tree.Find(path) is not { Kind: TreeEntryKind.File } file)
        {
            if (named is not null)
            {
                reading.Warn("AppsIgnored", value!, $"The plugin has no file \"{path}\", and so no apps.", "NamedFileMissing");
            }

            return [];
        }

        if (reading.ReadCompanion(file, "AppsIgnored")?.Root is not { } root)
        {
            return [];
        }

        var apps = root["apps"];
        if (root.Kind != JsonKind.Object || apps is { Kind: not JsonKind.Object })
        {
            reading.Warn("AppsIgnored", apps ?? root, "Codex ignores this file: it must be an object with an object \"apps\".");
            return [];
        }

        if (apps is null)
        {
            reading.Warn("AppsIgnored", root, "The file has no \"apps\", so the plugin has none.", "AppsEmpty");
            return [];
        }

        foreach (var member in apps.Members)
        {
            if (member.Value["id"]?.Kind != JsonKind.String || member.Value["category"] is { Kind: not (JsonKind.String or JsonKind.Null) })
            {
                reading.Warn("AppsIgnored", member.Value, $"Codex ignores the whole file: "
                    + $"the app \"{member.Name}\" must have a string \"id\" and at most a string \"category\".");
                return [];
            }
        }

        var read = new List<App>();
        foreach (var member in apps.Members.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            var id = member.Value["id"]!.GetString();
            if (string.IsNullOrWhiteSpace(id))
            {
                reading.Warn("AppDropped", member.Value, $"Codex drops the app \"{member.Name}\": its id is blank.");
                continue;
            }

            var category = member.Value["category"]?.AsString()?.Trim();
            read.Add(new App
            {
                Name = DisplayText.Escape(member.Name),
                Id = DisplayText.Escape(id),
                Category = string.IsNullOrEmpty(category) ? null : DisplayText.Escape(category),
                File = DisplayText.Escape(path),
                Line = member.Value.Position.Line,
                Definition = member.Value,
            });
        }

        return read;
    }
}
