namespace PluginMarket;

/// <summary>The forms a report can take.</summary>
public enum ReportFormat
{
    /// <summary>A plain table for a terminal.</summary>
    Text,
    /// <summary>The results as a JSON document.</summary>
    Json,
    /// <summary>SARIF 2.1.0, for code scanning.</summary>
    Sarif,
    /// <summary>JUnit XML, for the test views of build servers.</summary>
    JUnit,
    /// <summary>Workflow commands that GitHub Actions turns into annotations.</summary>
    GitHub,
    /// <summary>Markdown, for a job summary or a comment.</summary>
    Markdown,
    /// <summary>Comma-separated values, one row for each result, for spreadsheets.</summary>
    Csv,
    /// <summary>One line of ASCII, for engines that show one line.</summary>
    Line,
    /// <summary>One page of HTML with machines and plugins, which loads nothing; of inventories and drift.</summary>
    Html,
    /// <summary>A CycloneDX 1.6 bill of materials; of inventories.</summary>
    CycloneDx,
}
