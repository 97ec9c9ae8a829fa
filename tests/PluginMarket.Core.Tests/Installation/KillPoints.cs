using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>A prepared scenario with the states before and after its change.</summary>
internal sealed class KillPoints : IDisposable
{
    /// <summary>Whether each call is tried, which takes hours.</summary>
    internal static bool IsExhaustive => Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1";

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
