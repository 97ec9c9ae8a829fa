using System.Globalization;

namespace PluginMarket.Sources.Git;

/// <summary>The environment of a git child: nothing but this list (threat C3, C7, C10, H4).</summary>
internal static class GitVariables
{
    /// <summary>Names a child may inherit: where programs and profiles are, proxies, certificates, and what the user's
    /// credential helpers and ssh need.</summary>
    private static readonly HashSet<string> Inherited = new(StringComparer.OrdinalIgnoreCase)
    {
        "HOME", "USER", "LOGNAME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES",
        "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "TMPDIR", "TEMP", "TMP",
        "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
        "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GIT_ASKPASS", "KRB5CCNAME", "KRB5_CONFIG",
        "GNUPGHOME", "GPG_AGENT_INFO", "PASSWORD_STORE_DIR", "GCM_CREDENTIAL_STORE", "GCM_CREDENTIAL_CACHE_OPTIONS",
        "GCM_PLAINTEXT_STORE_PATH",
        "GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_CONFIG_DIR", "GH_HOST",
    };

    /// <param name="environment">The outside world.</param>
    /// <param name="neutralFolder">An empty folder to run in.</param>
    /// <param name="withLogins">Whether rewritings with a password are passed too: only to ask what an address becomes.</param>
    internal static Dictionary<string, string> Make(MarketEnvironment environment, string neutralFolder, bool withLogins = false)
    {
        var variables = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, value) in environment.Variables)
        {
            if (Inherited.Contains(name))
            {
                variables[name] = value;
            }
        }

        foreach (var (key, value) in Configuration(environment.Variables).Where(setting => withLogins || !HasLogin(setting.Key)))
        {
            Configure(variables, key, value);
        }

        variables["PATH"] = string.Join(Path.PathSeparator, GitProgram.AbsoluteFolders(environment));
        variables["LC_ALL"] = "C";
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

    /// <summary>Of configuration handed over by variables only what CI jobs use for credentials and mirrors.</summary>
    internal static IEnumerable<(string Key, string Value)> Configuration(IReadOnlyDictionary<string, string> from)
    {
        if (!from.TryGetValue("GIT_CONFIG_COUNT", out var text)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            yield break;
        }

        for (var i = 0; i < Math.Min(count, 1000); i++)
        {
            var number = i.ToString(CultureInfo.InvariantCulture);
            if (from.TryGetValue("GIT_CONFIG_KEY_" + number, out var key) && from.TryGetValue("GIT_CONFIG_VALUE_" + number, out var value)
                && IsPassed(key))
            {
                yield return (key, value);
            }
        }
    }

    /// <summary>Gives a child one more setting, which wins over those before it.</summary>
    internal static void Configure(Dictionary<string, string> variables, string key, string value)
    {
        var count = int.Parse(variables.GetValueOrDefault("GIT_CONFIG_COUNT", "0"), NumberStyles.None, CultureInfo.InvariantCulture);
        var next = count.ToString(CultureInfo.InvariantCulture);
        variables["GIT_CONFIG_KEY_" + next] = key;
        variables["GIT_CONFIG_VALUE_" + next] = value;
        variables["GIT_CONFIG_COUNT"] = (count + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static bool HasLogin(string key) =>
        IsScoped(key, "url.", ".insteadof") && GitUrl.TakeLogin(key["url.".Length..^".insteadof".Length]) is not null;

    private static bool IsPassed(string key) =>
        key.StartsWith("credential.", StringComparison.OrdinalIgnoreCase)
        || IsScoped(key, "http.", ".extraheader")
        || IsScoped(key, "url.", ".insteadof");

    private static bool IsScoped(string key, string section, string name) =>
        key.Length > section.Length + name.Length && key.StartsWith(section, StringComparison.OrdinalIgnoreCase)
        && key.EndsWith(name, StringComparison.OrdinalIgnoreCase);
}
