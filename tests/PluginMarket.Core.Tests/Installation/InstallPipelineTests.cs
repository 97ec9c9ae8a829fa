using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Installation;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Many plugins in one command: as many as are staged by then are saved, published and enabled together, and each of them is
/// the old one or the new one whenever the command ends.</summary>
[Trait("Category", "Slow")]
public sealed class InstallPipelineTests
{
    private const int Plugins = 12;

    private static readonly string[] Names = [.. Enumerable.Range(0, Plugins).Select(number => $"p{number}")];

    [Fact]
    public async Task What_is_staged_while_others_are_saved_is_saved_and_enabled_together()
    {
        using var shop = Shop();
        var staged = new CountdownEvent(Plugins);
        var files = new FaultingFileOps
        {
            Watch = (operation, path) =>
            {
                if (operation == "create" && path.EndsWith("/tree/.codex-plugin/plugin.json", StringComparison.Ordinal))
                {
                    staged.Signal();
                }
                else if (operation == "sync-volume")
                {
                    staged.Wait(TimeSpan.FromMinutes(1));
                }
            },
        };
        Assert.SkipWhen(files.TryOpenVolume(shop.CodexHome) is null, "The file system does not save a volume in one call.");

        var results = await InstallAsync(shop, files);

        Assert.Equal(Names.Order(StringComparer.Ordinal), results.Select(result => result.Name).Order(StringComparer.Ordinal));
        Assert.All(results, result => Assert.Equal("Installed", result.Status));
        var calls = files.Calls.ToList();
        Assert.InRange(calls.Count(call => call == $"rename {Path.Join(shop.CodexHome, "config.toml")}"), 1, Plugins / 2);
        Assert.InRange(calls.Count(IsSave), 2, Plugins);
        Assert.DoesNotContain(calls, call => call.StartsWith("fsync ", StringComparison.Ordinal)
            && call.Contains("/tree/", StringComparison.Ordinal));
    }

    /// <summary>A power cut keeps what was saved (threat D16).</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_plugin_is_saved_before_it_gets_its_name_and_named_before_it_is_enabled(bool canSaveVolume)
    {
        using var shop = Shop();
        var files = new FaultingFileOps { CanSaveVolume = canSaveVolume };
        await InstallAsync(shop, files);

        var calls = files.Calls.ToList();
        var isSavedAtOnce = calls.Exists(IsSave);
        var configurations = Enumerable.Range(0, calls.Count)
            .Where(at => calls[at] == $"rename {Path.Join(shop.CodexHome, "config.toml")}").ToList();
        foreach (var name in Names)
        {
            var published = calls.FindIndex(call => call.StartsWith("rename-noreplace ", StringComparison.Ordinal)
                && call.EndsWith($"/cache/shop/{name}", StringComparison.Ordinal));
            Assert.True(published > 0, name);

            // The step before puts the tree into the folder that gets the name.
            var folder = calls.FindLastIndex(published, call => call.StartsWith("rename-noreplace ", StringComparison.Ordinal)
                && call.EndsWith("/parent/local", StringComparison.Ordinal));
            var staging = calls[folder][17..^"/parent/local".Length];
            var written = calls.FindLastIndex(published, call => call.StartsWith($"write {staging}/tree/", StringComparison.Ordinal));
            var saved = isSavedAtOnce ? calls.FindIndex(written, IsSave)
                : calls.FindIndex(written, call => call == $"fsync-folder {staging}/tree");
            Assert.InRange(saved, written + 1, published - 1);

            var recorded = calls.FindIndex(published, call => call == $"rename {shop.Layout.ReceiptPath(PluginId.Parse($"{name}@shop"))}");
            var turnedOn = configurations.Find(at => at > published);
            Assert.InRange(recorded, published + 1, turnedOn - 1);
            Assert.True(!isSavedAtOnce || calls.FindIndex(published, IsSave) < turnedOn, name);
        }
    }

    [Fact]
    public async Task What_could_not_be_saved_is_said_of_everything_that_was_staged_by_then()
    {
        using var shop = Shop();
        var files = new FaultingFileOps { Operations = new HashSet<string>(["sync-volume"]), At = 1 };
        Assert.SkipWhen(files.TryOpenVolume(shop.CodexHome) is null, "The file system does not save a volume in one call.");

        var results = await InstallAsync(shop, files);

        Assert.Equal(Plugins, results.Count);
        Assert.All(results, result => Assert.Equal("DiskFull", result.Error));
        Assert.False(Directory.Exists(shop.Layout.CachePath) && Directory.EnumerateFileSystemEntries(shop.Layout.CachePath).Any());
        Assert.DoesNotContain("[plugins", shop.Config, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Layout.State.StagingPath));
    }

    [Fact]
    public async Task A_plugin_that_fails_stops_no_other_and_all_unchanged_ones_write_nothing()
    {
        using var shop = Shop();
        File.WriteAllText(shop.Scratch["shop/p3/.codex-plugin/plugin.json"], "{");
        shop.Environment = shop.Environment with { Time = new Later() };

        var results = await InstallAsync(shop, new FaultingFileOps { Saves = false });

        Assert.Equal("p3", Assert.Single(results, result => result.Status != "Installed").Name);
        var idle = new FaultingFileOps { Saves = false };
        results = await InstallAsync(shop, idle, request => request with { Intent = new InstallIntent.Install() }, name => name != "p3");
        Assert.All(results, result => Assert.Equal("Unchanged", result.Status));
        Assert.DoesNotContain(idle.Calls, call => InstallScenario.ChangingAndSyncingCalls.Contains(call.Split(' ')[0]));
    }

    [Fact]
    public async Task Who_stops_reading_gets_no_more_and_nothing_is_left_behind()
    {
        using var shop = Shop();
        var installer = new PluginInstaller(shop.Environment);
        var plan = await installer.PlanAsync(Request(_ => true));
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            Assert.Equal("Installed", result.Status);
            break;
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Layout.State.StagingPath));
        var layers = ConfigurationLayers.Read(shop.Environment with { });
        Assert.All(Digests(shop.Environment with { }).Keys, id => Assert.True(layers.FindPlugin(id)?.UserEnabled, $"{id} is not enabled."));
        Assert.All(await InstallAsync(shop, new FaultingFileOps()), result => Assert.True(result.Error is null, result.Reason));
    }

    [Theory]
    [InlineData(false, Fault.Stop)]
    [InlineData(true, Fault.Stop)]
    [InlineData(false, Fault.Fail)]
    [InlineData(true, Fault.Fail)]
    public async Task Ended_at_any_of_forty_points_each_plugin_is_the_old_or_the_new_one(bool isReplaced, Fault fault)
    {
        using var shop = Shop();
        if (isReplaced)
        {
            await InstallAsync(shop, new FaultingFileOps { Saves = false });
        }

        var template = shop.CodexHome;
        var before = Digests(shop.Environment with { });
        foreach (var name in Names)
        {
            shop.Plugin(name, "2.0.0", "second");
        }

        var operations = fault == Fault.Stop ? InstallScenario.ChangingCalls
            : new HashSet<string>(InstallScenario.ChangingAndSyncingCalls) { "sync-volume" };
        var whole = new FaultingFileOps { Operations = operations, Saves = false };
        var finished = At(shop, template, "whole", whole);
        await RunAsync(finished);
        var after = Digests(finished with { Files = new FaultingFileOps { Saves = false } });
        Assert.Equal(Plugins, after.Count);
        for (var point = 0; point < 40; point++)
        {
            var environment = At(shop, template, $"killed{point}", new FaultingFileOps
            {
                Operations = operations,
                Saves = false,
                Fault = fault,
                At = 1 + (point * whole.Count / 40),
            });
            var results = new List<PluginOperationResult>();
            await Record.ExceptionAsync(async () => results.AddRange(await RunAsync(environment)));

            var next = environment with { Files = new FaultingFileOps { Saves = false } };
            foreach (var (name, digest) in Digests(next))
            {
                Assert.True(digest == before.GetValueOrDefault(name) || digest == after[name], $"{point}: {name} is neither old nor new.");
            }

            var layers = ConfigurationLayers.Read(next);
            foreach (var done in results.Where(result => result.Error is null))
            {
                Assert.Equal(after[done.Id], Digests(next)[done.Id]);
                Assert.Equal(after[done.Id], next.Home.Receipts.Find(PluginId.Parse(done.Id))?.TreeHash);
                Assert.True(layers.FindPlugin(done.Id)?.UserEnabled, $"{point}: {done.Id} is not on.");
            }

            Assert.All(layers.Plugins.Where(plugin => plugin.UserEnabled == true),
                plugin => Assert.Contains(plugin.Id, Digests(next).Keys));
            await RunAsync(next);
            Assert.Equal(after, Digests(next with { }));
            Assert.Empty(Directory.EnumerateFileSystemEntries(next.Home.State.Layout.StagingPath));
            Directory.Delete(environment.CodexHome, recursive: true);
        }

        static async Task<List<PluginOperationResult>> RunAsync(MarketEnvironment environment)
        {
            var installer = new PluginInstaller(environment);
            var plan = await installer.PlanAsync(Request(_ => true));
            return await installer.ExecuteAsync(plan, plan.Items).ToListAsync();
        }
    }

    private static bool IsSave(string call) => call.StartsWith("sync-volume ", StringComparison.Ordinal);

    private static TestShop Shop()
    {
        var shop = new TestShop().Listing(Names);
        foreach (var name in Names)
        {
            shop.Plugin(name);
        }

        return shop;
    }

    private static InstallRequest Request(Func<string, bool> only) => new()
    {
        References = [.. Names.Where(only).Select(name => PluginReference.Parse($"{name}@shop"))],
        Intent = new InstallIntent.Install { Replace = true },
        AcceptCapability = ["All"],
    };

    private static Task<IReadOnlyList<PluginOperationResult>> InstallAsync(TestShop shop, FaultingFileOps files,
        Func<InstallRequest, InstallRequest>? change = null, Func<string, bool>? only = null)
    {
        shop.Environment = shop.Environment with { Files = files };
        var request = Request(only ?? (_ => true));
        return shop.InstallAllAsync(change is null ? request : change(request));
    }

    private static MarketEnvironment At(TestShop shop, string template, string name, FaultingFileOps files)
    {
        var home = shop.Scratch[$"homes/{name}/.codex"];
        InstallScenario.CopyFolder(template, home);
        return shop.Environment with { CodexHome = home, Files = files };
    }

    private static Dictionary<string, string> Digests(MarketEnvironment environment) =>
        environment.Home.Cache.AllPlugins().ToDictionary(plugin => plugin.Id.ToString(), plugin => TreeDigest.Compute(FolderTree.Read(
            environment.Home.Cache.Layout.VersionPath(plugin.Id, plugin.Active), environment.Files, environment.Limits)));

    // Files that were written just now have no stamp: the clock has to go on.
    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromMinutes(1);
    }
}
