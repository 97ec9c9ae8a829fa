using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace PluginMarket;

/// <summary>The address of a git repository that a grammar has accepted: https, http, ssh (both spellings) or file.</summary>
/// <remarks>Carries no password, no query, no option and no remote helper, unless it has a <see cref="Refusal"/>; <see cref="Value"/> is for git and for config.toml (contract 1.5, 4.1).</remarks>
public sealed partial class GitUrl : IEquatable<GitUrl>
{
    private const int MaximumLength = 2048;

    private GitUrl(string value, string scheme, string? user, string host, int? port, string path)
    {
        Value = value;
        Scheme = scheme;
        User = user;
        Host = host;
        Port = port;
        RepositoryPath = path;
    }

    /// <summary>The text as git and config.toml take it. With a <see cref="Refusal"/> it may hold secrets; show <see cref="ToString"/> instead.</summary>
    public string Value { get; }

    /// <summary><c>https</c>, <c>http</c>, <c>ssh</c> or <c>file</c>.</summary>
    public string Scheme { get; }

    /// <summary>The host in lower case, without brackets; empty for a path of this machine.</summary>
    public string Host { get; }

    /// <summary>The port when one was written and is not the scheme's own.</summary>
    public int? Port { get; }

    /// <summary>The path on the host, or the folder for a file address.</summary>
    public string RepositoryPath { get; }

    /// <summary>The folder that a file address of this machine names, as this system writes paths.</summary>
    internal string LocalFolder
    {
        get
        {
            var path = Value.Contains("://", StringComparison.Ordinal) ? Uri.UnescapeDataString(RepositoryPath) : RepositoryPath;
            return OperatingSystem.IsWindows() && path is ['/', (>= 'A' and <= 'Z') or (>= 'a' and <= 'z'), ':', '/', ..] ? LocalPaths.Normalize(path[1..]) : path;
        }
    }

    /// <summary>The login name of an ssh address, often <c>git</c>.</summary>
    public string? User { get; }

    /// <summary>Whether it names a folder or share instead of a server.</summary>
    public bool IsFile => Scheme == "file";

    /// <summary>Whether it was made from a path relative to a marketplace, which a catalog from the network may use too.</summary>
    public bool IsMarketplaceFolder { get; private init; }

    /// <summary>Why git may not be given this address: only for one from a catalog, which Codex lists too and fails to fetch. Null for every other.</summary>
    public PluginMarketException? Refusal { get; private init; }

    /// <summary>Whether the host is this machine by name or number.</summary>
    public bool IsLoopback => !IsFile && IsLoopbackHost(Host);

    /// <summary>Whether the host is this machine, link-local or private by name or number (threat C5). Names are not looked up.</summary>
    public bool IsPrivate => !IsFile && IsPrivateHost(Host);

    /// <summary>One spelling for all ways to write the same repository: no scheme, user, default port, trailing slash or <c>.git</c>; host in lower case (threat F7).</summary>
    public string CanonicalForm
    {
        get
        {
            var path = RepositoryPath.TrimEnd('/');
            while (path.EndsWith(".git", StringComparison.OrdinalIgnoreCase))
            {
                path = path[..^4].TrimEnd('/');
            }

            if (IsFile)
            {
                return $"file://{Host}{path}";
            }

            var foldsCase = Host is "github.com" or "gitlab.com" or "bitbucket.org" or "codeberg.org";
            var authority = Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;
            path = path.TrimStart('/');
            return Refusal is not null ? Redact(Value) : $"{authority}/{(foldsCase ? path.ToLowerInvariant() : path)}";
        }
    }

    /// <summary>Host with port, as lists of allowed hosts and credentials name it.</summary>
    public string Authority => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;

    /// <summary>Reads an address, or says why not.</summary>
    /// <param name="text">A URL, an scp-like <c>user@host:path</c>, or an absolute path.</param>
    /// <param name="url">The address.</param>
    /// <param name="finding">Why the text is not one; free of secrets.</param>
    public static bool TryParse(string? text, out GitUrl? url, out string? finding)
    {
        (url, finding, _) = Read(text);
        return url is not null;
    }

    /// <summary>Reads an address.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.CredentialInUrl"/> or <see cref="MarketErrorCode.SourceInvalid"/>.</exception>
    public static GitUrl Parse(string? text)
    {
        var (url, finding, code) = Read(text);
        return url ?? throw new PluginMarketException(code, DisplayText.Escape(finding!), Redact(text ?? ""));
    }

    /// <summary>Reads an address of a catalog. What no grammar accepts is kept for listing, with its <see cref="Refusal"/>, as Codex lists it.</summary>
    internal static GitUrl FromCatalog(string text)
    {
        var (url, finding, code) = Read(text);
        return url ?? new GitUrl(text, text.StartsWith("http://", StringComparison.Ordinal) ? "http" : text.StartsWith("https://", StringComparison.Ordinal) ? "https" : "ssh", null, "", null, "")
        {
            Refusal = new PluginMarketException(code, finding!, Redact(text)),
        };
    }

    /// <summary>Takes the user name and password out of an address of a server; null where it has no password, or not plainly one.</summary>
    internal static (string Address, string User, string Password)? TakeLogin(string text)
    {
        var match = AddressWithLogin().Match(text);
        return match.Success
            ? (match.Groups["scheme"].Value + match.Groups["rest"].Value, Uri.UnescapeDataString(match.Groups["user"].Value), Uri.UnescapeDataString(match.Groups["password"].Value))
            : null;
    }

    /// <summary>The address of a repository in a folder of a marketplace.</summary>
    /// <param name="folder">The folder, absolute and inside the marketplace.</param>
    public static GitUrl FromMarketplaceFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new GitUrl(folder, "file", null, "", null, folder) { IsMarketplaceFolder = true };
    }

    /// <summary>Any text that may be a URL, without secrets, for messages and records (threat H1, H2): no query, and of user information only the login name of ssh, which leads nowhere without a key.</summary>
    public static string Redact(string text)
    {
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        if (mark < 0)
        {
            return DisplayText.Escape(WithoutQuery(Login().Replace(text, "***@")));
        }

        var start = mark + 3;
        var end = text.IndexOfAny(['/', '?', '#', '\\', ' '], start);
        end = end < 0 ? text.Length : end;
        var at = text.LastIndexOf('@', end - 1, end - start);
        var user = at < 0 ? "" : text[start..at];
        var isLogin = text[..mark].EndsWith("ssh", StringComparison.OrdinalIgnoreCase) && IsUserName(user);
        var shownUser = user.Length == 0 ? "" : isLogin ? $"{user}@" : "***@";
        var rest = text[(at < 0 ? start : at + 1)..];
        return DisplayText.Escape(text[..start] + shownUser + WithoutQuery(rest));
    }

    /// <summary>Whether a host name or number means this machine, a link-local or a private network; odd spellings of numbers count (threat C5).</summary>
    /// <param name="host">A name, an IPv4 address in any spelling, or an IPv6 address with or without brackets.</param>
    public static bool IsPrivateHost(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var name = host.Trim('[', ']').TrimEnd('.');
        if (IsLoopbackHost(name) || name.Length == 0)
        {
            return true;
        }

        if (ReadAddress(name) is { } address)
        {
            return IsPrivateAddress(address);
        }

        string[] suffixes = [".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".localhost"];
        return !name.Contains('.', StringComparison.Ordinal) || suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether an address is loopback, link-local, private, shared, unspecified or multicast.</summary>
    public static bool IsPrivateAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return bytes[0] is 0 or 10 or 127 or >= 224
                || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64)
                || (bytes[0] == 169 && bytes[1] == 254)
                || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16)
                || (bytes[0] == 192 && bytes[1] == 168)
                || (bytes[0] == 192 && bytes[1] == 0 && bytes[2] == 0)
                || (bytes[0] == 198 && (bytes[1] & 0xFE) == 18);
        }

        var translated = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xFF && bytes[3] == 0x9B;
        if (translated)
        {
            return IsPrivateAddress(new IPAddress(bytes.AsSpan(12)));
        }

        return IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal
            || address.IsIPv6Multicast || (bytes[0] & 0xFE) == 0xFC;
    }

    /// <inheritdoc/>
    public bool Equals(GitUrl? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GitUrl);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>The address for people: without secrets, escaped.</summary>
    public override string ToString() => Redact(Value);

    internal static bool IsLoopbackHost(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (ReadAddress(name) is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
    }

    /// <summary>IPAddress.TryParse takes what inet_aton takes (hexadecimal, octal, one number), as curl and ssh do.</summary>
    private static IPAddress? ReadAddress(string name) =>
        IPAddress.TryParse(name, out var address) ? address : null;

    private static (GitUrl? Url, string? Refusal, MarketErrorCode Code) Read(string? text)
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
            return (null, "The git URL holds a user name or password. Leave it out and let git's credential helper, PLUGINMARKET_GIT_TOKEN or -Credential supply it (for example `gh auth setup-git`).", MarketErrorCode.CredentialInUrl);
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
            return (null, "The git URL has a query ('?'), which may hold a token. Leave it out and let git's credential helper, PLUGINMARKET_GIT_TOKEN or -Credential supply the token (for example `gh auth setup-git`).", MarketErrorCode.CredentialInUrl);
        }

        string host;
        string? portText = null;
        if (hostAndPort.StartsWith('['))
        {
            var close = hostAndPort.IndexOf(']', StringComparison.Ordinal);
            host = close < 0 ? "" : hostAndPort[1..close];
            var after = close < 0 ? "" : hostAndPort[(close + 1)..];
            portText = after.Length == 0 ? null : after[0] == ':' ? after[1..] : "x";
            host = IPAddress.TryParse(host, out var literal) && literal.AddressFamily == AddressFamily.InterNetworkV6 ? host.ToLowerInvariant() : "";
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

    private static string WithoutQuery(string text)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? text : text[..query] + "?***";
    }

    [GeneratedRegex(@"^(?<scheme>https?://)(?<user>[^:@/?#\s]*):(?<password>[^@/?#\s]+)@(?<rest>[^@/?#\s]+(/.*)?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AddressWithLogin();

    [GeneratedRegex(@"^[^/\\@:\s]+:[^/\\@\s]+@", RegexOptions.CultureInvariant)]
    private static partial Regex Login();

    private static bool IsHostName(string host) =>
        host.Length is > 0 and <= 253 && host[0] is not ('-' or '.') && host.All(IsHostCharacter);

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';

    private static bool IsUserName(string user) =>
        user.Length is > 0 and <= 128 && user[0] != '-' && user.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
}
