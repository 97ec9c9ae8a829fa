namespace PluginMarket;

/// <summary>Turns results of checks into reports. No text of a result, hostile or not, is more than text in any form.</summary>
public static class ReportWriter
{
    /// <summary>Writes a report.</summary>
    /// <param name="request">What to report, and how.</param>
    /// <returns>The whole report, lines ended by <c>\n</c>, the last one too.</returns>
    public static string Write(ReportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var content = new ReportContent(request);
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
}
