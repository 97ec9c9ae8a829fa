using System.Text;

namespace PluginMarket.Json;

/// <summary>Edits a JSON file and leaves every byte outside the change as it was: unknown keys, order, indentation, newline
/// style.</summary>
internal static class JsonEditor
{
    /// <summary>Sets the member or array item at a pointer; a missing member is added after the object's last one.</summary>
    /// <param name="file">The file as it is.</param>
    /// <param name="pointer">The JSON pointer of the value; its parent must exist, and an array's item
    /// itself (see <see cref="Append"/>).</param>
    /// <param name="json">The new value as JSON text; laid out like the file.</param>
    /// <returns>The edited file, parsed again; <paramref name="file"/> itself where the value is there already.</returns>
    /// <exception cref="PluginMarketException">The parent is missing, or the text is not JSON; the code is the file's.</exception>
    public static JsonFile Set(JsonFile file, string pointer, string json)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(pointer);
        var value = Value(file, json);
        if (file.Root.Find(pointer) is { } present)
        {
            return present.ToJson() == value.ToJson()
                ? file : Splice(file, present.Start, present.End, JsonLayout.Of(file).InPlaceOf(present, value));
        }

        var (parent, name) = Split(file, pointer);
        return parent.Kind == JsonKind.Object
            ? Insert(file, parent, JsonText.Quote(name), value)
            : throw parent.Failure($"there is no \"{name}\" here to set");
    }

    /// <summary>Appends an item to the array at a pointer.</summary>
    /// <param name="file">The file as it is.</param>
    /// <param name="pointer">The JSON pointer of the array.</param>
    /// <param name="json">The item as JSON text; laid out like the file.</param>
    /// <returns>The edited file, parsed again.</returns>
    /// <exception cref="PluginMarketException">There is no such array, or the text is not JSON; the code is the file's.</exception>
    public static JsonFile Append(JsonFile file, string pointer, string json)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(pointer);
        var array = file.Root.Find(pointer) ?? throw file.Root.Failure($"there is no array at \"{pointer}\"");
        return array.Kind == JsonKind.Array
            ? Insert(file, array, null, Value(file, json))
            : throw array.Failure($"this is not an array to append to");
    }

    /// <summary>Removes the member or array item at a pointer.</summary>
    /// <returns>The edited file, parsed again; <paramref name="file"/> itself where there is nothing.</returns>
    /// <exception cref="PluginMarketException">The pointer names the top value; the code is the file's.</exception>
    public static JsonFile Remove(JsonFile file, string pointer)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(pointer);
        if (file.Root.Find(pointer) is not { } value)
        {
            return file;
        }

        if (value.Parent is not { } parent)
        {
            throw value.Failure($"the top value cannot be removed");
        }

        var bom = file.BomLength;
        var elements = JsonLayout.Elements(parent);
        var position = elements.FindIndex(element => element.End + bom == value.End);
        return (position, elements.Count) switch
        {
            (_, 1) => Splice(file, parent.Start + 1, parent.End - 1, ""),
            (var last, var count) when last == count - 1 => Splice(file, elements[last - 1].End + bom, elements[last].End + bom, ""),
            _ => Splice(file, elements[position].Start + bom, elements[position + 1].Start + bom, ""),
        };
    }

    /// <summary>A text as a JSON string, quotes included.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return JsonText.Quote(text);
    }

    private static JsonFile Insert(JsonFile file, JsonValue parent, string? name, JsonValue value)
    {
        var layout = JsonLayout.Of(file);
        if (parent.Node.Count == 0)
        {
            return Splice(file, parent.Start + 1, parent.End - 1, layout.Inside(parent, name, value));
        }

        var end = file.BomLength + JsonLayout.Elements(parent)[^1].End;
        return Splice(file, end, end, layout.Behind(parent, name, value));
    }

    private static JsonFile Splice(JsonFile file, int start, int end, string text) =>
        file.With([.. file.Utf8.Span[..start], .. Encoding.UTF8.GetBytes(text), .. file.Utf8.Span[end..]]);

    private static JsonValue Value(JsonFile file, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return JsonFile.Parse(Encoding.UTF8.GetBytes(json), "the new value", file.Code).Root;
    }

    private static (JsonValue Parent, string Name) Split(JsonFile file, string pointer)
    {
        var slash = pointer.LastIndexOf('/');
        var parent = slash < 0 ? null : file.Root.Find(pointer[..slash]);
        return parent is null
            ? throw file.Root.Failure($"there is nothing at \"{pointer}\" to put a value into")
            : (parent, pointer[(slash + 1)..].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
    }
}
