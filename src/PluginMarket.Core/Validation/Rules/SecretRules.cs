using System.Text.RegularExpressions;

namespace PluginMarket.Validation.Rules;

/// <summary>Secrets that whoever installs the plugin gets too. Nothing of a secret is repeated in a message.</summary>
internal static partial class SecretRules
{
    private const int LongestScheme = 21;

    internal static readonly CheckRule[] All =
    [
        new("PM1501", Severity.Warning, "A private key")
        {
            Why = "A plugin is copied to every computer that installs it, and a marketplace is often public. "
                + "A key in it is no longer a secret.",
            Suggestion = "Remove it, and replace the key wherever it is used.",
            Plugin = (plugin, report) => Look(plugin, report, PrivateKeys, "The file contains a private key."),
            Bad = SampleText.Manifest("", "key.txt",
                "-----BEGIN " + "PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8Q\n-----END " + "PRIVATE KEY-----\n"),
            Good = SampleText.Manifest("", "key.txt", "Ask the owner of the plugin for a key.\n"),
        },
        new("PM1502", Severity.Warning, "An access token")
        {
            Why = "The text has the form of a token of a well-known service. "
                + "Anyone who installs the plugin or reads its repository can use it.",
            Suggestion = "Remove it, and revoke it.",
            Plugin = (plugin, report) => Look(plugin, report, Tokens, "The text has the form of an access token."),
            Catalog = static (catalog, report) =>
                LookIn(catalog.Path, catalog.Text, report, Tokens, "The text has the form of an access token."),
            Bad = SampleText.Manifest("", "notes.md", "Use gh" + "p_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R here.\n"),
            Good = SampleText.Manifest("", "notes.md", "Use a token of your own here.\n"),
        },
        new("PM1503", Severity.Warning, "A password in a URL")
        {
            Why = "It is stored in clear text wherever the address is, by Codex in config.toml and .git/config too. "
                + "PluginMarket refuses such a source.",
            Suggestion = "Remove it and let a credential helper supply it.",
            Plugin = (plugin, report) => Look(plugin, report, UrlPasswords, "The address contains a password."),
            Catalog = static (catalog, report) =>
                LookIn(catalog.Path, catalog.Text, report, UrlPasswords, "The address contains a password."),
            Bad = SampleText.Manifest("", "notes.md", "Fetch https://ann:pX7hunter2@example.org/demo.git first.\n"),
            Good = SampleText.Manifest("", "notes.md", "Fetch https://example.org/demo.git first.\n"),
        },
        new("PM1504", Severity.Warning, "A secret among an MCP server's values")
        {
            Why = "env and http_headers contain the values themselves. "
                + "A token, key, secret or password there goes to everyone who installs the plugin.",
            Suggestion = "Use a variable instead: env_vars, env_http_headers or bearer_token_env_var.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (server, definition) in McpRules.Servers(plugin))
                {
                    foreach (var member in (definition["env"]?.Members ?? []).Concat(definition["http_headers"]?.Members ?? []))
                    {
                        if (member.Value.AsString() is { Length: >= 8 } value && SecretName().IsMatch(member.Name)
                            && !NameOfPlace().IsMatch(member.Name) && !Placeholder().IsMatch(value))
                        {
                            report.Value(plugin.PathOf(member.Value), member.Value,
                                $"\"{member.Name}\" of the server \"{server.Name}\" looks like a secret.");
                        }
                    }
                }
            },
            Bad = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"env\": { \"DEMO_API_KEY\": \"0a1b2c3d4e5f\" } }"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"env_vars\": [\"DEMO_API_KEY\"] }"),
        },
    ];

    private static void Look(PluginSubject plugin, RuleReport report, Func<string, IEnumerable<(int Index, int Length)>> find,
        string message)
    {
        foreach (var file in plugin.Texts)
        {
            LookIn(file.Path, file.Text, report, find, message);
        }
    }

    private static void LookIn(string path, string text, RuleReport report, Func<string, IEnumerable<(int Index, int Length)>> find,
        string message)
    {
        foreach (var (index, length) in find(text))
        {
            report.Piece(path, text, index, length, message);
        }
    }

    private static IEnumerable<(int Index, int Length)> PrivateKeys(string text) =>
        PrivateKey().Matches(text).Select(match => (match.Index, match.Length));

    private static IEnumerable<(int Index, int Length)> Tokens(string text) =>
        Token().Matches(text).Where(match => !Placeholder().IsMatch(match.ValueSpan)).Select(match => (match.Index, match.Length));

    // The part that few texts have is searched for first: a search for what schemes look like would stop at every word.
    private static IEnumerable<(int Index, int Length)> UrlPasswords(string text)
    {
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at + 1, StringComparison.Ordinal))
        {
            var before = Math.Min(at, LongestScheme + 1);
            if (UserInfo().Match(text, at) is { Success: true } user
                && Scheme().Match(text, at - before, before) is { Success: true } scheme)
            {
                var length = user.Index + user.Length - scheme.Index;
                if (!Placeholder().IsMatch(text.AsSpan(scheme.Index, length)))
                {
                    yield return (scheme.Index, length);
                }
            }
        }
    }

    [GeneratedRegex(@"-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----(?=(?:\s|\\n)*[A-Za-z0-9+/=]{16,})")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|AKIA[0-9A-Z]{16}|sk-(?:proj-|ant-)[A-Za-z0-9_-]{32,}|"
        + @"xox[abprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}|glpat-[A-Za-z0-9_-]{20}|npm_[A-Za-z0-9]{36}|AIza[0-9A-Za-z_-]{35})(?![A-Za-z0-9])")]
    private static partial Regex Token();

    [GeneratedRegex(@"\G://[^/\s:@""'<>{}$*]{1,64}:[^/\s@""'<>{}$*]{4,128}@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{1,20}\z")]
    private static partial Regex Scheme();

    [GeneratedRegex("TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|AUTHORIZATION", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // The name of a file, a path or a variable that has the secret.
    [GeneratedRegex("_(?:FILE|PATH|DIR|URL|URI|NAME|ENV|VAR|ID)$", RegexOptions.IgnoreCase)]
    private static partial Regex NameOfPlace();

    // What stands for a secret: words of documentation, names of variables, and the signs of a grammar or a regular expression.
    [GeneratedRegex(@"example|sample|placeholder|changeme|change_me|replace_?me|replace_with|insert_|redacted|masked|hidden|your|dummy|"
        + @"to_?do\b|:(?:my_?)?(?:pass\w*|pwd|secret|token|key|postgres|mysql|root|admin|guest|test|user|dev|credentials?)@|"
        + @"(?-i:[:]?\b[A-Z]{2,}(?:_[A-Z]{2,})+@?$)|x{4}|\.\.\.|[\[\]<>{}()$*\\^|\s]", RegexOptions.IgnoreCase)]
    private static partial Regex Placeholder();
}
