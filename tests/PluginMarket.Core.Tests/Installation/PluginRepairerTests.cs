using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class PluginRepairerTests
{
    private const string Id = "tool@shop";

    [Fact]
    public async Task A_changed_plugin_gets_the_recorded_commit_back_though_the_branch_moved()
    {
        using var shop = new TestShop();
        var repository = GitRepository.Create(shop.Scratch["repository"]);
        repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""")
            .Write("run.sh", "one", executable: true).Commit();
        shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}"}}""");
        var installed = await shop.InstallAsync(Id,
            request => request with { Intent = new InstallIntent.Install { Activation = Activation.Off } });
        var before = ScratchFolder.Inventory(installed.Path!);
        repository.Write("run.sh", "two").Write(".codex-plugin/plugin.json", """{"name":"tool","version":"2.0.0"}""").Commit();
        File.WriteAllText(Path.Join(installed.Path, "run.sh"), "evil");
        File.WriteAllText(Path.Join(installed.Path, "more.sh"), "evil");
        shop.Listing();

        var result = await RepairAsync(shop);

        Assert.True(result is { Status: "Updated", Action: "Repair", Version: "1.0.0" }, result.Reason);
        Assert.Equal(before, ScratchFolder.Inventory(installed.Path!));
        Assert.False(new InstalledPluginQuery(shop.Environment).List(new InstalledPluginRequest()).Plugins[0].Enabled);
        Assert.Equal("Repair", shop.Environment.Home.History.Read()[^1].Action);
        Assert.Equal("Unchanged", (await RepairAsync(shop)).Status);
    }

    [Fact]
    public async Task A_plugin_whose_files_are_gone_comes_back_into_its_folder()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync(Id);
        var before = ScratchFolder.Inventory(shop.Cached(Id));
        Directory.Delete(Path.GetDirectoryName(shop.Cached(Id))!, recursive: true);

        var result = await RepairAsync(shop);

        Assert.True(result.CacheVersion == "local", result.Reason);
        Assert.Equal(before, ScratchFolder.Inventory(shop.Cached(Id)));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_cleaned_up()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync(Id);
        shop.Scratch.Write("home/.codex/plugins/.pluginmarket/trash/abc.dead/file", "x");
        shop.Scratch.Write("home/.codex/plugins/.pluginmarket/staging/abc/tree/file", "x");

        // Another command: each cleans up once.
        shop.Environment = shop.Environment with { };
        Assert.Equal("Unchanged", (await RepairAsync(shop)).Status);
        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.TrashPath));
        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.StagingPath));
    }

    [Fact]
    public async Task A_folder_that_no_longer_holds_the_bytes_is_refused_and_nothing_is_changed()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync(Id);
        shop.Plugin("tool", text: "other");
        File.AppendAllText(Path.Join(shop.Cached(Id), "skills/a/SKILL.md"), "x");
        var before = ScratchFolder.Inventory(shop.Layout.CachePath);

        TestShop.AssertFailed(MarketErrorCode.IntegrityMismatch, await RepairAsync(shop));
        Assert.Equal(before, ScratchFolder.Inventory(shop.Layout.CachePath));
    }

    [Fact]
    public async Task A_receipt_edited_to_fit_other_bytes_is_not_followed()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync(Id);
        shop.Plugin("tool", text: "other");
        var path = shop.Layout.ReceiptPath(PluginId.Parse(Id));
        var other = TreeDigest.Compute(FolderTree.Read(Path.Join(shop.Root, "tool"), FileOps.Default, Limits.Default));
        File.WriteAllText(path, File.ReadAllText(path).Replace(shop.Environment.Home.Receipts.Find(PluginId.Parse(Id))!.TreeHash,
            other, StringComparison.Ordinal));

        var result = await RepairAsync(shop);

        TestShop.AssertFailed(MarketErrorCode.IntegrityMismatch, result);
        Assert.Contains("edited", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_receipt_of_the_same_bytes_is_rewritten()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync(Id);
        var path = shop.Layout.ReceiptPath(PluginId.Parse(Id));
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"installedBy\": \"", "\"installedBy\": \"not ", StringComparison.Ordinal));

        Assert.Equal(("Unchanged", "ProvenanceRecorded"),
            (await RepairAsync(shop)) is var repaired ? (repaired.Status, repaired.ReasonCode) : default);
        Assert.True(Assert.Single(new IntegrityQuery(shop.Environment).Check(new IntegrityRequest()).Results).IsIntact);
    }

    [Fact]
    public async Task A_plugin_without_a_receipt_cannot_be_repaired()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync(Id);
        File.Delete(shop.Layout.ReceiptPath(PluginId.Parse(Id)));

        TestShop.AssertFailed(MarketErrorCode.ProvenanceUnknown, await RepairAsync(shop));
        TestShop.AssertFailed(MarketErrorCode.PluginNotInstalled,
            await new PluginRepairer(shop.Environment).RepairAsync(PluginReference.Parse("other")));
    }

    private static Task<PluginOperationResult> RepairAsync(TestShop shop) =>
        new PluginRepairer(shop.Environment).RepairAsync(PluginReference.Parse(Id));
}
