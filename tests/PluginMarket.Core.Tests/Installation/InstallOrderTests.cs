using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Installation;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>In which order an installation calls the disk, what several at once leave, and what a plugin cannot smuggle in.</summary>
[Trait("Category", "Fast")]
public sealed class InstallOrderTests
{
    /// <summary>A power cut keeps what was synced (threat D16).</summary>
    [Theory]
    [InlineData(false, "rename-noreplace")]
    [InlineData(true, "exchange")]
    public async Task Files_and_folders_are_synced_before_the_step_that_publishes_them_and_the_parent_after(bool isReplaced, string step)
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        if (isReplaced)
        {
            await shop.InstallAsync("tool@shop");
            shop.Plugin("tool", text: "changed");
        }

        var files = new FaultingFileOps();
        shop.Environment = shop.Environment with { Files = files };
        var result = await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = isReplaced } });

        // A plugin that is new gets its own folder in the same step.
        var place = isReplaced ? result.Path! : Path.GetDirectoryName(result.Path)!;
        var calls = files.Calls.ToList();
        var published = calls.IndexOf($"{step} {place}");
        Assert.True(published > 0, result.Reason ?? string.Join('\n', calls));
        var staging = shop.Layout.State.StagingPath + Path.DirectorySeparatorChar;
        foreach (var entry in Directory.EnumerateFileSystemEntries(result.Path!, "*", SearchOption.AllDirectories).Append(result.Path!))
        {
            var synced = Directory.Exists(entry) ? "fsync-folder " : "fsync ";
            var name = Path.TrimEndingDirectorySeparator(Path.Join("tree", entry[result.Path!.Length..]));
            Assert.Contains(calls[..published], call => call.StartsWith(synced + staging, StringComparison.Ordinal)
                && call.EndsWith(Path.DirectorySeparatorChar + name, StringComparison.Ordinal));
        }

        Assert.Contains($"fsync-folder {Path.GetDirectoryName(place)}", calls[published..]);
    }

    /// <summary>A power cut keeps a large plugin as whole as a small one: its volume is saved once, after the last
    /// write and before the name (threat D16).</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_plugin_is_saved_with_its_volume_or_file_by_file_before_it_gets_its_name(bool canSaveVolume)
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        for (var i = 0; i < 100; i++)
        {
            shop.Scratch.Write($"shop/tool/data/{i}.txt", "x");
        }

        var files = new FaultingFileOps { CanSaveVolume = canSaveVolume };
        shop.Environment = shop.Environment with { Files = files };
        var result = await shop.InstallAsync("tool@shop");

        Assert.True(result.Status == "Installed", result.Reason);
        var calls = files.Calls.ToList();
        var published = calls.FindIndex(call =>
            call.StartsWith("rename-noreplace " + shop.Layout.MarketplacePath(MarketplaceName.Parse("shop")), StringComparison.Ordinal));
        var isSavedAtOnce = canSaveVolume && OperatingSystem.IsLinux();
        var saved = calls.FindIndex(call => call.StartsWith("sync-volume ", StringComparison.Ordinal));
        var single = calls.Count(
            call => call.StartsWith("fsync ", StringComparison.Ordinal) && call.Contains("/tree/", StringComparison.Ordinal));
        var staged = shop.Layout.State.StagingPath + Path.DirectorySeparatorChar;
        var opened = calls.FindIndex(call => call.StartsWith("open-volume " + staged, StringComparison.Ordinal));
        var written = calls.FindIndex(
            call => call.StartsWith("create " + staged, StringComparison.Ordinal) && call.Contains("/tree/", StringComparison.Ordinal));
        var last = calls.FindLastIndex(published,
            call => call.StartsWith("create " + staged, StringComparison.Ordinal) && call.Contains("/tree/", StringComparison.Ordinal));
        Assert.True(published > 0 && written > 0, string.Join('\n', calls));
        if (isSavedAtOnce)
        {
            Assert.True(opened >= 0 && opened < written && last < saved && saved < published,
                $"{opened} {written} {last} {saved} {published}");
            Assert.Equal(0, single);
        }
        else
        {
            Assert.Equal((-1, 102), (saved, single));
        }
    }

    /// <summary>A volume that cannot be saved is a failed installation, whole or not at all.</summary>
    [Theory]
    [InlineData(5, MarketErrorCode.HomeNotWritable)]
    [InlineData(28, MarketErrorCode.DiskFull)]
    public async Task A_volume_that_cannot_be_saved_leaves_the_home_as_it_was(int number, MarketErrorCode code)
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        for (var i = 0; i < 100; i++)
        {
            shop.Scratch.Write($"shop/tool/data/{i}.txt", "x");
        }

        var before = ScratchFolder.Inventory(shop.Layout.CachePath);
        var clean = shop.Environment;
        shop.Environment = clean with
        {
            Files = new FaultingFileOps
            {
                At = 1,
                Operations = new HashSet<string> { "sync-volume" },
                Failure = FaultingFileOps.ErrorNumber(number),
            },
        };

        TestShop.AssertFailed(code, await shop.UpdateAsync("tool@shop"));
        Assert.Equal(before, ScratchFolder.Inventory(shop.Layout.CachePath));
        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.StagingPath));
        shop.Environment = clean;
        Assert.Equal("Updated", (await shop.UpdateAsync("tool@shop")).Status);
    }

    /// <summary>Codex removes cached plugins of marketplaces that it does not know (threat D18).</summary>
    [Fact]
    public async Task A_marketplace_is_in_the_configuration_before_a_plugin_of_it_is_in_the_cache()
    {
        using var shop = new TestShop(isRegistered: false).Listing("tool").Plugin("tool");
        var configurations = new List<string>();
        shop.WriteConfig("# mine\n");
        var files = new FaultingFileOps
        {
            Watch = (operation, path) =>
            {
                if (operation == "rename-noreplace" && path.StartsWith(shop.Layout.CachePath, StringComparison.Ordinal))
                {
                    configurations.Add(shop.Config);
                }
            },
        };
        shop.Environment = shop.Environment with { Files = files };
        var reference = PluginReference.Parse("tool@shop") with { CatalogPath = Path.Join(shop.Root, ".agents/plugins/marketplace.json") };

        var result = await shop.InstallAsync(reference, request => request with { TrustMarketplace = true });

        Assert.Equal("Installed", result.Status);
        Assert.Contains("[marketplaces.shop]", Assert.Single(configurations), StringComparison.Ordinal);
    }

    /// <summary>Nothing in a plugin's tree is a record of it (threat D15).</summary>
    [Fact]
    public async Task What_a_plugin_ships_under_the_names_of_records_is_a_file_like_any_other()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        var forged = $$"""{"schemaVersion":1,"id":"tool@shop","treeHash":"sha256:{{new string('0', 64)}}"}""";
        string[] names = [".pluginmarket/receipts/shop/tool.json", "receipts/shop/tool.json", ".codex-remote-plugin-install.json", "owner"];
        foreach (var name in names)
        {
            shop.Scratch.Write($"shop/tool/{name}", forged);
        }

        var result = await shop.InstallAsync("tool@shop");
        var id = PluginId.Parse("tool@shop");

        Assert.Equal(("Installed", TreeDigest.Compute(FolderTree.Read(Path.Join(shop.Root, "tool"), FileOps.Default, Limits.Default))),
            (result.Status, result.TreeHash));
        Assert.Equal(result.TreeHash, shop.Environment.Home.Receipts.Find(id)!.TreeHash);
        Assert.All(names, name => Assert.Equal(forged, File.ReadAllText(Path.Join(result.Path, name))));
        Assert.False(shop.Layout.ReceiptPath(id).StartsWith(shop.Layout.CachePath, StringComparison.Ordinal));
    }

    /// <summary>Many commands at once end as if each had come after another (threat D8).</summary>
    [Fact]
    public async Task Installs_switches_and_removals_at_once_leave_files_key_and_record_together()
    {
        using var shop = new TestShop().Listing("a", "b").Plugin("a").Plugin("b");
        string[] names = ["a@shop", "b@shop"];
        var digests = names.ToDictionary(name => name,
            name => TreeDigest.Compute(FolderTree.Read(Path.Join(shop.Root, name[..1]), FileOps.Default, Limits.Default)));

        var results = (await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            var ends = new List<PluginOperationResult>();
            for (var i = 0; i < 8; i++)
            {
                var name = names[random.Next(2)];
                ends.Add(random.Next(3) switch
                {
                    0 => await shop.InstallAsync(name),
                    1 => await new PluginActivation(shop.Environment).SetEnabledAsync(PluginReference.Parse(name),
                        enabled: random.Next(2) == 0),
                    _ => await shop.UninstallAsync(name),
                });
            }

            return ends;
        })))).SelectMany(ends => ends).ToList();

        Assert.All(results,
            result => Assert.True(result.Status != "Failed" || result.Error == nameof(MarketErrorCode.PluginNotInstalled), result.Reason));
        Assert.Contains(results, result => result.Status == "Installed");
        Assert.Contains(results, result => result.Status == "Removed");
        var layers = ConfigurationLayers.Read(shop.Environment);
        var cache = shop.Environment.Home.Cache;
        foreach (var name in names)
        {
            var id = PluginId.Parse(name);
            var isThere = cache.ActivePath(id) is not null;
            Assert.Equal((isThere, isThere), (layers.FindPlugin(name) is not null, shop.Environment.Home.Receipts.Exists(id)));
            Assert.True(!isThere
                || digests[name] == TreeDigest.Compute(FolderTree.Read(cache.ActivePath(id)!, FileOps.Default, Limits.Default)), name);
        }

        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.StagingPath));
        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.TrashPath));
    }
}
