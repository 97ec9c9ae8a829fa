namespace PluginMarket;

/// <summary>The outside world in one object: whose home, which clock, which disk, which process environment.</summary>
/// <remarks>Never built from the current folder: a repository cannot redirect the home (CVE-2025-61260).</remarks>
public sealed record MarketEnvironment
{
    /// <summary>The agent's home, absolute: <c>CODEX_HOME</c>, else <c>~/.codex</c>.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The folder whose <c>.agents/plugins</c> is the personal catalog, absolute.</summary>
    public required string HomePath { get; init; }

    /// <summary>The caller's location, absolute, or null when there is none; names the repository catalog and project configuration.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The folder of the system and managed configuration files.</summary>
    public string SystemConfigurationFolder { get; init; } = DefaultSystemConfigurationFolder;

    /// <summary>Every disk call of the core goes through this.</summary>
    public FileOps Files { get; init; } = FileOps.Default;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where messages go.</summary>
    public IActivityLog Log { get; init; } = SilentActivityLog.Instance;

    /// <summary>Caps on what is read and written.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>The process environment as it was when this object was made.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static string DefaultSystemConfigurationFolder =>
        OperatingSystem.IsWindows() ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "OpenAI", "Codex") : "/etc/codex";

    /// <summary>Reads the process environment once.</summary>
    /// <param name="codexHome">An explicit home, absolute, or null for the default.</param>
    /// <param name="homePath">An explicit personal home, absolute, or null for the default: the parent of a home named <c>.codex</c>, else <c>HOME</c>.</param>
    /// <param name="workingDirectory">The caller's location, absolute.</param>
    /// <param name="log">Where messages go.</param>
    public static MarketEnvironment FromProcess(string? codexHome, string? homePath, string? workingDirectory, IActivityLog log)
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        var profile = Absolute(variables, "HOME") ?? Absolute(variables, "USERPROFILE") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var home = codexHome ?? Absolute(variables, "CODEX_HOME") ?? Path.Join(profile, ".codex");
        return new MarketEnvironment
        {
            CodexHome = Path.TrimEndingDirectorySeparator(home),
            HomePath = homePath ?? (Path.GetFileName(Path.TrimEndingDirectorySeparator(home)) == ".codex" ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(home))! : profile),
            WorkingDirectory = workingDirectory,
            Log = log,
            Variables = variables,
        };
    }

    private static string? Absolute(Dictionary<string, string> variables, string name) =>
        variables.TryGetValue(name, out var value) && Path.IsPathFullyQualified(value) ? value : null;
}
