using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

[Trait("Category", "Fast")]
public sealed class ValidatorTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void All_that_is_wrong_with_a_manifest_is_told_at_once()
    {
        var result = Check(
            """{"name":"my demo","version":5,"keywords":["a",1,2],"interface":{"logo":1,"websiteUrl":"https://a","websiteURL":"https://b"},"hooks":5}""");

        Assert.Equal(
            ["PM0204 /name", "PM0203 /version", "PM0203 /keywords/1", "PM0203 /keywords/2", "PM0301 /interface/logo",
                "PM0302 /interface/websiteURL", "PM0207 /hooks"],
            result.Diagnostics.Where(finding => finding.Severity != "Information")
                .Select(finding => $"{finding.RuleId} {finding.JsonPointer}"));
    }

    [Fact]
    public async Task All_that_is_wrong_with_an_entry_is_told_at_once()
    {
        _scratch.Write("corp/.agents/plugins/marketplace.json",
            """{"name":5,"plugins":[{"name":"a b","source":"../x","policy":{"installation":"no","authentication":"no","products":5},"category":5}],"interface":5}""");

        var result = Assert.Single((await new Validator(_scratch.Environment()).CheckMarketplacesAsync(
            new ValidationRequest { Paths = [_scratch["corp"]] })).Results);

        Assert.Equal(["PM0903", "PM0905", "PM1003", "PM1004", "PM1101", "PM1102", "PM1103", "PM1203"],
            result.Diagnostics.Select(finding => finding.RuleId).Order(StringComparer.Ordinal));
        Assert.All(result.Diagnostics.Where(finding => finding.RuleId[2] == '1'), finding => Assert.Equal("a b", finding.PluginName));
        Assert.False(result.IsValid);
    }

    [Theory]
    [InlineData("kit")]
    [InlineData("kit/.codex-plugin/plugin.json")]
    [InlineData("kit/skills/hello/SKILL.md")]
    public void A_folder_and_a_file_in_it_mean_the_plugin(string path)
    {
        _scratch.Write("kit/.codex-plugin/plugin.json", """{"name":"kit","version":"1.0.0","description":"Shows things."}""");
        _scratch.Write("kit/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n");

        var result = Assert.Single(
            new Validator(_scratch.Environment()).CheckPlugins(new ValidationRequest { Paths = [_scratch[path]] }).Results);

        Assert.Equal((_scratch["kit"], "kit", true), (result.Path, result.Name, result.IsValid));
    }

    [Fact]
    public void Recursion_finds_every_plugin_below()
    {
        foreach (var folder in (string[])["all/a", "all/deep/b", "all/node_modules/c"])
        {
            _scratch.Write(folder + "/.codex-plugin/plugin.json", "{}");
        }

        var listing = new Validator(_scratch.Environment()).CheckPlugins(
            new ValidationRequest { Paths = [_scratch["all"]], Recurse = true });

        Assert.Equal([_scratch["all/a"], _scratch["all/deep/b"]], listing.Results.Select(result => result.Path));
    }

    [Fact]
    public void What_is_not_there_is_a_typed_failure_and_the_others_are_checked()
    {
        _scratch.Write("kit/.codex-plugin/plugin.json", "{}");

        var listing = new Validator(_scratch.Environment()).CheckPlugins(
            new ValidationRequest { Paths = [_scratch["none"], _scratch["kit"]] });

        Assert.Equal(MarketErrorCode.SourceUnreachable, Assert.Single(listing.Failures).Code);
        Assert.Single(listing.Results);
    }

    [Fact]
    public void Rules_exclusions_and_the_least_severity_choose_what_is_told()
    {
        string[] Found(ValidationRequest request) =>
            [.. Check("""{"version":5}""", request).Diagnostics.Select(finding => finding.RuleId).Order(StringComparer.Ordinal)];

        Assert.Equal(["PM0203", "PM0208", "PM0215"], Found(new ValidationRequest()));
        Assert.Equal(["PM0203"], Found(new ValidationRequest { Rules = ["PM*03"] }));
        Assert.Equal(["PM0208"], Found(new ValidationRequest { ExcludedRules = ["PM0203", "PM021?"] }));
        Assert.Equal(["PM0203"], Found(new ValidationRequest { MinimumSeverity = Severity.Error }));
    }

    [Fact]
    public void Under_strict_a_warning_makes_the_result_invalid()
    {
        const string Manifest = """{"name":"demo","description":"Shows things."}""";

        Assert.True(Check(Manifest).IsValid);
        Assert.False(Check(Manifest, new ValidationRequest { Strict = true }).IsValid);
    }

    [Fact]
    public void What_the_files_say_is_escaped()
    {
        var result = Check("""{"name":"a\u001b[2Kb","version":"1.0.0","description":"Shows things."}""");

        Assert.All(result.Diagnostics,
            finding => Assert.DoesNotContain('\u001b', finding.ToString() + finding.Suggestion + finding.JsonPointer + finding.PluginName));
        Assert.Contains(result.Diagnostics, finding => finding.RuleId == "PM1403");
    }

    [Fact]
    public void A_secret_is_never_repeated()
    {
        _scratch.Write("demo/notes.md", "https://ann:pX7hunter2@example.org/\n");

        var finding = Assert.Single(Check("""{"name":"demo","version":"1.0.0","description":"Shows things."}""").Diagnostics);

        Assert.Equal("PM1503", finding.RuleId);
        Assert.DoesNotContain("hunter2", $"{finding} {finding.Suggestion}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_an_address_is_found_wherever_one_pattern_over_the_whole_text_finds_it()
    {
        string[] pieces = ["https", "git+ssh", "x", "HTTPS", "://", ":", "@", "ann", "pX7h", "q9zz", "/", " ", "\n", "a.b-c", "1",
            "averyveryverylongscheme"];
        string[] shape = ["1", "a.b-c", "https", "://", "ann", ":", "pX7h", "q9zz", "@", "x", "://", "y", ":", "q9zzz", "@"];
        var random = new Random(1503);
        var texts = Enumerable.Range(0, 600)
            .Select(_ => string.Concat(shape.Select(piece => random.Next(8) == 0 ? pieces[random.Next(pieces.Length)] : piece))).ToList();
        var naive = new System.Text.RegularExpressions.Regex(
            @"\b[a-z][a-z0-9+.-]{1,20}://[^/\s:@""'<>{}$*]{1,64}:[^/\s@""'<>{}$*]{4,128}@");
        var expected = new HashSet<string>();
        foreach (var (number, group) in texts.Chunk(10).Index())
        {
            var text = string.Join('\n', group);
            var path = _scratch.Write($"demo/{number}.md", text);
            expected.UnionWith(naive.Matches(text).Select(
                match => $"{path} {text[..match.Index].Count(c => c == '\n') + 1} {match.Index - text.LastIndexOf('\n', match.Index)}"));
        }

        var findings = Check("""{"name":"demo","version":"1.0.0","description":"Shows things."}""").Diagnostics
            .Where(finding => finding.RuleId == "PM1503");

        Assert.True(expected.Count >= 100, $"{expected.Count}");
        Assert.Subset(findings.Select(finding => $"{finding.File} {finding.Line} {finding.Column}").ToHashSet(), expected);
    }

    public void Dispose() => _scratch.Dispose();

    private ValidationResult Check(string manifest, ValidationRequest? request = null)
    {
        _scratch.Write("demo/.codex-plugin/plugin.json", manifest);
        _scratch.Write("demo/skills/hello/SKILL.md", "---\nname: hello\ndescription: Says hello.\n---\nSay hello.\n");
        return Assert.Single(new Validator(_scratch.Environment()).CheckPlugins(
            (request ?? new ValidationRequest()) with { Paths = [_scratch["demo"]] }).Results);
    }
}
