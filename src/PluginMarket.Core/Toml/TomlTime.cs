using System.Globalization;
using System.Text.RegularExpressions;

namespace PluginMarket.Toml;

/// <summary>Dates and times that TOML has and .NET does not: a leap second, the year 0, more digits than ticks, an offset of
/// nearly a day. The parser refuses them.</summary>
internal static partial class TomlTime
{
    /// <summary>Puts a text in quotes, of the same length, into the place of such a time, so that the rest can be read.</summary>
    /// <param name="text">What was read.</param>
    /// <param name="offset">Where the parser stopped.</param>
    /// <returns>The text with the time replaced, or null where no valid time is there.</returns>
    internal static string? Hide(string text, int offset) =>
        Written().Matches(text, text.LastIndexOf('\n', Math.Clamp(offset - 1, 0, text.Length - 1)) + 1)
            .TakeWhile(match => match.Index <= offset).LastOrDefault() is { } time
            && offset <= time.Index + time.Length && IsValid(time)
            ? $"{text.AsSpan(0, time.Index)}'{new string('0', time.Length - 2)}'{text.AsSpan(time.Index + time.Length)}"
            : null;

    private static bool IsValid(Match time) =>
        (!time.Groups["month"].Success || (Number(time, "month") is >= 1 and <= 12 && Number(time, "day") >= 1
            && Number(time, "day") <= Days(Number(time, "year"), Number(time, "month"))))
        && Number(time, "hour") <= 23 && Number(time, "minute") <= 59 && Number(time, "second") <= 60 && Number(time, "zoneHour") <= 23
        && Number(time, "zoneMinute") <= 59;

    private static int Days(int year, int month) =>
        month == 2 ? (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28) : month is 4 or 6 or 9 or 11 ? 30 : 31;

    private static int Number(Match time, string part) => time.Groups[part] is { Success: true, ValueSpan: var digits }
        ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"(?<![\w""'.:+-])((?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})([Tt "
        + @"](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.[0-9]+)?)?([Zz]|"
        + @"[+-](?<zoneHour>[0-9]{2}):(?<zoneMinute>[0-9]{2}))?)?|"
        + @"(?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.[0-9]+)?)?)(?![\w:.+-])", RegexOptions.ExplicitCapture)]
    private static partial Regex Written();
}
