using System.Globalization;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>What a result comes to in a report.</summary>
internal enum ReportOutcome
{
    /// <summary>It is as it should be.</summary>
    Passed,

    /// <summary>It is worth a word, and no fault.</summary>
    Noted,

    /// <summary>Nobody asked, or somebody accepted it.</summary>
    Skipped,

    /// <summary>It is not as it should be.</summary>
    Failed,

    /// <summary>Nobody can tell.</summary>
    Unknown,
}

/// <summary>A property of a result, under its name in PowerShell.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">A text, a truth, a number, a time, texts, or null.</param>
internal readonly record struct ReportField(string Name, object? Value)
{
    /// <summary>The value as one line of text; nothing for null.</summary>
    internal string Text => Value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        string[] texts => string.Join("; ", texts.Select(Clean)),
        DateTimeOffset time => TimeText(time),
        _ => Clean(Convert.ToString(Value, CultureInfo.InvariantCulture) ?? ""),
    };

    /// <summary>The text on one line, escaped once more, since a piped object may come from anywhere.</summary>
    internal static string Clean(string text) => ReportText.Line(DisplayText.Escape(text));

    internal static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
}

/// <summary>One result of any kind, as the writers of reports see it.</summary>
internal sealed record ReportedItem
{
    private readonly string _computerName = "";
    private readonly string _place = "";
    private readonly string _subject = "";
    private readonly string _finding = "";
    private readonly string _detail = "";
    private readonly string? _remedy;

    /// <summary>What kind of result: <c>Drift</c>, <c>Inventory</c>, <c>Integrity</c>, <c>Environment</c>, <c>Update</c> or
    /// <c>Check</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The computer, by which results are grouped.</summary>
    public required string ComputerName { get => _computerName; init => _computerName = ReportField.Clean(value); }

    /// <summary>Whose result it is on that computer: the home or the folder.</summary>
    public required string Place { get => _place; init => _place = ReportField.Clean(value); }

    /// <summary>The plugin, the marketplace, the file or the computer.</summary>
    public required string Subject { get => _subject; init => _subject = ReportField.Clean(value); }

    /// <summary>What was found of it, as an identifier.</summary>
    public required string Finding { get => _finding; init => _finding = ReportField.Clean(value); }

    public required ReportOutcome Outcome { get; init; }

    /// <summary><c>Error</c>, <c>Warning</c> or <c>Information</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>The finding as a text.</summary>
    public string Detail { get => _detail; init => _detail = ReportField.Clean(value); }

    /// <summary>What can help; null where there is nothing to do.</summary>
    public string? Remedy { get => _remedy; init => _remedy = string.IsNullOrWhiteSpace(value) ? null : ReportField.Clean(value); }

    /// <summary>What the results of one home have in common; the same list for all of them.</summary>
    public IReadOnlyList<ReportField> Owner { get; init; } = [];

    /// <summary>What is its own; empty where it is about its home alone.</summary>
    public IReadOnlyList<ReportField> Fields { get; init; } = [];

    /// <summary>The finding with what can help.</summary>
    internal string Text => Remedy is null ? Detail : Detail.Length == 0 ? Remedy : $"{Detail} {Remedy}";

    internal bool IsShown => Outcome is not (ReportOutcome.Passed or ReportOutcome.Skipped);
}
