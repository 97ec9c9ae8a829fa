using PluginMarket.Files;
using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>Finds the Markdown files of a plugin that Codex takes for commands (contract 2.8): those of <c>commands/</c>, or those that the
/// manifest's <c>commands</c> names.</summary>
internal static class CommandFiles
{
    internal const string DefaultFolder = "commands";
    private const string Extension = ".md";

    /// <summary>Each file with the name it has as a command: its path below the folder that was named, or the
    /// name of the file that was named.</summary>
    /// <param name="reading">The plugin.</param>
    /// <param name="value">What the manifest says of its commands.</param>
    internal static IEnumerable<(TreeEntry File, string Command)> Find(PluginPass reading, JsonValue? value) =>
        Roots(reading, value).SelectMany(root => Below(reading.Tree, root)).DistinctBy(found => (found.File.Path, found.Command));

    private static List<string> Roots(PluginPass reading, JsonValue? value)
    {
        switch (value?.Kind)
        {
            case null or JsonKind.Null:
                return [DefaultFolder];
            case JsonKind.String:
                return Paths(reading, [value]);
            case JsonKind.Array when value.Items.All(item => item.Kind == JsonKind.String):
                return Paths(reading, value.Items);
            default:
                reading.Warn(
                    "FieldIgnored",
                    value,
                    $"Codex makes no skill of any command: \"commands\" must be a path or an array of paths, "
                        + $"not {ManifestFields.Describe(value)}.",
                    "CommandsFieldType");
                return [];
        }
    }

    private static List<string> Paths(PluginPass reading, IReadOnlyList<JsonValue> values)
    {
        var paths = new List<string>();
        foreach (var value in values)
        {
            if (PluginPath.Read(reading, value, "commands") is not { } path)
            {
                continue;
            }

            if (path.Length > 0 && !Below(reading.Tree, path).Any())
            {
                reading.Warn("CommandsIgnored", value, $"\"{value.GetString()}\" names no Markdown file and no folder with one, "
                    + $"so Codex creates no skill from it.", "CommandsNamedMissing");
            }

            paths.Add(path);
        }

        return paths;
    }

    private static IEnumerable<(TreeEntry File, string Command)> Below(FileTree tree, string root)
    {
        if (root.Length > 0 && tree.Find(root) is { Kind: TreeEntryKind.File } file)
        {
            return IsCommand(file) ? [(file, file.Name)] : [];
        }

        var prefix = root.Length == 0 ? "" : root + "/";
        return tree.Files.Where(below => below.Path.StartsWith(prefix, StringComparison.Ordinal) && IsCommand(below))
            .Select(below => (below, below.Path[prefix.Length..]));
    }

    private static bool IsCommand(TreeEntry file) => file.Name.EndsWith(Extension, StringComparison.Ordinal) && file.Name != Extension;
}
