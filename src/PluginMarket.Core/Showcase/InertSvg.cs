using System.Xml;

namespace PluginMarket.Showcase;

/// <summary>Tells a drawing from a program: an SVG that holds no script, no handler, and nothing that points outside itself.</summary>
/// <remarks>A browser runs nothing of an SVG in an <c>img</c> element; this holds for a reader who opens the picture by itself.</remarks>
internal static class InertSvg
{
    private const int MostElements = 5000;
    private static readonly string[] Acting = ["script", "foreignObject", "iframe", "object", "embed", "audio", "video", "set", "animate",
        "animateTransform", "animateMotion", "handler", "listener"];

    internal static bool IsInert(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream,
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 2 << 20 });
            var elements = 0;
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element when (elements == 0 && reader.LocalName != "svg") || ++elements > MostElements
                        || !IsInertElement(reader):
                    case XmlNodeType.ProcessingInstruction:
                    case XmlNodeType.Text or XmlNodeType.CDATA when PointsOutside(reader.Value):
                        return false;
                    default:
                        break;
                }
            }

            return elements > 0;
        }
        catch (Exception failure) when (failure is XmlException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsInertElement(XmlReader reader)
    {
        var inert = reader.NamespaceURI == "http://www.w3.org/2000/svg" ? !Acting.Contains(reader.LocalName,
            StringComparer.OrdinalIgnoreCase) : !reader.NamespaceURI.EndsWith("/xhtml", StringComparison.OrdinalIgnoreCase);
        while (inert && reader.MoveToNextAttribute())
        {
            var name = reader.LocalName;
            inert = name.Equals("href", StringComparison.OrdinalIgnoreCase) || name.Equals("src", StringComparison.OrdinalIgnoreCase)
                ? reader.Value.StartsWith('#')
                : !name.StartsWith("on", StringComparison.OrdinalIgnoreCase) && (reader.Prefix == "xmlns" || !PointsOutside(reader.Value));
        }

        reader.MoveToElement();
        return inert;
    }

    // Style sheets reach other files by url() and @import, and can spell both with escapes.
    private static bool PointsOutside(string text)
    {
        for (var at = text.IndexOf("url(", StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf("url(", at + 4,
            StringComparison.OrdinalIgnoreCase))
        {
            if (!text.AsSpan(at + 4).TrimStart(" \t\r\n\"'").StartsWith("#"))
            {
                return true;
            }
        }

        return text.Contains('\\', StringComparison.Ordinal) || text.Contains("@import", StringComparison.OrdinalIgnoreCase)
            || text.Contains("image-set", StringComparison.OrdinalIgnoreCase)
            || text.Contains("javascript:", StringComparison.OrdinalIgnoreCase);
    }
}
