using System.Text;
using PluginMarket.Fleet;
using PluginMarket.Inventory;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>In which order a state is applied: everything is fetched and staged before anything is published; several homes fetch
/// once.</summary>
[Trait("Category", "Slow")]
public sealed class SyncOrderTests
{
    [Fact]
    public async Task Everything_is_staged_before_the_first_plugin_is_published()
    {
        using var shop = Shop(8);
        var files = new FaultingFileOps();
        var environment = shop.Environment with { Files = files };

        var items = await ApplyAsync(environment, Parse(shop, State(8)));

        Assert.Equal(8, items.Count(item => item.Status == "Installed"));
        var calls = files.Calls.ToList();
        var lastStaged = calls.FindLastIndex(call => call.StartsWith("create ", StringComparison.Ordinal)
            && call.Contains("/staging/", StringComparison.Ordinal) && call.Contains("/tree/", StringComparison.Ordinal));
        var firstPublished = calls.FindIndex(call => call.StartsWith("rename-noreplace ", StringComparison.Ordinal)
            && call.Contains("/plugins/cache/", StringComparison.Ordinal));
        Assert.InRange(lastStaged, 1, firstPublished - 1);

        // The marketplace, and then all plugins in one change.
        Assert.Equal(2, calls.Count(call => call == $"rename {Path.Join(shop.CodexHome, "config.toml")}"));
    }

    [Fact]
    public async Task One_home_waits_for_the_disk_once_for_all_that_is_staged_and_once_for_all_that_is_published()
    {
        using var shop = Shop(8);
        var files = new FaultingFileOps();
        var environment = shop.Environment with { Files = files };
        Assert.SkipWhen(files.TryOpenVolume(shop.CodexHome) is null, "The file system does not save a volume in one call.");

        await ApplyAsync(environment, Parse(shop, State(8)));

        Assert.Equal(2, files.Calls.Count(call => call.StartsWith("sync-volume ", StringComparison.Ordinal)));

        // The receipt of each plugin, and what the home has once.
        Assert.InRange(files.Calls.Count(call => call.StartsWith("fsync", StringComparison.Ordinal)), 8, 8 + 24);
    }

    [Fact]
    public async Task A_plugin_that_cannot_be_had_stops_no_other()
    {
        using var shop = Shop(3);
        shop.Catalog("""{"name":"p0","source":"./p0"}""", """{"name":"p1","source":"./gone"}""", """{"name":"p2","source":"./p2"}""");
        var items = await ApplyAsync(shop.Environment with { }, Parse(shop, State(3)));

        Assert.Equal(["p1@shop SourceUnreachable"], items.Where(item => item.Error is not null).Select(item => $"{item.Id} {item.Error}"));
        Assert.Equal(["p0@shop", "p2@shop"],
            new CollectInventory(shop.Environment).Collect().Plugins.Where(plugin => plugin.IsInstalled).Select(plugin => plugin.Id));
    }

    [Fact]
    public async Task A_disk_that_cannot_save_what_was_staged_leaves_the_plugins_as_they_were()
    {
        using var shop = Shop(3);
        await ApplyAsync(shop.Environment with { }, Parse(shop, """{"id":"p0@shop"}"""));
        var before = shop.Config;
        var files = new FaultingFileOps { Operations = new HashSet<string>(["sync-volume"]), At = 1 };
        Assert.SkipWhen(files.TryOpenVolume(shop.CodexHome) is null, "The file system does not save a volume in one call.");

        var items = await ApplyAsync(shop.Environment with { Files = files }, Parse(shop, State(3)));

        Assert.Equal(["p1@shop DiskFull", "p2@shop DiskFull"],
            items.Where(item => item.Error is not null).Select(item => $"{item.Id} {item.Error}").Order(StringComparer.Ordinal));
        Assert.Equal(before, shop.Config);
        Assert.Equal(["p0@shop"], new CollectInventory(shop.Environment with { }).Collect().Plugins.Select(plugin => plugin.Id));
    }

    [Fact]
    public async Task Several_homes_fetch_a_marketplace_and_its_plugins_once()
    {
        using var shop = Shop(0);
        var plugin = GitRepository.Create(shop.Scratch["plugin"], new Dictionary<string, string>
        {
            [".codex-plugin/plugin.json"] = """{"name":"far","version":"1.0.0"}""",
            ["skills/a/SKILL.md"] = "---\nname: a\ndescription: b\n---\n",
        });
        var market = GitRepository.Create(shop.Scratch["market"], new Dictionary<string, string>
        {
            [".agents/plugins/marketplace.json"] = $$$"""
                {"name":"tools","plugins":[{"name":"near","source":"./near"},
                  {"name":"far","source":{"source":"url","url":"{{{plugin.FileUrl}}}"}}]}
                """,
            ["near/.codex-plugin/plugin.json"] = """{"name":"near","version":"1.0.0"}""",
        });
        var state = Parse(shop, """{"id":"near@tools"},{"id":"far@tools","version":"1.0.0"}""",
            $$"""{"tools":{"source":"{{market.FileUrl}}"} }""");
        var shared = new SharedSources(shop.Environment, GitOptions.Default);
        await using (shared)
        {
            foreach (var name in new[] { "one", "two", "three" })
            {
                var home = shop.Environment with { CodexHome = shop.Scratch.MakeFolder($"homes/{name}/.codex") };
                var items = await ApplyAsync(home, state, shared);

                Assert.All(items, item => Assert.Null(item.Error));
                Assert.Equal(["far@tools", "near@tools"],
                    new CollectInventory(home with { }).Collect().Plugins.Where(found => found.IsInstalled).Select(found => found.Id));
                Assert.Empty(new SyncRun(home with { }, new SyncRequest(state)).Plan().Changes);

                // Who asks again finds nobody.
                Hide(market);
                Hide(plugin);
            }
        }

        static void Hide(GitRepository repository)
        {
            if (Directory.Exists(repository.Folder))
            {
                Directory.Move(repository.Folder, repository.Folder + "-away");
            }
        }
    }

    [Fact]
    public async Task A_held_plugin_keeps_its_hold_where_its_replacement_cannot_be_had()
    {
        using var shop = Shop(2);
        await ApplyAsync(shop.Environment with { }, Parse(shop, """{"id":"p0@shop","hold":"CHG-1"},{"id":"p1@shop"}"""));
        shop.Plugin("p0", "2.0.0", "second").Plugin("p1", "2.0.0", "second");

        var failed = await ApplyAsync(shop.Environment with { },
            Parse(shop, """{"id":"p0@shop","version":"3.0.0","hold":"CHG-2"},{"id":"p1@shop","version":"2.0.0"}"""));
        Assert.Equal(("Failed", "VersionNotFound"), failed.Single(item => item is { Id: "p0@shop", Planned: "Update" }) is var update
            ? (update.Status, update.Error) : default);
        Assert.Equal("CHG-1", (shop.Environment with { }).Home.Holds.Find(PluginId.Parse("p0@shop"))?.Note);

        var done = await ApplyAsync(shop.Environment with { },
            Parse(shop, """{"id":"p0@shop","version":"2.0.0","hold":"CHG-2"},{"id":"p1@shop","version":"2.0.0"}"""));
        Assert.All(done, item => Assert.Null(item.Error));
        Assert.Equal("CHG-2", (shop.Environment with { }).Home.Holds.Find(PluginId.Parse("p0@shop"))?.Note);
        Assert.Equal("2.0.0", new CollectInventory(shop.Environment with { }).Collect().Plugins[0].Version);
    }

    private static TestShop Shop(int plugins)
    {
        string[] names = [.. Enumerable.Range(0, plugins).Select(number => $"p{number}")];
        var shop = new TestShop(isRegistered: false).Listing(names);
        foreach (var name in names)
        {
            shop.Plugin(name, text: $"about {name}");
        }

        return shop;
    }

    // Each version is a condition of its own, so that no two plugins are one request.
    private static string State(int plugins) => string.Join(',', Enumerable.Range(0, plugins).Select(number => number % 2 == 0
        ? $$"""{"id":"p{{number}}@shop"}""" : $$"""{"id":"p{{number}}@shop","version":"1.0.0"}"""));

    private static DesiredState Parse(TestShop shop, string plugins, string marketplaces = """{"shop":{"source":"./shop"} }""") =>
        DesiredStateFile.Parse(shop.Environment, Encoding.UTF8.GetBytes(
            $$"""{"format":1,"id":"dev","revision":"1","marketplaces":{{marketplaces}},"plugins":[{{plugins}}]}"""), "state.json",
            shop.Scratch.Path);

    private static async Task<List<PluginSyncItem>> ApplyAsync(MarketEnvironment environment, DesiredState state,
        SharedSources? shared = null)
    {
        var run = new SyncRun(environment, new SyncRequest(state) { Shared = shared });
        var items = new List<PluginSyncItem>();
        await foreach (var item in run.ExecuteAsync(run.Plan(), _ => true))
        {
            items.Add(item);
        }

        return items;
    }
}
