using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class EngineRuleTests
{
    [Fact]
    public void Every_test_of_git_repositories_runs_with_each_engine_or_says_why_not()
    {
        var tests = EngineRule.Read(typeof(EngineRuleTests).Assembly);

        HouseRule.AssertKept(EngineRule.Advice, tests.Where(test => test.How is null).Select(test => test.Test));
        Assert.Contains(("GitInstallTests.A_repository_is_installed_into_its_version_with_its_commit", EngineRule.Each), tests);
        Assert.Contains(("PluginQueryTests.Resolving_fetches_git_sources_and_leaves_nothing", EngineRule.Each), tests);
        Assert.DoesNotContain(tests, test => test.Test.StartsWith("GitUrlTests.", StringComparison.Ordinal));
    }
}
