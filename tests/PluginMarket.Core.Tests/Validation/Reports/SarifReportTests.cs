using System.Text.Json;
using PluginMarket.Core.Tests.Validation.Schemas;
using PluginMarket.Json;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using PluginMarket.Validation.Reports;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Reports;

[Trait("Category", "Fast")]
public sealed class SarifReportTests
{
    [Fact]
    public void Findings_keep_level_place_fingerprint_and_rule()
    {
        var run = Run();

        Assert.Equal("unicodeCodePoints", run.GetProperty("columnKind").GetString());
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["error", "error", "warning", "note", "error", "warning"],
            results.Select(result => result.GetProperty("level").GetString()));
        Assert.Equal("The version is blank. Write 1.0.0.", results[0].GetProperty("message").GetProperty("text").GetString());
        var place = results[0].GetProperty("locations")[0];
        Assert.Equal("""{"uri":"plugins/demo/.codex-plugin/plugin.json","uriBaseId":"%SRCROOT%"}""",
            Compact(place.GetProperty("physicalLocation").GetProperty("artifactLocation")));
        Assert.Equal("""{"startLine":3,"startColumn":14,"endLine":3,"endColumn":16}""",
            Compact(place.GetProperty("physicalLocation").GetProperty("region")));
        Assert.Equal("/version", place.GetProperty("logicalLocations")[0].GetProperty("fullyQualifiedName").GetString());
        Assert.Equal(SampleResults.Mixed()[0].Diagnostics[0].Fingerprint,
            results[0].GetProperty("partialFingerprints").GetProperty("findingHash/v1").GetString());
        Assert.False(results[5].GetProperty("locations")[0].GetProperty("physicalLocation").TryGetProperty("region", out _));
        Assert.Equal("""{"uri":"corp/plugins/x","uriBaseId":"%SRCROOT%"}""",
            Compact(results[5].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation")));
    }

    [Fact]
    public void Rules_are_described_and_indexed_unknown_ones_by_their_id()
    {
        var run = Run();
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().ToList();

        Assert.Equal(["PM0101", "PM1002", "PM2003", "PM9004", "PM7777"], rules.Select(rule => rule.GetProperty("id").GetString()));
        Assert.Equal("TheVersionIsBlank", rules[1].GetProperty("name").GetString());
        Assert.Equal("The version is blank", rules[1].GetProperty("shortDescription").GetProperty("text").GetString());
        Assert.Equal("error", rules[1].GetProperty("defaultConfiguration").GetProperty("level").GetString());
        Assert.Contains("````\n{\"version\": \"```\"}\n````",
            rules[1].GetProperty("help").GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.All(rules, rule => Assert.False(rule.TryGetProperty("helpUri", out _)));
        Assert.All(run.GetProperty("results").EnumerateArray(), result => Assert.Equal(result.GetProperty("ruleId").GetString(),
            rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString()));
    }

    [Fact]
    public void Accepted_findings_are_suppressed_and_others_are_not()
    {
        var suppressions = Run().GetProperty("results").EnumerateArray()
            .Select(result => result.GetProperty("suppressions").GetArrayLength());

        Assert.Equal([0, 0, 0, 0, 1, 0], suppressions);
    }

    [Fact]
    public void The_run_has_its_name_and_its_base()
    {
        var run = Run(runName: "nightly");

        Assert.Equal("nightly/", run.GetProperty("automationDetails").GetProperty("id").GetString());
        Assert.False(run.TryGetProperty("originalUriBaseIds", out _));
    }

    [Theory]
    [InlineData("C:\\a b\\plugins\\x\\plugin.json", "c:\\A B", "plugins/x/plugin.json")]
    [InlineData("C:\\a b\\x#1.json", "D:\\", "x%231.json")]
    [InlineData("\\\\server\\share\\x.json", "C:\\", "x.json")]
    [InlineData("/a/b\\c/d:e.json", "/a", "b%5Cc/d%3Ae.json")]
    [InlineData("/abc/x.json", "/ab", "x.json")]
    [InlineData("/a", "/a/", "./")]
    [InlineData("/x.json", "/", "x.json")]
    public void Paths_become_URIs_whatever_system_they_come_from(string file, string basePath, string uri)
    {
        var results = new[] { SampleResults.Result("Plugin", "p", file, false,
            SampleResults.Finding("Error", "PM1002", "m", file, 1, 1, 1, 1, null)) };

        var place = Run(results, basePath).GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation")
            .GetProperty("artifactLocation");

        Assert.Equal((uri, "%SRCROOT%"), (place.GetProperty("uri").GetString(), place.GetProperty("uriBaseId").GetString()));
        Assert.True(Uri.TryCreate(uri, UriKind.RelativeOrAbsolute, out _));
    }

    [Fact]
    public void Reports_are_valid_against_the_published_schema()
    {
        var path = Environment.GetEnvironmentVariable("PLUGINMARKET_SARIF_SCHEMA") is { Length: > 0 } named
            ? named : Path.Join(RepositoryRoot.Path, "artifacts", "sarif-schema-2.1.0.json");
        Assert.SkipUnless(File.Exists(path), "SARIF WAS NOT HELD AGAINST ITS SCHEMA: put it at artifacts/sarif-schema-2.1.0.json, "
            + "or name it by PLUGINMARKET_SARIF_SCHEMA; the npm package @microsoft/jest-sarif carries one below lib/schemas.");
        var schema = File.ReadAllText(path);

        string[] reports =
        [
            SampleResults.Write(ReportFormat.Sarif), ReportWriter.Write(
                new ReportRequest { Results = SampleResults.Mixed(), Format = ReportFormat.Sarif, Rules = RuleSet.All, BasePath = "/src" }),
            SampleResults.Write(ReportFormat.Sarif, [], basePath: null), SampleResults.Write(ReportFormat.Sarif, runName: "a/b"),
            .. HostileTextTests.Hostile.Select(text => SampleResults.Write(ReportFormat.Sarif, HostileTextTests.Results(text), text, text)),
        ];

        Assert.All(reports, report => Assert.Empty(Problems(report, schema)));
        Assert.NotEmpty(Problems(reports[0].Replace("\"level\": \"error\"", "\"level\": \"grave\"", StringComparison.Ordinal), schema));
        Assert.NotEmpty(Problems(reports[0].Replace("\"startLine\": 3", "\"startLine\": 0", StringComparison.Ordinal), schema));
    }

    private static IEnumerable<string> Problems(string report, string schema) =>
        ShippedSchema.Evaluate(JsonFile.Parse(System.Text.Encoding.UTF8.GetBytes(report), "report.sarif",
            MarketErrorCode.ManifestInvalid).Root, schema).Select(problem => $"{problem.At.Pointer}: {problem.Text}");

    private static JsonElement Run(ValidationResult[]? results = null, string? basePath = "/src", string? runName = null)
    {
        using var document = JsonDocument.Parse(SampleResults.Write(ReportFormat.Sarif, results, basePath, runName));
        Assert.Equal("2.1.0", document.RootElement.GetProperty("version").GetString());
        return document.RootElement.GetProperty("runs").EnumerateArray().Single().Clone();
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
