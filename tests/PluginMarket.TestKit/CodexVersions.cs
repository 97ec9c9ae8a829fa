namespace PluginMarket.TestKit;

/// <summary>The versions of the Codex CLI that judge the interop tests.</summary>
internal static class CodexVersions
{
    /// <summary>Names other versions than the supported ones, separated by commas.</summary>
    public const string Variable = "PLUGINMARKET_CODEX_VERSION";

    /// <summary>The versions that are supported, the oldest first.</summary>
    public static IReadOnlyList<string> Supported { get; } = ["0.169.0", "0.171.0"];

    /// <summary>The versions asked in this run, the oldest first: those of the variable, else the supported ones.</summary>
    public static IReadOnlyList<string> Asked { get; } =
        Environment.GetEnvironmentVariable(Variable) is { } named && !string.IsNullOrWhiteSpace(named) ? Parse(named) : Supported;

    /// <summary>Reads a list as the variable gives it.</summary>
    /// <exception cref="FormatException">A part is not a version.</exception>
    public static IReadOnlyList<string> Parse(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var parts = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0 && Array.TrueForAll(parts, static part => PluginVersion.TryParse(part, out _, out _))
            ? [.. parts.Distinct(StringComparer.Ordinal).Order(Comparer<string>.Create(Compare))]
            : throw new FormatException($"{Variable} is '{list}'. Use a version such as {Supported[^1]}, or several separated by commas.");
    }

    /// <summary>Compares two versions by their precedence.</summary>
    public static int Compare(string left, string right) => PluginVersion.Compare(PluginVersion.Parse(left), PluginVersion.Parse(right));
}
