using System.Globalization;
using System.Text;

namespace PluginMarket;

/// <summary>Markdown for a job summary or a comment. Text of files stands in code elements with every sign of Markdown and HTML as an entity: no link, image, mention or table cell can come of it.</summary>
internal static class MarkdownReport
{
    internal static string Write(ReportContent content)
    {
        var report = new StringBuilder();
        report.Append("## Plugin checks").Append(content.RunName is { } name ? $": {Code(name)}" : "").Append("\n\n");
        report.Append(content.Summary()).Append('\n');
        var shown = content.Findings.Where(finding => !finding.IsAccepted).ToList();
        if (shown.Count > 0)
        {
            report.Append("\n| Severity | Rule | Place | Finding |\n|---|---|---|---|\n");
            foreach (var finding in shown)
            {
                report.Append(CultureInfo.InvariantCulture, $"| {finding.Severity} | {Code(finding.RuleId)} | {Code(finding.Place)} | {Code(finding.Message)}{(finding.Suggestion is { } suggestion ? $"<br>{Code(suggestion)}" : "")} |\n");
            }
        }

        return report.ToString();
    }

    private static string Code(string text)
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

    private static bool EndsWithWww(StringBuilder code) => code.Length >= 3 && code[^1] is 'w' or 'W' && code[^2] is 'w' or 'W' && code[^3] is 'w' or 'W';
}
