using PluginMarket.Marketplaces;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

[Trait("Category", "Fast")]
public sealed class NamePatternTests
{
    [Theory]
    [InlineData("deploy", "deploy", true)]
    [InlineData("Deploy", "dEPLOY", true)]
    [InlineData("deploy", "deploy-kit", false)]
    [InlineData("dep*", "deploy", true)]
    [InlineData("*", "", true)]
    [InlineData("d?ploy", "deploy", true)]
    [InlineData("d?ploy", "dploy", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[abc", "[abc", true)]
    [InlineData("[]", "[]", true)]
    [InlineData("[z-a]", "-", true)]
    [InlineData("a`*", "a*", true)]
    [InlineData("a`*", "ab", false)]
    [InlineData("com.openai.*", "com.openai.x", true)]
    [InlineData("com.openai.*", "comXopenaiXx", false)]
    [InlineData("[\\d]", "d", true)]
    [InlineData("[\\d]", "5", false)]
    [InlineData("a*", "a\nb", true)]
    public void A_name_fits_as_PowerShell_would_have_it(string pattern, string name, bool fits) =>
        Assert.Equal(fits, new NamePattern(pattern).Matches(name));

    [Fact]
    public void No_patterns_fit_everything_and_a_missing_name_fits_no_pattern()
    {
        Assert.True(NamePattern.MatchesAny([], null));
        Assert.False(NamePattern.MatchesAny([new NamePattern("*")], null));
    }
}
