using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class PluginVersionTests
{
    private static readonly string[] Samples =
    [
        "0.0.1", "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc1", "1.0.0", "9.0.0",
        "10.0.0", "10.0.1",
    ];

    [Theory]
    [InlineData("zz", "10.0.0")]
    [InlineData("10.0.0", "9.0.0")]
    [InlineData("10.0.0", "10.0.0-rc1")]
    [InlineData("b", "a")]
    [InlineData("1.0", "01.0.0")]
    [InlineData("v2", "v10")]
    [InlineData("99999999999999999999999.0.0", "100000000000000000000000.0.0")]
    public void The_greater_one_is_the_one_that_Codex_would_load(string greater, string lesser)
    {
        Assert.True(PluginVersion.Compare(PluginVersion.Parse(greater), PluginVersion.Parse(lesser)) > 0);
        Assert.True(PluginVersion.Compare(PluginVersion.Parse(lesser), PluginVersion.Parse(greater)) < 0);
    }

    [Fact]
    public void Semantic_versions_are_ordered_by_their_rules()
    {
        var sorted = Samples.Reverse().Select(PluginVersion.Parse).ToList();
        sorted.Sort(PluginVersion.Compare);
        Assert.Equal(Samples, sorted.Select(v => v.Value));
    }

    [Fact]
    public void Different_versions_never_compare_equal()
    {
        string[] texts = [.. Samples, "1.0.0+a", "1.0.0+b", "1.0.0+2", "1.0.0+10", "latest", "1.0", "local"];
        foreach (var a in texts)
        {
            foreach (var b in texts)
            {
                var order = PluginVersion.Compare(PluginVersion.Parse(a), PluginVersion.Parse(b));
                Assert.Equal(a == b, order == 0);
                Assert.Equal(-Math.Sign(order), Math.Sign(PluginVersion.Compare(PluginVersion.Parse(b), PluginVersion.Parse(a))));
            }
        }
    }
}
