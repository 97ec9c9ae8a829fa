using System.Text;

namespace PluginMarket.Json;

/// <summary>The habits of whoever wrote a file, found by looking over all of it once.</summary>
internal sealed class JsonStyle
{
    private readonly Dictionary<string, bool> _models = new(StringComparer.Ordinal);
    private string? _colon;
    private string? _comma;
    private string? _objectPad;
    private string? _arrayPad;

    private JsonStyle(JsonFile file)
    {
        var text = file.Text;
        var newline = text.IndexOf((byte)'\n');
        Newline = newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
        Unit = IndentOfFirstElement(file) ?? "  ";
        Survey(file.Root);
    }

    /// <summary>The end of a line.</summary>
    public string Newline { get; }

    /// <summary>One level of indentation.</summary>
    public string Unit { get; }

    /// <summary>What stands between a member's name and its value.</summary>
    public string Colon => _colon ?? ": ";

    /// <summary>What stands between two elements on one line.</summary>
    public string Comma => _comma ?? (Colon.EndsWith(' ') ? ", " : ",");

    public static JsonStyle Of(JsonFile file) => new(file);

    /// <summary>What is inside the brackets of a container on one line.</summary>
    public string Pad(JsonKind kind) => (kind == JsonKind.Object ? _objectPad : _arrayPad) ?? "";

    /// <summary>Whether the last container of that name has its elements on lines of their own; null where the file has none.</summary>
    /// <param name="name">The member's name as it is written, quotes included; null for an item.</param>
    public bool? Model(string? name) => name is not null && _models.TryGetValue(name, out var spread) ? spread : null;

    /// <summary>Whether a container has its elements on lines of their own.</summary>
    public static bool IsSpread(JsonValue container) => Opening(container).Contains((byte)'\n');

    private static ReadOnlySpan<byte> Opening(JsonValue container)
    {
        var inside = container.RawUtf8[1..];
        var length = inside.IndexOfAnyExcept(" \t\r\n"u8);
        return inside[..(length < 0 ? inside.Length : length)];
    }

    private void Survey(JsonValue container)
    {
        if (container.Node.Count == 0)
        {
            return;
        }

        var spread = IsSpread(container);
        if (container.Name is { } name)
        {
            _models[name] = spread;
        }

        // A bracket that shares only its first line with its elements says nothing about one-line habits.
        if (!container.RawUtf8.Contains((byte)'\n'))
        {
            var pad = Encoding.UTF8.GetString(Opening(container));
            _ = container.Kind == JsonKind.Object ? _objectPad ??= pad : _arrayPad ??= pad;
        }

        var end = -1;
        foreach (var member in container.Members)
        {
            NoteComma(container, end, member.NameStart, spread);
            _colon ??= OnOneLine(container.File, member.NameEnd, member.Value.Node.Start);
            end = member.Value.Node.End;
            Survey(member.Value);
        }

        foreach (var item in container.Items)
        {
            NoteComma(container, end, item.Node.Start, spread);
            end = item.Node.End;
            Survey(item);
        }
    }

    private void NoteComma(JsonValue container, int end, int start, bool spread)
    {
        if (end >= 0 && !spread)
        {
            _comma ??= OnOneLine(container.File, end, start);
        }
    }

    private static string? OnOneLine(JsonFile file, int start, int end)
    {
        var gap = file.Text[start..end];
        return gap.Contains((byte)'\n') ? null : Encoding.UTF8.GetString(gap);
    }

    private static string? IndentOfFirstElement(JsonFile file)
    {
        if (file.Root.Node.Count == 0)
        {
            return null;
        }

        var opening = Opening(file.Root);
        var indent = opening[(opening.LastIndexOf((byte)'\n') + 1)..];
        return indent.Length < opening.Length && indent.Length > 0 ? Encoding.UTF8.GetString(indent) : null;
    }
}
