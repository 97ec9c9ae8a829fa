using System.Xml.Linq;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Reports;

[Trait("Category", "Fast")]
public sealed class JUnitReportTests
{
    [Fact]
    public void A_result_is_a_suite_and_a_rule_that_fired_a_case()
    {
        var root = XDocument.Parse(SampleResults.Write(ReportFormat.JUnit)).Root!;

        Assert.Equal(["demo", "clean", "corp"], root.Elements("testsuite").Select(suite => suite.Attribute("name")!.Value));
        Assert.Equal(
            ["PM1002 The version is blank", "PM2003 A prompt is too long", "PM9004 A keyword is missing", "PM0101 The file is not JSON",
                "No findings", "PM7777"],
            root.Descendants("testcase").Select(one => one.Attribute("name")!.Value));
        Assert.Equal(["plugins/demo", "plugins/clean & more", "corp"],
            root.Descendants("testcase").Select(one => one.Attribute("classname")!.Value).Distinct());
        var failure = Assert.Single(root.Descendants("failure"));
        Assert.Equal(("Error", "The version is blank. (and 1 more)"),
            (failure.Attribute("type")!.Value, failure.Attribute("message")!.Value));
        Assert.Equal(
            "\nError: plugins/demo/.codex-plugin/plugin.json:3:14: The version is blank. "
                + "Write 1.0.0.\nError: plugins/demo/.codex-plugin/plugin.json:5:2: The version is blank again.\n",
            failure.Value);
        Assert.Equal("PM0101 The file is not JSON", Assert.Single(root.Descendants("skipped")).Parent!.Attribute("name")!.Value);
        Assert.Contains("Warning: plugins/demo/.codex-plugin/plugin.json:7:1: The prompt",
            root.Descendants("system-out").First().Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Counts_are_those_of_the_elements(bool strict)
    {
        var root = XDocument.Parse(SampleResults.Write(ReportFormat.JUnit, SampleResults.Mixed(strict))).Root!;

        foreach (var element in root.Elements("testsuite").Append(root))
        {
            Assert.Equal(element.Descendants("testcase").Count(), (int)element.Attribute("tests")!);
            Assert.Equal(element.Descendants("failure").Count(), (int)element.Attribute("failures")!);
            Assert.Equal(element.Descendants("skipped").Count(), (int)element.Attribute("skipped")!);
            Assert.Equal(0, (int)element.Attribute("errors")!);
        }

        // Strict, the two warnings fail too.
        Assert.Equal(strict ? 3 : 1, (int)root.Attribute("failures")!);
    }

    [Fact]
    public void No_result_is_a_valid_report()
    {
        var root = XDocument.Parse(SampleResults.Write(ReportFormat.JUnit, [], runName: "run")).Root!;

        Assert.Equal(("testsuites", "run", "0"), (root.Name.LocalName, root.Attribute("name")!.Value, root.Attribute("tests")!.Value));
        Assert.Empty(root.Elements());
    }
}
