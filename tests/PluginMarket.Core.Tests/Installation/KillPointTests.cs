using System.Globalization;
using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Threat D1, D5, D6: stop or fail each change at each disk call; the plugin is the old or the new one, and the
/// next command leaves no litter.</summary>
[Trait("Category", "Slow")]
public sealed class KillPointTests
{
    private static readonly int[] ErrorNumbers = [28, 5, 13, 30, 122, 24];

    public static TheoryData<string> Scenarios => [.. InstallScenario.Names];

    private static bool IsExhaustive => Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1";

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
                Operations = IsExhaustive ? null : InstallScenario.ChangingAndSyncingCalls,
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

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_process_killed_before_a_disk_call_leaves_the_old_or_the_new_plugin(string name)
    {
        using var points = await KillPoints.PrepareAsync(name);
        var step = IsExhaustive ? 1 : 9;
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

    /// <summary>A prepared scenario with the states before and after its change.</summary>
    private sealed class KillPoints : IDisposable
    {
        private readonly ScratchFolder _scratch = new();
        private HomeState _before = null!;
        private HomeState _after = null!;

        internal InstallScenario Scenario { get; private set; } = null!;

        // A test that repeats a change a hundred times would spend its time waiting for the disk.
        private static FaultingFileOps Quick => new() { Saves = false };

        internal static async Task<KillPoints> PrepareAsync(string name)
        {
            var points = new KillPoints();
            points.Scenario = await InstallScenario.PrepareAsync(name, points._scratch);
            points._before = HomeState.Read(points.Scenario, points.Scenario.Template);
            var finished = points.Scenario.CopyHome("finished");
            var result = await points.Scenario.RunAsync(points.Scenario.Environment(finished));
            Assert.True(result.Status != "Failed", result.Reason);
            points._after = HomeState.Read(points.Scenario, finished);
            Assert.NotEqual(points._before, points._after);
            return points;
        }

        internal async Task TryChangeAsync(string home, FaultingFileOps files)
        {
            try
            {
                var result = await Scenario.RunAsync(Scenario.Environment(home, files));
                Assert.Equal(result.Status == "Failed", result.GetFailure() is not null);
            }
            catch (PluginMarketException)
            {
                // The home could not be prepared, or its configuration not be read.
            }
        }

        internal async Task CheckAsync(string home, string when, int stopNextAt)
        {
            HomeState.AssertWhole(Scenario, home, _before, _after, when);
            if (stopNextAt > 0)
            {
                try
                {
                    await InstallScenario.RunNextAsync(Scenario.Environment(home, new FaultingFileOps
                    {
                        Operations = InstallScenario.ChangingCalls,
                        Fault = Fault.Stop,
                        At = stopNextAt,
                        Saves = false,
                    }));
                }
                catch (PluginMarketException)
                {
                    // Stopped.
                }

                HomeState.AssertWhole(Scenario, home, _before, _after, when + ", and the next command stopped too");
            }

            var next = await InstallScenario.RunNextAsync(Scenario.Environment(home, Quick));
            Assert.True(next.Status is "Updated" or "Unchanged", $"{when}: the next command failed: {next.Reason}");
            HomeState.AssertNoLitter(Scenario.Environment(home, Quick), when + ", after the next command");
            HomeState.AssertWhole(Scenario, home, _before, _after, when + ", after the next command");

            var again = await Scenario.RunAsync(Scenario.Environment(home, Quick));
            Assert.True(again.Status != "Failed" || (Scenario.Name == "uninstall"
                && again.Error == nameof(MarketErrorCode.PluginNotInstalled)), $"{when}: the second try failed: {again.Reason}");
            Assert.True(_after == HomeState.Read(Scenario, home),
                $"{when}: the second try ended with {HomeState.Read(Scenario, home)} instead of {_after}.");
            HomeState.AssertNoLitter(Scenario.Environment(home, Quick), when + ", after the second try");
            FileOps.Default.DeleteTreeNoFollow(home);
        }

        public void Dispose() => _scratch.Dispose();
    }
}
