namespace PluginMarket;

/// <summary>One place of a file that a repair changes.</summary>
public sealed class ManifestEdit
{
    /// <summary>The rule whose finding it removes.</summary>
    public required string RuleId { get; init; }

    /// <summary>What is done.</summary>
    public required string Message { get; init; }

    /// <summary>The line, from 1; null for the file as a whole.</summary>
    public int? Line { get; init; }

    /// <summary>The column, from 1; null for the file as a whole.</summary>
    public int? Column { get; init; }

    /// <summary>The text that is replaced, escaped; null where none is.</summary>
    public string? Before { get; init; }

    /// <summary>The text that takes its place, escaped; null where it is only removed, or none changes.</summary>
    public string? After { get; init; }

    /// <summary>The place, the rule and what is done.</summary>
    public override string ToString() => $"{(Line is null ? "" : $"({Line},{Column}) ")}{RuleId}: {Message}";
}
