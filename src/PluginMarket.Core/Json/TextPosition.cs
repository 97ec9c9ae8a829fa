namespace PluginMarket.Json;

/// <summary>Where a piece of a text file is. Lines and columns count from 1, columns in Unicode characters; the end is
/// the first place after the piece.</summary>
/// <param name="Line">The line of the first character.</param>
/// <param name="Column">The column of the first character.</param>
/// <param name="EndLine">The line of the first character after the piece.</param>
/// <param name="EndColumn">The column of the first character after the piece.</param>
internal readonly record struct TextPosition(int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>The place that a failure names; null where it names none.</summary>
    internal static TextPosition? Of(PluginMarketException failure) =>
        failure is { Line: { } line, Column: { } column } ? new TextPosition(line, column, line, column) : null;
}
