using System.Text.Json;

namespace PluginMarket.Json;

/// <summary>Members that a file of ours leaves out where there is nothing to say.</summary>
internal static class JsonWriting
{
    /// <summary>Writes a text; nothing where it is null.</summary>
    internal static void WriteOptional(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Writes an array of texts; nothing where it is empty.</summary>
    internal static void WriteTexts(this Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
