using System.Text.Json;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Reports;

/// <summary>The forms that people read: text, annotations, Markdown, and the plain JSON.</summary>
[Trait("Category", "Fast")]
public sealed class PlainReportTests
{
    [Fact]
    public void Annotations_name_file_place_rule_and_text()
    {
        var lines = SampleResults.Write(ReportFormat.GitHub).Split('\n');

        Assert.Equal(
            [
                "::error file=plugins/demo/.codex-plugin/plugin.json,line=3,endLine=3,col=14,endColumn=16,title=PM1002 The version is "
                    + "blank::The version is blank. Write 1.0.0.",
                "::error file=plugins/demo/.codex-plugin/plugin.json,line=5,endLine=6,title=PM1002 The version is blank::The "
                    + "version is blank again.",
                "::warning file=plugins/demo/.codex-plugin/plugin.json,line=7,endLine=7,col=1,endColumn=9,title=PM2003 A prompt is too "
                    + "long::The prompt has 600 characters.",
                "::notice file=plugins/demo/.codex-plugin/plugin.json,line=1,endLine=1,col=1,endColumn=2,title=PM9004 A keyword is "
                    + "missing::Add keywords.",
                "::warning file=/elsewhere/corp/plugins/x,title=PM7777::The folder is missing.",
                "2 plugins and 1 marketplace checked: 2 errors, 2 warnings, 1 for information, 1 accepted before.",
                "",
            ],
            lines);
    }

    [Fact]
    public void Annotations_escape_what_would_end_a_property_or_a_line()
    {
        var results = new[] { SampleResults.Result("Plugin", "p", "/p", false,
            SampleResults.Finding("Error", "PM1002", "100 %, a: b\nc", "/src/a,b:c%.json", 1, 1, 1, 2, null)) };

        Assert.StartsWith("::error file=a%2Cb%3Ac%25.json,line=1,endLine=1,col=1,endColumn=2,title=PM1002 The version is "
            + "blank::100 %25, a: b%0Ac\n", SampleResults.Write(ReportFormat.GitHub, results), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_a_terminal_lines_up()
    {
        var lines = SampleResults.Write(ReportFormat.Text, runName: "nightly").TrimEnd('\n').Split('\n');

        Assert.Equal("nightly", lines[0]);
        Assert.Equal(["PLACE", "SEVERITY", "RULE", "FINDING"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["plugins/demo/.codex-plugin/plugin.json:3:14", "ERROR", "PM1002", "The version is blank. Write 1.0.0."],
            lines[2].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(6, lines.Skip(1).Take(6).Count(line => line.IndexOf(line.StartsWith("PLACE", StringComparison.Ordinal) ? "RULE" : "PM",
            StringComparison.Ordinal) == lines[1].IndexOf("RULE", StringComparison.Ordinal)));
        Assert.Equal("2 plugins and 1 marketplace checked: 2 errors, 2 warnings, 1 for information, 1 accepted before.", lines[^1]);
    }

    [Fact]
    public void Markdown_is_a_table_of_code()
    {
        var lines = SampleResults.Write(ReportFormat.Markdown).TrimEnd('\n').Split('\n');

        Assert.Equal("## Plugin checks", lines[0]);
        Assert.Equal("| Error | <code>PM1002</code> | <code>plugins/demo/.codex-plugin/plugin.json&#58;3&#58;14</code> | <code>The version "
            + "is blank.</code><br><code>Write 1.0.0.</code> |", lines[6]);
        Assert.Equal(5 + 6, lines.Length);
    }

    [Fact]
    public void Json_has_the_properties_of_the_objects()
    {
        using var document = JsonDocument.Parse(SampleResults.Write(ReportFormat.Json));
        var root = document.RootElement;

        Assert.Equal((2, 2, 1, 1), (root.GetProperty("errorCount").GetInt32(), root.GetProperty("warningCount").GetInt32(),
            root.GetProperty("informationCount").GetInt32(), root.GetProperty("acceptedCount").GetInt32()));
        var first = root.GetProperty("results")[0];
        Assert.False(first.GetProperty("isValid").GetBoolean());
        var finding = first.GetProperty("diagnostics")[0];
        var made = SampleResults.Mixed()[0].Diagnostics[0];
        foreach (var property in typeof(Diagnostic).GetProperties().Where(property => property.Name is not "HelpUri"))
        {
            var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            Assert.Equal($"{property.GetValue(made)}", finding.GetProperty(name).ToString());
        }

        Assert.Equal("plugins/demo/.codex-plugin/plugin.json", finding.GetProperty("relativeFile").GetString());
        Assert.False(root.GetProperty("results")[2].GetProperty("diagnostics")[0].TryGetProperty("line", out _));
    }

    [Theory]
    [InlineData(ReportFormat.Text)]
    [InlineData(ReportFormat.GitHub)]
    [InlineData(ReportFormat.Markdown)]
    [InlineData(ReportFormat.Json)]
    public void No_finding_is_a_report_too(ReportFormat format)
    {
        var clean = SampleResults.Write(format, [SampleResults.Result("Plugin", "p", "/src/p", false)]);
        var none = SampleResults.Write(format, []);

        Assert.All([clean, none], report => Assert.EndsWith("\n", report, StringComparison.Ordinal));
        if (format == ReportFormat.Json)
        {
            Assert.All([clean, none], report => JsonDocument.Parse(report).Dispose());
        }
        else
        {
            Assert.Contains("1 plugin checked: 0 errors, 0 warnings, 0 for information.", clean, StringComparison.Ordinal);
            Assert.Contains("0 plugins checked", none, StringComparison.Ordinal);
            Assert.DoesNotContain("::", clean, StringComparison.Ordinal);
        }
    }
}
