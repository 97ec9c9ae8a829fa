using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Marketplaces;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class SharedFolderTests
{
    private const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;

    public static TheoryData<string> Folders { get; } = ["", "plugins", "plugins/cache", "plugins/cache/shop", "plugins/cache/shop/tool",
        "plugins/.pluginmarket", ".tmp", ".tmp/marketplaces"];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Nothing_is_changed_where_everyone_can_write_on_the_way_to_the_plugins(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var shop = await InstalledAsync();
        var open = Open(shop, folder, Everyone);
        var before = shop.Inventory();

        PluginOperationResult[] refused =
        [
            await shop.InstallAsync("tool@shop",
                request => request with { AllowDowngrade = true, Intent = new InstallIntent.Install { Reinstall = true } }),
            await shop.UninstallAsync("tool@shop", purge: true),
        ];

        Assert.All(refused, result =>
        {
            TestShop.AssertFailed(MarketErrorCode.HomeWritableByOthers, result);
            Assert.Equal(open, result.GetFailure()!.Target);
            Assert.Contains($"chmod o-w '{open}'", result.Reason, StringComparison.Ordinal);
        });
        Assert.Equal(before, shop.Inventory());

        FileOps.Default.SetMode(open, (UnixFileMode)0b111_111_101);
        Assert.Equal("Removed", (await shop.UninstallAsync("tool@shop")).Status);
    }

    [Fact]
    public async Task A_sticky_folder_and_the_override_are_taken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var shop = await InstalledAsync();
        var cache = Open(shop, "plugins/cache", Everyone | UnixFileMode.StickyBit);
        Assert.Equal("Updated", (await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } })).Status);

        FileOps.Default.SetMode(cache, Everyone);
        shop.Environment = shop.Environment with
        {
            Variables = new Dictionary<string, string>(shop.Environment.Variables, StringComparer.Ordinal)
            {
                ["PLUGINMARKET_ALLOW_SHARED_HOME"] = "1",
            },
        };
        Assert.Equal("Removed", (await shop.UninstallAsync("tool@shop")).Status);
    }

    [Fact]
    public async Task A_link_counts_as_what_it_leads_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var shop = await InstalledAsync();
        var cache = Path.Join(shop.CodexHome, "plugins", "cache");
        Directory.Move(cache, shop.Scratch["shared"]);
        Directory.CreateSymbolicLink(cache, shop.Scratch["shared"]);
        Assert.Equal("Updated", (await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } })).Status);

        FileOps.Default.SetMode(shop.Scratch["shared"], Everyone);
        TestShop.AssertFailed(MarketErrorCode.HomeWritableByOthers, await shop.UninstallAsync("tool@shop"));
    }

    [Fact]
    public async Task Marketplaces_and_what_killed_runs_left_are_not_touched_either()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var shop = await InstalledAsync();
        shop.Scratch.Write("home/.codex/plugins/.pluginmarket/trash/old/file", "x");
        Open(shop, "plugins", Everyone);
        var before = shop.Inventory();
        var registry = new MarketplaceRegistry(shop.Environment);

        var removed = await Assert.ThrowsAsync<PluginMarketException>(
            () => registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "shop" }));
        Recovery.Run(shop.Environment);

        Assert.Equal(MarketErrorCode.HomeWritableByOthers, removed.Code);
        Assert.Equal(before, shop.Inventory());
    }

    private static async Task<TestShop> InstalledAsync()
    {
        var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.Plugin("tool", "2.0.0", "changed");
        return shop;
    }

    private static string Open(TestShop shop, string folder, UnixFileMode mode)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.Join(shop.CodexHome, folder));
        Directory.CreateDirectory(path);
        FileOps.Default.SetMode(path, mode);
        return path;
    }
}
