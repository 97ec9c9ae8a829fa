using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>Paths of results, which may come from a computer of another kind: seen from a base folder, and as URIs.</summary>
internal sealed class ReportPaths
{
    private readonly string? _base;

    internal ReportPaths(string? basePath) => _base = string.IsNullOrWhiteSpace(basePath) ? null
        : Slashes(DisplayText.Escape(basePath)) is var slashes && slashes.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : slashes;

    /// <summary>The base folder as a URI with a slash at its end, or null where there is none.</summary>
    internal string? BaseUri => _base is null ? null : AbsoluteUri(_base).TrimEnd('/') + "/";

    /// <summary>The path from the base with <c>/</c>, or the whole path where it lies elsewhere.</summary>
    internal string Show(string path) => Relative(path) ?? path;

    /// <summary>The path from the base with <c>/</c>; <c>.</c> for the base itself; null where it lies elsewhere.</summary>
    internal string? Relative(string path)
    {
        var slashes = Slashes(path);
        var comparison = IsWindows(path) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return _base is null ? null
            : slashes.TrimEnd('/').Equals(_base.TrimEnd('/'), comparison) ? "."
            : slashes.StartsWith(_base.TrimEnd('/') + "/", comparison) ? slashes[(_base.TrimEnd('/').Length + 1)..]
            : null;
    }

    /// <summary>The path as a URI reference, from the base where it lies below.</summary>
    internal (string Uri, bool IsRelative) ToUri(string path) =>
        Relative(path) is { } relative ? (relative == "." ? "./" : Encode(relative), true) : (AbsoluteUri(Slashes(path)), false);

    private static string AbsoluteUri(string slashes) =>
        slashes.StartsWith("//", StringComparison.Ordinal) ? "file:" + Encode(slashes)
        : slashes.StartsWith('/') ? "file://" + Encode(slashes)
        : slashes is [_, ':', ..] ? $"file:///{slashes[0]}:{Encode(slashes[2..])}"
        : "file:///" + Encode(slashes);

    private static string Encode(string slashes) => string.Join('/', slashes.Split('/').Select(Uri.EscapeDataString));

    private static string Slashes(string path) => IsWindows(path) ? path.Replace('\\', '/') : path;

    // A backslash is an ordinary character of a Unix path.
    private static bool IsWindows(string path) =>
        path is [>= 'A' and <= 'Z' or >= 'a' and <= 'z', ':', ..] || path.StartsWith("\\\\", StringComparison.Ordinal);
}
