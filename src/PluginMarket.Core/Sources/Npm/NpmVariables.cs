using PluginMarket.Sources.Git;

namespace PluginMarket.Sources.Npm;

/// <summary>The environment of an npm child.</summary>
/// <remarks>
/// The user's own, as with Codex: <c>.npmrc</c> may take a token from a variable of any name. What is the business of this tool, not of
/// npm's, is taken out, and settings that would change what is fetched and told are put right.
/// </remarks>
internal static class NpmVariables
{
    private const string Prefix = "npm_config_";
    private const string OwnPrefix = "PLUGINMARKET_";

    internal static Dictionary<string, string> Make(MarketEnvironment environment, string cacheFolder)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Our own cache can be capped, and holds no answer of yesterday.
            ["cache"] = cacheFolder,
            ["color"] = "false",
            ["dry_run"] = "false",
            ["json"] = "false",
            ["loglevel"] = "error",
            ["logs_max"] = "0",
            ["progress"] = "false",
            ["update_notifier"] = "false",
        };
        var variables = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in environment.Variables)
        {
            if (!name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase)
                && !(SettingOf(name) is { } setting && settings.ContainsKey(setting)))
            {
                variables[name] = value;
            }
        }

        foreach (var (name, value) in settings)
        {
            variables[Prefix + name] = value;
        }

        variables["PATH"] = string.Join(Path.PathSeparator, GitProgram.AbsoluteFolders(environment));
        return variables;
    }

    // npm takes these names in any letter case, with either mark between words.
    private static string? SettingOf(string name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..].ToLowerInvariant().Replace('-', '_') : null;
}
