using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PluginMarket.Sources.Git;

/// <summary>What text is the address of a git repository, and why another one is not.</summary>
internal static class GitUrlGrammar
{
    private const int MaximumLength = 2048;

    internal static (GitUrl? Url, string? Refusal, MarketErrorCode Code) Read(string? text)
    {
        const MarketErrorCode Invalid = MarketErrorCode.SourceInvalid;
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, "The git URL is empty.", Invalid);
        }

        if (text.Length > MaximumLength)
        {
            return (null, $"The git URL is longer than {MaximumLength} characters.", Invalid);
        }

        if (text[0] == '-')
        {
            return (null, "A git URL cannot begin with '-'.", Invalid);
        }

        if (text.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c == '\u2028' || c == '\u2029'))
        {
            return (null, "The git URL contains a control character.", Invalid);
        }

        if (text[0] == '/')
        {
            return ReadFile(text, "", text);
        }

        var mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark < 0)
        {
            return ReadScp(text);
        }

        var scheme = text[..mark].ToLowerInvariant();
        if (scheme == "file")
        {
            var rest = text[(mark + 3)..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            return slash < 0 ? (null, "A file URL needs an absolute path.", Invalid) : ReadFile(text, rest[..slash], rest[slash..]);
        }

        return scheme is "https" or "http" or "ssh"
            ? ReadAuthority(text, scheme, text[(mark + 3)..])
            : (null, "The scheme of the git URL is not supported; use https, ssh, file, or http on this machine.", Invalid);
    }

    private static (GitUrl?, string?, MarketErrorCode) ReadFile(string text, string host, string path)
    {
        var plainHost = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? "" : host.ToLowerInvariant();
        return plainHost.All(IsHostCharacter) && !plainHost.StartsWith('-')
            ? (new GitUrl(text, "file", null, plainHost, null, path), null, default)
            : (null, "The host of the file URL is not a host name.", MarketErrorCode.SourceInvalid);
    }

    private static (GitUrl?, string?, MarketErrorCode) ReadScp(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (colon < 0 || at <= 0 || at > colon || text.AsSpan(colon).StartsWith("::"))
        {
            return (null, "The text is not a git URL; expected https://…, ssh://… or user@host:path.", MarketErrorCode.SourceInvalid);
        }

        var (user, host, path) = (text[..at], text[(at + 1)..colon], text[(colon + 1)..]);
        if (path.Length == 0 || path.StartsWith('-') || !IsHostName(host) || !IsUserName(user))
        {
            return (null, "The ssh address is not user@host:path.", MarketErrorCode.SourceInvalid);
        }

        return (new GitUrl(text, "ssh", user, host.ToLowerInvariant(), null, path), null, default);
    }

    private static (GitUrl?, string?, MarketErrorCode) ReadAuthority(string text, string scheme, string rest)
    {
        var slash = rest.IndexOfAny(['/', '?', '#', '\\']);
        var authority = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? "" : rest[slash..];
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? null : authority[..at];
        var hostAndPort = authority[(at + 1)..];
        if (user is not null && (scheme != "ssh" || user.Contains(':', StringComparison.Ordinal)))
        {
            return (null, "The git URL contains a user name or password.", MarketErrorCode.CredentialInUrl);
        }

        if (user is not null && !IsUserName(user))
        {
            return (null, "The login name of the ssh URL is not valid.", MarketErrorCode.SourceInvalid);
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            return (null, "The git URL contains a backslash.", MarketErrorCode.SourceInvalid);
        }

        if (path.Contains('?', StringComparison.Ordinal))
        {
            // Git would show it in the argument list of its helper, and config.toml would keep it.
            return (null, "The git URL has a query ('?'), which may contain a token.", MarketErrorCode.CredentialInUrl);
        }

        string host;
        string? portText = null;
        if (hostAndPort.StartsWith('['))
        {
            var close = hostAndPort.IndexOf(']', StringComparison.Ordinal);
            host = close < 0 ? "" : hostAndPort[1..close];
            var after = close < 0 ? "" : hostAndPort[(close + 1)..];
            portText = after.Length == 0 ? null : after[0] == ':' ? after[1..] : "x";
            host = IPAddress.TryParse(host, out var literal) && literal.AddressFamily == AddressFamily.InterNetworkV6
                ? host.ToLowerInvariant()
                : "";
        }
        else
        {
            var colon = hostAndPort.IndexOf(':', StringComparison.Ordinal);
            host = (colon < 0 ? hostAndPort : hostAndPort[..colon]).ToLowerInvariant();
            portText = colon < 0 ? null : hostAndPort[(colon + 1)..];
            host = IsHostName(host) ? host : "";
        }

        if (host.Length == 0)
        {
            return (null, "The git URL has no valid host name.", MarketErrorCode.SourceInvalid);
        }

        int? port = null;
        if (portText is not null)
        {
            if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                return (null, "The port of the git URL is not a number from 1 to 65535.", MarketErrorCode.SourceInvalid);
            }

            port = (scheme, number) is ("https", 443) or ("http", 80) or ("ssh", 22) ? null : number;
        }

        return (new GitUrl(text, scheme, user, host, port, path), null, default);
    }

    private static bool IsHostName(string host) =>
        host.Length is > 0 and <= 253 && host[0] is not ('-' or '.') && host.All(IsHostCharacter);

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';

    internal static bool IsUserName(string user) =>
        user.Length is > 0 and <= 128 && user[0] != '-' && user.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
