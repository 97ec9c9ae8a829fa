using System.Text;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Many homes and many ways to differ: what is planned, what is done, and what is never done.</summary>
[Trait("Category", "Slow")]
public sealed class SyncProofTests
{
    private static readonly string[] Ways = ["delete", "edit", "add", "other version", "disable", "key gone", "cache gone", "uninstalled",
        "held", "receipt gone"];

    private static readonly IReadOnlySet<string> Locking = new HashSet<string>(StringComparer.Ordinal) { "open-lock", "lock" };

    [Fact]
    public async Task Fifty_homes_that_differ_in_up_to_four_ways_are_told_and_repaired_exactly()
    {
        var random = new Random(20261130);
        using var shop = Shop("a", "b", "c", "d", "x");
        var state = State(["a", "b", "c", "d"], ""","unlisted":"remove" """);
        var options = new SyncOptions { RemoveUnlisted = true };
        await ApplyAsync(shop, state, options);
        for (var seed = 0; seed < 50; seed++)
        {
            var expected = new List<string>();
            foreach (var name in "abcd".OrderBy(_ => random.Next()).Take(random.Next(1, 4)))
            {
                expected.Add($"{await PerturbAsync(shop, $"{name}", Ways[random.Next(Ways.Length)])} {name}@shop");
            }

            if (random.Next(3) == 0)
            {
                await shop.InstallAsync("x@shop");
                expected.Add("Uninstall x@shop");
            }

            var sync = Sync(shop, state, options);
            var plan = sync.Plan();
            var drift = Drift(shop, state);
            var preview = await sync.PreviewAsync(plan).ToListAsync();
            var items = await ApplyAsync(shop, state, options);

            Assert.Equal(Sorted(expected), Sorted(plan.Changes.Select(step => $"{step.Operation} {step.Subject}")));
            Assert.Equal(Sorted(expected.Select(text => text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..])),
                Sorted(drift.Select(found => found.Subject).Distinct()));
            Assert.Equal(Sorted(expected), Sorted(preview.Where(item => item.Status == "WhatIf").Select(Step)));
            Assert.Equal(Sorted(expected), Sorted(items.Where(item => item.IsChange).Select(Step)));
            Assert.Empty(Drift(shop, state));
            Assert.All(await ApplyAsync(shop, state, options), item => Assert.Equal("Unchanged", item.Status));
        }
    }

    [Fact]
    public async Task What_is_exported_of_thirty_homes_changes_nothing_there()
    {
        var random = new Random(15);
        using var shop = Shop("a", "b", "c");
        for (var number = 0; number < 30; number++)
        {
            var plugins = "abc".Where(_ => random.Next(4) > 0).Select(name => $"{{\"id\":\"{name}@shop\""
                + (random.Next(3) == 0 ? ",\"enabled\":false" : "") + (random.Next(3) == 0 ? $",\"hold\":\"note {number}\"" : "") + "}").ToList();
            await ApplyAsync(shop, Document(plugins, plugins.Count == 0 ? "" : ""","unlisted":"remove" """),
                new SyncOptions { RemoveUnlisted = true });

            var pin = new[] { StatePin.None, StatePin.Version, StatePin.Digest }[number % 3];
            var (utf8, count, failures) = new DesiredStateWriter(Fresh(shop)).Make([], pin, "mine");
            var items = await ApplyAsync(shop, Encoding.UTF8.GetString(utf8));

            Assert.Empty(failures);
            Assert.Equal(new CollectInventory(Fresh(shop)).Collect().Plugins.Length, count);
            Assert.All(items, item => Assert.Equal(("None", "Unchanged"), (item.Planned, item.Status)));
        }
    }

    [Fact]
    public async Task A_check_and_a_second_run_write_nothing_in_the_home()
    {
        using var shop = Shop("a", "b", "c");
        var state = State(["a", "b", "c"], "");
        await ApplyAsync(shop, state);
        var idle = new FaultingFileOps { Saves = false };
        var again = Sync(shop, state, files: idle);
        Assert.All(await again.ExecuteAsync(again.Plan(), _ => true).ToListAsync(), item => Assert.Equal("Unchanged", item.Status));
        Assert.Empty(Written(idle, shop));

        foreach (var (name, way) in "abc".Zip(["edit", "disable", "uninstalled"]))
        {
            await PerturbAsync(shop, $"{name}", way);
        }

        var checking = new FaultingFileOps { Saves = false };
        var check = Sync(shop, state, files: checking);
        var items = await check.PreviewAsync(check.Plan()).ToListAsync();

        Assert.Equal(["Update a@shop", "Enable b@shop", "Install c@shop"],
            items.Where(item => item.Status == "WhatIf").OrderBy(item => item.Id, StringComparer.Ordinal).Select(Step));
        Assert.Empty(Written(checking, shop));
    }

    [Fact]
    public async Task A_second_run_makes_at_most_a_tenth_of_the_disk_calls_and_reads_no_plugin()
    {
        string[] names = [.. Enumerable.Range(0, 20).Select(number => $"p{number}")];
        using var shop = Shop(names);
        foreach (var name in names)
        {
            for (var skill = 0; skill < 6; skill++)
            {
                shop.Scratch.Write($"shop/{name}/skills/s{skill}/SKILL.md", $"---\nname: s{skill}\ndescription: about {name}\n---\n");
            }
        }

        var (first, second) = (new FaultingFileOps { Saves = false }, new FaultingFileOps { Saves = false });
        foreach (var files in new[] { first, second })
        {
            var sync = Sync(shop, State(names, ""), files: files);
            var items = await sync.ExecuteAsync(sync.Plan(), _ => true).ToListAsync();
            Assert.All(items, item => Assert.Null(item.Error));
            Assert.Equal(files == second ? 0 : 21, items.Count(item => item.IsChange));
        }

        Assert.InRange(second.Count, 1, first.Count / 10);
        Assert.DoesNotContain(second.Calls, call => call.StartsWith("open ", StringComparison.Ordinal)
            && (call.Contains("/shop/p", StringComparison.Ordinal) && !call.Contains("/receipts/", StringComparison.Ordinal)));
        Assert.Empty(Written(second, shop));
    }

    [Fact]
    public async Task A_run_that_is_killed_at_any_of_sixty_points_removes_nothing_that_stays_and_nothing_too_early()
    {
        using var shop = Shop("keep", "change", "new", "old", "older", "mine");
        await ApplyAsync(shop, State(["keep", "change", "old", "older", "mine"], ""));
        shop.Plugin("change", "2.0.0", "changed");
        var state = Document(["""{"id":"keep@shop"}""", """{"id":"change@shop","version":"2.0.0"}""", """{"id":"new@shop"}"""],
            ""","unlisted":"remove","protect":["mine@*"]""");
        var options = new SyncOptions { RemoveUnlisted = true };
        var template = shop.Environment.CodexHome;
        var whole = new FaultingFileOps { Operations = InstallScenario.ChangingCalls, Saves = false };
        await RunAsync(At(shop, template, "whole", whole), shop, state, options);
        Assert.InRange(whole.Count, 60, 100_000);

        for (var point = 0; point < 60; point++)
        {
            var files = new FaultingFileOps
            {
                Operations = InstallScenario.ChangingCalls,
                Saves = false,
                Fault = Fault.Stop,
                At = 1 + (point * whole.Count / 60),
            };
            var environment = At(shop, template, $"killed{point}", files);
            await Record.ExceptionAsync(() => RunAsync(environment, shop, state, options));

            var next = environment with { Files = new FaultingFileOps { Saves = false } };
            var left = new CollectInventory(next).Demand(withCapabilities: false).Plugins;
            var ids = left.Where(plugin => plugin.IsInstalled).Select(plugin => plugin.Id).ToHashSet(StringComparer.Ordinal);
            Assert.True(ids.IsSupersetOf(["keep@shop", "change@shop", "mine@shop"]), $"{point}: {string.Join(' ', ids)}");
            var isPublished = ids.Contains("new@shop") && left.Single(plugin => plugin.Id == "change@shop").Version == "2.0.0";
            Assert.True(isPublished || ids.IsSupersetOf(["old@shop", "older@shop"]), $"{point}: {string.Join(' ', ids)}");
            if (point % 6 == 0)
            {
                await RunAsync(next, shop, state, options);
                Assert.Empty(new SyncRun(next with { }, Request(next, shop, state, options)).Plan().Changes);
            }

            Directory.Delete(environment.CodexHome, recursive: true);
        }
    }

    [Fact]
    public async Task Adding_only_removes_nothing_and_gives_the_installer_s_results()
    {
        using var shop = Shop("a", "b", "c");
        await ApplyAsync(shop, State(["a", "b"], ""));
        var state = Document(["""{"id":"a@shop","exist":false}""", """{"id":"c@shop","hold":"CHG-1"}"""], ""","unlisted":"remove" """);

        var items = await ApplyAsync(shop, state, new SyncOptions { AddsOnly = true, RemoveUnlisted = true });

        Assert.Equal(["a@shop", "b@shop", "c@shop"], new CollectInventory(Fresh(shop)).Collect().Plugins.Select(plugin => plugin.Id));
        Assert.Equal(["a@shop Install Skipped AddsOnly", "c@shop Hold Unchanged FolderRenamed", "c@shop Install Installed "],
            Sorted(items.Where(item => item.Id is "a@shop" or "c@shop").Select(item => item.ToResult())
                .Select(result => $"{result.Id} {result.Action} {result.Status} {result.ReasonCode}")));
        Assert.Equal("1.0.0", items.Single(item => item.Planned == "Install").ToResult().Version);
    }

    [Fact]
    public async Task A_home_reports_what_the_last_state_changed_until_another_run_changes_something()
    {
        using var shop = Shop("a", "b");
        var state = State(["a", "b", "gone"], "");

        await ApplyAsync(shop, state);
        await ApplyAsync(shop, state);

        Assert.Equal(["AddMarketplace shop Changed ", "Install a@shop Installed ", "Install b@shop Installed ", "Install gone@shop Failed PluginNotFound"],
            Sorted(new CollectInventory(Fresh(shop)).Collect().Results.Select(one => $"{one.Planned} {one.Id} {one.Status} {one.Error}")));
        await PerturbAsync(shop, "a", "disable");
        await ApplyAsync(shop, state);
        Assert.Equal(["Enable a@shop Changed ", "Install gone@shop Failed PluginNotFound"],
            Sorted(new CollectInventory(Fresh(shop)).Collect().Results.Select(one => $"{one.Planned} {one.Id} {one.Status} {one.Error}")));
    }

    private static TestShop Shop(params string[] names)
    {
        var shop = new TestShop(isRegistered: false).Listing(names);
        foreach (var name in names)
        {
            shop.Plugin(name, text: $"about {name}");
        }

        return shop;
    }

    private static string State(string[] names, string more) =>
        Document(names.Select(name => $$"""{"id":"{{name}}@shop","version":"1.0.0"}"""), more);

    private static string Document(IEnumerable<string> plugins, string more) => $$"""
        {"format":1,"id":"dev","revision":"1","marketplaces":{"shop":{"source":"./shop"} },"plugins":[{{string.Join(',', plugins)}}]{{more}} }
        """;

    // Makes a plugin differ, and says what would repair it.
    private static async Task<string> PerturbAsync(TestShop shop, string name, string way)
    {
        var reference = PluginReference.Parse($"{name}@shop");
        var id = PluginId.Parse($"{name}@shop");
        var skill = Path.Join(Fresh(shop).Home.Cache.ActivePath(id), "skills/a/SKILL.md");
        switch (way)
        {
            case "delete":
                File.Delete(skill);
                return "Update";
            case "edit":
                File.AppendAllText(skill, "evil");
                return "Update";
            case "add":
                File.WriteAllText(skill + ".txt", "x");
                return "Update";
            case "other version":
                shop.Plugin(name, "0.9.0", "old");
                await shop.InstallAsync(id.ToString(), request => request with
                {
                    AllowDowngrade = true,
                    Intent = new InstallIntent.Install { Replace = true },
                });
                shop.Plugin(name, text: $"about {name}");
                return "Update";
            case "disable":
                await new PluginActivation(Fresh(shop)).SetEnabledAsync(reference, false);
                return "Enable";
            case "key gone":
                shop.WriteConfig(shop.Config.Replace($"[plugins.\"{id}\"]\nenabled = true\n", "", StringComparison.Ordinal));
                return "Install";
            case "cache gone":
                Directory.Delete(shop.Layout.PluginPath(id), recursive: true);
                return "Install";
            case "uninstalled":
                await new PluginUninstaller(Fresh(shop)).UninstallAsync(reference);
                return "Install";
            case "held":
                await new HoldPlugin(Fresh(shop)).HoldAsync(reference, "mine");
                return "Release";
            default:
                File.Delete(shop.Layout.ReceiptPath(id));
                return "Update";
        }
    }

    private static string Step(PluginSyncItem item) => $"{item.Planned} {item.Id}";

    private static IEnumerable<string> Sorted(IEnumerable<string> texts) => texts.Order(StringComparer.Ordinal);

    // Locking is how a run finds that it has nothing to do.
    private static IEnumerable<string> Written(FaultingFileOps files, TestShop shop) => files.Calls.Where(call =>
        InstallScenario.ChangingAndSyncingCalls.Except(Locking).Contains(call.Split(' ')[0])
        && call.Contains(shop.CodexHome, StringComparison.Ordinal));

    private static MarketEnvironment At(TestShop shop, string template, string name, FaultingFileOps files)
    {
        var home = shop.Scratch[$"homes/{name}/.codex"];
        InstallScenario.CopyFolder(template, home);
        return shop.Environment with { CodexHome = home, Files = files };
    }

    // As another process would see the home.
    private static MarketEnvironment Fresh(TestShop shop) => shop.Environment with { };

    private static SyncRequest Request(MarketEnvironment environment, TestShop shop, string json, SyncOptions? options) =>
        new(DesiredStateFile.Parse(environment, Encoding.UTF8.GetBytes(json), "state.json", shop.Scratch.Path))
        {
            Options = options ?? new SyncOptions(),
        };

    private static SyncRun Sync(TestShop shop, string json, SyncOptions? options = null, FaultingFileOps? files = null)
    {
        var environment = files is null ? Fresh(shop) : shop.Environment with { Files = files };
        return new SyncRun(environment, Request(environment, shop, json, options));
    }

    private static async Task<List<PluginSyncItem>> ApplyAsync(TestShop shop, string json, SyncOptions? options = null)
    {
        var sync = Sync(shop, json, options);
        return await sync.ExecuteAsync(sync.Plan(), _ => true).ToListAsync();
    }

    private static async Task RunAsync(MarketEnvironment environment, TestShop shop, string json, SyncOptions options)
    {
        var sync = new SyncRun(environment, Request(environment, shop, json, options));
        await sync.ExecuteAsync(sync.Plan(), _ => true).ToListAsync();
    }

    private static List<PluginDrift> Drift(TestShop shop, string json)
    {
        var environment = Fresh(shop);
        var reference = new StateReference(environment, Request(environment, shop, json, null).State);
        return [.. new DriftQuery(environment, new DriftRequest { References = [reference] })
            .Compare(new ReportedHome(new CollectInventory(environment).Collect()))];
    }
}
