using System.Text;
using System.Text.RegularExpressions;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources;

/// <summary>Masks the secrets that git and npm get through us in what they and their servers say, in
/// whichever spelling it comes back.</summary>
internal sealed partial class SecretMask
{
    /// <summary>Shorter texts are in too many words to be masked wherever they are.</summary>
    private const int Shortest = 4;

    /// <summary>How often a spelling may be wrapped into another.</summary>
    private const int Deepest = 3;

    private const string Mask = "***";

    private readonly string[] _secrets;

    /// <summary>Knows no secret, only what looks like one.</summary>
    internal static SecretMask None { get; } = new([]);

    private SecretMask(IEnumerable<string?> secrets) =>
        _secrets = [.. secrets.OfType<string>().Where(secret => secret.Length >= Shortest).Distinct(StringComparer.Ordinal)
            .OrderByDescending(secret => secret.Length)];

    /// <summary>The secrets of one exchange: its credential, tokens in variables, and those that variables configure git with.</summary>
    internal static SecretMask Of(MarketEnvironment environment, GitCredential? credential = null) => new(
        OfCredential(credential)
            .Concat(environment.Variables.SelectMany(variable => OfVariable(variable.Key, variable.Value)))
            .Concat(GitVariables.Configuration(environment.Variables).SelectMany(setting => OfSetting(setting.Key, setting.Value))));

    /// <summary>Knows one more.</summary>
    internal SecretMask With(GitCredential? credential) =>
        credential is null ? this : new SecretMask(OfCredential(credential).Concat(_secrets));

    /// <summary>The text without the secrets, header values that carry one, and user information and queries of addresses.</summary>
    internal string Apply(string text)
    {
        var masked = Header().Replace(text, "${name}" + Mask);
        masked = Scheme().Replace(masked, match => IsToken(match.Groups["token"].Value) ? match.Groups["name"].Value + Mask : match.Value);
        foreach (var secret in _secrets)
        {
            masked = masked.Replace(secret, Mask, StringComparison.Ordinal);
        }

        return Addresses.Hide(
            _secrets.Length == 0 ? masked : Word().Replace(masked, match => Holds(match.Value, Deepest) ? Mask : match.Value));
    }

    private static IEnumerable<string?> OfCredential(GitCredential? credential) =>
        [credential?.Secret, credential is { HidesUserName: true } ? credential.UserName : null];

    // A variable is a secret by its name; any other may carry a header, or an address with a login, such as that of a proxy.
    private static IEnumerable<string?> OfVariable(string name, string value)
    {
        if (SecretName().IsMatch(name))
        {
            yield return value;
        }

        foreach (var header in Header().Matches(value).Select(match => match.Value).Concat(Scheme().Matches(value)
            .Select(match => match.Value)))
        {
            foreach (var part in header.Split(' ', ':', '=').Where(IsToken))
            {
                yield return part;
                if (Decode(part) is { } decoded && decoded.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at)
                {
                    yield return decoded[(at + 1)..];
                }
            }
        }

        foreach (var password in Login().Matches(value).Select(match => match.Groups["password"].Value))
        {
            yield return password;
            yield return Uri.UnescapeDataString(password);
        }
    }

    // A header's value, the part behind its scheme, and the two halves of what that is the Base64 of; and the login of a rewritten address.
    private static IEnumerable<string?> OfSetting(string key, string value)
    {
        if (key.EndsWith(".extraheader", StringComparison.OrdinalIgnoreCase))
        {
            var colon = value.IndexOf(':', StringComparison.Ordinal);
            foreach (var part in value[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(IsToken))
            {
                yield return part;
                if (Decode(part) is { } decoded && decoded.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at)
                {
                    yield return decoded[(at + 1)..];
                }
            }
        }

        if (key.StartsWith("url.", StringComparison.OrdinalIgnoreCase) && key.LastIndexOf('.') is > 4 and var dot
            && GitUrl.TakeLogin(key[4..dot]) is var (_, user, password))
        {
            yield return password;
            yield return user;
        }
    }

    private bool Holds(string word, int depth)
    {
        if (Array.Exists(_secrets, secret => word.Contains(secret, StringComparison.Ordinal)))
        {
            return true;
        }

        return depth > 0 && Spelled(word).Any(other => Holds(other, depth - 1));
    }

    /// <summary>What a word may be another spelling of.</summary>
    private static IEnumerable<string> Spelled(string word)
    {
        if (word.Contains('%', StringComparison.Ordinal))
        {
            yield return Uri.UnescapeDataString(word);
        }

        if (word.Contains('+', StringComparison.Ordinal))
        {
            yield return word.Replace('+', ' ');
        }

        if (word.Contains('&', StringComparison.Ordinal))
        {
            yield return System.Net.WebUtility.HtmlDecode(word);
        }

        if (word.Contains('\\', StringComparison.Ordinal))
        {
            yield return UnicodeEscape().Replace(word, match => ((char)Convert.ToInt32(match.Groups["code"].Value, 16)).ToString())
                .Replace("\\", "", StringComparison.Ordinal);
        }

        foreach (var piece in Encoded().Matches(word).SelectMany(match => Parts(match.Value)))
        {
            if (Decode(piece) is { } decoded)
            {
                yield return decoded;
            }

            if (piece.Length % 2 == 0 && piece.All(char.IsAsciiHexDigit))
            {
                yield return Encoding.UTF8.GetString(Convert.FromHexString(piece));
            }
        }
    }

    // A slash is a digit of Base64, and separates the names of a path.
    private static IEnumerable<string> Parts(string piece)
    {
        yield return piece;
        for (var slash = piece.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = piece.IndexOf('/', slash + 1))
        {
            yield return piece[(slash + 1)..];
        }
    }

    private static string? Decode(string text)
    {
        var plain = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var bytes = new byte[plain.Length];
        return plain.Length % 4 != 1 && Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    // "Basic authentication" and "bearer token" are words.
    private static bool IsToken(string text) => text.Length >= Shortest && text.AsSpan(1).ContainsAnyExceptInRange('a', 'z');

    [GeneratedRegex("((TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?|AUTHORIZATION)(_[A-Z0-9]+)?|"
        + "_AUTH|_PAT|_PASS)(?<!_(HOST|USER|USERNAME|FILE|PATH|DIR|URL|URI|STORE|OPTIONS|ID|TYPE|NAME|TTL))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(?<name>\b(Proxy-)?Authorization\s*[:=]\s*([A-Za-z]+\s+)?|\b(Set-)?Cookie\s*:\s*|\b[A-Za-z-]*(Token|Api-?Key|Secret|"
        + @"Password)\s*[:=]\s*)[^\s'""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"(?<name>\b(Basic|Bearer|Negotiate|Token)\s+)(?<token>[A-Za-z0-9+/=_.~-]{4,})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'""]*:(?<password>[^\s/@'""]+)@", RegexOptions.ExplicitCapture)]
    private static partial Regex Login();

    [GeneratedRegex(@"[^\s'""]{4,}")]
    private static partial Regex Word();

    [GeneratedRegex(@"[A-Za-z0-9+/_-]{6,}={0,2}")]
    private static partial Regex Encoded();

    [GeneratedRegex(@"\\u(?<code>[0-9A-Fa-f]{4})", RegexOptions.ExplicitCapture)]
    private static partial Regex UnicodeEscape();
}
