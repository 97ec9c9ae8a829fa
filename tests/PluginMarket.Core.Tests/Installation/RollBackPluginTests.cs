using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Versions that were replaced: kept outside the cache, brought back, pruned and purged.</summary>
[Trait("Category", "Fast")]
public sealed class RollBackPluginTests
{
    [Fact]
    public async Task A_replaced_version_is_kept_with_its_record_and_comes_back()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool").Hook("tool", "echo one");
        var first = await shop.InstallAsync("tool@shop");
        var receipt = shop.Environment.Home.Receipts.Find(PluginId.Parse("tool@shop"))!;
        shop.Plugin("tool", "2.0.0").Hook("tool", "echo two");
        var second = await shop.UpdateAsync("tool@shop", request => request with { AcceptCapability = ["Hook"] });

        var kept = Assert.Single(shop.Kept("tool@shop"));
        Assert.Equal(("1.0.0", "local", receipt.TreeHash), (kept.ManifestVersion, kept.Version!.Value, kept.Receipt!.TreeHash));
        Assert.StartsWith(shop.Layout.State.StatePath, kept.Folder, StringComparison.Ordinal);
        Assert.Equal(["tool"], FileOps.Default.List(shop.Layout.MarketplacePath(MarketplaceName.Parse("shop"))));

        var restored = await shop.RollBackAsync("tool@shop");

        Assert.True(restored.Status == "Updated", restored.Reason);
        Assert.Equal(("Rollback", "1.0.0", "local", first.TreeHash, true),
            (restored.Action, restored.CacheVersion, restored.PreviousCacheVersion, restored.TreeHash, restored.RestartRequired));
        Assert.Equal("Changed Hook hooks/hooks.json:stop:0:0", restored.CapabilityChange!.First().ToString());
        Assert.Equal(first.TreeHash, TreeDigest.Compute(FolderTree.Read(restored.Path!, FileOps.Default, Limits.Default)));
        var record = shop.Environment.Home.Receipts.Find(PluginId.Parse("tool@shop"))!;
        Assert.Equal((first.TreeHash, "1.0.0", receipt.InstalledOn), (record.TreeHash, record.Version.Value, record.InstalledOn));

        // What was replaced by restoring can be brought back too.
        Assert.Equal("2.0.0", Assert.Single(shop.Kept("tool@shop")).ManifestVersion);
        Assert.Equal(second.TreeHash, (await shop.RollBackAsync("tool@shop", "2.0.0")).TreeHash);
        Assert.Equal("Unchanged", (await shop.RollBackAsync("tool@shop", "2.0.0")).Status);
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Layout.State.StagingPath));
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Layout.State.TrashPath));
    }

    [Fact]
    public async Task The_same_version_with_other_bytes_is_kept_too()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", text: "one");
        var first = await shop.InstallAsync("tool@shop");
        shop.Plugin("tool", text: "two");
        await shop.UpdateAsync("tool@shop");

        Assert.Equal(first.TreeHash, (await shop.RollBackAsync("tool@shop", "1.0.0")).TreeHash);
    }

    [Fact]
    public async Task Builds_of_one_version_are_told_apart_by_their_digest()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", text: "one");
        var first = await shop.InstallAsync("tool@shop");
        foreach (var text in (string[])["two", "three"])
        {
            shop.Plugin("tool", text: text);
            await shop.UpdateAsync("tool@shop");
        }

        var digits = first.TreeHash!["sha256:".Length..];
        var failed = await shop.RollBackAsync("tool@shop", "9.9.9");

        TestShop.AssertFailed(MarketErrorCode.VersionNotFound, failed);
        Assert.Contains($"1.0.0 ({digits[..12]})", failed.Reason, StringComparison.Ordinal);
        TestShop.AssertFailed(MarketErrorCode.VersionNotFound, await shop.RollBackAsync("tool@shop", digits[..11]));
        var names = new PrunePluginCache(shop.Environment).NameKept(["tool"]);
        Assert.Equal(["1.0.0", .. shop.Kept("tool@shop").Select(kept => kept.Digits![..12])], names);
        Assert.Equal((3, digits[..12]), (names.Count, names[^1]));
        Assert.Equal(first.TreeHash, (await shop.RollBackAsync("tool@shop", digits[..12])).TreeHash);
    }

    [Fact]
    public async Task No_more_are_kept_than_asked_for_the_newest_first()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        for (var i = 2; i <= 5; i++)
        {
            shop.Plugin("tool", $"{i}.0.0");
            await shop.UpdateAsync("tool@shop", request => request with { KeepVersion = 3 });
        }

        Assert.Equal(["4.0.0", "3.0.0", "2.0.0"], shop.Kept("tool@shop").Select(kept => kept.ManifestVersion));
        shop.Plugin("tool", "6.0.0");
        await shop.UpdateAsync("tool@shop", request => request with { KeepVersion = 0 });
        Assert.Equal(3, shop.Kept("tool@shop").Count);

        var pruning = new PrunePluginCache(shop.Environment);
        var items = pruning.FindKept(["to*"], 1);
        Assert.Equal(["tool@shop 3.0.0", "tool@shop 2.0.0"], items.Select(item => item.ToString()));
        Assert.All(items, item => Assert.True(item is { Status: "Found", Size: > 0 }));
        foreach (var item in items)
        {
            Assert.Equal("Removed", (await pruning.RemoveAsync(item)).Status);
        }

        Assert.Equal("4.0.0", Assert.Single(shop.Kept("tool@shop")).ManifestVersion);
        Assert.Empty(pruning.FindKept(["other"], 0));
    }

    [Fact]
    public async Task What_is_not_kept_or_not_as_it_was_is_refused()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        TestShop.AssertFailed(MarketErrorCode.VersionNotFound, await shop.RollBackAsync("tool@shop"));
        shop.Plugin("tool", "2.0.0");
        await shop.UpdateAsync("tool@shop");
        TestShop.AssertFailed(MarketErrorCode.VersionNotFound, await shop.RollBackAsync("tool@shop", "7.0.0"));
        File.AppendAllText(Path.Join(shop.Kept("tool@shop")[0].TreePath, "skills/a/SKILL.md"), "Obey.\n");
        var before = shop.Inventory();

        TestShop.AssertFailed(MarketErrorCode.IntegrityMismatch, await shop.RollBackAsync("tool@shop"));
        Assert.Equal(before, shop.Inventory());
        TestShop.AssertFailed(MarketErrorCode.PluginNotInstalled, await shop.RollBackAsync("other@shop"));
    }

    [Fact]
    public async Task Uninstalling_leaves_kept_versions_and_purging_removes_them()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.Plugin("tool", "2.0.0");
        await shop.UpdateAsync("tool@shop");

        await shop.UninstallAsync("tool@shop");
        Assert.Single(shop.Kept("tool@shop"));
        await shop.InstallAsync("tool@shop");
        await shop.UninstallAsync("tool@shop", purge: true);
        Assert.Empty(shop.Kept("tool@shop"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Layout.State.KeptPath));
    }

    [Fact]
    public async Task A_held_plugin_is_neither_updated_nor_restored_nor_replaced()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.Plugin("tool", "2.0.0");
        await shop.UpdateAsync("tool@shop");
        shop.Plugin("tool", "3.0.0");
        var holding = new HoldPlugin(shop.Environment);

        var held = await holding.HoldAsync(PluginReference.Parse("tool@shop"), "CHG-7");

        // Codex replaces a folder called local; one with its source's version it leaves.
        Assert.Equal(("Hold", "Unchanged", "FolderRenamed", "2.0.0", "local"),
            (held.Action, held.Status, held.ReasonCode, held.CacheVersion, held.PreviousCacheVersion));
        Assert.Equal(["2.0.0"], FileOps.Default.List(shop.Layout.PluginPath(PluginId.Parse("tool@shop"))));
        Assert.Equal("Unchanged", (await holding.HoldAsync(PluginReference.Parse("tool@shop"))).Status);
        var plugin = Assert.Single(new InstalledPluginQuery(shop.Environment).List(new InstalledPluginRequest()).Plugins);
        Assert.Equal((true, "CHG-7", "Recorded"), (plugin.Held, plugin.HoldNote, plugin.Provenance));
        Assert.True((await shop.FindUpdateAsync("tool")).IsHeld);
        var before = shop.Inventory();
        TestShop.AssertFailed(MarketErrorCode.PluginHeld, await shop.UpdateAsync("tool@shop"));
        TestShop.AssertFailed(MarketErrorCode.PluginHeld, await shop.RollBackAsync("tool@shop"));
        TestShop.AssertFailed(MarketErrorCode.PluginHeld,
            await shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { Reinstall = true } }));
        Assert.Equal(before, shop.Inventory());

        Assert.Equal("Released", (await holding.ReleaseAsync(PluginReference.Parse("tool@shop"), "CHG-8")).ReasonCode);
        Assert.Equal("Unchanged", (await holding.ReleaseAsync(PluginReference.Parse("tool@shop"), "CHG-9")).Status);
        var lines = shop.Environment.Home.History.Read().Where(line => line.Action is "Hold" or "Release");
        Assert.Equal(["Hold 2.0.0 CHG-7", "Release 2.0.0 CHG-8"], lines.Select(line => $"{line.Action} {line.Version} {line.Note}"));
        Assert.True(Assert.Single(new IntegrityQuery(shop.Environment).Check(new IntegrityRequest()).Results).IsIntact);
        Assert.Equal("3.0.0", (await shop.UpdateAsync("tool@shop")).Version);
        await holding.HoldAsync(PluginReference.Parse("tool@shop"));
        Assert.Equal("Removed", (await shop.UninstallAsync("tool@shop")).Status);
        Assert.Null(shop.Environment.Home.Holds.Find(PluginId.Parse("tool@shop")));
    }
}
