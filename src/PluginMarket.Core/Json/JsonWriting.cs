using System.Text.Encodings.Web;
using System.Text.Json;

namespace PluginMarket.Json;

/// <summary>How files of ours are written: one value a line, <c>\n</c> everywhere, and no member where there is nothing to say.</summary>
internal static class JsonWriting
{
    private static readonly JsonWriterOptions Lines = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a file that is one object.</summary>
    /// <param name="writeMembers">Writes its members.</param>
    internal static byte[] Document(Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Lines))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');

        // The writer takes the system's line end; inside a JSON text there is no bare one.
        return OperatingSystem.IsWindows() ? [.. buffer.ToArray().Where(b => b != (byte)'\r')] : buffer.ToArray();
    }

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
