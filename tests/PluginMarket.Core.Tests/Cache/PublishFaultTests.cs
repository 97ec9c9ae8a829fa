using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Stops or fails the work at each of its disk calls in turn: always the complete old or the complete new plugin, and no
/// litter after the next command.</summary>
[Trait("Category", "Slow")]
public sealed class PublishFaultTests
{
    private static readonly PluginId Id = PluginId.Parse("p@m");
    private static readonly int[] ErrorNumbers = [28, 1, 5, 13, 16, 23, 24, 26, 30, 122];

    private static bool IsExhaustive => Environment.GetEnvironmentVariable("PLUGINMARKET_EXHAUSTIVE") == "1";

    public static TheoryData<string, string?, string?, bool, Fault> Scenarios()
    {
        var data = new TheoryData<string, string?, string?, bool, Fault>();
        foreach (var fault in new[] { Fault.Stop, Fault.Fail })
        {
            foreach (var exchange in new[] { true, false })
            {
                data.Add("replace", "1.0.0", "1.0.0", exchange, fault);
            }

            data.Add("new", null, "1.0.0", true, fault);
            data.Add("upgrade", "1.0.0", "2.0.0", true, fault);
            data.Add("downgrade", "2.0.0", "1.0.0", true, fault);
            data.Add("to local", "2.0.0", "local", true, fault);
            data.Add("from local", "local", "2.0.0", true, fault);
            data.Add("uninstall", "1.0.0", null, true, fault);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_point_leaves_old_or_new_and_no_leftovers(string scenario, string? before, string? after, bool exchange, Fault fault)
    {
        var points = 0;
        for (var at = 1; ; at++)
        {
            using var scratch = new ScratchFolder();
            var clean = scratch.Environment(new FaultingFileOps { Saves = false, CanExchange = exchange });
            Arrange(clean, before);
            var old = State(clean);

            var files = new FaultingFileOps
            {
                Operations = Counted(scenario, fault),
                Saves = false,
                CanExchange = exchange,
                At = at,
                Fault = fault,
            };
            var completed = Attempt(clean with { Files = files }, after);
            var left = State(clean);
            Assert.True(left == old || left == Expected(after) || (!exchange && left == "nothing"),
                $"{scenario} at {at}: {left} ({Last(files)})");
            Assert.True(!completed || left == Expected(after), $"{scenario} at {at} completed with {left}");

            Recovery.Run(clean);
            AssertNoLitter(clean, scenario, at);
            var recovered = State(clean);
            Assert.True(recovered == old || recovered == Expected(after), $"{scenario} at {at}, recovered: {recovered} ({Last(files)})");
            Assert.True(fault == Fault.Stop || completed || recovered == old || after is null,
                $"{scenario} failed at {at} with {recovered} ({Last(files)})");

            var inventory = ScratchFolder.Inventory(clean.CodexHome);
            Recovery.Run(clean);
            Assert.Equal(inventory, ScratchFolder.Inventory(clean.CodexHome));

            Assert.True(Attempt(clean, after), $"{scenario} at {at}: the next run fails");
            Assert.Equal(Expected(after), State(clean));
            Assert.True(clean.Home.Cache.Versions(Id).Count == (after is null ? 0 : 1), $"{scenario} at {at}: old versions stay");
            AssertNoLitter(clean, scenario, at);
            if (files.Count < at)
            {
                break;
            }

            points++;
        }

        Assert.True(points >= 5, $"{scenario} has only {points} points");
    }

    [Theory]
    [InlineData("1.0.0", "1.0.0", true)]
    [InlineData("1.0.0", "1.0.0", false)]
    [InlineData("2.0.0", "1.0.0", true)]
    [InlineData("1.0.0", null, true)]
    public void Recovery_may_be_stopped_anywhere_too(string before, string? after, bool exchange)
    {
        for (var at = 1; ; at += IsExhaustive ? 1 : 3)
        {
            var stopped = false;
            for (var recoveryAt = 1; ; recoveryAt++)
            {
                using var scratch = new ScratchFolder();
                var clean = scratch.Environment(new FaultingFileOps { Saves = false, CanExchange = exchange });
                Arrange(clean, before);
                var old = State(clean);
                var first = new FaultingFileOps
                {
                    Operations = InstallScenario.ChangingCalls,
                    Saves = false,
                    CanExchange = exchange,
                    At = at,
                    Fault = Fault.Stop,
                };
                Attempt(clean with { Files = first }, after);
                stopped = first.Count >= at;
                var second = new FaultingFileOps
                {
                    Operations = InstallScenario.ChangingCalls,
                    Saves = false,
                    CanExchange = exchange,
                    At = recoveryAt,
                    Fault = Fault.Stop,
                };
                Recovery.Run(clean with { Files = second });
                Recovery.Run(clean);
                AssertNoLitter(clean, "recovery", at);
                var left = State(clean);
                Assert.True(left == old || left == Expected(after), $"at {at} and {recoveryAt}: {left}");
                if (second.Count < recoveryAt)
                {
                    break;
                }
            }

            if (!stopped)
            {
                break;
            }
        }
    }

    [Fact]
    public void Every_error_number_is_a_typed_error()
    {
        foreach (var (index, number) in ErrorNumbers.Index())
        {
            for (var at = 1 + index; ; at += IsExhaustive || index == 0 ? 1 : 9)
            {
                using var scratch = new ScratchFolder();
                var clean = scratch.Environment(new FaultingFileOps { Saves = false });
                var files = new FaultingFileOps { Saves = false, At = at, Failure = FaultingFileOps.ErrorNumber(number) };
                try
                {
                    Publish(clean with { Files = files }, "1.0.0");
                }
                catch (PluginMarketException e)
                {
                    var expected = number is 28 or 122 ? MarketErrorCode.DiskFull
                        : number is 16 or 26 ? MarketErrorCode.PluginInUse : MarketErrorCode.HomeNotWritable;
                    Assert.Equal(expected, e.Code);
                    Assert.Contains(number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        e.Message, StringComparison.Ordinal);
                    Assert.NotNull(e.Target);
                }

                if (files.Count < at)
                {
                    break;
                }
            }
        }
    }

    // Dying before a call that changes nothing leaves what dying before the next change leaves; that a look fails is another thing,
    // tried where most is checked.
    private static IReadOnlySet<string>? Counted(string scenario, Fault fault) =>
        fault == Fault.Stop ? InstallScenario.ChangingCalls
            : IsExhaustive || scenario is "replace" or "uninstall" ? null : InstallScenario.ChangingAndSyncingCalls;

    private static bool Attempt(MarketEnvironment environment, string? version)
    {
        try
        {
            if (version is null)
            {
                environment.Home.Cache.Remove(Id);
            }
            else
            {
                Publish(environment, version);
            }

            return true;
        }
        catch (Exception e) when (e is PluginMarketException or IOException)
        {
            return false;
        }
    }

    private static void Publish(MarketEnvironment environment, string version)
    {
        Recovery.Run(environment);
        using var staged = StagedTree.Create(environment);
        staged.Write(Tree("new"), TreeWriteOptions.Plugin(Limits.Default));
        staged.Sync();
        using var held = FileLock.TryAcquire(environment.Files, environment.Home.State.Layout.LockPath);
        Assert.NotNull(held);
        environment.Home.Cache.Publish(staged, Id, PluginVersion.Parse(version));
    }

    private static void Arrange(MarketEnvironment environment, string? version)
    {
        if (version is null)
        {
            return;
        }

        using var staged = StagedTree.Create(environment);
        staged.Write(Tree("old"), TreeWriteOptions.Plugin(Limits.Default));
        staged.Publish(environment.Home.Cache.Layout.VersionPath(Id, PluginVersion.Parse(version)));
    }

    private static MemoryTree Tree(string text) => new MemoryTree()
        .Add(".codex-plugin/plugin.json", text).Add("skills/a/SKILL.md", text).Add("run", text, executable: true).AddFolder("empty");

    private static string Expected(string? version) => version is null ? "nothing" : "new";

    // What Codex would load: a whole tree of one kind, or nothing.
    private static string State(MarketEnvironment environment)
    {
        if ((environment with { Files = FileOps.Default }).Home.Cache.ActivePath(Id) is not { } path)
        {
            return "nothing";
        }

        var digest = TreeDigest.Compute(FolderTree.Read(path, FileOps.Default, Limits.Default));
        return Directory.Exists(Path.Join(path, "empty")) && digest == TreeDigest.Compute(Tree("new")) ? "new"
            : Directory.Exists(Path.Join(path, "empty")) && digest == TreeDigest.Compute(Tree("old")) ? "old"
            : "torn: " + string.Join(", ", ScratchFolder.Inventory(path));
    }

    private static void AssertNoLitter(MarketEnvironment environment, string scenario, int at)
    {
        var state = environment.Home.State.Layout;
        var litter = Litter.AfterRecovery(environment,
            () => new[] { state.StagingPath, state.TrashPath, state.JournalPath }.SelectMany(ScratchFolder.Inventory)
                .Concat(Directory.Exists(state.CachePath)
                    ? Directory.GetDirectories(state.CachePath, "*", SearchOption.AllDirectories).Where(d =>
                        Path.GetFileName(d) != "empty" && Path.GetFileName(d) != "m" && !Directory.EnumerateFileSystemEntries(d).Any())
                    : []));
        Assert.True(litter.Count == 0, $"{scenario} at {at}: {string.Join(", ", litter)}");
    }

    private static string Last(FaultingFileOps files) => files.At <= files.Calls.Count ? files.Calls[files.At - 1] : "not reached";
}
