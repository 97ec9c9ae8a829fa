using System.Text.Json;
using System.Xml.Linq;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Fast")]
public sealed class ValidateCommandTests
{
    [Fact]
    public void A_folder_of_good_plugins_is_done()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", "alpha", "beta");

        var (code, output, error) = cli.Run("validate", "tools");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("2 plugins and 1 marketplace checked: 0 errors,", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_end_with_3_and_name_their_place()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", "alpha", "beta");
        cli.Write("tools/beta/.codex-plugin/plugin.json", "{\n  \"name\": \"beta\",\n  \"version\": 1\n}\n");

        var (code, output, error) = cli.Run("validate", "tools");

        Assert.Equal((3, ""), (code, error));
        Assert.Matches(@"(?m)^tools/beta/\.codex-plugin/plugin\.json:3:14 +ERROR +PM\d{4} ", output);
        Assert.Equal(3, cli.Run("validate", "tools/beta").ExitCode);
        Assert.Equal(3, cli.Run("validate", "tools/alpha", "tools/beta/.codex-plugin/plugin.json").ExitCode);
        Assert.Equal(0, cli.Run("validate", "tools/alpha").ExitCode);
    }

    [Fact]
    public void Strict_lets_a_warning_count()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", "alpha");
        cli.Write("tools/alpha/.codex-plugin/plugin.json", """{ "name": "alpha", "version": "1.0.0", "skills": "../outside" }""");

        Assert.Equal(0, cli.Run("validate", "tools/alpha").ExitCode);
        Assert.Equal(3, cli.Run("validate", "tools/alpha", "--strict").ExitCode);
    }

    [Fact]
    public void Fix_repairs_and_then_checks_and_a_dry_run_only_tells()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", "alpha");
        var good = """{ "name": "alpha", "version": "1.0.0", "description": "Shows things." }""";
        cli.Write("tools/alpha/.codex-plugin/plugin.json", "\uFEFF" + good);
        var file = Path.Join(cli.Folder, "tools/alpha/.codex-plugin/plugin.json");

        var (code, output, error) = cli.Run("validate", "tools", "--fix", "--dry-run");
        Assert.Equal((3, ""), (code, error));
        Assert.Equal("Would repair tools/alpha/.codex-plugin/plugin.json\n  PM0102: Remove the byte order mark.\n", output);
        Assert.NotEqual(good.Length, new FileInfo(file).Length);

        var repaired = cli.Json("validate", "tools", "--fix").GetProperty("repairs")[0];
        Assert.Equal(("tools/alpha/.codex-plugin/plugin.json", "Repaired", "PM0102"), (repaired.GetProperty("path").GetString(),
            repaired.GetProperty("status").GetString(), repaired.GetProperty("edits")[0].GetProperty("ruleId").GetString()));
        Assert.Equal(good, File.ReadAllText(file));
        Assert.Equal((0, "There is nothing to repair.\n", ""), cli.Run("validate", "tools", "--fix", "--dry-run"));
        Assert.Equal(0, cli.Run("validate", "tools", "--fix").ExitCode);
        Assert.Equal(2, cli.Run("validate", "tools", "--dry-run").ExitCode);
        Assert.Equal(1, cli.Run("validate", "none", "--fix").ExitCode);
    }

    [Fact]
    public void Every_format_is_what_it_says()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", "alpha");
        cli.Write("tools/alpha/.codex-plugin/plugin.json", """{ "name": "alpha", "version": 1 }""");

        using var json = JsonDocument.Parse(cli.Run("validate", "tools", "--format", "json").Output);
        Assert.Equal(["Marketplace", "Plugin"],
            json.RootElement.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("kind").GetString()));
        Assert.Equal(JsonSerializer.Serialize(json.RootElement), JsonSerializer.Serialize(cli.Json("validate", "tools")));
        using var sarif = JsonDocument.Parse(cli.Run("validate", "tools", "--format", "sarif").Output);
        var run = sarif.RootElement.GetProperty("runs")[0];
        Assert.Contains(run.GetProperty("results").EnumerateArray(), result => result.GetProperty("locations")[0].GetProperty(
            "physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString() == "tools/alpha/.codex-plugin/plugin.json");
        Assert.Equal(
            run.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("ruleId").GetString()).Distinct().Order(),
            run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()));
        Assert.Equal("testsuites", XDocument.Parse(cli.Run("validate", "tools", "--format", "junit").Output).Root!.Name.LocalName);
        Assert.Contains("::error file=tools/alpha/.codex-plugin/plugin.json,line=1,",
            cli.Run("validate", "tools/alpha", "--format", "github").Output, StringComparison.Ordinal);
        Assert.Contains("| Error | <code>PM", cli.Run("validate", "tools", "--format", "markdown").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_checked_is_an_error()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", "alpha");
        cli.Write("empty/readme.txt", "x");

        Assert.Equal(1, cli.Run("validate", "nowhere").ExitCode);
        var (code, output, error) = cli.Run("validate", "empty");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("no plugin and no marketplace", error, StringComparison.Ordinal);
        Assert.Equal(4, cli.Run("validate", "tools", "nowhere").ExitCode);
        Assert.Equal(2, cli.Run("validate").ExitCode);
        Assert.Equal(2, cli.Run("validate", "tools", "--format", "xlsx").ExitCode);
    }

    [Fact]
    public void A_settings_file_can_accept_a_finding()
    {
        using var cli = new CliRun();
        cli.Marketplace("tools", "alpha");
        cli.Write("tools/alpha/.codex-plugin/plugin.json", """{ "name": "alpha", "version": 1 }""");
        var findings = cli.Json("validate", "tools/alpha").GetProperty("results")[0].GetProperty("diagnostics").EnumerateArray()
            .Select(finding => $"\"{finding.GetProperty("fingerprint").GetString()}\"");
        cli.Write("settings.json", $$"""{ "baseline": [{{string.Join(',', findings)}}] }""");

        Assert.Equal(3, cli.Run("validate", "tools/alpha").ExitCode);
        Assert.Equal(0, cli.Run("validate", "tools/alpha", "--settings", "settings.json").ExitCode);
        Assert.Equal(1, cli.Run("validate", "tools/alpha", "--settings", "missing.json").ExitCode);
    }

    [Fact]
    public void The_samples_of_the_checkout_are_judged()
    {
        using var cli = new CliRun();

        Assert.Equal(0, cli.Run("validate", Path.Join(RepositoryRoot.Path, "docs", "samples", "marketplace", "plugins")).ExitCode);
        Assert.Equal(3, cli.Run("validate", Path.Join(RepositoryRoot.Path, "tests", "catalogs", "broken-entries")).ExitCode);
    }
}
