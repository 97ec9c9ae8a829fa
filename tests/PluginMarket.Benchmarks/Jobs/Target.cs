using System.Globalization;

namespace PluginMarket.Benchmarks.Jobs;

/// <summary>What a figure is compared with: a ratio of two times, or its own quantity.</summary>
internal enum Measure
{
    Ratio,
    Milliseconds,
    Microseconds,
    Bytes,
    Exponent,
    Count,
}

/// <summary>One line of the table: what is done, what it is held against, and how much it may cost.</summary>
/// <param name="Id">The line's name in the stored results.</param>
/// <param name="Job">The job that measures it, as the command names it.</param>
/// <param name="Title">What is done.</param>
/// <param name="Reference">What it is held against.</param>
/// <param name="Measure">What is compared.</param>
/// <param name="Limit">The most it may be.</param>
/// <param name="Reason">Where the time goes and what would be needed, for a line that does not meet its target.</param>
internal sealed record Target(string Id, string Job, string Title, string Reference, Measure Measure, double Limit, string Reason)
{
    public string Show(double value) => Measure switch
    {
        Measure.Ratio => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} ×"),
        Measure.Milliseconds => string.Create(CultureInfo.InvariantCulture, $"{value:0} ms"),
        Measure.Microseconds => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} µs"),
        Measure.Bytes => string.Create(CultureInfo.InvariantCulture, $"{value / 1_048_576:0} MiB"),
        Measure.Exponent => string.Create(CultureInfo.InvariantCulture, $"{value:0.00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0}"),
    };

    public bool IsMet(Result result) => result.Value <= Limit;
}

/// <summary>What was measured of one line.</summary>
/// <param name="Id">The line.</param>
/// <param name="Value">The median of what is compared.</param>
/// <param name="Low">The least of it in one run.</param>
/// <param name="High">The most.</param>
/// <param name="Runs">How many runs.</param>
internal sealed record Result(string Id, double Value, double Low, double High, int Runs)
{
    /// <summary>The median of our times, in seconds.</summary>
    public double? Ours { get; init; }

    /// <summary>The median of the reference's, in seconds.</summary>
    public double? Reference { get; init; }

    /// <summary>The most memory of ours, in bytes.</summary>
    public long? OurMemory { get; init; }

    /// <summary>The most memory of the reference, in bytes.</summary>
    public long? ReferenceMemory { get; init; }

    /// <summary>System calls for each item, ours.</summary>
    public double? OurCalls { get; init; }

    /// <summary>System calls for each item, the reference's.</summary>
    public double? ReferenceCalls { get; init; }
}

/// <summary>One point of a series: so many items took so long.</summary>
internal sealed record Point(string Series, int Items, double Seconds, long Memory);
