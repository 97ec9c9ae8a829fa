using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

public sealed class EngineRuleTests
{
    [Fact]
    public void Every_test_of_git_repositories_runs_with_each_engine_or_says_why_not()
    {
        var tests = EngineRule.Read(typeof(EngineRuleTests).Assembly);

        var silent = tests.Where(test => test.How is null).Select(test => test.Test).ToList();
        Assert.True(silent.Count == 0, $"{EngineRule.Advice}\n  {string.Join("\n  ", silent)}");
        Assert.Contains(("GitMarketplaceTests.Both_tools_write_the_same_configuration_snapshot_and_plugins", EngineRule.Each), tests);
    }
}
