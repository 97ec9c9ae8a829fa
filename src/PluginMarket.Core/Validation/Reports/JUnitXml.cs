using System.Globalization;
using System.Text;
using System.Xml;
using PluginMarket.Messages;

namespace PluginMarket.Validation.Reports;

/// <summary>The XML of JUnit reports, in which no text from outside is more than text.</summary>
internal static class JUnitXml
{
    private static readonly XmlWriterSettings Settings =
        new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    /// <summary>A document.</summary>
    /// <param name="name">What the run is called.</param>
    /// <param name="write">Writes what is in the element of the run.</param>
    internal static string Document(string? name, Action<XmlWriter> write)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartElement("testsuites");
            WriteAttribute(xml, "name", name ?? "PluginMarket");
            write(xml);
            xml.WriteEndElement();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    internal static void WriteCounts(XmlWriter xml, int tests, int failures, int errors, int skipped)
    {
        WriteAttribute(xml, "tests", tests.ToString(CultureInfo.InvariantCulture));
        WriteAttribute(xml, "failures", failures.ToString(CultureInfo.InvariantCulture));
        WriteAttribute(xml, "errors", errors.ToString(CultureInfo.InvariantCulture));
        WriteAttribute(xml, "skipped", skipped.ToString(CultureInfo.InvariantCulture));
        WriteAttribute(xml, "time", "0");
    }

    internal static void WriteAttribute(XmlWriter xml, string name, string value)
    {
        xml.WriteStartAttribute(name);
        WriteText(xml, ReportText.Line(DisplayText.Escape(value)));
        xml.WriteEndAttribute();
    }

    internal static void WriteText(XmlWriter xml, string text)
    {
        // The second of two number signs as an entity: see ReportText.Log.
        var parts = Legal(text).Split("##");
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
            {
                xml.WriteString("#");
                xml.WriteCharEntity('#');
            }

            xml.WriteString(parts[i]);
        }
    }

    // Broken surrogates and controls are escaped already; two code points remain that XML has no place for.
    private static string Legal(string text) =>
        text.Replace("\uFFFE", "\\u{FFFE}", StringComparison.Ordinal).Replace("\uFFFF", "\\u{FFFF}", StringComparison.Ordinal);
}
