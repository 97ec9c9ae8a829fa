using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Records;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>One review, many homes: an approvals file accepts exactly what was reviewed, on any machine, and nothing else.</summary>
[Trait("Category", "Slow")]
public sealed class ApprovalTests
{
    private static readonly PluginReference Tool = PluginReference.Parse("tool@shop");

    [Fact]
    public async Task One_file_updates_ten_homes_and_refuses_the_eleventh_whose_upstream_moved()
    {
        using var shop = new TestShop();
        var repository = shop.Repository("tool");
        repository.Write("hooks/hooks.json", Hook("echo one")).Commit();
        var homes = Enumerable.Range(1, 11).Select(i => Home(shop, $"machine{i}")).ToList();
        foreach (var home in homes)
        {
            Assert.Equal("Installed", (await RunAsync(home, new InstallRequest { References = [Tool] })).Status);
        }

        repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"2.0.0"}""")
            .Write("hooks/hooks.json", Hook("echo two")).Commit();
        var path = shop.Scratch["approvals.json"];
        var update = Assert.Single((await new PluginUpdateQuery(homes[0]).FindAsync(new PluginUpdateRequest())).Updates);
        var approval = await new PluginReview(homes[0]).ApproveAsync(Tool with { TreeHash = update.ToTreeHash }, "CHG-1042");
        await ApprovalFile.AddAsync(homes[0], path, approval);
        Assert.Equal((update.ToTreeHash, repository.Head, "2.0.0", "CHG-1042"),
            (approval.TreeHash, approval.Commit, approval.Version, approval.Note));
        Assert.Equal("Hook hooks/hooks.json:stop:0:0", Assert.Single(approval.Capabilities).ToString());

        foreach (var home in homes.Take(10))
        {
            TestShop.AssertFailed(MarketErrorCode.CapabilityNotAccepted,
                await RunAsync(home, new InstallRequest { References = [Tool], Intent = new InstallIntent.Update() }));
            var result = await RunAsync(home,
                new InstallRequest { References = [Tool], Approvals = ApprovalFile.Read(home, path), Intent = new InstallIntent.Update() });
            Assert.True(result.Status == "Updated", result.Reason);
            Assert.Equal((approval.TreeHash, "2.0.0"), (result.TreeHash, result.Version));
            Assert.Equal(approval.TreeHash, TreeDigest.Compute(FolderTree.Read(result.Path!, FileOps.Default, Limits.Default)));
        }

        repository.Write("notes.txt", "moved").Commit();
        var eleventh = homes[10];
        var before = ScratchFolder.Inventory(eleventh.CodexHome);
        var refused = await RunAsync(eleventh, new InstallRequest
        {
            References = [Tool],
            AcceptCapability = ["All"],
            Approvals = ApprovalFile.Read(eleventh, path),
            Intent = new InstallIntent.Update(),
        });
        TestShop.AssertFailed(MarketErrorCode.UpdateChangedSinceReview, refused);
        Assert.Equal(before, ScratchFolder.Inventory(eleventh.CodexHome));
        await Assert.ThrowsAsync<PluginMarketException>(
            () => new PluginReview(homes[0]).ApproveAsync(Tool with { TreeHash = update.ToTreeHash }));
    }

    [Fact]
    public async Task What_is_not_in_the_file_is_not_installed_either()
    {
        using var shop = new TestShop().Listing("tool", "other").Plugin("tool").Hook("tool", "echo one").Plugin("other");
        var path = shop.Scratch["approvals.json"];
        await ApprovalFile.AddAsync(shop.Environment, path, await new PluginReview(shop.Environment).ApproveAsync(Tool));
        var approvals = ApprovalFile.Read(shop.Environment, path);

        TestShop.AssertFailed(MarketErrorCode.CapabilityNotAccepted,
            await shop.InstallAsync("other@shop", request => request with { Approvals = approvals, AcceptCapability = ["All"] }));
        Assert.False(Directory.Exists(shop.Layout.PluginPath(PluginId.Parse("other@shop"))));
        var installed = await shop.InstallAsync("tool@shop", request => request with { Approvals = approvals });

        // Approved bytes are where Codex's refresh leaves them alone as long as the source holds that version.
        Assert.Equal(("Installed", "1.0.0"), (installed.Status, installed.Version));
        shop.Plugin("tool", text: "other");
        Assert.Equal("Unchanged", (await shop.UpdateAsync("tool@shop", request => request with { Approvals = approvals })).Status);
    }

    [Fact]
    public async Task A_capability_that_was_struck_out_of_the_file_is_refused()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.Hook("tool", "echo one");
        var path = shop.Scratch["approvals.json"];
        await ApprovalFile.AddAsync(shop.Environment, path,
            await new PluginReview(shop.Environment).ApproveAsync(Tool) with { Capabilities = [] });
        var before = shop.Inventory();

        TestShop.AssertFailed(MarketErrorCode.CapabilityNotAccepted,
            await shop.UpdateAsync("tool@shop", request => request with { Approvals = ApprovalFile.Read(shop.Environment, path) }));
        Assert.Equal(before, shop.Inventory());
    }

    [Fact]
    public async Task A_folder_in_a_catalog_names_its_own_entry()
    {
        using var shop = new TestShop(isRegistered: false).Listing("tool").Plugin("tool");
        var review = new PluginReview(shop.Environment);

        var approval = await review.ApproveAsync(review.FindEntryOf(Path.Join(shop.Root, "tool")));

        Assert.Equal("tool@shop", approval.Id);
        Assert.Equal(MarketErrorCode.PluginNotFound, Assert.Throws<PluginMarketException>(() => review.FindEntryOf(shop.Root)).Code);
    }

    private static string Hook(string command) =>
        $$$"""{"hooks":{"Stop":[{"hooks":[{"type":"command","command":{{{JsonSerializer.Serialize(command)}}}}]}]}}""";

    private static MarketEnvironment Home(TestShop shop, string name)
    {
        shop.Scratch.Write($"{name}/.codex/config.toml",
            $"[marketplaces.shop]\nsource_type = \"local\"\nsource = {JsonSerializer.Serialize(shop.Root)}\n");
        return shop.Environment with { CodexHome = shop.Scratch[$"{name}/.codex"], HomePath = shop.Scratch[name] };
    }

    private static async Task<PluginOperationResult> RunAsync(MarketEnvironment home, InstallRequest request)
    {
        var installer = new PluginInstaller(home);
        var plan = await installer.PlanAsync(request);
        return plan.Failures.Count > 0 ? plan.Failures[0] : await installer.ExecuteAsync(plan, plan.Items).SingleAsync();
    }
}
