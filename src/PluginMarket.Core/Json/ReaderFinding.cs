using PluginMarket.Messages;

namespace PluginMarket.Json;

/// <summary>One thing a reader noticed, as the checks need it: which mistake it is, and exactly where it is.</summary>
/// <param name="Kind">A stable word; the checks map it to a rule.</param>
/// <param name="Path">The file, below the folder that is read; empty for that folder.</param>
/// <param name="Position">The value or key at fault, or null where the finding is about the file as a whole.</param>
/// <param name="Pointer">Its JSON pointer, unescaped, or null.</param>
/// <param name="Message">What is wrong, escaped for a terminal.</param>
/// <param name="Entry">The catalog entry it belongs to, from 0, or -1.</param>
internal sealed record ReaderFinding(string Kind, string Path, TextPosition? Position, string? Pointer, string Message, int Entry = -1)
{
    /// <summary>What to write instead, where the reader knows it.</summary>
    internal string? Suggestion { get; init; }

    /// <summary>The whole message of the failure behind it, with what helps; null where there is none.</summary>
    internal Message? Said { get; init; }
}
