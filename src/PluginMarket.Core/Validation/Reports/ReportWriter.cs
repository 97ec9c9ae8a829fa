using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>Turns results of checks into reports. No text of a result, hostile or not, is more than text in any form.</summary>
internal static class ReportWriter
{
    /// <summary>Writes a report.</summary>
    /// <param name="request">What to report, and how.</param>
    /// <returns>The whole report, lines ended by <c>\n</c>, the last one too.</returns>
    /// <exception cref="PluginMarketException">InputNotAResult: the form cannot show these results.</exception>
    public static string Write(ReportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var content = new ReportContent(request);
        if (request.Reviewed.Count > 0)
        {
            return Review(request, content);
        }

        if (request.Items.Count > 0)
        {
            return Items(request, new ItemContent(content.RunName, [.. request.Items, .. ItemContent.Of(content).Items]));
        }

        return request.Format switch
        {
            ReportFormat.Text => TextReport.Write(content),
            ReportFormat.Json => JsonReport.Write(content),
            ReportFormat.Sarif => SarifReport.Write(content),
            ReportFormat.JUnit => JUnitReport.Write(content),
            ReportFormat.GitHub => GitHubReport.Write(content),
            ReportFormat.Markdown => MarkdownReport.Write(content),
            ReportFormat.Csv => CsvReport.Write(ItemContent.Of(content)),
            ReportFormat.Line => ItemReports.Line(ItemContent.Of(content)),
            _ => throw NotIn(request.Format, "Results of checks"),
        };
    }

    /// <summary>The failure of a form that cannot show what came.</summary>
    internal static PluginMarketException NotIn(ReportFormat format, string results) => new(MarketErrorCode.InputNotAResult,
        $"{results} cannot be reported as {format.ToString()}. {Remedy.Do($"Choose another format, such as Json.")}", format.ToString());

    private static string Items(ReportRequest request, ItemContent content) => request.Format switch
    {
        ReportFormat.Text => ItemReports.Text(content),
        ReportFormat.Json => ItemJson.Write(content),
        ReportFormat.JUnit => ItemJUnit.Write(content),
        ReportFormat.GitHub => ItemReports.GitHub(content),
        ReportFormat.Markdown => ItemReports.Markdown(content),
        ReportFormat.Csv => CsvReport.Write(content),
        ReportFormat.Line => ItemReports.Line(content),
        _ => throw NotIn(request.Format, "These results"),
    };

    private static string Review(ReportRequest request, ReportContent content)
    {
        if (request.Format != ReportFormat.Markdown)
        {
            throw new PluginMarketException(MarketErrorCode.InputNotAResult, $"Capabilities are reported as Markdown, "
                + $"not as {request.Format}. {Remedy.Do($"Use the format Markdown.")}", request.Format.ToString());
        }

        var review = ReviewReport.Write(request.Reviewed, content.RunName);
        return (request.Results.Count > 0, request.Items.Count > 0) switch
        {
            (false, false) => review,
            (true, false) => $"{review}\n{MarkdownReport.Write(content)}",
            _ => $"{review}\n" + ItemReports.Markdown(
                new ItemContent(content.RunName, [.. request.Items, .. ItemContent.Of(content).Items])),
        };
    }
}
