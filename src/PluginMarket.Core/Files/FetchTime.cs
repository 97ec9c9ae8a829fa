namespace PluginMarket.Files;

/// <summary>The time that a user gives all fetches of one command together.</summary>
/// <param name="Limit">How long it is.</param>
/// <param name="End">When it is over.</param>
internal sealed record FetchTime(TimeSpan Limit, DateTimeOffset End)
{
    // A timer takes no more.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>What is left of it; never less than a moment, so that what begins behind its end ends at once.</summary>
    public TimeSpan Left(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var left = End - time.GetUtcNow();
        return left <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : left < Longest ? left : Longest;
    }
}
