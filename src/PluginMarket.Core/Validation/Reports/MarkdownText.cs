using System.Globalization;
using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>Text from outside in Markdown: a code element with every sign of Markdown and HTML as an entity, so that no link, image,
/// mention or table cell can come of it.</summary>
internal static class MarkdownText
{
    internal static string Code(string text)
    {
        var code = new StringBuilder("<code>");
        foreach (var c in ReportText.Line(text))
        {
            // A full stop or slash alone starts nothing; "www." would.
            _ = c is ' ' or '/' or ',' or '-' || !char.IsAscii(c) || char.IsAsciiLetterOrDigit(c) || (c == '.' && !EndsWithWww(code))
                ? code.Append(c)
                : code.Append(CultureInfo.InvariantCulture, $"&#{(int)c};");
        }

        return code.Append("</code>").ToString();
    }

    private static bool EndsWithWww(StringBuilder code) =>
        code.Length >= 3 && code[^1] is 'w' or 'W' && code[^2] is 'w' or 'W' && code[^3] is 'w' or 'W';
}
