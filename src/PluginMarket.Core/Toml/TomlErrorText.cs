using System.Text.RegularExpressions;

namespace PluginMarket.Toml;

/// <summary>Says in our own words why a text is not TOML. The parser's words are only sorted: they quote
/// the text, which may hold secrets.</summary>
internal static partial class TomlErrorText
{
    /// <param name="said">What the parser said.</param>
    internal static string Explain(string said) =>
        Twice().IsMatch(said) ? "this key or table was defined before: keep one of them"
        : Escape().IsMatch(said)
        ? "the text has an escape that TOML does not know: double each backslash, or put the text into single quotes"
        : Unclosed().IsMatch(said) ? "a text in quotes is not closed"
        : Control().IsMatch(said) ? "TOML does not allow this control character here"
        : Equal().IsMatch(said) ? "a key must be followed by '=' and a value"
        : Array().IsMatch(said) ? "the array is not closed by ']', or a comma is missing between its items"
        : Value().IsMatch(said) ? "the value is missing"
        : Inline().IsMatch(said) ? "an inline table is written as { key = value, other = value }"
        : Number().IsMatch(said) ? "the number or date is not written as TOML wants it"
        : "this is not valid TOML: a line contains a [table], or a key, '=' and a value";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex("already|redefined|duplicate|cannot be extended|cannot extend", Options)]
    private static partial Regex Twice();

    [GeneratedRegex("escape", Options)]
    private static partial Regex Escape();

    [GeneratedRegex("newline in a string|End-Of-File found", Options)]
    private static partial Regex Unclosed();

    [GeneratedRegex("control character|surrogate|scalar value|Invalid \\\\r", Options)]
    private static partial Regex Control();

    [GeneratedRegex("Expecting `=`", Options)]
    private static partial Regex Equal();

    [GeneratedRegex("array", Options)]
    private static partial Regex Array();

    [GeneratedRegex("expecting a value|Missing value", Options)]
    private static partial Regex Value();

    [GeneratedRegex("inline table", Options)]
    private static partial Regex Inline();

    [GeneratedRegex("leading|underscore|digit|integer|float|date ?time|prefix|capital", Options)]
    private static partial Regex Number();
}
