using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>Paths of results, which may come from a computer of another kind: seen from a base folder, and as URIs.</summary>
internal sealed class ReportPaths
{
    private readonly string? _base;

    internal ReportPaths(string? basePath) => _base = string.IsNullOrWhiteSpace(basePath) ? null
        : Slashes(DisplayText.Escape(basePath)) is var slashes && slashes.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : slashes;

    /// <summary>The path from the base with <c>/</c>, or the whole path where it is elsewhere.</summary>
    internal string Show(string path) => Relative(path) ?? path;

    /// <summary>The path from the base with <c>/</c>; <c>.</c> for the base itself; null where it is elsewhere.</summary>
    internal string? Relative(string path)
    {
        var slashes = Slashes(path);
        var comparison = IsWindows(path) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return _base is null ? null
            : slashes.TrimEnd('/').Equals(_base.TrimEnd('/'), comparison) ? "."
            : slashes.StartsWith(_base.TrimEnd('/') + "/", comparison) ? slashes[(_base.TrimEnd('/').Length + 1)..]
            : null;
    }

    /// <summary>The path from the base; below the name of the checked folder where it is elsewhere, so that no path of this computer
    /// is in a file that leaves it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="folder">The folder that was checked.</param>
    internal string Portable(string path, string folder)
    {
        if (Relative(path) is { } relative)
        {
            return relative;
        }

        var (file, root) = (Slashes(path).TrimEnd('/'), Slashes(folder).TrimEnd('/'));
        var name = root[(root.LastIndexOf('/') + 1)..];
        return file == root ? name.Length == 0 ? "." : name
            : file.StartsWith(root + "/", StringComparison.Ordinal) ? $"{name}/{file[(root.Length + 1)..]}"
            : file[(file.LastIndexOf('/') + 1)..];
    }

    /// <summary>A relative path as a URI reference.</summary>
    internal static string ToUri(string relative) => relative == "." ? "./" : Encode(relative);

    private static string Encode(string slashes) => string.Join('/', slashes.Split('/').Select(Uri.EscapeDataString));

    private static string Slashes(string path) => IsWindows(path) ? path.Replace('\\', '/') : path;

    // A backslash is an ordinary character of a Unix path.
    private static bool IsWindows(string path) =>
        path is [>= 'A' and <= 'Z' or >= 'a' and <= 'z', ':', ..] || path.StartsWith("\\\\", StringComparison.Ordinal);
}
