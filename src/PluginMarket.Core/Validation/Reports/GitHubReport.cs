using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>Workflow commands, one line each, that GitHub Actions shows as annotations, and a closing line for the log.</summary>
internal static class GitHubReport
{
    internal static string Write(ReportContent content)
    {
        var report = new StringBuilder();
        foreach (var finding in content.Findings.Where(finding => !finding.IsAccepted))
        {
            var command = finding.Severity switch
            {
                "Error" => "error",
                "Warning" => "warning",
                _ => "notice",
            };
            report.Append("::").Append(command).Append(" file=").Append(Property(finding.ShownFile));
            Append(report, "line", finding.Line);
            Append(report, "endLine", finding.EndLine);
            if (finding.EndLine is null || finding.EndLine == finding.Line)
            {
                // Columns of an annotation over several lines are refused.
                Append(report, "col", finding.Column);
                Append(report, "endColumn", finding.EndColumn);
            }

            report.Append(",title=").Append(Property(finding.RuleTitle)).Append("::").Append(Data(finding.Text)).Append('\n');
        }

        return report.Append(content.Summary()).Append('\n').ToString();
    }

    private static void Append(StringBuilder report, string name, int? number)
    {
        if (number is not null)
        {
            report.Append(',').Append(name).Append('=').Append(number);
        }
    }

    internal static string Data(string text) => text.Replace("##", "# #", StringComparison.Ordinal).Replace("%", "%25",
        StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    internal static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
