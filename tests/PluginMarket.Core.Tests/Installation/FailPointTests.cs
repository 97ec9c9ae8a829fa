using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Threat D5, D6: let each disk call of a change fail; the plugin is the old or the new one, and the next command leaves no litter.</summary>
[Trait("Category", "Slow")]
public sealed class FailPointTests
{
    private static readonly int[] ErrorNumbers = [28, 5, 13, 30, 122, 24];

    public static TheoryData<string> Scenarios => [.. InstallScenario.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_disk_call_that_fails_leaves_the_old_or_the_new_plugin_and_a_typed_error(string name)
    {
        using var points = await KillPoints.PrepareAsync(name);
        for (var at = 1; ; at++)
        {
            var home = points.Scenario.CopyHome("home");
            var files = new FaultingFileOps
            {
                Operations = KillPoints.IsExhaustive ? null : InstallScenario.ChangingAndSyncingCalls,
                Fault = Fault.Fail,
                At = at,
                Saves = false,
                Failure = FaultingFileOps.ErrorNumber(ErrorNumbers[at % ErrorNumbers.Length]),
            };
            await points.TryChangeAsync(home, files);
            if (files.Count < at)
            {
                return;
            }

            await points.CheckAsync(home, $"{name} with a failure at call {at} ({files.Calls[at - 1]})", stopNextAt: 0);
        }
    }
}
