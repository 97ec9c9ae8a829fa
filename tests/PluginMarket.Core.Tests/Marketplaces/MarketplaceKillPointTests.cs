using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>Threat D1, D5, D6 for marketplaces: stop or fail each change at each disk call; snapshot and table are the old or the new ones,
/// and fit each other after the next command.</summary>
[Trait("Category", "Slow")]
public sealed class MarketplaceKillPointTests
{
    private static readonly int[] ErrorNumbers = [28, 5, 13, 30, 122, 24];

    public static TheoryData<string> Scenarios => [.. MarketplaceScenario.Names];

    private static bool IsExhaustive => Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1";

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_change_that_stops_before_any_disk_call_leaves_old_or_new_and_the_next_command_makes_them_fit(string name)
    {
        using var points = await Points.PrepareAsync(name, InstallScenario.ChangingCalls);
        foreach (var at in points.Chosen(1))
        {
            var home = points.Scenario.CopyHome("home");
            var files = new FaultingFileOps { Operations = InstallScenario.ChangingCalls, Fault = Fault.Stop, At = at, Saves = false };
            await points.Scenario.RunAsync(points.Scenario.Environment(home, files));
            Assert.True(files.Count >= at, $"{name}: there were only {files.Count} calls.");
            await points.CheckAsync(home, $"{name} stopped before call {at} ({files.Calls[at - 1]})", fits: false,
                stopNextAt: at % 2 == 0 ? 1 + (at / 2 % 9) : 0);
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_disk_call_that_fails_leaves_all_old_or_all_new_and_a_typed_error(string name)
    {
        var operations = IsExhaustive ? null : InstallScenario.ChangingAndSyncingCalls;
        using var points = await Points.PrepareAsync(name, operations);
        foreach (var at in points.Chosen(1))
        {
            var home = points.Scenario.CopyHome("home");
            var files = new FaultingFileOps
            {
                Operations = operations,
                Fault = Fault.Fail,
                At = at,
                Failure = FaultingFileOps.ErrorNumber(ErrorNumbers[at % ErrorNumbers.Length]),
                Saves = false,
            };
            await points.Scenario.RunAsync(points.Scenario.Environment(home, files));
            await points.CheckAsync(home,
                $"{name} with a failure at call {at} ({files.Calls.ElementAtOrDefault(at - 1)})", fits: true, stopNextAt: 0);
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_process_killed_before_a_disk_call_leaves_old_or_new_and_the_next_command_makes_them_fit(string name)
    {
        using var points = await Points.PrepareAsync(name, InstallScenario.ChangingCalls);
        foreach (var at in points.Chosen(IsExhaustive ? 1 : 8))
        {
            var home = points.Scenario.CopyHome("home");
            var end = await HarnessProcess.RunAsync("change", name, points.Scenario.HomePath, home,
                at.ToString(CultureInfo.InvariantCulture));
            Assert.True(end.Code == HarnessProcess.Killed, $"{name} at {at} ended with {end.Code}: {end.Output}");
            await points.CheckAsync(home, $"{name} killed before call {at}", fits: false, stopNextAt: 0);
        }
    }

    /// <summary>What Codex would make of a home, as far as a scenario changes it.</summary>
    private sealed record State(string? Table, string? Snapshot)
    {
        internal static State Read(MarketplaceScenario scenario, string codexHome)
        {
            var environment = scenario.Environment(codexHome);
            var table = ConfigurationLayers.Read(environment).FindMarketplace(MarketplaceScenario.Marketplace);
            var root = MarketplaceLocations.SnapshotPath(environment, MarketplaceName.Parse(MarketplaceScenario.Marketplace));
            return new State(
                table is null ? null : $"{table.SourceType} {table.Source} {table.Ref} {string.Join(',', table.SparsePaths)}",
                Directory.Exists(root)
                    ? TreeDigest.Compute(FolderTree.Read(root, environment.Files, TreeLimits.Marketplace(environment.Limits))) : null);
        }
    }

    /// <summary>A prepared scenario with the states before and after its change, and its disk calls.</summary>
    private sealed class Points : IDisposable
    {
        private readonly ScratchFolder _scratch = new();
        private State _before = null!;
        private State _after = null!;
        private IReadOnlyList<string> _calls = [];

        internal MarketplaceScenario Scenario { get; private set; } = null!;

        // A test that repeats a change a hundred times would spend its time waiting for the disk.
        private static FaultingFileOps Quick => new() { Saves = false };

        internal static async Task<Points> PrepareAsync(string name, IReadOnlySet<string>? operations)
        {
            var points = new Points();
            points.Scenario = await MarketplaceScenario.PrepareAsync(name, points._scratch);
            points._before = State.Read(points.Scenario, points.Scenario.Template);
            var finished = points.Scenario.CopyHome("finished");
            var files = new FaultingFileOps { Operations = operations, Saves = false };
            Assert.Null(await points.Scenario.RunAsync(points.Scenario.Environment(finished, files)));
            points._after = State.Read(points.Scenario, finished);
            points._calls = files.Calls;
            Assert.NotEqual(points._before, points._after);
            Assert.True(files.Count > 4, $"There were only {files.Count} calls.");
            return points;
        }

        /// <summary>The numbers of the calls to try, every so many of them: all where the run is exhaustive, else few of those
        /// that only fill the staging folder.</summary>
        internal IEnumerable<int> Chosen(int step) => Enumerable.Range(1, _calls.Count)
            .Where(at => IsExhaustive || at % 15 == 0 || !_calls[at - 1].Contains("staging", StringComparison.Ordinal))
            .Where((_, index) => index % step == 0);

        /// <param name="home">The home after the fault.</param>
        /// <param name="when">The fault, in words.</param>
        /// <param name="fits">Whether snapshot and table must fit each other at once, and not only after the next command.</param>
        /// <param name="stopNextAt">The call at which the next command stops too; 0 for none.</param>
        internal async Task CheckAsync(string home, string when, bool fits, int stopNextAt)
        {
            AssertWhole(home, when, fits);
            if (stopNextAt > 0)
            {
                await RunNextAsync(home,
                    new FaultingFileOps { Operations = InstallScenario.ChangingCalls, Fault = Fault.Stop, At = stopNextAt, Saves = false });
                AssertWhole(home, when + ", and the next command stopped too", fits: false);
            }

            var next = await RunNextAsync(home, Quick);
            Assert.True(next is null, $"{when}: the next command failed: {next}");
            AssertWhole(home, when + ", after the next command", fits: true);
            AssertNoLitter(Scenario.Environment(home, Quick), when + ", after the next command");

            var again = await Scenario.RunAsync(Scenario.Environment(home, Quick));
            Assert.True(again is null || (Scenario.Name == "marketplace-remove" && again.Code == MarketErrorCode.MarketplaceNotFound),
                $"{when}: the second try failed: {again?.Message}");
            Assert.True(_after == State.Read(Scenario, home),
                $"{when}: the second try ended with {State.Read(Scenario, home)} instead of {_after}.");
            AssertNoLitter(Scenario.Environment(home, Quick), when + ", after the second try");
            FileOps.Default.DeleteTreeNoFollow(home);
        }

        public void Dispose() => _scratch.Dispose();

        private async Task<string?> RunNextAsync(string home, FileOps files)
        {
            try
            {
                var result = await InstallScenario.RunNextAsync(Scenario.Environment(home, files));
                return result.Status is "Updated" or "Unchanged" ? null : result.Reason;
            }
            catch (PluginMarketException failure)
            {
                return failure.Message;
            }
        }

        private void AssertWhole(string home, string when, bool fits)
        {
            var now = State.Read(Scenario, home);
            Assert.True(now.Table == _before.Table || now.Table == _after.Table,
                $"{when}: the table is neither the old nor the new one: {now.Table}");
            Assert.True(now.Snapshot == _before.Snapshot || now.Snapshot == _after.Snapshot,
                $"{when}: the snapshot is neither the old nor the new one.");
            Assert.True(!fits || now == _before || now == _after,
                $"{when}: table and snapshot do not fit: {now}, before {_before}, after {_after}.");
            Assert.StartsWith("# kept\n[marketplaces.shop]\n", File.ReadAllText(Path.Join(home, "config.toml")), StringComparison.Ordinal);
            Assert.Subset(
                new HashSet<string> { MarketplaceScenario.Marketplace, ".staging.lock" },
                Directory.Exists(Path.Join(home, ".tmp/marketplaces"))
                    ? FileOps.Default.List(Path.Join(home, ".tmp/marketplaces")).ToHashSet() : []);
        }

        private static void AssertNoLitter(MarketEnvironment environment, string when)
        {
            var layout = new StateLayout(environment.CodexHome);
            var left = Litter.AfterRecovery(environment,
                () => new[] { layout.StagingPath, layout.TrashPath, layout.JournalPath, layout.MarketplaceNotesPath }
                    .Where(Directory.Exists)
                    .SelectMany(Directory.EnumerateFileSystemEntries)
                    .Concat(Directory.EnumerateFiles(environment.CodexHome, "*.tmp", SearchOption.AllDirectories)));
            Assert.True(left.Count == 0, $"{when}: these are left: {string.Join(", ", left)}");
        }
    }
}
