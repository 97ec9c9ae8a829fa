using System.Collections.Frozen;
using System.Globalization;

namespace PluginMarket.Sources.Git;

/// <summary>The environment of a git child: the user's own, because credential helpers read variables of any name, without what would
/// point git elsewhere, run other programs or write down what it sends (docs/security.md lists it; threat C3, C7, C10, H4).</summary>
internal static class GitVariables
{
    private const string SettingPrefix = "GIT_CONFIG_";

    /// <summary>Variables of git itself that a child does not get. Their names are git's: no helper reads them.</summary>
    private static readonly FrozenSet<string> Withheld = new[]
    {
        // Another repository, index or set of objects than the store's.
        "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_INDEX_VERSION", "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_NAMESPACE", "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_IMPLICIT_WORK_TREE", "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_CEILING_DIRECTORIES", "GIT_DEFAULT_HASH", "GIT_DEFAULT_REF_FORMAT", "GIT_ATTR_SOURCE",
        "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_PARTIAL_CLONE_FILTER",

        // Programs that git would run, or files of its own.
        "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PROXY_COMMAND",
        "GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_ATTR_SYSTEM", "GIT_ATTR_GLOBAL",

        // What may be reached, and whose word is taken for it.
        "GIT_ALLOW_PROTOCOL", "GIT_PROTOCOL", "GIT_PROTOCOL_FROM_USER", "GIT_SSL_NO_VERIFY", "GIT_SMART_HTTP",

        // What git writes down of what it sends.
        "GIT_CURL_VERBOSE", "GIT_SSH_VERBOSE",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] WithheldBeginnings =
        ["GIT_TRACE", "GIT_TEST_", "GIT_DIFF_", "GIT_REDIRECT_", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "PLUGINMARKET_"];

    /// <summary>Those of them that may be why a server refuses somebody whose own git it lets in.</summary>
    private static readonly string[] Missed =
        ["GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_EXEC_PATH", "GIT_PROXY_COMMAND", "GIT_SSL_NO_VERIFY", "SSH_ASKPASS"];

    /// <summary>Variables with the path of a file, which a child in another folder would not find.</summary>
    private static readonly FrozenSet<string> Files = new[]
    {
        "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_CERT", "GIT_SSL_KEY",
        "GIT_PROXY_SSL_CAINFO", "GIT_PROXY_SSL_CERT", "GIT_PROXY_SSL_KEY", "SSL_CERT_FILE", "SSL_CERT_DIR",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="environment">The outside world.</param>
    /// <param name="neutralFolder">An empty folder to run in.</param>
    /// <param name="withLogins">Whether rewritings with a password are passed too: only to ask what an address becomes.</param>
    internal static Dictionary<string, string> Make(MarketEnvironment environment, string neutralFolder, bool withLogins = false)
    {
        var variables = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in environment.Variables)
        {
            if (!IsWithheld(name))
            {
                variables[name] = Files.Contains(name) ? Absolute(environment, value) : value;
            }
        }

        foreach (var (key, value) in Configuration(environment.Variables).Where(setting => withLogins || !HasLogin(setting.Key)))
        {
            Configure(variables, key, value);
        }

        variables["PATH"] = string.Join(Path.PathSeparator, GitProgram.AbsoluteFolders(environment));
        variables["LC_ALL"] = "C";
        variables["LANGUAGE"] = "C";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GCM_INTERACTIVE"] = "never";
        variables["SSH_ASKPASS_REQUIRE"] = "never";
        variables["GIT_NO_LAZY_FETCH"] = "1";
        variables["GIT_NO_REPLACE_OBJECTS"] = "1";
        variables["GIT_OPTIONAL_LOCKS"] = "0";
        variables["GIT_ALLOW_PROTOCOL"] = "none";
        variables["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(neutralFolder)!;

        // Empty is not unset: it keeps core.askPass and SSH_ASKPASS from opening a window.
        variables.TryAdd("GIT_ASKPASS", "");
        return variables;
    }

    /// <summary>What a git child did not get of the user's own settings although it may have been needed to sign in.</summary>
    internal static IReadOnlyList<string> MissedBy(IReadOnlyDictionary<string, string> from) =>
        [
            .. Missed.Where(name => from.TryGetValue(name, out var value) && value.Length > 0),
            .. Settings(from).Where(setting => !IsPassed(setting.Key)).Select(setting => setting.Key),
        ];

    /// <summary>Of configuration handed over by variables what concerns the way to a server: credentials, mirrors, proxies,
    /// certificates.</summary>
    internal static IEnumerable<(string Key, string Value)> Configuration(IReadOnlyDictionary<string, string> from) =>
        Settings(from).Where(setting => IsPassed(setting.Key));

    /// <summary>Gives a child one more setting, which wins over those before it.</summary>
    internal static void Configure(Dictionary<string, string> variables, string key, string value)
    {
        var count = int.Parse(variables.GetValueOrDefault("GIT_CONFIG_COUNT", "0"), NumberStyles.None, CultureInfo.InvariantCulture);
        var next = count.ToString(CultureInfo.InvariantCulture);
        variables["GIT_CONFIG_KEY_" + next] = key;
        variables["GIT_CONFIG_VALUE_" + next] = value;
        variables["GIT_CONFIG_COUNT"] = (count + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(string Key, string Value)> Settings(IReadOnlyDictionary<string, string> from)
    {
        if (!from.TryGetValue(SettingPrefix + "COUNT", out var text)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            yield break;
        }

        for (var i = 0; i < Math.Min(count, 1000); i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            if (from.TryGetValue("GIT_CONFIG_KEY_" + number, out var key) && from.TryGetValue("GIT_CONFIG_VALUE_" + number, out var value))
            {
                yield return (key, value);
            }
        }
    }

    private static bool IsWithheld(string name) =>
        Withheld.Contains(name)
        || Array.Exists(WithheldBeginnings, beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));

    private static string Absolute(MarketEnvironment environment, string path) =>
        path.Length == 0 || Path.IsPathFullyQualified(path) || environment.WorkingDirectory is not { } folder
            ? path : Path.GetFullPath(path, folder);

    private static bool HasLogin(string key) =>
        IsScoped(key, "url.", ".insteadof") && GitUrl.TakeLogin(key["url.".Length..^".insteadof".Length]) is not null;

    private static bool IsPassed(string key) =>
        IsIn(key, "credential") || IsIn(key, "http") || IsIn(key, "ssh") || IsIn(key, "safe") || IsScoped(key, "url.", ".insteadof")
        || key.Equals("core.sshCommand", StringComparison.OrdinalIgnoreCase);

    private static bool IsIn(string key, string section) =>
        key.Length > section.Length + 1 && key[section.Length] == '.' && key.StartsWith(section, StringComparison.OrdinalIgnoreCase);

    private static bool IsScoped(string key, string section, string name) =>
        key.Length > section.Length + name.Length && key.StartsWith(section, StringComparison.OrdinalIgnoreCase)
        && key.EndsWith(name, StringComparison.OrdinalIgnoreCase);
}
