using System.Text.Encodings.Web;
using System.Text.Json;

namespace PluginMarket.Interop.Tests.Catalogs;

internal static class Text
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Quote(string text) => JsonSerializer.Serialize(text, Plain);
}
