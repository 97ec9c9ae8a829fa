using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PluginMarket.Validation.Reports;

/// <summary>The JSON of reports: indented, readable beyond ASCII, and printable into any log.</summary>
internal static class ReportJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            write(writer);
        }

        // The writer ends lines as the system does; line ends inside strings are escaped. As \u0023 the number sign, which is in strings
        // only, means the same to a reader of JSON and nothing to a build server: see ReportText.Log.
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length).Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace("#", "\\u0023", StringComparison.Ordinal) + "\n";
    }

    internal static void WriteOptional(this Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
