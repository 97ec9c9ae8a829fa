namespace PluginMarket;

/// <summary>Ends the reading of one catalog entry's source; never leaves <see cref="PluginSourceReader"/>.</summary>
internal sealed class UnusableSource(string message, MarketErrorCode code = MarketErrorCode.SourceInvalid) : Exception(message)
{
    internal MarketErrorCode Code { get; } = code;
}
