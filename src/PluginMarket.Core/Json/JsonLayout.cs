using System.Text;

namespace PluginMarket;

/// <summary>How a file is laid out, so that what is added to it looks like the rest.</summary>
internal sealed class JsonLayout
{
    private readonly JsonFile _file;
    private readonly string _newline;
    private readonly string _unit;
    private readonly bool _spread;

    private JsonLayout(JsonFile file)
    {
        _file = file;
        var text = file.Text;
        _newline = text.IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";
        _spread = file.Root.Kind is JsonKind.Object or JsonKind.Array && file.Root.RawUtf8.IndexOf((byte)'\n') >= 0;
        _unit = Unit(file) ?? "  ";
    }

    public static JsonLayout Of(JsonFile file) => new(file);

    /// <summary>What stands between a member's name and its value.</summary>
    public string Colon(JsonValue parent) =>
        parent.Members is [.., var last] ? Encoding.UTF8.GetString(_file.Text[last.NameEnd..last.Value.Node.Start]).TrimStart()
        : _spread || _file.Text.IndexOf("\": "u8) >= 0 || _file.Text.Length < 5 ? ": "
        : ":";

    /// <summary>The white space before a further element, taken from the last one's.</summary>
    /// <param name="from">The end of what precedes the last element.</param>
    /// <param name="start">The start of the last element.</param>
    /// <param name="only">Whether the last element is the only one, so that its space may belong to the bracket.</param>
    public string Before(int from, int start, bool only)
    {
        var space = Encoding.UTF8.GetString(_file.Utf8.Span[from..start]).TrimStart(',', ' ', '\t');
        var gap = Encoding.UTF8.GetString(_file.Utf8.Span[from..start]);
        return gap.Contains('\n', StringComparison.Ordinal) ? _newline + space[(space.LastIndexOf('\n') + 1)..]
            : only ? (_file.Text.IndexOf(", "u8) >= 0 || _file.Text.IndexOf("\": "u8) >= 0 ? " " : "")
            : gap.Contains(' ', StringComparison.Ordinal) ? " " : "";
    }

    /// <summary>The inside of an empty container that gets its first element.</summary>
    public string Enclose(string element, JsonValue parent)
    {
        if (!_spread && _file.Root.Index != parent.Index)
        {
            return element;
        }

        var indent = IndentAt(parent);
        return _newline + indent + _unit + element + _newline + indent;
    }

    /// <summary>A value laid out for its place.</summary>
    /// <param name="value">The value, from another text.</param>
    /// <param name="place">The value it replaces, or the container it goes into.</param>
    /// <param name="below">Whether <paramref name="place"/> is the container.</param>
    public string Write(JsonValue value, JsonValue place, bool below = false)
    {
        if (!_spread && !(below && place.Index == 0 && place.Node.Count == 0))
        {
            return value.ToJson();
        }

        var text = new StringBuilder();
        Write(text, value, IndentAt(place) + (below ? _unit : ""));
        return text.ToString();
    }

    private void Write(StringBuilder text, JsonValue value, string indent)
    {
        if (value.Node.Count == 0 || (value.Kind == JsonKind.Array && value.Items.All(item => item.Kind is not (JsonKind.Array or JsonKind.Object)) && value.ToJson().Length < 80))
        {
            text.Append(value.Kind == JsonKind.Array ? "[" + string.Join(", ", value.Items.Select(item => item.ToJson())) + "]" : value.ToJson());
            return;
        }

        var separator = value.Kind == JsonKind.Object ? '{' : '[';
        foreach (var element in value.Kind == JsonKind.Object ? value.Members.Select(member => member.Value) : value.Items)
        {
            text.Append(separator).Append(_newline).Append(indent).Append(_unit);
            separator = ',';
            if (element.Name is { } name)
            {
                text.Append(name).Append(": ");
            }

            Write(text, element, indent + _unit);
        }

        text.Append(_newline).Append(indent).Append(value.Kind == JsonKind.Object ? '}' : ']');
    }

    /// <summary>The indentation of the line on which a value's member begins.</summary>
    private string IndentAt(JsonValue value)
    {
        var text = _file.Text[..value.Node.Start];
        var line = text[(text.LastIndexOf((byte)'\n') + 1)..];
        var length = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return Encoding.UTF8.GetString(line[..(length < 0 ? line.Length : length)]);
    }

    private static string? Unit(JsonFile file)
    {
        var text = file.Text;
        var first = file.Root switch
        {
            { Kind: JsonKind.Object, Members: [var member, ..] } => member.NameStart,
            { Kind: JsonKind.Array, Items: [var item, ..] } => item.Node.Start,
            _ => 0,
        };
        var line = text[..first].LastIndexOf((byte)'\n');
        return line < 0 || first - line < 2 ? null : Encoding.UTF8.GetString(text[(line + 1)..first]);
    }
}
