using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>What <see cref="InstalledPlugin.HeldAgainstCodex"/> says, case by case; the interop tests ask Codex itself.</summary>
[Trait("Category", "Fast")]
public sealed class CodexRefreshTests
{
    [Theory]
    [InlineData(CacheVersionRule.Local, false, "next refresh installs")]
    [InlineData(CacheVersionRule.Manifest, true, "until the version in")]
    public async Task A_folder_holds_under_the_name_of_its_version(CacheVersionRule rule, bool held, string reason)
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { CacheVersion = rule } });
        AssertHeld(shop, held, reason);

        shop.Plugin("tool", "2.0.0");
        AssertHeld(shop, false, "version 2.0.0");

        shop.Listing();
        AssertHeld(shop, true, "does not list it");
    }

    [Fact]
    public async Task A_plugin_without_a_version_holds_in_local()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", version: null);
        await shop.InstallAsync("tool@shop");

        AssertHeld(shop, true, "folder");
    }

    [Fact]
    public async Task A_repository_holds_by_the_installed_commit_alone()
    {
        using var shop = new TestShop();
        var repository = GitRepository.Create(shop.Scratch["repository"]);
        var first = repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""").Commit();
        var second = repository.Write("more.txt", "x").Commit();
        string Entry(string pin) => $$$"""{"name":"tool","source":{"source":"url","url":"{{{repository.FileUrl}}}"{{{pin}}}}}""";
        shop.Catalog(Entry($",\"sha\":\"{first}\""));
        await shop.InstallAsync("tool@shop");
        AssertHeld(shop, true, "pinned to the installed commit");

        shop.Catalog(Entry($",\"sha\":\"{second}\""));
        AssertHeld(shop, false, "another commit");
        shop.Catalog(Entry(",\"ref\":\"main\""));
        AssertHeld(shop, false, "follows 'main'");
        shop.Catalog(Entry(""));
        AssertHeld(shop, false, "default branch");
    }

    [Fact]
    public async Task A_git_marketplace_holds_by_its_commit_alone()
    {
        using var shop = new TestShop(isRegistered: false);
        var repository = GitRepository.Create(shop.Scratch["market"]);
        repository.Write(".agents/plugins/marketplace.json", """{"name":"market","plugins":[{"name":"tool","source":"./tool"}]}""");
        var commit = repository.Write("tool/.codex-plugin/plugin.json", """{"name":"tool","version":"1.0.0"}""").Commit();
        var registry = new MarketplaceRegistry(shop.Environment);
        await registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        await shop.InstallAsync("tool@market",
            request => request with { Intent = new InstallIntent.Install { CacheVersion = CacheVersionRule.Manifest } });
        AssertHeld(shop, false, "default branch");

        await registry.SetAsync(new MarketplaceSetRequest { Name = "market", Sha = commit });
        AssertHeld(shop, true, "pinned to a commit");
    }

    [Fact]
    public async Task Without_marketplace_or_plugins_nothing_is_refreshed()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var config = shop.Config;

        shop.WriteConfig(config[config.IndexOf("[plugins", StringComparison.Ordinal)..]);
        AssertHeld(shop, true, "not configured");
        shop.WriteConfig(config + "\n[features]\nplugins = false\n");
        AssertHeld(shop, true, "disabled");
        File.WriteAllText(Path.Join(shop.Root, ".agents/plugins/marketplace.json"), "{");
        shop.WriteConfig(config);
        AssertHeld(shop, null, "cannot be read");
    }

    private static void AssertHeld(TestShop shop, bool? held, string reason)
    {
        var plugin = Assert.Single(new InstalledPluginQuery(shop.Environment).List(new InstalledPluginRequest()).Plugins);
        Assert.True(plugin.HeldAgainstCodex == held, plugin.HeldReason);
        Assert.Contains(reason, plugin.HeldReason, StringComparison.Ordinal);
    }
}
