using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>One finding as writers see it: texts escaped once more, since a piped object may come from anywhere.</summary>
internal sealed class ReportFinding
{
    internal ReportFinding(Diagnostic diagnostic, ReportPaths paths, ManifestRule? rule, string folder)
    {
        Rule = rule;
        RuleId = DisplayText.Escape(diagnostic.RuleId);
        Severity = diagnostic.Severity is "Warning" or "Information" ? diagnostic.Severity : "Error";
        Message = DisplayText.Escape(diagnostic.Message);
        Suggestion = string.IsNullOrWhiteSpace(diagnostic.Suggestion) ? null : DisplayText.Escape(diagnostic.Suggestion);
        File = DisplayText.Escape(diagnostic.File);
        ShownFile = paths.Show(File);
        PortableFile = paths.Portable(File, folder);
        Pointer = diagnostic.JsonPointer is { } pointer ? DisplayText.Escape(pointer) : null;
        PluginName = diagnostic.PluginName is { } name ? DisplayText.Escape(name) : null;
        Fingerprint = DisplayText.Escape(diagnostic.Fingerprint);
        IsAccepted = diagnostic.IsAccepted;
        Line = Positive(diagnostic.Line);
        Column = Line is null ? null : Positive(diagnostic.Column);
        EndLine = Line is { } line && Positive(diagnostic.EndLine) is { } endLine && endLine >= line ? endLine : null;
        EndColumn = EndLine is null || Column is null || Positive(diagnostic.EndColumn) is not { } endColumn
            || (EndLine == Line && endColumn < Column) ? null : endColumn;
    }

    internal ManifestRule? Rule { get; }

    internal string RuleId { get; }

    internal string Severity { get; }

    internal string Message { get; }

    internal string? Suggestion { get; }

    internal string File { get; }

    internal string ShownFile { get; }

    /// <summary>The file without a path of the computer: from the base, else from the checked folder.</summary>
    internal string PortableFile { get; }

    internal string? Pointer { get; }

    internal string? PluginName { get; }

    internal string Fingerprint { get; }

    internal bool IsAccepted { get; }

    internal int? Line { get; }

    internal int? Column { get; }

    internal int? EndLine { get; }

    internal int? EndColumn { get; }

    /// <summary>The rule's id and, where it is known, its title.</summary>
    internal string RuleTitle => Rule is null ? RuleId : $"{RuleId} {Rule.Title}";

    /// <summary>File, line and column in the form that editors and terminals make a link of.</summary>
    internal string Place => ShownFile + Spot;

    /// <summary>The same with <see cref="PortableFile"/>.</summary>
    internal string PortablePlace => PortableFile + Spot;

    private string Spot => (Line is { } line ? $":{line}" : "") + (Column is { } column ? $":{column}" : "");

    /// <summary>Message and suggestion.</summary>
    internal string Text => Suggestion is null ? Message : $"{Message} {Suggestion}";

    private static int? Positive(int? number) => number > 0 ? number : null;
}
