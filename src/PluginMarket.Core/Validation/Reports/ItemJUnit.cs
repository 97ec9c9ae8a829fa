using System.Xml;

namespace PluginMarket.Validation.Reports;

/// <summary>Results of any kind as JUnit XML: a suite for each computer, a case for each subject with what was found of it. What nobody can
/// tell is an error, which build servers keep apart from a failure.</summary>
internal static class ItemJUnit
{
    internal static string Write(ItemContent content) => JUnitXml.Document(content.RunName, xml =>
    {
        WriteCounts(xml, content.Items);
        foreach (var suite in content.Items.GroupBy(item => item.ComputerName, StringComparer.OrdinalIgnoreCase))
        {
            xml.WriteStartElement("testsuite");
            JUnitXml.WriteAttribute(xml, "name", suite.Key);
            WriteCounts(xml, [.. suite]);
            JUnitXml.WriteAttribute(xml, "hostname", suite.Key);
            foreach (var item in suite)
            {
                WriteCase(xml, item);
            }

            xml.WriteEndElement();
        }
    });

    private static void WriteCounts(XmlWriter xml, IReadOnlyCollection<ReportedItem> items) => JUnitXml.WriteCounts(xml, items.Count,
        items.Count(item => item.Outcome == ReportOutcome.Failed), items.Count(item => item.Outcome == ReportOutcome.Unknown),
        items.Count(item => item.Outcome == ReportOutcome.Skipped));

    private static void WriteCase(XmlWriter xml, ReportedItem item)
    {
        xml.WriteStartElement("testcase");
        JUnitXml.WriteAttribute(xml, "name", $"{item.Subject}: {item.Finding}");
        JUnitXml.WriteAttribute(xml, "classname", item.Place.Length > 0 ? item.Place : item.ComputerName);
        JUnitXml.WriteAttribute(xml, "time", "0");
        switch (item.Outcome)
        {
            case ReportOutcome.Failed:
                Write("failure");
                break;
            case ReportOutcome.Unknown:
                Write("error");
                break;
            case ReportOutcome.Skipped:
                xml.WriteStartElement("skipped");
                JUnitXml.WriteAttribute(xml, "message", item.Detail);
                xml.WriteEndElement();
                break;
            case ReportOutcome.Noted:
                xml.WriteStartElement("system-out");
                JUnitXml.WriteText(xml, $"\n{item.Severity}: {item.Text}\n");
                xml.WriteEndElement();
                break;
        }

        xml.WriteEndElement();

        void Write(string element)
        {
            xml.WriteStartElement(element);
            JUnitXml.WriteAttribute(xml, "type", item.Severity);
            JUnitXml.WriteAttribute(xml, "message", item.Detail);
            JUnitXml.WriteText(xml, $"\n{item.Severity}: {item.Text}\n");
            xml.WriteEndElement();
        }
    }
}
