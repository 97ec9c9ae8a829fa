using System.Text.RegularExpressions;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests.Validation;

/// <summary>Every rule is what its samples say: the bad one makes it fire and no other, the good one nothing.</summary>
[Trait("Category", "Fast")]
public sealed class RuleSampleTests
{
    private static readonly Regex Advice = new(
        @"[.:;] (Add|Ask|Choose|Fix|Give|Keep|Leave|Make|Move|Put|Remove|Rename|Replace|Run|Save|Shorten|Use|Write)\b");

    public static TheoryData<string> Ids => [.. RuleSet.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_bad_sample_makes_the_rule_fire_and_no_other(string id)
    {
        var rule = RuleSet.All.Single(rule => rule.Id == id);
        using var sample = new SampleFolder(rule.BadSample);

        var result = await sample.CheckAsync(rule);

        Assert.NotEmpty(result.Diagnostics);
        Assert.All(result.Diagnostics, finding => Assert.Equal(id, finding.RuleId));
        Assert.All(result.Diagnostics, finding => Assert.Equal(rule.Severity, finding.Severity));
        Assert.Equal(rule.Severity != "Error", result.IsValid);
        Assert.All(result.Diagnostics, finding => Assert.False(finding.Suggestion is not null && Advice.IsMatch(finding.Message),
            $"The message has advice of its own beside the suggestion: {finding.Message} | {finding.Suggestion}"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_good_sample_makes_none_fire(string id)
    {
        var rule = RuleSet.All.Single(rule => rule.Id == id);
        using var sample = new SampleFolder(rule.GoodSample);

        var result = await sample.CheckAsync(rule);

        Assert.Empty(result.Diagnostics);
        Assert.True(result.IsValid);
    }

    [Fact]
    public void There_are_rules_of_every_family_each_with_an_id_of_its_own()
    {
        Assert.True(RuleSet.All.Count >= 70, $"{RuleSet.All.Count} rules");
        Assert.Equal(RuleSet.All.Count, RuleSet.All.Select(rule => rule.Id).Distinct().Count());
        Assert.Equal(15, RuleSet.All.Select(rule => rule.Family).Distinct().Count());
        Assert.All(RuleSet.All, rule => Assert.Matches("^PM(0[1-9]|1[0-5])[0-9]{2}$", rule.Id));
        Assert.All(RuleSet.All, rule => Assert.False(string.IsNullOrWhiteSpace(rule.Why)));
    }
}
