using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>The paths a manifest may name (contract 2.2): <c>./</c> first, no <c>..</c>, normalised to names separated by
/// <c>/</c>.</summary>
internal static class PluginPath
{
    /// <summary>The path relative to the plugin; empty for the plugin's own folder (<c>./.</c>). Null with a
    /// problem where the format drops it.</summary>
    /// <remarks>A backslash, a colon and a tilde are ordinary characters here, as for Codex on Unix: such a path finds
    /// only what the tree really holds.</remarks>
    internal static string? Normalise(string text, out string finding)
    {
        finding = "";
        if (!text.StartsWith("./", StringComparison.Ordinal))
        {
            finding = "a path must start with './'";
            return null;
        }

        var rest = text[2..];
        if (rest.Length == 0)
        {
            finding = "a path must not be './' itself";
            return null;
        }

        if (rest.StartsWith('/'))
        {
            finding = "a path must stay in the plugin";
            return null;
        }

        var segments = rest.Split('/').Where(s => s is not ("" or ".")).ToArray();
        if (segments.Contains("..", StringComparer.Ordinal))
        {
            finding = "a path must not contain '..'";
            return null;
        }

        return string.Join('/', segments);
    }

    /// <summary>The path of a field, or null with a warning where the format drops it.</summary>
    internal static string? Read(PluginPass reading, JsonValue value, string field)
    {
        var path = Normalise(value.GetString(), out var finding);
        if (path is null && value.GetString().Length > 0)
        {
            reading.Warn("PathDropped", value, $"Codex ignores {field} \"{value.GetString()}\": {finding}.");
        }
        else if (path is null)
        {
            reading.Warn("PathDropped", value, $"Codex ignores the empty path of {field}.");
        }

        return path;
    }
}
