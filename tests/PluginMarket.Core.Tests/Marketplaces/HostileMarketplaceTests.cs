using System.Diagnostics;
using PluginMarket.Core.Tests.Sources;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>A folder that is registered as a marketplace runs nothing and holds nobody up (threat A18, C9).</summary>
[Trait("Category", "Fast")]
public sealed class HostileMarketplaceTests
{
    [Fact]
    public void A_pipe_and_a_link_to_a_device_at_the_path_of_a_catalog_are_not_opened()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        using var home = new TestHome();
        home.Scratch.MakeFolder("m/.agents/plugins");
        home.Scratch.MakeFolder("m/.claude-plugin");
        using (var pipe = Process.Start("mkfifo", [home.Scratch["m/.agents/plugins/marketplace.json"]]))
        {
            pipe.WaitForExit();
        }

        File.CreateSymbolicLink(home.Scratch["m/.claude-plugin/marketplace.json"], "/dev/zero");
        home.WriteCatalog("m", "{\"name\": \"real\", \"plugins\": []}", ".cursor-plugin/marketplace.json");

        Assert.Equal("real", new MarketplaceCatalogReader(home.Environment).Read(home.Scratch["m"], isRemote: false).Name);
    }

    [Fact]
    public async Task The_configuration_and_hooks_of_its_own_repository_run_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of this test are shell scripts.");
        using var shop = new TestShop();
        var canary = shop.Scratch["canary"];
        var trap = GitFixture.Program(shop.Scratch, "trap", $"touch '{canary}'\nexit 0\n");
        var repository = GitRepository.Create(shop.Root, new Dictionary<string, string>
        {
            [".agents/plugins/marketplace.json"] =
                """{"name":"shop","plugins":[{"name":"tool","source":"./tool"},{"name":"self","source":{"source":"url","url":"./"}}]}""",
            [".codex-plugin/plugin.json"] = """{"name":"self","version":"1.0.0"}""",
            ["tool/.codex-plugin/plugin.json"] = """{"name":"tool","version":"1.0.0"}""",
        });
        foreach (var hook in new[] { "post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc" })
        {
            GitFixture.Program(shop.Scratch, $"shop/.git/hooks/{hook}", $"touch '{canary}'\nexit 0\n");
        }

        foreach (var key in new[] { "core.fsmonitor", "core.sshCommand", "core.alternateRefsCommand", "uploadpack.packObjectsHook",
            "diff.external", "core.pager" })
        {
            repository.Run("config", key, trap);
        }

        Assert.False(File.Exists(canary), "The test itself has set the traps off.");
        var found = await new PluginQuery(shop.Environment).FindAsync(new PluginFindRequest { Resolve = true });
        PluginOperationResult[] installed = [await shop.InstallAsync("tool@shop"), await shop.InstallAsync("self@shop")];
        var updates = await new PluginUpdateQuery(shop.Environment).FindAsync(new PluginUpdateRequest());

        Assert.All(found.Plugins, plugin => Assert.True(plugin.Resolved, plugin.Reason));
        Assert.All(installed, result => Assert.True(result.Status == "Installed", result.Reason));
        Assert.Empty(updates.Failures);
        Assert.False(File.Exists(canary));
    }
}
