using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class CategoryRuleTests
{
    [Fact]
    public void Every_test_class_is_fast_or_slow()
    {
        var broken = CategoryRule.Broken(typeof(CategoryRuleTests).Assembly);

        Assert.True(broken.Count == 0, $"{CategoryRule.Advice}\n  {string.Join("\n  ", broken)}\n");
    }
}
