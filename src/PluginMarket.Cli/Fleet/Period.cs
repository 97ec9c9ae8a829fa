using System.Globalization;

namespace PluginMarket.Cli.Fleet;

/// <summary>Spans of time as they are typed: a number and its unit, as <c>26h</c>.</summary>
internal static class Period
{
    private const int Longest = 1_000_000;

    /// <summary>The span; null where the text is none.</summary>
    public static TimeSpan? Read(string? text) =>
        text is [.. var digits, 's' or 'm' or 'h' or 'd']
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Longest
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => TimeSpan.FromDays(count),
            }
            : null;
}
