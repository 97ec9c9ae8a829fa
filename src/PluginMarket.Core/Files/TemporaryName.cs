using System.Text.RegularExpressions;

namespace PluginMarket.Files;

/// <summary>The name under which a file or folder is written before it gets its own; a person only ever sees the latter.</summary>
internal static partial class TemporaryName
{
    /// <summary>A new path beside one that is to be written.</summary>
    /// <param name="path">The file or folder, absolute.</param>
    internal static string For(string path) =>
        Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.pluginmarket-{Guid.NewGuid():N}.tmp");

    internal static bool Is(string name) => Pattern().Match(name) is { Success: true } match && match.Length == name.Length;

    /// <summary>The path that is meant, where a part of it is a temporary name.</summary>
    internal static string Meant(string path) => Pattern().Replace(path, "$1");

    [GeneratedRegex(@"(?<![^/\\])\.([^/\\]+)\.pluginmarket-[0-9a-f]{32}\.tmp(?![^/\\])", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
