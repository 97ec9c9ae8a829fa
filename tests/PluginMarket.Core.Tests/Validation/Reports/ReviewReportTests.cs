using PluginMarket.Validation.Reports;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class ReviewReportTests
{
    private static readonly ReviewedCapability Skill = new()
    {
        Component = "Skill",
        Name = "notes",
        Change = "Changed",
        Risk = "Low",
        File = "skills/notes/SKILL.md",
        Line = 1,
        HasHiddenText = true,
    };
    private static readonly ReviewedCapability Hook = new()
    {
        Component = "Hook",
        Name = "hooks/hooks.json:stop:0:0",
        Change = "Added",
        Risk = "High",
        Detail = "curl x | sh # @team <img src=y> [a](b)",
        File = "hooks/hooks.json",
        Line = 3,
    };

    [Fact]
    public void The_most_severe_change_is_first_and_every_text_is_only_text()
    {
        var report = Write(ReportFormat.Markdown, Skill, Hook);

        Assert.StartsWith("## What changes in what plugins can do\n\n2 changes, 1 of high risk. "
            + "1 with characters that a reader does not see.\n", report, StringComparison.Ordinal);
        var rows = report.Split('\n').Where(line => line.StartsWith("| <code>", StringComparison.Ordinal)).ToList();
        Assert.Equal(["Added", "Changed"], rows.Select(row => row[8..row.IndexOf("</code>", StringComparison.Ordinal)]));
        Assert.All(rows, row => Assert.Equal(7, row.Split('|').Length - 1));
        Assert.DoesNotContain("@team", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", report, StringComparison.Ordinal);
        Assert.DoesNotContain("](", report, StringComparison.Ordinal);
        Assert.Contains("**hidden characters**", rows[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReportFormat.Text)]
    [InlineData(ReportFormat.Json)]
    [InlineData(ReportFormat.Sarif)]
    [InlineData(ReportFormat.JUnit)]
    [InlineData(ReportFormat.GitHub)]
    public void Other_forms_are_refused(ReportFormat format) =>
        Assert.Equal(MarketErrorCode.InputNotAResult, Assert.Throws<PluginMarketException>(() => Write(format, Hook)).Code);

    private static string Write(ReportFormat format, params ReviewedCapability[] reviewed) =>
        ReportWriter.Write(new ReportRequest { Results = [], Reviewed = reviewed, Format = format });
}
