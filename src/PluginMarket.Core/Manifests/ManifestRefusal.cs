using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>Why Codex refuses a plugin's manifest.</summary>
internal sealed class ManifestRefusal
{
    /// <summary>The failure's name.</summary>
    public MarketErrorCode Code { get; internal init; } = MarketErrorCode.ManifestInvalid;

    /// <summary>What is wrong and what to do, escaped for a terminal.</summary>
    public required string Message { get; init; }

    /// <summary>The file, or the plugin's folder where a file is missing.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1, or null.</summary>
    public int? Line { get; internal init; }

    /// <summary>The column, in characters counted from 1, or null.</summary>
    public int? Column { get; internal init; }

    /// <summary>The JSON pointer, or null.</summary>
    public string? JsonPointer { get; internal init; }

    /// <summary>The exception for callers that cannot go on.</summary>
    public PluginMarketException ToException() =>
        new(Code, $"{Message} {Remedy.Do($"Fix the file at that place.")}", File) { File = File, Line = Line, Column = Column };

    /// <summary>File, line and message.</summary>
    public override string ToString() => Line is { } line ? $"{File}:{line}: {Message}" : $"{File}: {Message}";
}
