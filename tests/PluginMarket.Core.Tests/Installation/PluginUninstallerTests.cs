using PluginMarket.Installation;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class PluginUninstallerTests
{
    [Fact]
    public async Task The_key_the_files_and_the_receipt_go_and_the_data_stays()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.Scratch.Write("home/.codex/plugins/data/tool-shop/kept.txt", "x");

        var result = await shop.UninstallAsync("tool");

        Assert.Equal(("Removed", "local", true, "shop"), (result.Status, result.CacheVersion, result.RestartRequired, result.Marketplace));
        Assert.DoesNotContain("[plugins", shop.Config, StringComparison.Ordinal);
        Assert.False(Path.Exists(shop.Layout.PluginPath(PluginId.Parse("tool@shop"))));
        Assert.Null(shop.Environment.Home.Receipts.Find(PluginId.Parse("tool@shop")));
        Assert.True(File.Exists(shop.Scratch["home/.codex/plugins/data/tool-shop/kept.txt"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Layout.State.TrashPath));
    }

    [Fact]
    public async Task Purging_takes_the_data_too()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.Scratch.Write("home/.codex/plugins/data/tool-shop/kept.txt", "x");

        Assert.Equal("Removed", (await shop.UninstallAsync("tool@shop", purge: true)).Status);
        Assert.False(Path.Exists(shop.Scratch["home/.codex/plugins/data/tool-shop"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plugin_that_could_not_be_removed_is_on_as_before(bool purge)
    {
        for (var at = 1; ; at++)
        {
            using var shop = new TestShop().Listing("tool").Plugin("tool");
            await shop.InstallAsync("tool@shop");
            shop.Scratch.Write("home/.codex/plugins/data/tool-shop/kept.txt", "x");
            var (before, environment) = (shop.Config, shop.Environment);
            var files = new FaultingFileOps
            {
                At = at,
                Operations = InstallScenario.ChangingAndSyncingCalls,
                Failure = FaultingFileOps.ErrorNumber(5),
                Saves = false,
            };
            shop.Environment = environment with { Files = files };

            var result = await shop.UninstallAsync("tool@shop", purge);

            shop.Environment = environment;
            var call = $"call {at}, {(files.Count < at ? "none failed" : files.Calls[at - 1])}: {result.Status} {result.Reason}";
            var isThere = environment.Home.Cache.ActiveVersion(PluginId.Parse("tool@shop")) is not null;
            var isLeft = purge && result.Reason?.Contains("was uninstalled, but its data folder", StringComparison.Ordinal) == true;
            Assert.True((result.Status == "Failed") == (isThere || isLeft), call);
            Assert.True(isThere ? shop.Config == before : !shop.Config.Contains("[plugins", StringComparison.Ordinal), call);
            if (files.Count < at)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData("receipts")]
    [InlineData("holds")]
    public async Task A_folder_at_the_path_of_a_record_is_said_before_anything_is_removed(string records)
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var record = shop.Scratch[$"home/.codex/plugins/.pluginmarket/{records}/shop/tool.json"];
        Directory.CreateDirectory(Path.GetDirectoryName(record)!);
        File.Delete(record);
        Directory.CreateDirectory(record);
        var before = shop.Inventory();

        var result = await shop.UninstallAsync("tool@shop");

        TestShop.AssertFailed(MarketErrorCode.StateCorrupt, result);
        Assert.Equal(record, result.GetFailure()!.Target);
        Assert.Contains("move the folder away", result.Reason, StringComparison.Ordinal);
        Assert.Equal(before, shop.Inventory());
        Directory.Delete(record);
        Assert.Equal("Removed", (await shop.UninstallAsync("tool@shop")).Status);
    }

    [Fact]
    public async Task Only_the_version_referred_to_is_removed()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", "1.0.0");
        await shop.InstallAsync("tool@shop");
        var before = shop.Inventory();
        var tool = PluginReference.Parse("tool@shop");

        TestShop.AssertFailed(MarketErrorCode.VersionNotFound,
            await shop.UninstallAsync(tool with { Version = PluginVersion.Parse("0.9.0") }));
        Assert.Equal(before, shop.Inventory());
        Assert.Equal("Removed", (await shop.UninstallAsync(tool with { Version = PluginVersion.Parse("1.0.0") })).Status);
    }

    [Fact]
    public async Task What_is_not_installed_is_stated_and_nothing_is_made()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        var before = shop.Inventory();

        var result = await shop.UninstallAsync("tool@shop");

        TestShop.AssertFailed(MarketErrorCode.PluginNotInstalled, result);
        Assert.Equal(before, shop.Inventory());
    }

    [Fact]
    public async Task A_bare_name_must_fit_one_installed_plugin()
    {
        using var shop = new TestShop();
        shop.WriteConfig("[plugins.\"tool@a\"]\nenabled = true\n[plugins.\"tool@b\"]\nenabled = true\n");

        TestShop.AssertFailed(MarketErrorCode.PluginNameAmbiguous, await shop.UninstallAsync("tool"));
        Assert.Equal("Removed", (await shop.UninstallAsync("tool@a")).Status);
        Assert.Equal("[plugins.\"tool@b\"]\nenabled = true\n", shop.Config);
    }

    [Fact]
    public async Task What_another_layer_defines_is_refused()
    {
        using var shop = new TestShop();
        shop.Scratch.Write("etc/config.toml", "[plugins.\"tool@a\"]\nenabled = true\n");

        TestShop.AssertFailed(MarketErrorCode.ManagedByAdministrator, await shop.UninstallAsync("tool@a"));
    }

    [Fact]
    public async Task Turning_off_and_on_changes_one_value()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var before = shop.Config;
        var activation = new PluginActivation(shop.Environment);

        var off = await activation.SetEnabledAsync(PluginReference.Parse("tool"), false);
        Assert.Equal(("Disable", "Unchanged", false, true), (off.Action, off.Status, off.Enabled, off.RestartRequired));
        Assert.Equal(before.Replace("enabled = true", "enabled = false", StringComparison.Ordinal), shop.Config);
        Assert.Equal("Unchanged", (await activation.SetEnabledAsync(PluginReference.Parse("tool@shop"), false)).Status);
        Assert.Equal("Enabled", (await activation.SetEnabledAsync(PluginReference.Parse("tool@shop"), true)).ReasonCode);
        Assert.Equal(before, shop.Config);
        TestShop.AssertFailed(MarketErrorCode.PluginNotInstalled,
            await activation.SetEnabledAsync(PluginReference.Parse("toll@shop"), true));
    }
}
