using System.Globalization;
using System.Text;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources;

/// <summary>The one form of all spellings of a repository's address, for lists that allow or deny it.</summary>
/// <param name="Transport"><c>https</c>, <c>http</c>, <c>ssh</c> or <c>file</c>; no part of what is compared.</param>
/// <param name="Host">The host in lower case and punycode.</param>
/// <param name="Port">A port that is not the default one of the transport.</param>
/// <param name="Path">The path without slashes at its ends, folded where the host ignores letter case.</param>
internal sealed record SourceIdentity(string Transport, string Host, int? Port, string Path)
{
    private static readonly string[] FoldingHosts = ["github.com", "gitlab.com", "bitbucket.org", "dev.azure.com"];

    /// <summary>The host, with a port that is not the default one.</summary>
    public string Authority => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}") : Host;

    /// <summary>What is compared.</summary>
    public string Address => $"{Authority}/{Path}";

    /// <summary>The identity of an address that a catalog or the configuration names; null where the address has none.</summary>
    public static SourceIdentity? Of(GitUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.IsFile || url.Refusal is not null ? null : Make(url.Scheme, url.Host, url.Port, url.RepositoryPath);
    }

    /// <summary>Reads an address as a person writes it in a list; <c>*</c> may be in its host and path.</summary>
    /// <param name="text">A URL, <c>user@host:path</c> or <c>owner/repo</c>.</param>
    /// <param name="finding">Why it is not an address; null where it is one.</param>
    public static SourceIdentity? Parse(string text, out string? finding)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (scheme, rest) = ("https", text.Trim());
        var mark = rest.IndexOf("://", StringComparison.Ordinal);
        if (mark > 0)
        {
            (scheme, rest) = (rest[..mark].ToLowerInvariant(), rest[(mark + 3)..]);
        }
        else if (rest.Split('/') is [{ Length: > 0 } owner, { Length: > 0 }] && !owner.Contains(':', StringComparison.Ordinal)
            && !owner.Contains('@', StringComparison.Ordinal))
        {
            rest = "github.com/" + rest;
        }
        else if (rest.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && !rest[..colon].Contains('/', StringComparison.Ordinal))
        {
            (scheme, rest) = ("ssh", rest[..colon] + "/" + rest[(colon + 1)..]);
        }
        else
        {
            finding = "it is not a URL, user@host:path or owner/repo";
            return null;
        }

        if (scheme is not ("https" or "http" or "ssh"))
        {
            finding = $"its scheme '{scheme}' is not https, http or ssh";
            return null;
        }

        return ReadAuthority(scheme, rest, out finding);
    }

    private static SourceIdentity? ReadAuthority(string scheme, string rest, out string? finding)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (authority, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[slash..]);
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        int? port = null;
        var colon = authority.StartsWith('[') ? authority.IndexOf("]:", StringComparison.Ordinal) + 1
            : authority.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            if (!ushort.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                finding = "its port is not a number from 1 to 65535";
                return null;
            }

            (port, authority) = ((scheme, number) is ("https", 443) or ("http", 80) or ("ssh", 22) ? null : number, authority[..colon]);
        }

        authority = authority.Trim('[', ']').TrimEnd('.');
        finding = authority.Length == 0 ? "it has no host"
            : authority.Contains('?', StringComparison.Ordinal) ? "'?' is not a wildcard in a host"
            : path.AsSpan().IndexOfAny('?', '#', '\\') >= 0 ? "it has a query, a fragment or a backslash" : null;
        var identity = finding is null ? Make(scheme, authority, port, path) : null;
        finding ??= identity is null ? "its host or its path has no canonical form" : null;
        return identity;
    }

    private static SourceIdentity? Make(string scheme, string host, int? port, string path)
    {
        if (ToPunycode(host) is not { } plain || Decode(path) is not { } decoded)
        {
            return null;
        }

        var segments = new List<string>();
        foreach (var segment in decoded.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "..")
            {
                if (segments.Count == 0)
                {
                    return null;
                }

                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment != ".")
            {
                segments.Add(segment);
            }
        }

        if (segments.Count > 0 && segments[^1].Length > 4 && segments[^1].EndsWith(".git", StringComparison.OrdinalIgnoreCase))
        {
            segments[^1] = segments[^1][..^4];
        }

        // The ssh address of Azure DevOps is the same repository as its https address.
        if (plain == "ssh.dev.azure.com" && segments is ["v3", var organization, var project, var repository])
        {
            (plain, segments) = ("dev.azure.com", [organization, project, "_git", repository]);
        }

        var joined = string.Join('/', segments);
        return new SourceIdentity(scheme, plain, port, FoldingHosts.Contains(plain) ? joined.ToLowerInvariant() : joined);
    }

    private static string? ToPunycode(string host)
    {
        var lower = host.ToLowerInvariant().TrimEnd('.');
        if (lower.Length == 0 || lower.All(char.IsAscii))
        {
            return lower.Length == 0 ? null : lower;
        }

        try
        {
            return new IdnMapping().GetAscii(lower);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // What is percent-encoded without need is one spelling of the same path; everything else stays as it is.
    private static string? Decode(string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
        {
            return path;
        }

        var decoded = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
            {
                decoded.Append(path[i]);
                continue;
            }

            if (i + 2 >= path.Length
                || !byte.TryParse(path.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            var character = (char)value;
            decoded.Append(char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~'
                ? character.ToString() : path.Substring(i, 3).ToUpperInvariant());
            i += 2;
        }

        return decoded.ToString();
    }
}
