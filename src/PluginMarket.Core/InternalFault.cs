using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>What no code expected, as a failure like every other: whoever meets it learns whose fault it is, and that
/// no file of theirs is the cause.</summary>
internal static class InternalFault
{
    /// <summary>The failure of an exception.</summary>
    /// <param name="unexpected">The exception; kept as the inner one, and never quoted: its text may repeat what a file contains.</param>
    /// <param name="target">What was worked on, escaped, or null.</param>
    public static PluginMarketException From(Exception unexpected, string? target = null)
    {
        ArgumentNullException.ThrowIfNull(unexpected);
        var cause = unexpected is AggregateException { InnerExceptions: [var only] } ? only : unexpected;
        return cause as PluginMarketException ?? new PluginMarketException(
            MarketErrorCode.InternalError,
            $"PluginMarket met an error that it did not expect ({cause.GetType().FullName}). "
                + $"This is a fault of PluginMarket, not of your input. {Remedy.ReportFault}",
            target,
            cause);
    }
}
