namespace PluginMarket;

/// <summary>Something in a plugin that Codex ignores, without a message or with a log line.</summary>
public sealed class ManifestFinding
{
    /// <summary>A stable word for the kind of finding, such as <c>PathDropped</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1; 0 where the finding is about the file as a whole.</summary>
    public int Line { get; internal init; }

    /// <summary>The column, in characters counted from 1; 0 where the finding is about the file as a whole.</summary>
    public int Column { get; internal init; }

    /// <summary>The JSON pointer, where the file is JSON.</summary>
    public string? JsonPointer { get; internal init; }

    /// <summary>What is ignored and why, escaped for a terminal.</summary>
    public required string Message { get; init; }

    /// <summary>File, line and message.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}
