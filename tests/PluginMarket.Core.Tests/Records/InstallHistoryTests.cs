using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Installation;
using PluginMarket.Records;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Slow")]
public sealed class InstallHistoryTests
{
    [Fact]
    public async Task Install_update_and_uninstall_are_each_a_line_with_bytes_and_author()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        var first = await shop.InstallAsync("tool@shop");
        shop.Plugin("tool", "1.1.0", "changed");
        var second = await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } });
        await shop.UninstallAsync("tool@shop");

        var history = shop.Environment.Home.History.Read();

        Assert.Equal(["Install", "Update", "Uninstall"], history.Select(record => record.Action));
        Assert.Equal([first.TreeHash, second.TreeHash, second.TreeHash], history.Select(record => record.TreeHash));
        Assert.Equal(["1.0.0", "1.1.0", "1.1.0"], history.Select(record => record.ManifestVersion));
        Assert.All(history, record => Assert.Equal(("tool@shop", Origin.UserName, Origin.ToolVersion, TimeSpan.Zero),
            (record.Id!.ToString(), record.By, record.ToolVersion, record.On.Offset)));
        Assert.Equal(FileOps.PrivateFile, FileOps.Default.Examine(shop.Layout.State.HistoryPath).Mode);
    }

    [Fact]
    public async Task What_changes_nothing_adds_no_line()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var before = File.ReadAllText(shop.Layout.State.HistoryPath);

        Assert.Equal("Unchanged", (await shop.InstallAsync("tool@shop")).Status);
        Assert.Equal(before, File.ReadAllText(shop.Layout.State.HistoryPath));
    }

    [Fact]
    public async Task An_incomplete_line_is_ignored_and_never_mixes_with_the_next_one()
    {
        using var shop = new TestShop().Listing("tool", "other").Plugin("tool").Plugin("other");
        await shop.InstallAsync("tool@shop");
        var path = shop.Layout.State.HistoryPath;
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length - 2; length += 23)
        {
            File.WriteAllBytes(path, [.. whole, .. whole[..length]]);
            await shop.InstallAsync("other@shop");
            await shop.UninstallAsync("other@shop");

            Assert.Equal(["tool@shop Install", "other@shop Install", "other@shop Uninstall"],
                shop.Environment.Home.History.Read().Select(record => $"{record.Id} {record.Action}"));
        }
    }

    [Fact]
    public async Task What_cannot_be_read_of_it_is_told_and_not_called_nothing()
    {
        var log = new RecordingLog();
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var path = shop.Layout.State.HistoryPath;
        File.AppendAllText(path, "{\"on\":\n\n[]\n");
        var query = new HistoryQuery(shop.Environment with { Log = log });

        Assert.Equal(["Install"], query.Read(new HistoryRequest()).Entries.Select(entry => entry.Action));
        var warning = Assert.Single(log.Warnings);
        Assert.Contains("2 lines of the history", warning, StringComparison.Ordinal);
        Assert.Contains("line 2", warning, StringComparison.Ordinal);

        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.Equal(MarketErrorCode.StateCorrupt,
            Assert.Throws<PluginMarketException>(() => query.Read(new HistoryRequest())).Code);
    }

    [Fact]
    public async Task A_link_in_its_place_is_never_written_through()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        var target = shop.Scratch.Write("outside.txt", "kept");
        Directory.CreateDirectory(shop.Layout.State.StatePath);
        File.CreateSymbolicLink(shop.Layout.State.HistoryPath, target);

        var result = await shop.InstallAsync("tool@shop");

        Assert.Equal("Failed", result.Status);
        Assert.Equal("kept", File.ReadAllText(target));
    }
}
