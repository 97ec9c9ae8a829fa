namespace PluginMarket.Files;

/// <summary>The time that a user gives all fetches of one command together.</summary>
/// <param name="Limit">How long it is.</param>
/// <param name="End">When it is over.</param>
internal sealed record FetchTime(TimeSpan Limit, DateTimeOffset End)
{
    /// <summary>What is left of it; never less than a moment, so that what begins behind its end ends at once.</summary>
    public TimeSpan Left(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var left = End - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
    }
}
