using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PluginMarket.Core.Tests.Validation.Reports;
using PluginMarket.Fleet.Reports;
using PluginMarket.Messages;
using PluginMarket.Validation.Reports;
using Xunit;

namespace PluginMarket.Core.Tests.Fleet.Reports;

/// <summary>Results of homes in every form that can show them.</summary>
[Trait("Category", "Fast")]
public sealed class ItemReportTests
{
    private static readonly ReportFormat[] Formats =
        [.. Enum.GetValues<ReportFormat>().Except([ReportFormat.Sarif, ReportFormat.Html, ReportFormat.CycloneDx])];

    [Theory]
    [InlineData("Missing", "failure")]
    [InlineData("Unexpected", "failure")]
    [InlineData("NoReport", "error")]
    [InlineData("Unverified", "error")]
    [InlineData("CodexVersion", "system-out")]
    [InlineData("InSync", null)]
    public void Drift_is_a_failure_what_cannot_be_determined_an_error_and_order_a_case_that_passed(string kind, string? element)
    {
        var root = XDocument.Parse(Write(ReportFormat.JUnit, ReportedResults.Of(Drift("host-1", "kit@corp", kind)))).Root!;

        var one = Assert.Single(root.Descendants("testcase"));
        Assert.Equal($"kit@corp: {kind}", one.Attribute("name")!.Value);
        Assert.Equal("host-1", Assert.Single(root.Elements("testsuite")).Attribute("name")!.Value);
        Assert.Equal(element is null ? [] : [element], one.Elements().Select(child => child.Name.LocalName));
        Assert.Equal((element == "failure" ? 1 : 0, element == "error" ? 1 : 0),
            ((int)root.Attribute("failures")!, (int)root.Attribute("errors")!));
    }

    [Theory]
    [InlineData("Intact", "Passed")]
    [InlineData("NotRecorded", "Unknown")]
    [InlineData("Changed", "Failed")]
    [InlineData("NotInstalled", "Failed")]
    public void Integrity_passes_only_where_the_files_are_those_that_were_recorded(string state, string outcome) =>
        Assert.Equal(outcome, ReportedResults.Of(Integrity("kit", state)).Outcome.ToString());

    [Theory]
    [InlineData("Passed", "Passed")]
    [InlineData("Information", "Noted")]
    [InlineData("Warning", "Noted")]
    [InlineData("Failed", "Failed")]
    public void A_check_of_the_environment_fails_where_commands_do(string status, string outcome) =>
        Assert.Equal(outcome, ReportedResults.Of(Check("Git", status)).Outcome.ToString());

    [Theory]
    [InlineData("NewVersion", true, false, "Failed")]
    [InlineData("NewVersion", true, true, "Skipped")]
    [InlineData("NoLongerListed", false, false, "Unknown")]
    public void An_update_that_is_there_is_a_finding_unless_it_is_held(string change, bool isCompared, bool isHeld, string outcome) =>
        Assert.Equal(outcome, ReportedResults.Of(Update("kit", change, isCompared, isHeld)).Outcome.ToString());

    [Fact]
    public void The_plugins_of_a_home_are_in_it_in_JSON_and_rows_in_CSV()
    {
        ReportedItem[] items = [.. new[] { Home("one", "a@m", "b@m"), Home("two"), Home("three", "a@m") }.SelectMany(ReportedResults.Of)];

        using var json = JsonDocument.Parse(Write(ReportFormat.Json, items));
        var homes = json.RootElement.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["one", "two", "three"], homes.Select(home => home.GetProperty("computerName").GetString()));
        Assert.Equal([2, 0, 1], homes.Select(home => home.GetProperty("plugins").GetArrayLength()));
        Assert.Equal("1.0.0", homes[0].GetProperty("plugins")[1].GetProperty("version").GetString());

        var rows = Write(ReportFormat.Csv, items).TrimEnd('\n').Split('\n');
        Assert.Equal(5, rows.Length);
        Assert.StartsWith("\"Result\",\"Outcome\",\"ComputerName\",\"UserName\",\"CodexHome\",", rows[0], StringComparison.Ordinal);
        Assert.Contains("\"b@m\",\"1.0.0\"", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_that_could_not_be_read_is_unknown_and_not_empty()
    {
        var item = Assert.Single(ReportedResults.Of(new PluginInventory
        {
            ComputerName = "one",
            UserName = "u",
            CodexHome = "/h",
            CollectedOn = default,
            Problem = "ConfigInvalid",
        }));

        Assert.Equal((ReportOutcome.Unknown, "ConfigInvalid"), (item.Outcome, item.Finding));
        Assert.StartsWith("FINDINGS results=1 failed=0 unknown=1 ConfigInvalid:/h", Write(ReportFormat.Line, item),
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_line_is_cut_with_the_number_of_what_is_left_out()
    {
        var line = Write(ReportFormat.Line,
            [.. Enumerable.Range(0, 300).Select(i => ReportedResults.Of(Drift($"h\u00e9{i}", $"plugin-{i}@corp", "Missing")))]);

        Assert.Matches(@"^DRIFT results=300 failed=300 unknown=0 computers=300 Missing:h\?0/plugin-0@corp .* \+\d+\n$", line);
        Assert.True(line.Length <= 2001);
    }

    [Theory]
    [MemberData(nameof(HostileTextTests.Indexes), MemberType = typeof(HostileTextTests))]
    public void Hostile_text_stays_text_in_every_form(int index)
    {
        var text = HostileTextTests.Hostile[index];
        ReportedItem[] items =
        [
            ReportedResults.Of(Drift(text, text, "Missing") with { Expected = text, Actual = text, Advice = Remedy.Do($"{text}") }),
            ReportedResults.Of(Drift(text, text, "NoReport") with { Expected = text }),
            .. ReportedResults.Of(Home(text, text)), ReportedResults.Of(Integrity(text, text)), ReportedResults.Of(Check(text, text)),
            ReportedResults.Of(Update(text, text, isCompared: true, isHeld: false)),
        ];
        foreach (var format in Formats)
        {
            var report = ReportWriter.Write(new ReportRequest { Results = [], Items = items, Format = format, RunName = text });

            Assert.DoesNotContain(report, c => c != '\n' && char.IsControl(c));
            Assert.False(DisplayText.HasHiddenText(report));
            Assert.DoesNotContain("##vso[", report, StringComparison.Ordinal);
            Assert.DoesNotContain("##[", report, StringComparison.Ordinal);
            switch (format)
            {
                case ReportFormat.Json:
                    using (var json = JsonDocument.Parse(report))
                    {
                        Assert.Equal(6, json.RootElement.GetProperty("results").GetArrayLength());
                    }

                    break;
                case ReportFormat.JUnit:
                    Assert.Equal(6, XDocument.Parse(report).Descendants("testcase").Count());
                    break;
                case ReportFormat.Csv:
                    Assert.Equal(7, report.Count(c => c == '\n'));
                    Assert.DoesNotMatch(new Regex("(^|,)\"\\s*[=+@-]", RegexOptions.Multiline), report);
                    break;
                case ReportFormat.Line:
                    Assert.Equal(1, report.Count(c => c == '\n'));
                    Assert.DoesNotContain(report, c => c is < '\n' or > '~');
                    break;
                case ReportFormat.Markdown:
                    Assert.All(report.Split('\n').Where(line => line.StartsWith('|')), line => Assert.Equal(6, line.Count(c => c == '|')));
                    Assert.DoesNotMatch("[@`\\[\\]*_~$!\\\\]", Regex.Replace(report, "</?code>|<br>|&#\\d+;", ""));
                    break;
                case ReportFormat.GitHub:
                    Assert.All(report.TrimEnd('\n').Split('\n').SkipLast(1), line =>
                        Assert.Matches("^::(error|warning|notice) title=[^,:]*::", line));
                    break;
            }
        }
    }

    [Fact]
    public void A_form_that_has_no_place_for_them_is_refused()
    {
        var failure = Assert.Throws<PluginMarketException>(() => Write(ReportFormat.Sarif, ReportedResults.Of(Check("Git", "Failed"))));

        Assert.Equal(MarketErrorCode.InputNotAResult, failure.Code);
    }

    internal static PluginDrift Drift(string computer, string subject, string kind) => new()
    {
        ComputerName = computer,
        UserName = "dev",
        CodexHome = "/home/dev/.codex",
        Subject = subject,
        Kind = kind,
        Severity = PluginMarket.Fleet.DriftSeverity.Of(Enum.Parse<PluginMarket.Fleet.DriftKind>(kind)),
        CollectedOn = DateTimeOffset.UnixEpoch,
    };

    internal static PluginInventory Home(string computer, params string[] plugins) => new()
    {
        ComputerName = computer,
        UserName = "dev",
        CodexHome = "/home/dev/.codex",
        CollectedOn = DateTimeOffset.UnixEpoch,
        Plugins = [.. plugins.Select(id => new PluginInventoryPlugin
        {
            Id = id,
            Version = "1.0.0",
            State = "Installed",
            EffectiveEnabled = true,
            Integrity = "Intact",
            TreeHash = "sha256:" + new string('a', 64),
        })],
    };

    private static IntegrityResult Integrity(string name, string state) => new()
    {
        Name = name,
        Marketplace = name,
        State = state,
        Modified = [name],
        ComputerName = name,
        UserName = name,
        CodexHome = name,
    };

    private static EnvironmentCheck Check(string name, string status) => new()
    {
        Name = name,
        Status = status,
        Message = name,
        Fix = name,
        Subjects = [name],
        ComputerName = name,
        UserName = name,
        CodexHome = name,
    };

    private static PluginUpdate Update(string name, string change, bool isCompared, bool isHeld) => new()
    {
        Name = name,
        Marketplace = name,
        Change = change,
        ToTreeHash = isCompared ? "sha256:0" : null,
        IsHeld = isHeld,
        ComputerName = name,
        UserName = name,
        CodexHome = name,
    };

    private static string Write(ReportFormat format, params ReportedItem[] items) =>
        ReportWriter.Write(new ReportRequest { Results = [], Items = items, Format = format });
}
