using System.Text.RegularExpressions;

namespace PluginMarket.Manifests;

/// <summary>Says in our own words why a text is not YAML; the parser's words are only sorted.</summary>
internal static partial class YamlErrorText
{
    internal const string TooDeep = "it is nested too deeply";
    internal const string UnknownAnchor = "it refers to an unknown anchor";

    /// <param name="said">What the parser said.</param>
    internal static string Explain(string said) =>
        said is TooDeep or UnknownAnchor ? said
        : Tab().IsMatch(said) ? "there is a tab in the indentation, where YAML accepts only spaces"
        : Escape().IsMatch(said) ? "a text in double quotes has an escape that YAML does not know"
        : Unclosed().IsMatch(said) ? "a text in quotes is not closed"
        : Flow().IsMatch(said) ? "a '[' or '{' is not closed, or a comma is missing behind it"
        : Colon().IsMatch(said) ? "a text with ': ' in it must be in quotes"
        : Key().IsMatch(said) ? "a key, ':' and a value are expected: the indentation or the colon is wrong"
        : Block().IsMatch(said) ? "the text behind '|' or '>' is not indented as YAML wants it"
        : Start().IsMatch(said) ? "a value begins with a character that YAML keeps for itself: put it in quotes"
        : "it is not valid YAML";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex("\\btab\\b", Options)]
    private static partial Regex Tab();

    [GeneratedRegex("escape|hexadecimal|surrogate", Options)]
    private static partial Regex Escape();

    [GeneratedRegex("quoted scalar.*(end of stream|document indicator|wrong indentation)", Options)]
    private static partial Regex Unclosed();

    [GeneratedRegex("flow (mapping|sequence|entry)", Options)]
    private static partial Regex Flow();

    [GeneratedRegex("Mapping values are not allowed|invalid mapping", Options)]
    private static partial Regex Colon();

    [GeneratedRegex("simple key|expected key|Mapping keys|key indicator|sequence entries|block collection|document (start|end)", Options)]
    private static partial Regex Key();

    [GeneratedRegex("block scalar|plain scalar", Options)]
    private static partial Regex Block();

    [GeneratedRegex("cannot start any token|anchor|alias|\\btag\\b|node", Options)]
    private static partial Regex Start();
}
