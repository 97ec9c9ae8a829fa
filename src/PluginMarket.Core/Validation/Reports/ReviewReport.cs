using System.Globalization;
using System.Text;

namespace PluginMarket.Validation.Reports;

/// <summary>A review as Markdown: what plugins can do, or what changes in it, the gravest first. It fits a comment on a pull
/// request.</summary>
internal static class ReviewReport
{
    private static readonly string[] Risks = ["High", "Low", "None"];

    internal static string Write(IReadOnlyList<ReviewedCapability> reviewed, string? runName)
    {
        var report = new StringBuilder();
        var title = runName is null ? "" : $": {MarkdownText.Code(runName)}";
        if (reviewed.Where(line => line.Change is not null).OrderBy(line => Array.IndexOf(Risks, line.Risk))
            .ToList() is { Count: > 0 } changes)
        {
            var high = changes.Count(line => line.Risk == "High");
            report.Append(CultureInfo.InvariantCulture, $"## What changes in what plugins can do{title}\n\n{changes.Count} "
                + $"{(changes.Count == 1 ? "change" : "changes")}, {high} of high risk.{Hidden(changes)}\n\n");
            Table(report, changes, "| Change | Risk ", "|---|---",
                line => $"| {MarkdownText.Code(line.Change!)} | {MarkdownText.Code(line.Risk ?? "")} ");
        }

        if (reviewed.Where(line => line.Change is null).ToList() is { Count: > 0 } capabilities)
        {
            report.Append(report.Length > 0 ? "\n" : "");
            report.Append(CultureInfo.InvariantCulture, $"## What plugins can do{title}\n\n{capabilities.Count} "
                + $"{(capabilities.Count == 1 ? "capability" : "capabilities")}.{Hidden(capabilities)}\n\n");
            Table(report, capabilities, "", "", _ => "");
        }

        return report.ToString();
    }

    private static void Table(StringBuilder report, List<ReviewedCapability> lines, string heading, string rule,
        Func<ReviewedCapability, string> first)
    {
        var withPlugin = lines.Exists(line => line.Plugin is not null);
        report.Append(CultureInfo.InvariantCulture, $"{heading}{(withPlugin ? "| Plugin " : "")}| Component | Name | What it runs or "
            + $"reaches | Place |\n{rule}{(withPlugin ? "|---" : "")}|---|---|---|---|\n");
        foreach (var line in lines)
        {
            var plugin = withPlugin ? $"| {MarkdownText.Code(line.Plugin ?? "")} " : "";
            var place = line.Line > 0 ? $"{line.File}:{line.Line}" : line.File;
            var detail = (line.Detail is { Length: > 0 } text ? MarkdownText.Code(text) : "")
                + (line.HasHiddenText ? " **hidden characters**" : "");
            report.Append(CultureInfo.InvariantCulture, $"{first(line)}{plugin}| {MarkdownText.Code(line.Component)} | "
                + $"{MarkdownText.Code(line.Name)} | {detail.TrimStart()} | {MarkdownText.Code(place)} |\n");
        }
    }

    private static string Hidden(List<ReviewedCapability> lines) =>
        lines.Count(line => line.HasHiddenText) is var hidden and > 0
            ? string.Create(CultureInfo.InvariantCulture, $" {hidden} with characters that a reader does not see.") : "";
}
