namespace PluginMarket.Policies;

/// <summary>A pattern that has to fit a whole text: <c>*</c> stands for characters within a segment, <c>**</c> also across
/// segments.</summary>
internal sealed class PolicyGlob
{
    private const char One = '\u0001';
    private const char Many = '\u0002';

    private readonly string _pattern;
    private readonly char? _separator;
    private readonly bool _isLiteral;
    private readonly bool _ignoreCase;

    /// <param name="text">The pattern.</param>
    /// <param name="separator">What separates segments; null where the text has none.</param>
    /// <param name="ignoreCase">Whether letter case is ignored.</param>
    internal PolicyGlob(string text, char? separator = null, bool ignoreCase = false)
    {
        Text = text;
        _ignoreCase = ignoreCase;
        _separator = separator;
        _isLiteral = !text.Contains('*', StringComparison.Ordinal);
        _pattern = Fold(text).Replace("**", Many.ToString(), StringComparison.Ordinal).Replace('*', One);
    }

    /// <summary>The pattern as it was written.</summary>
    internal string Text { get; }

    /// <summary>Whether it fits.</summary>
    internal bool Matches(string text)
    {
        var subject = Fold(text);
        return _isLiteral ? string.Equals(_pattern, subject, StringComparison.Ordinal) : Fits(subject);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private string Fold(string text) => _ignoreCase ? text.ToLowerInvariant() : text;

    // One row of a table for each character of the pattern, so that no pattern takes more than its length times that of the text.
    private bool Fits(string text)
    {
        var row = new bool[text.Length + 1];
        row[0] = true;
        foreach (var step in _pattern)
        {
            var next = new bool[text.Length + 1];
            for (var i = 0; i <= text.Length; i++)
            {
                next[i] = step switch
                {
                    Many => row[i] || (i > 0 && next[i - 1]),
                    One => row[i] || (i > 0 && next[i - 1] && text[i - 1] != _separator),
                    _ => i > 0 && row[i - 1] && text[i - 1] == step,
                };
            }

            row = next;
        }

        return row[text.Length];
    }
}
