using PluginMarket.Json;

namespace PluginMarket.Sources;

/// <summary>What became of the <c>source</c> of one catalog entry.</summary>
/// <param name="Source">The source, or null where the entry must be skipped.</param>
/// <param name="Refusal">Why the entry is skipped, for people.</param>
/// <param name="Code">The failure that using the entry gives.</param>
internal sealed record SourceReading(PluginSource? Source, string? Refusal, MarketErrorCode? Code = null)
{
    /// <summary>Which mistake it is, for the checks.</summary>
    internal string Kind { get; init; } = "SourceForm";

    /// <summary>What to write instead, where that is known.</summary>
    internal string? Suggestion { get; init; }

    /// <summary>The value at fault; null where it is the source as a whole.</summary>
    internal JsonValue? At { get; init; }
}
