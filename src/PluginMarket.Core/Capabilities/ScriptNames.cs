using System.Buffers;
using System.Text.RegularExpressions;
using PluginMarket.Files;

namespace PluginMarket.Capabilities;

/// <summary>Which files of a plugin a command line names.</summary>
internal static partial class ScriptNames
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n\"'`;|&()<>=,");
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".sh", ".bash", ".zsh", ".fish", ".ps1", ".psm1", ".bat", ".cmd", ".vbs", ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts",
        ".rb", ".pl", ".php", ".lua", ".awk", ".scpt", ".applescript",
        ".exe", ".com", ".dll", ".so", ".dylib", ".jar", ".wasm", ".msi",
    };

    /// <summary>Whether the file's extension is that of a script or program.</summary>
    internal static bool IsScript(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>The files that words of the texts name, from the plugin's root or from a working folder; a named folder
    /// means every file below it. Sorted.</summary>
    internal static IReadOnlyList<string> Find(FileTree tree, string workingFolder, params string?[] texts)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var folder = Normalise(workingFolder);
        foreach (var text in texts)
        {
            foreach (var word in Words(text ?? ""))
            {
                if (Normalise(word) is not { Length: > 0 } path || Add(tree, path, found) || folder is not { Length: > 0 })
                {
                    continue;
                }

                Add(tree, $"{folder}/{path}", found);
            }
        }

        return [.. found];
    }

    private static bool Add(FileTree tree, string path, SortedSet<string> found)
    {
        switch (tree.Find(path)?.Kind)
        {
            case TreeEntryKind.File:
                found.Add(path);
                return true;
            case TreeEntryKind.Directory:
                found.UnionWith(tree.Files.Where(f => f.Path.StartsWith(path + "/", StringComparison.Ordinal)).Select(f => f.Path));
                return true;
            default:
                return false;
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        text = Root().Replace(text, ".");
        for (var at = 0; at < text.Length;)
        {
            var length = text.AsSpan(at).IndexOfAny(Separators);
            length = length < 0 ? text.Length - at : length;
            if (length > 0)
            {
                yield return text.Substring(at, length);
            }

            at += length + 1;
        }
    }

    /// <summary>The path without <c>.</c> and with <c>..</c> resolved; null where it leaves the plugin.</summary>
    private static string? Normalise(string path)
    {
        var segments = new List<string>();
        foreach (var segment in path.Replace('\\', '/').Split('/'))
        {
            if (segment is ".." && segments.Count == 0)
            {
                return null;
            }

            if (segment is "..")
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(segment);
            }
        }

        return string.Join('/', segments);
    }

    // A shell also takes a default behind the name (${PLUGIN_ROOT:-.}); Codex sets the variable, so that it counts for nothing.
    [GeneratedRegex(@"\$\{(?:CLAUDE_)?PLUGIN_ROOT(?::?[-=?+#%/][^}]*)?\}|\$(?:CLAUDE_)?PLUGIN_ROOT\b|%(?:CLAUDE_)?PLUGIN_ROOT%"
        + @"|\$env:(?:CLAUDE_)?PLUGIN_ROOT\b|\$\{env:(?:CLAUDE_)?PLUGIN_ROOT\}")]
    private static partial Regex Root();
}
