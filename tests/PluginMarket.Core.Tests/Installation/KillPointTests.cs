using System.Globalization;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Threat D1: kill a process that makes a change before its disk calls; the plugin is the old or the new one, and the next command
/// leaves no litter.</summary>
[Trait("Category", "Slow")]
public sealed class KillPointTests
{
    public static TheoryData<string> Scenarios => [.. InstallScenario.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_process_killed_before_a_disk_call_leaves_the_old_or_the_new_plugin(string name)
    {
        using var points = await KillPoints.PrepareAsync(name);
        var step = KillPoints.IsExhaustive ? 1 : 9;
        for (var at = 1; ; at += step)
        {
            var home = points.Scenario.CopyHome("home");
            var exitCode = await HarnessProcess.RunAsync("change", name, points.Scenario.HomePath, home,
                at.ToString(CultureInfo.InvariantCulture));
            if (exitCode.Code == 0)
            {
                Assert.True(at > step, "The process was never killed.");
                return;
            }

            Assert.True(exitCode.Code == HarnessProcess.Killed, $"{name} at {at} ended with {exitCode.Code}: {exitCode.Output}");
            await points.CheckAsync(home, $"{name} killed before call {at}", stopNextAt: 0);
        }
    }
}
