using System.Globalization;
using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>Results of any kind for people and logs: a table for a terminal, Markdown, annotations, one line.</summary>
internal static class ItemReports
{
    /// <summary>A plain table.</summary>
    internal static string Text(ItemContent content)
    {
        var report = new StringBuilder();
        if (content.RunName is { } name)
        {
            report.Append(ReportText.Log(name)).Append('\n');
        }

        var rows = content.Shown.Select(item => (string[])[ReportText.Log(item.ComputerName), ReportText.Log(item.Subject),
            ReportText.Log(item.Finding), item.Severity.ToUpperInvariant(), ReportText.Log(item.Text)]).ToList();
        if (rows.Count > 0)
        {
            rows.Insert(0, ["COMPUTER", "SUBJECT", "FINDING", "SEVERITY", "DETAIL"]);
            var widths = Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length)).ToArray();
            foreach (var row in rows)
            {
                report.AppendJoin("  ", row.Select((cell, column) => column < widths.Length ? cell.PadRight(widths[column]) : cell))
                    .Append('\n');
            }

            report.Append('\n');
        }

        return report.Append(content.Summary()).Append('\n').ToString();
    }

    /// <summary>A heading, the numbers, and a table of what is not as it should be.</summary>
    internal static string Markdown(ItemContent content)
    {
        var report = new StringBuilder();
        report.Append("## ").Append(content.Title).Append(content.RunName is { } name ? $": {MarkdownText.Code(name)}" : "")
            .Append("\n\n").Append(content.Summary()).Append('\n');
        var shown = content.Shown.ToList();
        if (shown.Count > 0)
        {
            report.Append("\n| Severity | Computer | Subject | Finding | Detail |\n|---|---|---|---|---|\n");
            foreach (var item in shown)
            {
                report.Append(CultureInfo.InvariantCulture, $"| {item.Severity} | {MarkdownText.Code(item.ComputerName)} | "
                    + $"{MarkdownText.Code(item.Subject)} | {MarkdownText.Code(item.Finding)} | {MarkdownText.Code(item.Detail)}"
                    + $"{(item.Remedy is { } remedy ? $"<br>{MarkdownText.Code(remedy)}" : "")} |\n");
            }
        }

        return report.ToString();
    }

    /// <summary>Workflow commands without a file: what is wrong on a computer has no line in a repository.</summary>
    internal static string GitHub(ItemContent content)
    {
        var report = new StringBuilder();
        foreach (var item in content.Shown)
        {
            var command = item.Severity switch
            {
                "Error" => "error",
                "Warning" => "warning",
                _ => "notice",
            };
            report.Append("::").Append(command).Append(" title=").Append(GitHubReport.Property(item.Finding)).Append("::")
                .Append(GitHubReport.Data($"{item.ComputerName}: {item.Subject}: {item.Text}")).Append('\n');
        }

        return report.Append(content.Summary()).Append('\n').ToString();
    }

    /// <summary>One line for engines that show one line.</summary>
    internal static string Line(ItemContent content)
    {
        var isInOrder = content.Failed + content.Unknown == 0;
        var word = isInOrder ? "OK" : content.Items.All(item => item.Kind == "Drift") ? "DRIFT" : "FINDINGS";
        var computers = content.Items.Select(item => item.ComputerName).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var name = content.RunName is { } run ? $" {ReportText.Line(run)}" : "";
        return LineText.Join($"{word}{name} results={content.Items.Count} failed={content.Failed} unknown={content.Unknown}"
                + (computers > 1 ? $" computers={computers}" : ""),
            content.Shown.Select(item =>
                $"{item.Finding}:{(computers > 1 ? $"{item.ComputerName}/" : "")}{item.Subject}")) + "\n";
    }
}
