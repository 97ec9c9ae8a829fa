using PluginMarket.Json;

namespace PluginMarket.Sources;

/// <summary>Ends the reading of one catalog entry's source; never leaves <see cref="PluginSourceReader"/>.</summary>
internal sealed class UnusableSource(string message, MarketErrorCode code = MarketErrorCode.SourceInvalid) : Exception(message)
{
    internal MarketErrorCode Code { get; } = code;

    /// <summary>Which mistake it is, for the checks.</summary>
    internal string Kind { get; private set; } = "SourceForm";

    /// <summary>What to write instead, where that is known.</summary>
    internal string? Suggestion { get; init; }

    /// <summary>The value at fault.</summary>
    internal JsonValue? At { get; private set; }

    /// <summary>Runs what reads one value, and names the value where that fails.</summary>
    internal static T While<T>(string kind, JsonValue value, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnusableSource unusable) when (unusable.At is null)
        {
            (unusable.Kind, unusable.At) = (kind, value);
            throw;
        }
    }
}
