namespace PluginMarket.Validation.Reports;

/// <summary>Text that ends up in a build's log, whatever form it has there.</summary>
internal static class ReportText
{
    /// <summary>The text on one line.</summary>
    internal static string Line(string text) => text.Contains('\n', StringComparison.Ordinal)
        ? string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : text;

    /// <summary>The text on one line, with nothing in it that a build server takes for a command to itself.</summary>
    /// <remarks>Azure Pipelines obeys <c>##vso[</c> and GitHub's runner <c>##[</c> anywhere in a line that a step
    /// prints, and <c>::</c> at its start.</remarks>
    internal static string Log(string text)
    {
        var line = Line(text).Trim().Replace("##", "# #", StringComparison.Ordinal);
        return line.StartsWith("::", StringComparison.Ordinal) ? ": " + line[1..] : line;
    }
}
