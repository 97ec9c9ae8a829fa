using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Threat D1, D5: stop each change before each disk call; the plugin is the old or the new one, and the next command leaves
/// no litter.</summary>
[Trait("Category", "Slow")]
public sealed class StopPointTests
{
    public static TheoryData<string> Scenarios => [.. InstallScenario.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_change_that_stops_before_any_disk_call_leaves_the_old_or_the_new_plugin(string name)
    {
        using var points = await KillPoints.PrepareAsync(name);
        for (var at = 1; ; at++)
        {
            var home = points.Scenario.CopyHome("home");
            var files = new FaultingFileOps { Operations = InstallScenario.ChangingCalls, Fault = Fault.Stop, At = at, Saves = false };
            await points.TryChangeAsync(home, files);
            if (files.Count < at)
            {
                Assert.True(at > 4, $"There were only {at - 1} calls.");
                return;
            }

            // Every second time the clean-up of the next command is stopped as well.
            await points.CheckAsync(home, $"{name} stopped before call {at} ({files.Calls[at - 1]})",
                stopNextAt: at % 2 == 0 ? 1 + (at / 2 % 9) : 0);
        }
    }
}
