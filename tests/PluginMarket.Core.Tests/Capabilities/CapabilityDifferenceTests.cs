using PluginMarket.Capabilities;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class CapabilityDifferenceTests
{
    [Fact]
    public void Equal_capabilities_are_not_a_change_in_any_order()
    {
        Capability[] all = [Make("Hook", "a", "1"), Make("Skill", "a", "2"), Make("Skill", "a", "3")];

        Assert.Empty(CapabilityDifference.Compare(all, [.. all.Reverse()]));
    }

    [Fact]
    public void Content_counts_and_names_do_not()
    {
        var changes = CapabilityDifference.Compare(
            [Make("McpServer", "x", "1"), Make("Skill", "gone", "2"), Make("Skill", "twice", "3")],
            [Make("McpServer", "x", "9"), Make("Hook", "new", "4"), Make("Skill", "twice", "3"), Make("Skill", "twice", "5")]);

        Assert.Equal(
            ["Added Hook new High", "Changed McpServer x High", "Removed Skill gone None", "Added Skill twice Low"],
            changes.Select(change => $"{change} {change.Risk}"));
    }

    [Theory]
    [InlineData("", "App,Hook,McpServer,Script")]
    [InlineData("hook,SCRIPT", "App,McpServer")]
    [InlineData("All", "")]
    public void Added_and_changed_executable_things_have_to_be_accepted(string accepted, string open)
    {
        var changes = CapabilityDifference.Compare([Make("Hook", "gone", "1")],
            [.. "App Hook McpServer Script Skill".Split(' ').Select(kind => Make(kind, "x", "1"))]);

        var unaccepted = CapabilityDifference.Unaccepted(changes, accepted.Split(',', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(open, string.Join(',', unaccepted.Select(change => change.Component)));
    }

    private static Capability Make(string component, string name, string hash) =>
        new() { Component = component, Name = name, Hash = hash, File = "f" };
}
