using System.Globalization;
using System.Text.RegularExpressions;
using PluginMarket.Files;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Git;

/// <summary>The address of a git repository that <see cref="GitUrlGrammar"/> has accepted: https, http, ssh (both spellings) or
/// file.</summary>
/// <remarks>Carries no password, no query, no option and no remote helper, unless it has a <see cref="Refusal"/>; <see cref="Value"/> is
/// for git and for config.toml (contract 1.5, 4.1).</remarks>
internal sealed partial class GitUrl : IEquatable<GitUrl>
{
    internal GitUrl(string value, string scheme, string? user, string host, int? port, string path)
    {
        Value = value;
        Scheme = scheme;
        User = user;
        Host = host;
        Port = port;
        RepositoryPath = path;
    }

    /// <summary>The text as git and config.toml take it. With a <see cref="Refusal"/> it may hold secrets; show
    /// <see cref="ToString"/> instead.</summary>
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
            return OperatingSystem.IsWindows() && path is ['/', (>= 'A' and <= 'Z') or (>= 'a' and <= 'z'), ':', '/', ..]
                ? LocalPaths.Normalize(path[1..]) : path;
        }
    }

    /// <summary>The login name of an ssh address, often <c>git</c>.</summary>
    public string? User { get; }

    /// <summary>Whether it names a folder or share instead of a server.</summary>
    public bool IsFile => Scheme == "file";

    /// <summary>Whether it was made from a path relative to a marketplace, which a catalog from the network may use too.</summary>
    public bool IsMarketplaceFolder { get; private init; }

    /// <summary>Why git may not be given this address: only for one from a catalog, which Codex lists too and
    /// fails to fetch. Null for every other.</summary>
    public PluginMarketException? Refusal { get; private init; }

    /// <summary>Whether the host is this machine by name or number.</summary>
    public bool IsLoopback => !IsFile && PrivateHosts.IsLoopback(Host);

    /// <summary>Whether the host is this machine, link-local or private by name or number (threat C5). Names are not looked up.</summary>
    public bool IsPrivate => !IsFile && PrivateHosts.IsPrivate(Host);

    /// <summary>Host with port, as lists of allowed hosts and credentials name it.</summary>
    public string Authority => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;

    /// <summary>Reads an address, or says why not.</summary>
    /// <param name="text">A URL, an scp-like <c>user@host:path</c>, or an absolute path.</param>
    /// <param name="url">The address.</param>
    /// <param name="finding">Why the text is not one; free of secrets.</param>
    public static bool TryParse(string? text, out GitUrl? url, out string? finding)
    {
        (url, finding, _) = GitUrlGrammar.Read(text);
        return url is not null;
    }

    /// <summary>Reads an address.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.CredentialInUrl"/> or
    /// <see cref="MarketErrorCode.SourceInvalid"/>.</exception>
    public static GitUrl Parse(string? text)
    {
        var (url, finding, code) = GitUrlGrammar.Read(text);
        return url ?? throw new PluginMarketException(code, $"{finding} {Advice(code)}", Redact(text ?? ""));
    }

    /// <summary>Reads an address of a catalog. What no grammar accepts is kept for listing, with its
    /// <see cref="Refusal"/>, as Codex lists it.</summary>
    internal static GitUrl FromCatalog(string text)
    {
        var (url, finding, code) = GitUrlGrammar.Read(text);
        return url ?? new GitUrl(text, text.StartsWith("http://", StringComparison.Ordinal) ? "http"
            : text.StartsWith("https://", StringComparison.Ordinal) ? "https" : "ssh", null, "", null, "")
        {
            Refusal = new PluginMarketException(code, $"{finding} {Advice(code)}", Redact(text)),
        };
    }

    private static Remedy Advice(MarketErrorCode code) => code == MarketErrorCode.CredentialInUrl
        ? Remedy.Do($"Remove it and let git's credential helper (for example `gh auth setup-git`) or PLUGINMARKET_GIT_TOKEN supply it.")
        : Remedy.Do($"Use owner/repo, an https or ssh address, or a folder.");

    /// <summary>Takes the user name and password out of an address of a server; null where it has no password, or not plainly
    /// one.</summary>
    internal static (string Address, string User, string Password)? TakeLogin(string text)
    {
        var match = AddressWithLogin().Match(text);
        return match.Success
            ? (match.Groups["scheme"].Value + match.Groups["rest"].Value, Uri.UnescapeDataString(match.Groups["user"].Value),
                Uri.UnescapeDataString(match.Groups["password"].Value))
            : null;
    }

    /// <summary>The address of a repository in a folder of a marketplace.</summary>
    /// <param name="folder">The folder, absolute and inside the marketplace.</param>
    public static GitUrl FromMarketplaceFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new GitUrl(folder, "file", null, "", null, folder) { IsMarketplaceFolder = true };
    }

    /// <summary>Any text that may be a URL, without secrets and escaped, for messages and records (threat H1, H2).</summary>
    public static string Redact(string text) => AddressRedaction.Redact(text);

    /// <inheritdoc/>
    public bool Equals(GitUrl? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GitUrl);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>The address for people: without secrets, escaped.</summary>
    public override string ToString() => Redact(Value);

    [GeneratedRegex(@"^(?<scheme>https?://)(?<user>[^:@/?#\s]*):(?<password>[^@/?#\s]+)@(?<rest>[^@/?#\s]+(/.*)?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AddressWithLogin();
}
