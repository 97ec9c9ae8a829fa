using System.Globalization;
using System.Xml;
using static PluginMarket.Validation.Reports.JUnitXml;

namespace PluginMarket.Validation.Reports;

/// <summary>JUnit XML: a suite per plugin or marketplace, a case per rule that found something in it,
/// and one that passed where none did.</summary>
/// <remarks>A case's name and class stay the same while findings move, so that the history of a build server holds together.</remarks>
internal static class JUnitReport
{
    internal static string Write(ReportContent content) => JUnitXml.Document(content.RunName, xml =>
    {
        var suites = content.Checks.Select(check => (Check: check, Cases: check.Findings.GroupBy(finding => finding.RuleId,
            StringComparer.Ordinal).Select(rule => new Case([.. rule], content.WarningsFail)).ToList())).ToList();
        WriteCounts(xml, suites.Sum(suite => Math.Max(suite.Cases.Count, 1)), suites.Sum(
            suite => suite.Cases.Count(one => one.Failing.Count > 0)), suites.Sum(suite => suite.Cases.Count(one => one.IsSkipped)));
        foreach (var (check, cases) in suites)
        {
            xml.WriteStartElement("testsuite");
            WriteAttribute(xml, "name", string.IsNullOrWhiteSpace(check.Result.Name) ? check.PortablePath : check.Name);
            WriteCounts(xml, Math.Max(cases.Count, 1), cases.Count(one => one.Failing.Count > 0), cases.Count(one => one.IsSkipped));
            WriteAttribute(xml, "hostname", check.Result.ComputerName);
            foreach (var one in cases)
            {
                WriteCase(xml, check, one);
            }

            if (cases.Count == 0)
            {
                WriteStart(xml, check, "No findings");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }
    });

    private static void WriteCase(XmlWriter xml, ReportCheck check, Case one)
    {
        var first = one.Failing.Count > 0 ? one.Failing[0] : one.All[0];
        WriteStart(xml, check, first.RuleTitle);
        WriteAttribute(xml, "file", first.PortableFile);
        if (first.Line is { } line)
        {
            WriteAttribute(xml, "line", line.ToString(CultureInfo.InvariantCulture));
        }

        if (one.Failing.Count > 0)
        {
            xml.WriteStartElement("failure");
            WriteAttribute(xml, "type", first.Severity);
            WriteAttribute(xml, "message", first.Message + (one.Failing.Count > 1 ? $" (and {one.Failing.Count - 1} more)" : ""));
            WriteText(xml, Lines(one.Failing));
            xml.WriteEndElement();
        }
        else if (one.IsSkipped)
        {
            xml.WriteStartElement("skipped");
            WriteAttribute(xml, "message", "The baseline accepts these findings.");
            xml.WriteEndElement();
        }

        var rest = one.All.Except(one.Failing).ToList();
        if (rest.Count > 0)
        {
            xml.WriteStartElement("system-out");
            WriteText(xml, Lines(rest));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteStart(XmlWriter xml, ReportCheck check, string name)
    {
        xml.WriteStartElement("testcase");
        WriteAttribute(xml, "name", name);
        WriteAttribute(xml, "classname", check.PortablePath);
        WriteAttribute(xml, "time", "0");
    }

    private static void WriteCounts(XmlWriter xml, int tests, int failures, int skipped) =>
        JUnitXml.WriteCounts(xml, tests, failures, 0, skipped);

    // Each finding on one line that begins with ours, so that no text of a file begins one.
    private static string Lines(IEnumerable<ReportFinding> findings) =>
        "\n" + string.Concat(findings.Select(finding => $"{(finding.IsAccepted ? "Accepted" : finding.Severity)}: {ReportText.Line(
            finding.PortablePlace)}: {ReportText.Line(finding.Text)}\n"));

    /// <summary>The findings of one rule in one plugin.</summary>
    private sealed class Case(List<ReportFinding> findings, bool warningsFail)
    {
        public List<ReportFinding> All => findings;

        public List<ReportFinding> Failing { get; } = [.. findings.Where(
            finding => !finding.IsAccepted && (finding.Severity == "Error" || (warningsFail && finding.Severity == "Warning")))];

        public bool IsSkipped => findings.All(finding => finding.IsAccepted);
    }
}
