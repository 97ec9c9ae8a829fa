using System.Buffers;
using System.Globalization;
using System.Text;

namespace PluginMarket.Json;

/// <summary>Says in our own words why a text is not JSON, from the place where reading stopped and what stood before it.</summary>
internal static class JsonErrorText
{
    /// <param name="text">The whole text.</param>
    /// <param name="offset">Where reading stopped; everything before is JSON.</param>
    /// <param name="container">What the place is in: object, array, or null for neither.</param>
    /// <param name="afterName">Whether a member's name was the last thing read.</param>
    /// <param name="isDone">Whether a whole value was read and nothing is open.</param>
    internal static string Explain(ReadOnlySpan<byte> text, int offset, JsonKind? container, bool afterName, bool isDone)
    {
        if (text.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return "the file is empty";
        }

        if (IsInString(text[..offset]))
        {
            return ExplainString(text, offset);
        }

        var before = text[..offset].TrimEnd(" \t\r\n"u8);
        var last = before.IsEmpty ? (byte)0 : before[^1];
        var adjoins = before.Length == offset;
        if (offset >= text.Length)
        {
            return container is null ? "the text ends within a value" : $"the text ends, "
                + $"but {(container == JsonKind.Object ? "an object is not closed: a '}'" : "an array is not closed: a ']'")} is missing";
        }

        var here = Show(text[offset..]);
        if (text[offset] == '/')
        {
            return "JSON has no comments: remove this one";
        }

        if (isDone)
        {
            return $"{here} follows the end of the document: there can be one value only";
        }

        if (adjoins && (last is (byte)'-' or (byte)'+' or (byte)'.'
            || (char.IsAsciiDigit((char)last) && (char.IsAsciiLetterOrDigit((char)text[offset]) || text[offset] == '.'))))
        {
            return "this is not a number in JSON: no leading zero, and digits on both sides of a point";
        }

        if (last == ',' && text[offset] is (byte)'}' or (byte)']')
        {
            return "there is a comma before the closing bracket: remove it";
        }

        if (text[offset] == '\'')
        {
            return "names and texts must be in double quotes, not in single ones";
        }

        return (container, last) switch
        {
            (JsonKind.Object, (byte)'{' or (byte)',') => $"a name in double quotes is expected, not {here}",
            (JsonKind.Object, not (byte)':') when afterName => $"a colon is expected behind the name, not {here}",
            (_, 0 or (byte)':' or (byte)'[' or (byte)',') =>
                $"{here} is not a value: a string in double quotes, a number, true, false, null, an object or an array is expected",
            (JsonKind.Object, _) => $"a comma or '}}' is expected, not {here}",
            (JsonKind.Array, _) => $"a comma or ']' is expected, not {here}",
            _ => $"{here} is not expected here",
        };
    }

    private static string ExplainString(ReadOnlySpan<byte> text, int offset)
    {
        if (offset >= text.Length)
        {
            return "a string is not closed: a '\"' is missing";
        }

        if (text[offset] < ' ')
        {
            return text[offset] is (byte)'\n' or (byte)'\r'
                ? "a string is not closed at the end of the line, or has a line break that must be written as \\n"
                : string.Create(CultureInfo.InvariantCulture,
                    $"a string has the control character U+{text[offset]:X4}, which must be written as \\u{text[offset]:x4}");
        }

        return "JSON has no such escape: after a backslash come \" \\ / b f n r t, or u with four hexadecimal digits";
    }

    private static bool IsInString(ReadOnlySpan<byte> before)
    {
        var inside = false;
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] == '"')
            {
                inside = !inside;
            }
            else if (inside && before[i] == '\\')
            {
                i++;
            }
        }

        return inside;
    }

    private static string Show(ReadOnlySpan<byte> at) =>
        Rune.DecodeFromUtf8(at, out var rune, out _) == OperationStatus.Done ? $"'{rune}'" : "this";
}
