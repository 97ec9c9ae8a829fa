using PluginMarket.Identity;
using PluginMarket.Installation;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>What may not be installed is refused by the catalogs on disk, with its own id, and the home stays as it was.</summary>
[Trait("Category", "Fast")]
public sealed class InstallRefusalTests
{
    [Theory]
    [InlineData("""{"name":"tool","source":"./tool","policy":{"installation":"NOT_AVAILABLE"}}""", MarketErrorCode.PluginNotAvailable)]
    [InlineData("""{"name":"tool","source":"./tool","policy":{"products":[]}}""", MarketErrorCode.PluginNotFound)]
    [InlineData("""{"name":"tool","source":"./tool","policy":{"installation":"available"}}""", MarketErrorCode.PluginNotFound)]
    [InlineData("""{"name":"tool","source":"./tool"},{"name":"tool","source":"./other"}""", MarketErrorCode.PluginNameAmbiguous)]
    [InlineData("""{"name":"tool","source":"./missing"}""", MarketErrorCode.SourceUnreachable)]
    [InlineData("""{"name":"tool","source":"./renamed"}""", MarketErrorCode.ManifestNameMismatch)]
    [InlineData("""{"name":"tool","source":"./empty"}""", MarketErrorCode.ManifestInvalid)]
    [InlineData("""{"name":"tool","source":"./dotted"}""", MarketErrorCode.NameInvalid)]
    [InlineData("""{"name":"tool","source":"./bom"}""", MarketErrorCode.ManifestInvalid)]
    [InlineData("""{"name":"tool","source":"./device"}""", MarketErrorCode.NameInvalid)]
    [InlineData("""{"name":"tools","source":"./tool"}""", MarketErrorCode.PluginNotFound)]
    [InlineData("""{"name":"tool","source":"../tool"}""", MarketErrorCode.PathEscapesRoot)]
    [InlineData("""{"name":"tool","source":"./a/../../tool"}""", MarketErrorCode.PathEscapesRoot)]
    [InlineData("""{"name":"tool","source":"/etc"}""", MarketErrorCode.PathEscapesRoot)]
    [InlineData("""{"name":"tool","source":{"source":"git-subdir","url":"https://h/r","path":"../x"}}""", MarketErrorCode.PathEscapesRoot)]
    [InlineData("""{"name":"tool","source":{"source":"url","url":"../../x"}}""", MarketErrorCode.PathEscapesRoot)]
    [InlineData("""{"name":"tool","source":"tool"}""", MarketErrorCode.SourceInvalid)]
    [InlineData("""{"name":"tool","source":5}""", MarketErrorCode.SourceInvalid)]
    [InlineData("""{"name":"tool","source":{"source":"github","repo":"a/b"}}""", MarketErrorCode.SourceNotSupported)]
    [InlineData("""{"name":"tool","source":"./tool","category":5}""", MarketErrorCode.PluginNotFound)]
    public async Task A_refused_plugin_leaves_the_home_as_it_was(string entries, MarketErrorCode code)
    {
        using var shop = new TestShop().Listing("first").Plugin("first");
        await shop.InstallAsync("first@shop");
        shop.Catalog(entries).Plugin("tool");
        shop.Scratch.Write("shop/renamed/.codex-plugin/plugin.json", """{"name":"someone-else"}""");
        shop.Scratch.Write("shop/empty/readme.md", "no manifest");
        shop.Scratch.Write("shop/dotted/.codex-plugin/plugin.json", """{"name":"tool","version":"1.0."}""");
        shop.Scratch.Write("shop/bom/.codex-plugin/plugin.json", "\uFEFF{\"name\":\"tool\"}");
        shop.Scratch.Write("shop/device/.codex-plugin/plugin.json", """{"name":"tool"}""");
        shop.Scratch.Write("shop/device/nul.txt", "x");
        var before = shop.Inventory();

        TestShop.AssertFailed(code, await shop.InstallAsync("tool@shop"));

        Assert.Equal(before, shop.Inventory());
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_written_is_refused_before_the_files_change()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        await shop.UninstallAsync("tool@shop");
        var config = Path.Join(shop.Environment.CodexHome, "config.toml");
        File.SetAttributes(config, FileAttributes.ReadOnly);
        var before = shop.Inventory();

        TestShop.AssertFailed(MarketErrorCode.HomeNotWritable, await shop.InstallAsync("tool@shop"));

        Assert.Equal(before, shop.Inventory());
        File.SetAttributes(config, FileAttributes.Normal);
    }

    [Fact]
    public async Task A_misspelled_name_gets_a_suggestion()
    {
        using var shop = new TestShop().Listing("deploy-kit").Plugin("deploy-kit");

        Assert.Contains("deploy-kit", (await shop.InstallAsync("deploy-kti@shop")).Reason, StringComparison.Ordinal);
        Assert.Contains("deploy-kit", (await shop.InstallAsync("deploykit")).Reason, StringComparison.Ordinal);
        var result = await shop.InstallAsync("deploy-kit@shpo");
        TestShop.AssertFailed(MarketErrorCode.MarketplaceNotFound, result);
        Assert.Contains("'shop'", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_two_marketplaces_is_ambiguous_until_one_is_named()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Scratch.Write("mall/.agents/plugins/marketplace.json", """{"name":"mall","plugins":[{"name":"tool","source":"./tool"}]}""");
        shop.Scratch.Write("mall/tool/.codex-plugin/plugin.json", """{"name":"tool"}""");
        shop.WriteConfig(shop.Config + $"[marketplaces.mall]\nsource_type = \"local\"\nsource = '{shop.Scratch["mall"]}'\n");

        var result = await shop.InstallAsync("tool");
        TestShop.AssertFailed(MarketErrorCode.PluginNameAmbiguous, result);
        Assert.Contains("tool@shop", result.Reason, StringComparison.Ordinal);
        Assert.Contains("tool@mall", result.Reason, StringComparison.Ordinal);
        Assert.Equal("mall",
            (await shop.InstallAsync("tool", request => request with { Marketplace = MarketplaceName.Parse("mall") })).Marketplace);
    }

    [Fact]
    public async Task What_the_catalog_says_at_commit_time_counts()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        var installer = new PluginInstaller(shop.Environment);
        var plan = await installer.PlanAsync(new InstallRequest { References = [PluginReference.Parse("tool@shop")] });
        shop.Catalog("""{"name":"tool","source":"./tool","policy":{"installation":"NOT_AVAILABLE"}}""");

        var results = new List<PluginOperationResult>();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            results.Add(result);
        }

        TestShop.AssertFailed(MarketErrorCode.PluginNotAvailable, Assert.Single(results));
        Assert.False(Directory.Exists(shop.Layout.PluginPath(PluginId.Parse("tool@shop"))));
    }

    [Fact]
    public async Task An_object_of_another_home_or_computer_is_refused()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        var tool = PluginReference.Parse("tool@shop");

        TestShop.AssertFailed(MarketErrorCode.HomeConflict, await shop.InstallAsync(tool with { CodexHome = shop.Scratch["elsewhere"] }));
        TestShop.AssertFailed(MarketErrorCode.ForeignComputer,
            await shop.InstallAsync(tool with { ComputerName = "not-" + Origin.ComputerName }));
        Assert.Equal("Installed",
            (await shop.InstallAsync(tool with { CodexHome = shop.CodexHome + "/", ComputerName = Origin.ComputerName })).Status);
    }

    [Fact]
    public async Task A_catalog_that_is_not_registered_needs_trust_and_is_registered_with_it()
    {
        using var shop = new TestShop(isRegistered: false).Listing("tool").Plugin("tool");
        shop.WriteConfig("# mine\n");
        var reference = PluginReference.Parse("tool@shop") with { CatalogPath = Path.Join(shop.Root, ".agents/plugins/marketplace.json") };
        var installer = new PluginInstaller(shop.Environment);
        var plan = await installer.PlanAsync(new InstallRequest { References = [reference] });
        Assert.True(Assert.Single(plan.Items) is { RequiresTrust: true, IsTrusted: false });

        TestShop.AssertFailed(MarketErrorCode.MarketplaceNotTrusted, await shop.InstallAsync(reference));
        Assert.Equal("# mine\n", shop.Config);
        Assert.Equal("Installed", (await shop.InstallAsync(reference, request => request with { TrustMarketplace = true })).Status);
        Assert.Contains($"[marketplaces.shop]\nsource_type = \"local\"\nsource = "
            + $"\"{shop.Root.Replace(@"\", @"\\", StringComparison.Ordinal)}\"", shop.Config, StringComparison.Ordinal);
        Assert.Equal("Unchanged", (await shop.InstallAsync("tool@shop")).Status);
    }

    [Fact]
    public async Task Without_a_marketplace_the_next_step_is_to_register_one()
    {
        using var shop = new TestShop(isRegistered: false);

        var result = await shop.InstallAsync("tool");

        TestShop.AssertFailed(MarketErrorCode.PluginNotFound, result);
        Assert.Equal("No marketplace has a plugin 'tool'. Run Add-PluginMarketplace to register a marketplace.", result.Reason);
    }

    [Fact]
    public async Task A_bare_name_never_means_the_catalog_of_the_current_repository()
    {
        using var shop = new TestShop(isRegistered: false).Listing("tool").Plugin("tool");
        shop.Environment = shop.Environment with { WorkingDirectory = shop.Root };

        var result = await shop.InstallAsync("tool", request => request with { TrustMarketplace = true });
        TestShop.AssertFailed(MarketErrorCode.PluginNotFound, result);
        Assert.Contains("tool@shop", result.Reason, StringComparison.Ordinal);
        TestShop.AssertFailed(MarketErrorCode.MarketplaceNotTrusted, await shop.InstallAsync("tool@shop"));
        Assert.Equal("Installed", (await shop.InstallAsync("tool@shop", request => request with { TrustMarketplace = true })).Status);
    }

    [Fact]
    public async Task A_forged_catalog_of_a_registered_name_is_not_installed_from()
    {
        using var shop = new TestShop().Catalog("""{"name":"tool","source":"./tool","policy":{"installation":"NOT_AVAILABLE"}}""")
            .Plugin("tool");
        shop.Scratch.Write("forged/.agents/plugins/marketplace.json", """{"name":"shop","plugins":[{"name":"tool","source":"./tool"}]}""");
        shop.Scratch.Write("forged/tool/.codex-plugin/plugin.json", """{"name":"tool"}""");
        var forged = PluginReference.Parse("tool@shop") with { CatalogPath = shop.Scratch["forged/.agents/plugins/marketplace.json"] };

        TestShop.AssertFailed(MarketErrorCode.MarketplaceAlreadyExists,
            await shop.InstallAsync(forged, request => request with { TrustMarketplace = true }));
        Assert.False(Directory.Exists(shop.Layout.PluginPath(PluginId.Parse("tool@shop"))));
    }

    [Fact]
    public async Task What_the_administrator_decides_is_refused()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Scratch.Write("etc/managed_config.toml", "[plugins.\"tool@shop\"]\nenabled = false\n");

        var result = await shop.InstallAsync("tool@shop");
        TestShop.AssertFailed(MarketErrorCode.ManagedByAdministrator, result);
        Assert.Contains("managed_config.toml", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ref_is_refused_for_a_folder()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");

        TestShop.AssertFailed(MarketErrorCode.SourceInvalid,
            await shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { Ref = "main" } }));
    }

    [Fact]
    public async Task A_link_out_of_the_marketplace_is_not_a_source()
    {
        using var shop = new TestShop().Listing("tool");
        shop.Scratch.Write("outside/.codex-plugin/plugin.json", """{"name":"tool"}""");
        File.CreateSymbolicLink(Path.Join(shop.Root, "tool"), shop.Scratch["outside"]);

        TestShop.AssertFailed(MarketErrorCode.PathEscapesRoot, await shop.InstallAsync("tool@shop"));
    }
}
