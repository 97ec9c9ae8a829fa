using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PluginMarket.Messages;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Reports;

/// <summary>Every text of a result may come from a stranger's file, and a result itself from anywhere.</summary>
[Trait("Category", "Fast")]
public sealed partial class HostileTextTests
{
    internal static readonly string[] Hostile =
    [
        "\u001b[2J\u001b]0;owned\u0007", "a\r\nb\n::error file=x::y", "\n::set-output name=a::b\n##[set-env name=X]y",
        "##vso[task.setvariable variable=x]y", "x ##vso[task.complete result=Succeeded;]",
        "| a | b |\n|---|---|", "`` ` ``` code", "<script>alert(1)</script><img src=x onerror=y>", "</code></td></table>",
        "@everyone @org/team a@b.example", "[click](javascript:alert(1)) ![i](https://evil.example/p.png)",
        "https://evil.example www.evil.example WWW.evil.example", "owner/repo#1 GH-2 #3", "\u202Eevil\u202C \u200B\uFEFF \u2028\u2029",
        "\uD800 lone \uDC00", "\uFFFE\uFFFF\u0000\u0008\u000B\u000C\u007F\u009B",
        "]]>&amp;&#0;<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
        "a,b:c%0A::d=e", "%25%0A%", "C:\\x\\..\\y", "../../etc/passwd", "\\|\\\\|", "$(id) ${x} {{y}} *b* _i_ ~s~ $m$",
        "\U0001F600 é 漢字 \U000E0041", "--- # > - 1. +", "\t\ttabs", new string('#', 50), "",
    ];

    public static TheoryData<int> Indexes() => [.. Enumerable.Range(0, Hostile.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void It_stays_text_in_every_form(int index)
    {
        var text = Hostile[index];
        var results = Results(text);
        var expected = DisplayText.Escape(text);
        foreach (var format in Enum.GetValues<ReportFormat>().Except([ReportFormat.Html, ReportFormat.CycloneDx]))
        {
            var report = SampleResults.Write(format, results, basePath: text, runName: text);

            Assert.DoesNotContain(report, c => c != '\n' && char.IsControl(c));
            Assert.False(DisplayText.HasHiddenText(report));
            Assert.DoesNotContain("##vso[", report, StringComparison.Ordinal);
            Assert.DoesNotContain("##[", report, StringComparison.Ordinal);
            Assert.Equal(format == ReportFormat.GitHub ? 3 : 0, Regex.Count(report, @"^\s*::", RegexOptions.Multiline));
            switch (format)
            {
                case ReportFormat.Json:
                    using (var json = JsonDocument.Parse(report))
                    {
                        Assert.Equal(expected,
                            json.RootElement.GetProperty("results")[0].GetProperty("diagnostics")[0].GetProperty("message").GetString());
                    }

                    break;
                case ReportFormat.Sarif:
                    using (var sarif = JsonDocument.Parse(report))
                    {
                        var result = sarif.RootElement.GetProperty("runs")[0].GetProperty("results")[0];
                        Assert.StartsWith(expected,
                            result.GetProperty("message").GetProperty("text").GetString(), StringComparison.Ordinal);
                        Assert.True(Uri.IsWellFormedUriString(result.GetProperty("locations")[0].GetProperty("physicalLocation")
                            .GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.RelativeOrAbsolute));
                    }

                    break;
                case ReportFormat.JUnit:
                    var root = XDocument.Parse(report).Root!;
                    Assert.Equal(["failure", "skipped", "system-out", "testcase", "testsuite", "testsuites"],
                        root.DescendantsAndSelf().Select(element => element.Name.LocalName).Distinct().Order(StringComparer.Ordinal));
                    Assert.Equal(4, root.Descendants("testcase").Count());
                    break;
                case ReportFormat.GitHub:
                    Assert.Equal(4, report.Count(c => c == '\n'));
                    Assert.All(report.Split('\n').Take(3), line => Assert.Matches(
                        @"^::(error|warning|notice) file=[^,:\n]*,line=1,endLine=1,col=1,endColumn=2,title=[^,:\n]*::[^\n]*$", line));
                    break;
                case ReportFormat.Markdown:
                    var bare = Element().Replace(report, "");
                    Assert.Equal(3, report.Split('\n').Count(line =>
                        line.StartsWith("| Error |", StringComparison.Ordinal) || line.StartsWith("| Warning |", StringComparison.Ordinal)
                        || line.StartsWith("| Information |", StringComparison.Ordinal)));
                    Assert.All(report.Split('\n').Where(line => line.StartsWith('|') && !line.StartsWith("|-", StringComparison.Ordinal)),
                        line => Assert.Equal(5, line.Count(c => c == '|')));
                    Assert.DoesNotMatch("[@`<>\\[\\]*_~$!\\\\]", bare);
                    Assert.DoesNotMatch("(?i)www\\.|://", bare);
                    break;
                case ReportFormat.Csv:
                    Assert.Equal(5, report.Count(c => c == '\n'));
                    Assert.DoesNotMatch("(^|,)\"\\s*[=+@-]", report);
                    break;
                case ReportFormat.Line:
                    Assert.Equal(1, report.Count(c => c == '\n'));
                    Assert.DoesNotContain(report, c => c > '~');
                    break;
                default:
                    Assert.Equal(string.IsNullOrWhiteSpace(text) ? 6 : 7, report.Count(c => c == '\n'));
                    break;
            }
        }
    }

    /// <summary>The text in every field, with each severity, an accepted finding and odd numbers.</summary>
    internal static ValidationResult[] Results(string text) =>
    [
        new()
        {
            Kind = text,
            Name = text,
            Path = text,
            IsValid = false,
            ComputerName = text,
            Diagnostics = [.. new[] { "Error", "Warning", "Information", text }.Select((severity, i) => new Diagnostic($"{text}", $"{text}")
            {
                Severity = severity,
                RuleId = $"{text}{i}",
                File = text,
                Line = 1,
                Column = 1,
                EndLine = 1,
                EndColumn = 2,
                JsonPointer = text,
                HelpUri = text,
                PluginName = text,
                Fingerprint = text,
                IsAccepted = i == 3,
            })],
        },
    ];

    [Fact]
    public void Places_that_make_no_sense_are_left_out()
    {
        var finding = SampleResults.Finding("Error", "PM1002", "m", "/src/x", 0, -5, int.MinValue, 3, null);
        var backwards = SampleResults.Finding("Error", "PM1002", "m", "/src/x", 9, 7, 9, 3, null);
        using var report = JsonDocument.Parse(
            SampleResults.Write(ReportFormat.Sarif, [SampleResults.Result("Plugin", "p", "/src", false, finding, backwards)]));

        var places = report.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
            .Select(result => result.GetProperty("locations")[0].GetProperty("physicalLocation")).ToList();
        Assert.False(places[0].TryGetProperty("region", out _));
        Assert.Equal("""{"startLine":9,"startColumn":7,"endLine":9}""", JsonSerializer.Serialize(places[1].GetProperty("region")));
    }

    [GeneratedRegex("</?code>|<br>|&#[0-9]+;")]
    private static partial Regex Element();
}
