using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>A plain table for a terminal: places first, since terminals and editors make links of them.</summary>
internal static class TextReport
{
    internal static string Write(ReportContent content)
    {
        var report = new StringBuilder();
        if (content.RunName is { } name)
        {
            report.Append(ReportText.Log(name)).Append('\n');
        }

        var rows = content.Findings.Where(finding => !finding.IsAccepted)
            .Select(finding => (string[])[ReportText.Log(finding.Place), finding.Severity.ToUpperInvariant(),
                ReportText.Log(finding.RuleId), ReportText.Log(finding.Text)])
            .ToList();
        if (rows.Count > 0)
        {
            rows.Insert(0, ["PLACE", "SEVERITY", "RULE", "FINDING"]);
            var widths = Enumerable.Range(0, 3).Select(column => rows.Max(row => row[column].Length)).ToArray();
            foreach (var row in rows)
            {
                report.AppendJoin("  ", row.Select((cell, column) => column < widths.Length ? cell.PadRight(widths[column]) : cell))
                    .Append('\n');
            }

            report.Append('\n');
        }

        return report.Append(content.Summary()).Append('\n').ToString();
    }
}
