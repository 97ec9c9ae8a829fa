using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>Turns results of checks into reports. No text of a result, hostile or not, is more than text in any form.</summary>
internal static class ReportWriter
{
    /// <summary>Writes a report.</summary>
    /// <param name="request">What to report, and how.</param>
    /// <returns>The whole report, lines ended by <c>\n</c>, the last one too.</returns>
    /// <exception cref="PluginMarketException">InputNotAResult: a review is asked for in another form than Markdown.</exception>
    public static string Write(ReportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var content = new ReportContent(request);
        if (request.Reviewed.Count > 0)
        {
            return Review(request, content);
        }

        return request.Format switch
        {
            ReportFormat.Json => JsonReport.Write(content),
            ReportFormat.Sarif => SarifReport.Write(content),
            ReportFormat.JUnit => JUnitReport.Write(content),
            ReportFormat.GitHub => GitHubReport.Write(content),
            ReportFormat.Markdown => MarkdownReport.Write(content),
            _ => TextReport.Write(content),
        };
    }

    private static string Review(ReportRequest request, ReportContent content)
    {
        if (request.Format != ReportFormat.Markdown)
        {
            throw new PluginMarketException(MarketErrorCode.InputNotAResult, $"Capabilities are reported as Markdown, "
                + $"not as {request.Format}. {Remedy.Do($"Use the format Markdown.")}", request.Format.ToString());
        }

        var review = ReviewReport.Write(request.Reviewed, content.RunName);
        return request.Results.Count > 0 ? $"{review}\n{MarkdownReport.Write(content)}" : review;
    }
}
