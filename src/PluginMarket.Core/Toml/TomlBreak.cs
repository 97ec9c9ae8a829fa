using System.Text.RegularExpressions;
using Tomlyn.Parsing;

namespace PluginMarket.Toml;

/// <summary>Finds where a text broke the parser itself, which then tells no place.</summary>
internal static partial class TomlBreak
{
    /// <summary>The offset of the escape at fault, else of the line.</summary>
    internal static int Find(string text)
    {
        // The parser reads from left to right, so the shortest run of whole lines that breaks it ends with the line at fault.
        List<int> ends = [.. LineEnd().Matches(text).Select(end => end.Index + end.Length)];
        ends.Add(text.Length);
        var (low, high) = (0, ends.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Breaks(text[..ends[middle]]) ? (low, middle) : (middle + 1, high);
        }

        var start = low == 0 ? 0 : ends[low - 1];
        return BrokenEscape().Match(text, start, ends[low] - start) is { Success: true } escape ? escape.Index : start;
    }

    private static bool Breaks(string text)
    {
        try
        {
            _ = SyntaxParser.Parse(text, "", true);
            return false;
        }
        catch (Tomlyn.TomlException)
        {
            return false;
        }
#pragma warning disable CA1031 // As where the text was read: whatever is thrown.
        catch (Exception)
#pragma warning restore CA1031
        {
            return true;
        }
    }

    [GeneratedRegex("\n")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\(x(?![0-9A-Fa-f]{2})|u(?!(?![dD][89A-Fa-f])[0-9A-Fa-f]{4})|U(?!000[0-9A-Fa-f]{5}|"
        + @"0010[0-9A-Fa-f]{4}))", RegexOptions.ExplicitCapture)]
    private static partial Regex BrokenEscape();
}
