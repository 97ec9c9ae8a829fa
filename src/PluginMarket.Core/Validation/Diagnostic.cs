using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>One finding of a check: what is wrong, where, and what to do. Every text is escaped for a terminal.</summary>
public sealed class Diagnostic
{
    private readonly Message _message;
    private readonly Message? _suggestion;

    /// <summary>Makes the finding.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="suggestion">What to write instead, or null.</param>
    internal Diagnostic(Message message, Message? suggestion = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        (_message, _suggestion) = (message, suggestion);
    }

    /// <summary><c>Error</c>, <c>Warning</c> or <c>Information</c>, after the settings were applied.</summary>
    public required string Severity { get; init; }

    /// <summary>The rule's stable id, such as <c>PM1001</c>.</summary>
    public required string RuleId { get; init; }

    /// <summary>What is wrong, in one sentence.</summary>
    public string Message => _message.ToString();

    /// <summary>The file at fault, absolute; the plugin's or marketplace's folder where a file is missing.</summary>
    public required string File { get; init; }

    /// <summary>The first line, counted from 1; null where the finding is about the file or folder as a whole.</summary>
    public int? Line { get; init; }

    /// <summary>The first column, in characters counted from 1; null with <see cref="Line"/>.</summary>
    public int? Column { get; init; }

    /// <summary>The last line; null with <see cref="Line"/>.</summary>
    public int? EndLine { get; init; }

    /// <summary>The column after the last character; null with <see cref="Line"/>.</summary>
    public int? EndColumn { get; init; }

    /// <summary>The JSON pointer (RFC 6901) of the value at fault; null where the file is not JSON.</summary>
    public string? JsonPointer { get; init; }

    /// <summary>What to write instead, or null.</summary>
    public string? Suggestion => _suggestion?.ToString();

    /// <summary>The rule's page.</summary>
    public required string HelpUri { get; init; }

    /// <summary>The plugin the finding belongs to, or null for a catalog as a whole.</summary>
    public string? PluginName { get; init; }

    /// <summary>64 hex digits that stay the same while the finding does, wherever its file is and whatever stands
    /// above it; the key of a baseline.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Whether the baseline of the settings accepts the finding; it then counts for nothing.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>File, place, severity, rule and message in one line.</summary>
    public override string ToString() => $"{File}{(Line is { } line ? $"({line},{Column})" : "")}: {Severity} {RuleId}: {Message}";
}
