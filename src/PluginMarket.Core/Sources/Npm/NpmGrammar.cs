using System.Text.RegularExpressions;
using PluginMarket.Messages;

namespace PluginMarket.Sources.Npm;

/// <summary>The grammar of an npm source (contract 1.5).</summary>
internal static partial class NpmGrammar
{
    private const int LongestVersion = 256;

    internal static NpmSource Read(string package, string? version, string? registry)
    {
        var name = package.Trim();
        if (!IsPackage(name))
        {
            throw new UnusableSource($"'{DisplayText.Escape(name)}' is not the name of an npm package.");
        }

        var selector = version?.Trim();
        if (selector is not null && (selector.Length == 0 || selector is "." or ".." || selector.IndexOfAny(['/', '\\', ':']) >= 0))
        {
            throw new UnusableSource($"'{DisplayText.Escape(selector)}' is not a version of an npm package.");
        }

        return new NpmSource(name, selector, registry is null ? null : ReadRegistry(registry.Trim()));
    }

    /// <summary>Whether a text is one version, and no range or tag.</summary>
    internal static bool IsExactVersion(string text) => text.Length <= LongestVersion && ExactVersion().IsMatch(text);

    private static bool IsPackage(string name)
    {
        if (!name.StartsWith('@'))
        {
            return IsSegment(name) && name[0] is not ('.' or '_');
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IsSegment(name[1..slash]) && IsSegment(name[(slash + 1)..]);
    }

    private static bool IsSegment(string text) =>
        text.Length > 0 && text is not ("." or "..") && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string ReadRegistry(string text)
    {
        var accepted = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0
            && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            && !text.Contains('?', StringComparison.Ordinal) && !text.Contains('#', StringComparison.Ordinal);
        return accepted ? text
            : throw new UnusableSource("The npm registry is not an https URL without user, password, query and fragment.");
    }

    [GeneratedRegex(@"^[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\z")]
    private static partial Regex ExactVersion();
}
