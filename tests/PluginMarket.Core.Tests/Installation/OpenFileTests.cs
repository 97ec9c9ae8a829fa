using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Windows renames no folder while a file in it is open, and exchanges no two folders. Linux and Wine do rename it: here the
/// disk asks the open file first.</summary>
[Trait("Category", "Fast")]
public sealed class OpenFileTests
{
    private static readonly PluginId Id = PluginId.Parse("tool@shop");

    [Fact]
    public async Task A_version_with_an_open_file_stays_whole_and_is_replaced_once_that_is_closed()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Environment = shop.Environment with { Files = new DiskOfWindows() };
        await shop.InstallAsync("tool@shop");
        shop.Plugin("tool", text: "new");
        var folder = shop.Environment.Home.Cache.ActivePath(Id)!;
        var before = ScratchFolder.Inventory(folder);

        await using (File.Open(Path.Join(folder, "skills", "a", "SKILL.md"), FileMode.Open, FileAccess.Read, FileShare.None))
        {
            TestShop.AssertFailed(MarketErrorCode.PluginInUse, await shop.InstallAsync("tool@shop", Again));
        }

        Assert.Equal(before, ScratchFolder.Inventory(folder));
        Assert.Empty(Directory.GetFileSystemEntries(shop.Environment.Home.State.Layout.JournalPath));
        Assert.Equal("Updated", (await shop.InstallAsync("tool@shop", Again)).Status);
        Assert.NotEqual(before, ScratchFolder.Inventory(folder));
    }

    [Fact]
    public async Task A_plugin_that_cannot_be_removed_stays_on()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Environment = shop.Environment with { Files = new DiskOfWindows() };
        await shop.InstallAsync("tool@shop");
        File.AppendAllText(Path.Join(shop.Environment.CodexHome, "config.toml"), "\n[plugins.\"tool@shop\".mcp_servers.a]\nenabled = false\n");
        var (config, folder) = (shop.Config, shop.Environment.Home.Cache.ActivePath(Id)!);

        await using (File.Open(Path.Join(folder, "skills", "a", "SKILL.md"), FileMode.Open, FileAccess.Read, FileShare.None))
        {
            var result = await shop.UninstallAsync("tool@shop");
            TestShop.AssertFailed(MarketErrorCode.PluginInUse, result);
            Assert.Equal((true, folder), (result.Enabled, result.Path));
        }

        Assert.Equal(config, shop.Config);
        Assert.Equal("Removed", (await shop.UninstallAsync("tool@shop")).Status);
        Assert.DoesNotContain("[plugins", shop.Config, StringComparison.Ordinal);
    }

    private static InstallRequest Again(InstallRequest request) => request with { Intent = new InstallIntent.Install { Reinstall = true } };

    private sealed class DiskOfWindows : FileOps
    {
        public override bool Exchange(string first, string second) => false;

        public override bool RenameNoReplace(string from, string to) =>
            Directory.Exists(from) && Directory.GetFiles(from, "*", SearchOption.AllDirectories).Any(IsOpen)
                ? throw DiskError.Writing("Renaming to", to, DiskError.Busy)
                : base.RenameNoReplace(from, to);

        // Without their own lock, our files are open to everybody.
        private static bool IsOpen(string path)
        {
            try
            {
                using var stream = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }
}
