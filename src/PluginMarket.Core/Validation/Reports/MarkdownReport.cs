using System.Globalization;
using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>Markdown for a job summary or a comment.</summary>
internal static class MarkdownReport
{
    internal static string Write(ReportContent content)
    {
        var report = new StringBuilder();
        report.Append("## Plugin checks").Append(content.RunName is { } name ? $": {MarkdownText.Code(name)}" : "").Append("\n\n");
        report.Append(content.Summary()).Append('\n');
        var shown = content.Findings.Where(finding => !finding.IsAccepted).ToList();
        if (shown.Count > 0)
        {
            report.Append("\n| Severity | Rule | Place | Finding |\n|---|---|---|---|\n");
            foreach (var finding in shown)
            {
                report.Append(CultureInfo.InvariantCulture,
                    $"| {finding.Severity} | {MarkdownText.Code(finding.RuleId)} | {MarkdownText.Code(finding.Place)} | {MarkdownText.Code(
                        finding.Message)}{(finding.Suggestion is { } suggestion ? $"<br>{MarkdownText.Code(suggestion)}" : "")} |\n");
            }
        }

        return report.ToString();
    }
}
