namespace PluginMarket;

/// <summary>Edits a JSON file and leaves every byte outside the change as it was: unknown keys, order, indentation, newline style.</summary>
public static class JsonEditor
{
    /// <summary>Sets the member or array item at a pointer; a missing member is added after the object's last one.</summary>
    /// <param name="file">The file as it is.</param>
    /// <param name="pointer">The JSON pointer of the value; its parent must exist.</param>
    /// <param name="json">The new value as JSON text; indented like the file where it spans lines.</param>
    /// <returns>The edited file, parsed anew; <paramref name="file"/> itself where nothing changes.</returns>
    public static JsonFile Set(JsonFile file, string pointer, string json) => throw new NotImplementedException();

    /// <summary>Appends an item to the array at a pointer.</summary>
    public static JsonFile Append(JsonFile file, string pointer, string json) => throw new NotImplementedException();

    /// <summary>Removes the member or array item at a pointer; the file itself where there is none.</summary>
    public static JsonFile Remove(JsonFile file, string pointer) => throw new NotImplementedException();

    /// <summary>A text as a JSON string, quotes included.</summary>
    public static string Quote(string text) => throw new NotImplementedException();
}
