using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Validation;

/// <summary>One finding before settings, fingerprint and the file's folder are added.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Path">The file, below the folder that is checked; empty for the folder.</param>
/// <param name="Position">The value or key at fault.</param>
/// <param name="Pointer">Its JSON pointer, unescaped.</param>
/// <param name="Message">What is wrong; escaped when it is shown.</param>
/// <param name="Suggestion">What to write instead.</param>
/// <param name="Plugin">The catalog entry's name.</param>
internal sealed record RuleFinding(CheckRule Rule, string Path, TextPosition? Position, string? Pointer, string Message, string? Suggestion,
    string? Plugin)
{
    /// <summary>The file, absolute, where it is not below the folder that is checked: the catalog whose entry is the manifest.</summary>
    internal string? File { get; init; }

    /// <summary>The whole message of the failure behind it, with what helps; null where there is none.</summary>
    internal Message? Said { get; init; }
}
