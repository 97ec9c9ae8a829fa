using System.Text;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

[Trait("Category", "Fast")]
public sealed class SettingsTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void A_severity_replaces_the_rules_own()
    {
        var result = Check("""{"name":"demo","description":"Shows things."}""", """{"severity":{"PM0209":"Error"}}""");

        var finding = Assert.Single(result.Diagnostics);
        Assert.Equal(("PM0209", "Error"), (finding.RuleId, finding.Severity));
        Assert.False(result.IsValid);
    }

    [Fact]
    public void An_excluded_rule_says_nothing()
    {
        Assert.Empty(Check("""{"name":"demo","description":"Shows things."}""", """{"exclude":["PM02*"]}""").Diagnostics);
    }

    [Fact]
    public void An_accepted_finding_is_shown_and_counts_for_nothing()
    {
        const string Manifest = """{"name":"demo","version":1,"description":"Shows things."}""";
        var found = Assert.Single(Check(Manifest, "{}").Diagnostics);

        var result = Check(Manifest, $$"""{"baseline":["{{found.Fingerprint}}"]}""");

        Assert.True(Assert.Single(result.Diagnostics).IsAccepted);
        Assert.True(result.IsValid);
        Assert.Equal(0, result.ErrorCount);
    }

    [Fact]
    public void A_fingerprint_stays_when_lines_and_folders_move()
    {
        var first = Assert.Single(Check("""{"name":"demo","version":1,"description":"Shows things."}""", "{}").Diagnostics);
        var moved = Assert.Single(Check("{\n\n\n  \"license\": \"MIT\",\n  \"name\": \"demo\",\n\t\"version\": 1,\n  \"description\": "
            + "\"Shows things.\"\n}\n", "{}", "elsewhere/deep/demo").Diagnostics);
        var other = Assert.Single(Check("""{"name":"demo","version":2,"description":"Shows things."}""", "{}").Diagnostics);

        Assert.NotEqual(first.Line, moved.Line);
        Assert.Equal(first.Fingerprint, moved.Fingerprint);
        Assert.NotEqual(first.Fingerprint, other.Fingerprint);
    }

    [Fact]
    public async Task A_fingerprint_of_an_entry_stays_when_entries_are_put_before_it()
    {
        var first = await FingerprintOf("""{"name":"a","source":"a"}""");
        var behind = await FingerprintOf("""{"name":"b","source":"./b"},{"name":"a","source":"a"}""");

        Assert.Equal(first, behind);
    }

    [Fact]
    public void Equal_findings_of_one_file_have_fingerprints_of_their_own()
    {
        _scratch.Write("two/.codex-plugin/plugin.json", """{"name":"two","version":"1.0.0","description":"Shows things."}""");
        _scratch.Write("two/notes.md", "a\u200bb\na\u200bb\n");
        _scratch.Write("two/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n");

        var findings = new Validator(_scratch.Environment()).CheckPlugins(new ValidationRequest { Paths = [_scratch["two"]] }).Results
            .Single().Diagnostics;

        Assert.Equal(2, findings.Length);
        Assert.NotEqual(findings[0].Fingerprint, findings[1].Fingerprint);
    }

    [Theory]
    [InlineData("[]", 1)]
    [InlineData("{", 1)]
    [InlineData("{\n\"severities\":{}}", 2)]
    [InlineData("{\n\"severity\":{\"PM9999\":\"Error\"}}", 2)]
    [InlineData("{\n\"severity\":{\"PM0201\":\"error\"}}", 2)]
    [InlineData("{\n\"severity\":{\"PM0201\":\"2\"}}", 2)]
    [InlineData("{\n\"severity\":[]}", 2)]
    [InlineData("{\n\"exclude\":\"PM0201\"}", 2)]
    [InlineData("{\n\"exclude\":[\"\"]}", 2)]
    [InlineData("{\n\"exclude\":[\"PM77*\"]}", 2)]
    [InlineData("{\n\"baseline\":[\"short\"]}", 2)]
    [InlineData("{\n\"baseline\":[5]}", 2)]
    [InlineData("{\n\"baseline\":[], \"baseline\":[]}", 2)]
    public void A_broken_settings_file_is_a_typed_failure_with_its_place(string text, int line)
    {
        var path = _scratch.Write("settings.json", Encoding.UTF8.GetBytes(text));

        var failure = Assert.Throws<PluginMarketException>(() => ValidationSettings.Read(_scratch.Environment(), path));

        Assert.Equal(MarketErrorCode.SettingsInvalid, failure.Code);
        Assert.Equal(path, failure.File);
        Assert.Equal(line, failure.Line);
    }

    [Fact]
    public void A_missing_settings_file_is_a_typed_failure()
    {
        Assert.Equal(MarketErrorCode.SettingsInvalid,
            Assert.Throws<PluginMarketException>(() => ValidationSettings.Read(_scratch.Environment(), _scratch["none.json"])).Code);
    }

    public void Dispose() => _scratch.Dispose();

    private ValidationResult Check(string manifest, string settings, string folder = "demo")
    {
        _scratch.Write(folder + "/.codex-plugin/plugin.json", manifest);
        _scratch.Write(folder + "/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n");
        var environment = _scratch.Environment();
        var request = new ValidationRequest
        {
            Paths = [_scratch[folder]],
            Settings = ValidationSettings.Read(environment, _scratch.Write("settings.json", settings)),
        };
        return Assert.Single(new Validator(environment).CheckPlugins(request).Results);
    }

    private async Task<string> FingerprintOf(string entries)
    {
        _scratch.Write("corp/b/.codex-plugin/plugin.json", """{"name":"b"}""");
        _scratch.Write("corp/.agents/plugins/marketplace.json", $$"""{"name":"corp","plugins":[{{entries}}]}""");
        var listing = await new Validator(_scratch.Environment()).CheckMarketplacesAsync(
            new ValidationRequest { Paths = [_scratch["corp"]] });
        return Assert.Single(Assert.Single(listing.Results).Diagnostics).Fingerprint;
    }
}
