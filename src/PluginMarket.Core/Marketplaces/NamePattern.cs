using System.Text;
using System.Text.RegularExpressions;

namespace PluginMarket.Marketplaces;

/// <summary>A wildcard pattern as PowerShell reads it: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[a-z]</c>, a backtick before a character taken
/// as it is; letter case is ignored.</summary>
internal sealed class NamePattern
{
    private readonly Regex? _expression;
    private readonly string _text;

    /// <summary>Reads a pattern; every text is one.</summary>
    public NamePattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
        IsLiteral = text.AsSpan().IndexOfAny("*?[`") < 0;
        _expression = IsLiteral ? null : new Regex(Translate(text),
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    /// <summary>Whether the pattern means one name only.</summary>
    public bool IsLiteral { get; }

    /// <summary>Whether a name fits.</summary>
    public bool Matches(string? name) =>
        name is not null
        && (_expression is null ? string.Equals(name, _text, StringComparison.OrdinalIgnoreCase) : _expression.IsMatch(name));

    /// <summary>The pattern's text.</summary>
    public override string ToString() => _text;

    /// <summary>Whether a name fits one of the patterns; none at all fits everything.</summary>
    public static bool MatchesAny(IReadOnlyList<NamePattern> patterns, string? name) =>
        patterns.Count == 0 || AnyMatches(patterns, name);

    private static bool AnyMatches(IReadOnlyList<NamePattern> patterns, string? name) => patterns.Any(pattern => pattern.Matches(name));

    /// <summary>Reads several patterns.</summary>
    public static IReadOnlyList<NamePattern> ReadAll(IReadOnlyList<string> texts) => [.. texts.Select(text => new NamePattern(text))];

    /// <summary>The patterns of <c>plugin</c> or <c>plugin@marketplace</c>.</summary>
    internal static (NamePattern Plugin, NamePattern? Marketplace) SplitId(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is var at and >= 0
            ? (new NamePattern(text[..at]), new NamePattern(text[(at + 1)..])) : (new NamePattern(text), null);

    private static string Translate(string text)
    {
        var expression = new StringBuilder("\\A");
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*':
                    expression.Append(".*");
                    break;
                case '?':
                    expression.Append('.');
                    break;
                case '`' when i + 1 < text.Length:
                    expression.Append(Regex.Escape(text[++i].ToString()));
                    break;
                case '[' when text.IndexOf(']', i + 1) is var end and > 0 && end > i + 1:
                    expression.Append('[').Append(Set(text[(i + 1)..end])).Append(']');
                    i = end;
                    break;
                default:
                    expression.Append(Regex.Escape(text[i].ToString()));
                    break;
            }
        }

        return expression.Append("\\z").ToString();
    }

    // A range that runs backwards would be an invalid expression; its ends are taken as plain characters.
    private static string Set(string members)
    {
        var set = new StringBuilder();
        for (var i = 0; i < members.Length; i++)
        {
            if (i + 2 < members.Length && members[i + 1] == '-' && members[i] <= members[i + 2])
            {
                set.Append(Plain(members[i])).Append('-').Append(Plain(members[i + 2]));
                i += 2;
            }
            else
            {
                set.Append(Plain(members[i]));
            }
        }

        return set.ToString();
    }

    private static string Plain(char member) => member is '\\' or ']' or '[' or '^' or '-' ? "\\" + member : member.ToString();
}
