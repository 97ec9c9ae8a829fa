using System.Globalization;

namespace PluginMarket.Validation.Reports;

/// <summary>Results of any kind, made ready for writers.</summary>
/// <param name="RunName">What the run is called; null where it has no name.</param>
/// <param name="Items">The results, in their order.</param>
internal sealed record ItemContent(string? RunName, IReadOnlyList<ReportedItem> Items)
{
    internal int Failed => Items.Count(item => item.Outcome == ReportOutcome.Failed);

    internal int Unknown => Items.Count(item => item.Outcome == ReportOutcome.Unknown);

    /// <summary>The items that say something, the gravest first.</summary>
    internal IEnumerable<ReportedItem> Shown => Items.Where(item => item.IsShown).OrderBy(item => item.Severity switch
    {
        "Error" => 0,
        "Warning" => 1,
        _ => 2,
    });

    /// <summary>What they are about, as a heading.</summary>
    internal string Title => string.Join(", ", Items.Select(item => item.Kind).Distinct(StringComparer.Ordinal).Select(kind => kind switch
    {
        "Drift" => "Plugin drift",
        "Inventory" => "Plugin inventory",
        "Integrity" => "Plugin integrity",
        "Environment" => "Plugin environment",
        "Update" => "Plugin updates",
        _ => "Plugin checks",
    })) is { Length: > 0 } title ? title : "Plugin checks";

    /// <summary>How many there are and what they come to, in one sentence.</summary>
    internal string Summary()
    {
        var computers = Items.Select(item => item.ComputerName).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        return string.Create(CultureInfo.InvariantCulture, $"{Items.Count} {(Items.Count == 1 ? "result" : "results")} of {computers} "
            + $"{(computers == 1 ? "computer" : "computers")}: {Failed} failed, {Unknown} unknown.");
    }

    /// <summary>The findings of checks as results like any other.</summary>
    internal static ItemContent Of(ReportContent content) => new(content.RunName,
    [
        .. content.Checks.SelectMany(check => check.Findings.Count == 0 ? [Passed(check)]
            : check.Findings.Select(finding => Of(check, finding, content.WarningsFail))),
    ]);

    private static ReportedItem Passed(ReportCheck check) => new()
    {
        Kind = "Check",
        ComputerName = check.Result.ComputerName,
        Place = check.PortablePath,
        Subject = check.Name,
        Finding = "NoFindings",
        Outcome = ReportOutcome.Passed,
        Severity = "Information",
        Fields = FieldsOf(check, null),
    };

    private static ReportedItem Of(ReportCheck check, ReportFinding finding, bool warningsFail) => new()
    {
        Kind = "Check",
        ComputerName = check.Result.ComputerName,
        Place = finding.PortablePlace,
        Subject = check.Name,
        Finding = finding.RuleId,
        Outcome = finding.IsAccepted ? ReportOutcome.Skipped
            : finding.Severity == "Error" || (warningsFail && finding.Severity == "Warning") ? ReportOutcome.Failed : ReportOutcome.Noted,
        Severity = finding.Severity,
        Detail = finding.Message,
        Remedy = finding.Suggestion,
        Fields = FieldsOf(check, finding),
    };

    private static ReportField[] FieldsOf(ReportCheck check, ReportFinding? finding) =>
    [
        new("ComputerName", check.Result.ComputerName), new("Name", check.Name), new("Path", check.ShownPath),
        new("Severity", finding?.Severity), new("RuleId", finding?.RuleId), new("Message", finding?.Message),
        new("Suggestion", finding?.Suggestion), new("File", finding?.ShownFile), new("Line", finding?.Line),
        new("Column", finding?.Column), new("JsonPointer", finding?.Pointer), new("PluginName", finding?.PluginName),
        new("Fingerprint", finding?.Fingerprint), new("IsAccepted", finding?.IsAccepted),
    ];
}
