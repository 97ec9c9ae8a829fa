using System.Text;

namespace PluginMarket.Json;

/// <summary>Places in a decoded text, counted as <see cref="TextPosition"/> counts them.</summary>
internal static class TextPlaces
{
    /// <summary>The place of the characters from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    internal static TextPosition Of(string text, int start, int end)
    {
        var (line, column) = Find(text, start);
        var (endLine, endColumn) = Find(text, end);
        return new TextPosition(line, column, endLine, endColumn);
    }

    /// <summary>A whole line without the white space around it; the last line where the text has fewer.</summary>
    internal static TextPosition Line(string text, int line)
    {
        var start = 0;
        for (; line > 1 && text.IndexOf('\n', start) is >= 0 and var end; line--)
        {
            start = end + 1;
        }

        var stop = text.IndexOf('\n', start) is >= 0 and var next ? next : text.Length;
        var content = text.AsSpan(start, stop - start);
        var indent = content.Length - content.TrimStart().Length;
        return Of(text, start + indent, start + Math.Max(indent, content.TrimEnd().Length));
    }

    /// <summary>The characters of a place; empty where the text has no such place.</summary>
    internal static string Cut(string text, TextPosition place)
    {
        var start = Offset(text, place.Line, place.Column);
        var end = Offset(text, place.EndLine, place.EndColumn);
        return start < 0 || end < start ? "" : text[start..end];
    }

    private static int Offset(string text, int line, int column)
    {
        // A byte order mark has no column.
        var offset = text.StartsWith('\uFEFF') ? 1 : 0;
        for (; line > 1; line--)
        {
            offset = text.IndexOf('\n', offset) + 1;
            if (offset == 0)
            {
                return -1;
            }
        }

        for (; column > 1 && offset < text.Length; column--)
        {
            Rune.DecodeFromUtf16(text.AsSpan(offset), out _, out var length);
            offset += length;
        }

        return offset;
    }

    private static (int Line, int Column) Find(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Clamp(offset, 0, text.Length));
        var line = before.Count('\n') + 1;
        var rest = before[(before.LastIndexOf('\n') + 1)..];
        var column = 1;
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf16(rest, out _, out var length);
            rest = rest[length..];
            column++;
        }

        return (line, column);
    }
}
