using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

[Trait("Category", "Fast")]
public sealed class EngineRuleTests
{
    [Fact]
    public void Every_test_of_git_repositories_runs_with_each_engine_or_says_why_not()
    {
        var tests = EngineRule.Read(typeof(EngineRuleTests).Assembly);

        Assert.NotEmpty(tests);
        var silent = tests.Where(test => test.How is null).Select(test => test.Test).ToList();
        Assert.True(silent.Count == 0, $"{EngineRule.Advice}\n  {string.Join("\n  ", silent)}");
    }
}
