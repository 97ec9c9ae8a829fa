using System.Text;

namespace PluginMarket.Json;

/// <summary>How a file is laid out, so that what is added to it looks like the rest.</summary>
internal sealed class JsonLayout
{
    private const int LineWidth = 80;

    private readonly JsonFile _file;
    private readonly JsonStyle _style;

    private JsonLayout(JsonFile file)
    {
        _file = file;
        _style = JsonStyle.Of(file);
    }

    public static JsonLayout Of(JsonFile file) => new(file);

    /// <summary>What is put behind the last element of a container to add another one.</summary>
    /// <param name="parent">A container that has elements.</param>
    /// <param name="name">The new member's name, quoted; null for an array.</param>
    /// <param name="value">The new value, from another text.</param>
    public string Behind(JsonValue parent, string? name, JsonValue value)
    {
        var elements = Elements(parent);
        var last = elements[^1];
        string separator;
        if (elements.Count > 1)
        {
            separator = TextOf(elements[^2].End, last.Start);
        }
        else
        {
            var opening = TextOf(parent.Node.Start + 1, last.Start);
            separator = opening.Contains('\n', StringComparison.Ordinal) ? "," + opening : _style.Comma;
        }

        var colon = parent.Kind == JsonKind.Object ? TextOf(parent.Members[^1].NameEnd, parent.Members[^1].Value.Node.Start) : "";
        return separator + Element(name, colon, value, JsonStyle.IsSpread(parent), Sibling(parent), IndentAt(last.Start));
    }

    /// <summary>The inside of an empty container that gets its first element.</summary>
    /// <param name="parent">The container.</param>
    /// <param name="name">The new member's name, quoted; null for an array.</param>
    /// <param name="value">The new value, from another text.</param>
    public string Inside(JsonValue parent, string? name, JsonValue value)
    {
        var spread = parent.Parent is not { } above
            || (_style.Model(parent.Name) ?? (Sibling(above) is { } sibling ? JsonStyle.IsSpread(sibling) : JsonStyle.IsSpread(above)));
        var indent = IndentAt(parent.Node.Start);
        var element = Element(name, _style.Colon, value, spread, null, spread ? indent + _style.Unit : indent);
        return spread
            ? _style.Newline + indent + _style.Unit + element + _style.Newline + indent
            : _style.Pad(parent.Kind) + element + _style.Pad(parent.Kind);
    }

    /// <summary>A value laid out to be in another one's place.</summary>
    /// <param name="present">The value it replaces.</param>
    /// <param name="value">The new value, from another text.</param>
    public string InPlaceOf(JsonValue present, JsonValue value)
    {
        var text = new StringBuilder();
        var like = present.Kind == value.Kind && present.Node.Count > 0 ? present : null;
        Write(text, value, like is null ? _style.Model(present.Name) : JsonStyle.IsSpread(like),
            present.Parent is not { } parent || JsonStyle.IsSpread(parent), IndentAt(present.Node.Start));
        return text.ToString();
    }

    /// <summary>Members from their names on, or items; offsets in the text without byte order mark.</summary>
    public static List<(int Start, int End)> Elements(JsonValue parent) => parent.Kind == JsonKind.Object
        ? [.. parent.Members.Select(member => (member.NameStart, member.Value.Node.End))]
        : [.. parent.Items.Select(item => (item.Node.Start, item.Node.End))];

    private string Element(string? name, string colon, JsonValue value, bool parentIsSpread, JsonValue? sibling, string indent)
    {
        var text = new StringBuilder();
        if (name is not null)
        {
            text.Append(name).Append(colon);
        }

        Write(text, value, name is null ? sibling is null ? null : JsonStyle.IsSpread(sibling) : _style.Model(name),
            parentIsSpread, indent);
        return text.ToString();
    }

    private void Write(StringBuilder text, JsonValue value, bool? model, bool parentIsSpread, string indent)
    {
        if (value.Node.Count == 0)
        {
            text.Append(value.ToJson());
            return;
        }

        var spread = model ?? (parentIsSpread && !IsShort(value));
        var (open, close) = value.Kind == JsonKind.Object ? ('{', '}') : ('[', ']');
        var inner = indent + _style.Unit;
        text.Append(open).Append(spread ? _style.Newline + inner : _style.Pad(value.Kind));
        var first = true;
        foreach (var element in value.Kind == JsonKind.Object ? value.Members.Select(member => member.Value) : value.Items)
        {
            text.Append(first ? "" : spread ? "," + _style.Newline + inner : _style.Comma);
            first = false;
            if (element.Name is { } name)
            {
                text.Append(name).Append(_style.Colon);
            }

            Write(text, element, _style.Model(element.Name), spread, inner);
        }

        text.Append(spread ? _style.Newline + indent : _style.Pad(value.Kind)).Append(close);
    }

    /// <summary>A list of a few words or numbers is on one line in most hands' files.</summary>
    private static bool IsShort(JsonValue value) =>
        value.Kind == JsonKind.Array && value.Items.All(item => item.Kind is not (JsonKind.Array or JsonKind.Object))
        && value.ToJson().Length < LineWidth;

    /// <summary>The last item of an array that is laid out itself.</summary>
    private static JsonValue? Sibling(JsonValue parent) =>
        parent.Kind == JsonKind.Array ? parent.Items.LastOrDefault(item => item.Node.Count > 0) : null;

    /// <summary>The indentation of the line on which an offset is.</summary>
    private string IndentAt(int offset)
    {
        var text = _file.Text[..offset];
        var line = text[(text.LastIndexOf((byte)'\n') + 1)..];
        var length = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return Encoding.UTF8.GetString(line[..(length < 0 ? line.Length : length)]);
    }

    private string TextOf(int start, int end) => Encoding.UTF8.GetString(_file.Text[start..end]);
}
