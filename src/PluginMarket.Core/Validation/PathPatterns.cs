using System.Text;
using System.Text.RegularExpressions;

namespace PluginMarket.Validation;

/// <summary>Paths below a folder, as a settings file names them: <c>*</c> and <c>?</c> stay within a name, <c>**</c> does not,
/// and a pattern of one name fits at every level. What fits includes everything below it.</summary>
internal sealed class PathPatterns(IEnumerable<string> patterns)
{
    private readonly Regex[] _patterns = [.. patterns.Select(Compile)];

    /// <summary>No path.</summary>
    internal static PathPatterns None { get; } = new([]);

    /// <summary>Whether a text is a pattern: relative, and without <c>..</c>.</summary>
    internal static bool IsPattern(string text) =>
        Plain(text) is { Length: > 0 } plain && !plain.StartsWith('/') && !plain.Split('/').Contains("..", StringComparer.Ordinal);

    /// <summary>Whether a path below the folder, with <c>/</c>, or a folder on its way is one of them.</summary>
    internal bool Match(string path) => Array.Exists(_patterns, pattern => pattern.IsMatch(path));

    private static string Plain(string text)
    {
        var plain = text.Replace('\\', '/').TrimEnd('/');
        return plain.StartsWith("./", StringComparison.Ordinal) ? plain[2..] : plain;
    }

    private static Regex Compile(string text)
    {
        var plain = Plain(text);
        var regex = new StringBuilder(plain.Contains('/', StringComparison.Ordinal) ? "^" : "(?:^|/)");
        for (var i = 0; i < plain.Length; i++)
        {
            var isDeep = plain.AsSpan(i).StartsWith("**");
            if (isDeep && plain.AsSpan(i).StartsWith("**/"))
            {
                regex.Append("(?:.*/)?");
                i += 2;
            }
            else if (isDeep)
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(plain[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        return new Regex(regex.Append("(?:/|$)").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
