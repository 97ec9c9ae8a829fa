using System.Text;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Applying desired states to real homes.</summary>
[Trait("Category", "Slow")]
public sealed class SyncTests
{
    private const string State = """
        {"format":1,"id":"dev","revision":"1","marketplaces":{"shop":{"source":"./shop"}},
         "plugins":[{"id":"a@shop","version":"1.0.0"},{"id":"b@shop","enabled":false},{"id":"c@shop","version":">=1.0.0 <2.0.0","hold":"CHG-1"}]}
        """;

    public static TheoryData<string, string, string> Perturbations() => new()
    {
        { "delete a file", "Modified", "Update a@shop" },
        { "edit a file", "Modified", "Update a@shop" },
        { "add a file", "Modified", "Update a@shop" },
        { "other version", "Version", "Update a@shop" },
        { "disable", "Disabled", "Enable a@shop" },
        { "enable", "Enabled", "Disable b@shop" },
        { "key gone", "Missing", "Install a@shop" },
        { "cache gone", "Missing", "Install a@shop" },
        { "uninstalled", "Missing", "Install a@shop" },
        { "held", "Hold", "Release a@shop" },
        { "released", "Hold", "Hold c@shop" },
        { "other note", "Hold", "Hold c@shop" },
        { "receipt gone", "Unverified", "Update a@shop" },
        { "marketplace gone", "MarketplaceMissing", "AddMarketplace shop" },
        { "marketplace moved", "MarketplaceSource", "SetMarketplace shop" },
    };

    [Fact]
    public async Task A_second_run_changes_nothing_and_writes_nothing()
    {
        using var shop = Shop();
        var first = await ApplyAsync(shop, State);
        Assert.Equal(["AddMarketplace shop Changed", "Install a@shop Installed", "Install b@shop Installed", "Install c@shop Installed",
            "Hold c@shop Changed"], Changes(first).Order(StringComparer.Ordinal).OrderBy(Rank));
        var before = Snapshot(shop);

        var second = await ApplyAsync(shop, State);

        Assert.All(second, item => Assert.Equal(("None", "Unchanged"), (item.Planned, item.Status)));
        Assert.Equal(4, second.Count);
        Assert.Equal(before, Snapshot(shop));
        Assert.Equal("InSync", shop.Environment.Home.Applied.Find()?.Result);
        static int Rank(string text) => text.StartsWith("Add", StringComparison.Ordinal) ? 0 : text.StartsWith("Hold", StringComparison.Ordinal) ? 2 : 1;
    }

    [Theory]
    [MemberData(nameof(Perturbations))]
    public async Task What_differs_is_named_exactly_and_repaired(string what, string kind, string step)
    {
        using var shop = Shop();
        await ApplyAsync(shop, State);
        await PerturbAsync(shop, what);

        var drift = Drift(shop, State);
        var planned = Plan(shop, State);
        var items = await ApplyAsync(shop, State);

        Assert.Contains(drift, found => found.Kind == kind);
        Assert.Equal([step], planned.Changes.Select(change => $"{change.Operation} {change.Subject}"));
        Assert.Equal([step], Changes(items).Select(text => text[..text.LastIndexOf(' ')]));
        Assert.All(items, item => Assert.Null(item.Error));
        Assert.Empty(Drift(shop, State));
        Assert.All(await ApplyAsync(shop, State), item => Assert.Equal("Unchanged", item.Status));
    }

    [Fact]
    public async Task A_plan_is_what_applying_does()
    {
        var random = new Random(20261130);
        using var shop = new TestShop(isRegistered: false).Listing("a", "b", "c", "d");
        foreach (var name in "abcd")
        {
            shop.Plugin($"{name}", text: $"about {name}");
        }

        for (var pair = 0; pair < 200; pair++)
        {
            var state = RandomState(random);
            var planned = Plan(shop, state, new SyncOptions { RemoveUnlisted = true, MaximumRemoval = 100 });
            var items = await ApplyAsync(shop, state, new SyncOptions { RemoveUnlisted = true, MaximumRemoval = 100 });

            Assert.Equal(planned.Changes.Select(step => $"{step.Operation} {step.Subject}").Order(StringComparer.Ordinal),
                Changes(items).Select(text => text[..text.LastIndexOf(' ')]).Order(StringComparer.Ordinal));
            Assert.Empty(Plan(shop, state, new SyncOptions { RemoveUnlisted = true }).Changes);
        }
    }

    [Fact]
    public async Task What_is_exported_changes_nothing_where_it_came_from()
    {
        using var shop = Shop();
        await ApplyAsync(shop, State);
        foreach (var pin in new[] { StatePin.None, StatePin.Version, StatePin.Digest })
        {
            var (utf8, plugins, failures) = new DesiredStateWriter(shop.Environment).Make([], pin, "mine");
            var mistyped = Assert.Single(new DesiredStateWriter(shop.Environment).Make(["a@shp"], pin, "mine").Failures);
            Assert.Equal(MarketErrorCode.PluginNotInstalled, mistyped.Code);
            Assert.Contains("Did you mean 'a@shop'?", mistyped.Message, StringComparison.Ordinal);
            Assert.Equal((3, 0), (plugins, failures.Count));

            Assert.All(await ApplyAsync(shop, Encoding.UTF8.GetString(utf8)), item => Assert.Equal("Unchanged", item.Status));

            // Bytes that are named and that Codex would replace are told, whoever named them.
            Assert.DoesNotContain(Drift(shop, Encoding.UTF8.GetString(utf8)), drift => pin != StatePin.Digest || drift.Kind != "Refreshable");
        }
    }

    [Fact]
    public async Task A_preview_reads_the_catalog_of_a_folder_that_is_not_registered_yet()
    {
        using var shop = Shop();
        const string Text = """
            {"format":1,"id":"dev","revision":"1",
             "marketplaces":{"shop":{"source":"./shop"},"other":{"source":"./shop"},"gone":{"source":"./nowhere"}},
             "plugins":[{"id":"a@shop"},{"id":"none@shop"},{"id":"a@gone"}]}
            """;
        var sync = new SyncRun(Fresh(shop), Request(shop, Text, null, false));

        var items = await sync.PreviewAsync(sync.Plan()).ToListAsync();

        Assert.Equal(["AddMarketplace gone Failed SourceUnreachable", "AddMarketplace other Failed MarketplaceNameMismatch",
            "AddMarketplace shop WhatIf ", "Install a@gone Failed MarketplaceNotFound", "Install a@shop WhatIf ", "Install none@shop Failed PluginNotFound"],
            items.Select(item => $"{item.Planned} {item.Id} {item.Status} {item.Error}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_removed_that_must_not_be()
    {
        using var shop = new TestShop(isRegistered: false).Listing([.. Enumerable.Range(0, 12).Select(number => $"p{number}")]);
        var all = string.Join(',', Enumerable.Range(0, 12).Select(number => $$"""{"id":"p{{number}}@shop"}"""));
        foreach (var number in Enumerable.Range(0, 12))
        {
            shop.Plugin($"p{number}", text: $"about {number}");
        }

        string Of(string plugins, string more) =>
            $$"""{"format":1,"id":"dev","revision":"1","marketplaces":{"shop":{"source":"./shop"} },"plugins":[{{plugins}}]{{more}} }""";
        await ApplyAsync(shop, Of(all, ""));
        var one = Of("""{"id":"p0@shop"}""", ""","unlisted":"remove","protect":["p1@*"]""");

        // Not asked for, too many, protected; and where something failed before.
        var left = await ApplyAsync(shop, one);
        Assert.Equal(10, left.Count(item => item is { Status: "Skipped", ReasonCode: SkipCode.RemovalNotRequested }));
        var refused = await Assert.ThrowsAsync<PluginMarketException>(
            () => ApplyAsync(shop, one, new SyncOptions { RemoveUnlisted = true }));
        Assert.Equal(MarketErrorCode.RemovalLimitExceeded, refused.Code);
        var broken = await ApplyAsync(shop, Of("""{"id":"p0@shop"},{"id":"gone@shop"}""", ""","unlisted":"remove","protect":["p1@*"]"""),
            new SyncOptions { RemoveUnlisted = true, MaximumRemoval = 10 });
        Assert.Equal(10, broken.Count(item => item is { Planned: "Uninstall", Status: "Skipped", ReasonCode: SkipCode.EarlierFailure }));
        Assert.Equal(12, new CollectInventory(shop.Environment).Collect().Plugins.Length);

        var removed = await ApplyAsync(shop, one, new SyncOptions { RemoveUnlisted = true, MaximumRemoval = 10 });
        Assert.Equal(10, removed.Count(item => item.Status == "Removed"));
        Assert.Equal(["p0@shop", "p1@shop"], new CollectInventory(shop.Environment).Collect().Plugins.Select(plugin => plugin.Id));
    }

    [Fact]
    public async Task A_lock_file_gives_the_bytes_and_a_pinned_digest_refuses_others()
    {
        using var shop = Shop();
        await ApplyAsync(shop, State);
        var path = shop.Scratch["plugins.lock.json"];
        new LockFileMaker(shop.Environment).Make(path, ["a@shop"]).File.Write(shop.Environment);
        var digest = new CollectInventory(shop.Environment).Collect().Plugins.Single(plugin => plugin.Id == "a@shop").TreeHash;
        shop.Plugin("a", "1.1.0", "other");
        await shop.InstallAsync("a@shop", request => request with { Intent = new InstallIntent.Install { Replace = true } });
        var pinned = $$"""{"format":1,"id":"dev","revision":"2","plugins":[{"id":"a@shop","treeHash":"{{digest}}"} ]}""";
        var locked = $$"""
            {"format":1,"id":"dev","revision":"3","plugins":[{"id":"a@shop"}],
             "lockFile":{"path":"plugins.lock.json","sha256":"{{TreeDigest.OfBytes(File.ReadAllBytes(path))}}"} }
            """;

        Assert.Equal("UpdateChangedSinceReview", Assert.Single(await ApplyAsync(shop, pinned), item => item.Error is not null).Error);
        Assert.Equal("LockFileMismatch", Assert.Single(await ApplyAsync(shop, locked), item => item.Error is not null).Error);
        shop.Plugin("a", "1.0.0", "text");
        Assert.Equal(["Update a@shop Updated"], Changes(await ApplyAsync(shop, locked, downgrade: true)));
        Assert.Empty(Plan(shop, pinned).Changes);
    }

    [Fact]
    public async Task A_policy_of_the_state_decides_and_counts_only_with_its_digest()
    {
        using var shop = Shop();
        shop.Scratch.Write("policy.json", """
            {"format":1,"id":"corp","revision":"1","mode":"enforce","rules":[
              {"id":"NO-B","kind":"plugin","effect":"deny","match":[{"plugin":"b@*"}]}]}
            """);
        string Of(string digest) => State.Replace("\"plugins\"", $"\"policy\":{{\"path\":\"policy.json\",\"sha256\":\"{digest}\"}},\"plugins\"",
            StringComparison.Ordinal);
        var digest = TreeDigest.OfBytes(File.ReadAllBytes(shop.Scratch["policy.json"]));

        var items = await ApplyAsync(shop, Of(digest));

        Assert.Equal(("b@shop", "PolicyDenied"), Assert.Single(items, item => item.Error is not null) is var refused
            ? (refused.Id, refused.Error) : default);
        Assert.Equal(["a@shop", "c@shop"], new CollectInventory(shop.Environment).Collect().Plugins.Select(plugin => plugin.Id));
        Assert.Equal(MarketErrorCode.StateFileUnreadable, (await Assert.ThrowsAsync<PluginMarketException>(
            () => ApplyAsync(shop, Of("sha256:" + new string('a', 64))))).Code);
    }

    private static TestShop Shop()
    {
        var shop = new TestShop(isRegistered: false).Listing("a", "b", "c");
        return shop.Plugin("a").Plugin("b", text: "b").Plugin("c", text: "c");
    }

    private static string RandomState(Random random)
    {
        var plugins = "abcd".Where(_ => random.Next(3) > 0).Select(name => $"{{\"id\":\"{name}@shop\""
            + (random.Next(2) == 0 ? ",\"version\":\"1.0.0\"" : "") + (random.Next(3) == 0 ? ",\"enabled\":false" : "")
            + (random.Next(3) == 0 ? $",\"hold\":\"note {random.Next(2)}\"" : "") + "}").ToList();
        var rule = plugins.Count == 0 ? "report" : new[] { "ignore", "report", "disable", "remove" }[random.Next(4)];
        return $$"""
            {"format":1,"id":"dev","revision":"{{random.Next()}}","marketplaces":{"shop":{"source":"./shop"} },
             "plugins":[{{string.Join(',', plugins)}}],"unlisted":"{{rule}}" }
            """;
    }

    private static async Task PerturbAsync(TestShop shop, string what)
    {
        var a = Path.Join(shop.Layout.PluginPath(PluginId.Parse("a@shop")), "local");
        var (first, third) = (PluginReference.Parse("a@shop"), PluginReference.Parse("c@shop"));
        switch (what)
        {
            case "delete a file":
                File.Delete(Path.Join(a, "skills/a/SKILL.md"));
                break;
            case "edit a file":
                File.AppendAllText(Path.Join(a, "skills/a/SKILL.md"), "evil");
                break;
            case "add a file":
                File.WriteAllText(Path.Join(a, "more.txt"), "x");
                break;
            case "other version":
                shop.Plugin("a", "0.9.0", "old");
                await shop.InstallAsync("a@shop", request => request with
                {
                    AllowDowngrade = true,
                    Intent = new InstallIntent.Install { Replace = true },
                });
                shop.Plugin("a");
                break;
            case "disable":
                await new PluginActivation(shop.Environment).SetEnabledAsync(first, false);
                break;
            case "enable":
                await new PluginActivation(shop.Environment).SetEnabledAsync(PluginReference.Parse("b@shop"), true);
                break;
            case "key gone":
                shop.WriteConfig(shop.Config.Replace("[plugins.\"a@shop\"]\nenabled = true\n", "", StringComparison.Ordinal));
                break;
            case "cache gone":
                Directory.Delete(shop.Layout.PluginPath(PluginId.Parse("a@shop")), recursive: true);
                break;
            case "uninstalled":
                await new PluginUninstaller(shop.Environment).UninstallAsync(first);
                break;
            case "held":
                await new HoldPlugin(shop.Environment).HoldAsync(first, "mine");
                break;
            case "released":
                await new HoldPlugin(shop.Environment).ReleaseAsync(third);
                break;
            case "other note":
                await new HoldPlugin(shop.Environment).HoldAsync(third, "mine");
                break;
            case "receipt gone":
                File.Delete(shop.Layout.ReceiptPath(PluginId.Parse("a@shop")));
                break;
            case "marketplace gone":
                shop.WriteConfig(shop.Config[shop.Config.IndexOf("[plugins", StringComparison.Ordinal)..]);
                break;
            default:
                InstallScenario.CopyFolder(shop.Root, shop.Scratch["elsewhere"]);
                shop.WriteConfig(shop.Config.Replace(shop.Root, shop.Scratch["elsewhere"], StringComparison.Ordinal));
                break;
        }
    }

    private static SyncRequest Request(TestShop shop, string json, SyncOptions? options, bool downgrade = false) =>
        new(DesiredStateFile.Parse(shop.Environment, Encoding.UTF8.GetBytes(json), "state.json", shop.Scratch.Path))
        {
            Options = options ?? new SyncOptions(),
            AllowDowngrade = downgrade,
        };

    private static SyncPlan Plan(TestShop shop, string json, SyncOptions? options = null) =>
        new SyncRun(Fresh(shop), Request(shop, json, options)).Plan();

    private static List<PluginDrift> Drift(TestShop shop, string json)
    {
        var environment = Fresh(shop);
        var inventory = new CollectInventory(environment).Collect();
        return new DriftQuery(environment, new DriftRequest
        {
            References = [new StateReference(environment, Request(shop, json, null).State)],
        }).Compare(new ReportedHome(inventory)).Where(drift => drift.Kind != "StateOutdated").ToList();
    }

    // As another process would see the home.
    private static MarketEnvironment Fresh(TestShop shop) => shop.Environment with { };

    private static async Task<List<PluginSyncItem>> ApplyAsync(TestShop shop, string json, SyncOptions? options = null, bool downgrade = false)
    {
        var sync = new SyncRun(Fresh(shop), Request(shop, json, options, downgrade));
        var items = new List<PluginSyncItem>();
        await foreach (var item in sync.ExecuteAsync(sync.Plan(), _ => true))
        {
            items.Add(item);
        }

        return items;
    }

    private static IEnumerable<string> Changes(IEnumerable<PluginSyncItem> items) =>
        items.Where(item => item.IsChange).Select(item => $"{item.Planned} {item.Id} {item.Status}");

    private static string Snapshot(TestShop shop) => string.Join('\n', Directory
        .GetFileSystemEntries(shop.CodexHome, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path).Ticks} "
            + (File.Exists(path) ? TreeDigest.OfBytes(File.ReadAllBytes(path)) : "")));
}
