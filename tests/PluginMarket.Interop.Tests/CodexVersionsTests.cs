using PluginMarket.Policies;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Which versions of Codex judge, and for which a difference holds.</summary>
public sealed class CodexVersionsTests
{
    [Theory]
    [InlineData("0.171.0", "0.171.0")]
    [InlineData(" 0.171.0 , 0.169.0,0.171.0", "0.169.0 0.171.0")]
    [InlineData("0.172.0,0.172.0-alpha.10,0.172.0-alpha.9", "0.172.0-alpha.9 0.172.0-alpha.10 0.172.0")]
    public void A_list_of_versions_is_sorted_and_without_repeats(string list, string expected) =>
        Assert.Equal(expected, string.Join(' ', CodexVersions.Parse(list)));

    [Theory]
    [InlineData(",")]
    [InlineData("latest/../x")]
    [InlineData("0.171.0;0.169.0")]
    public void What_is_not_a_list_of_versions_is_refused(string list) => Assert.Contains(CodexVersions.Variable,
        Assert.Throws<FormatException>(() => CodexVersions.Parse(list)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("all", "0.169.0", true)]
    [InlineData("up to 0.169.0", "0.169.0", true)]
    [InlineData("up to 0.169.0", "0.171.0", false)]
    [InlineData("from 0.171.0", "0.169.0", false)]
    [InlineData("from 0.171.0", "0.172.0", true)]
    public void A_row_holds_for_the_versions_it_names(string versions, string version, bool holds) =>
        Assert.Equal(holds, new DifferenceRow("x", versions).Holds(version));

    [Fact]
    public void A_row_that_names_no_versions_is_refused() =>
        Assert.Throws<FormatException>(() => new DifferenceRow("x", "0.169.0").Holds("0.169.0"));

    [Fact]
    public void The_environment_check_names_the_versions_that_judge() => Assert.Equal(CodexVersions.Supported, InstalledCodex.Tested);
}
