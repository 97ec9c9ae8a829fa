using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Records;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class PluginInstallerTests
{
    [Fact]
    public async Task Installing_again_what_another_tool_put_there_records_where_it_comes_from()
    {
        using var shop = new TestShop();
        var repository = shop.Repository("tool");
        await shop.InstallAsync("tool@shop");
        var receipts = shop.Environment.Home.Receipts;
        var id = PluginId.Parse("tool@shop");
        receipts.Remove(id);
        Assert.Equal("Unchanged", (await shop.InstallAsync("tool@shop")).Status);
        Assert.False(receipts.Exists(id));
        Assert.Contains("-Reinstall",
            Assert.Single(new LockFileMaker(shop.Environment).Make(shop.Scratch["a.json"], []).Failures).Message, StringComparison.Ordinal);

        var recorded = await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } });

        Assert.Equal(("Unchanged", "ProvenanceRecorded", false), (recorded.Status, recorded.ReasonCode, recorded.RestartRequired));
        Assert.Equal((repository.FileUrl, repository.Head),
            (receipts.Find(id)!.Provenance.Location, receipts.Find(id)!.Provenance.OwnCommit));
        var draft = new LockFileMaker(shop.Environment).Make(shop.Scratch["a.json"], []);
        Assert.Empty(draft.Failures);
        Assert.Equal(repository.Head, Assert.Single(draft.File.Entries).Commit);
        Assert.Equal("Unchanged", (await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } })).Status);

        // The same bytes from elsewhere are recorded likewise: the old address may be gone tomorrow.
        var moved = shop.Scratch["repositories/moved"];
        Directory.Move(repository.Folder, moved);
        shop.Catalog($$$"""{"name":"tool","source":{"source":"url","url":"file://{{{moved}}}"}}""");
        Assert.Equal("ProvenanceRecorded", (await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } })).ReasonCode);
        Assert.Equal("file://" + moved, receipts.Find(id)!.Provenance.Location);
    }

    [Fact]
    public async Task What_another_tool_put_there_is_not_recorded_against_the_approvals_file()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool").Hook("tool", "echo hi");
        await shop.InstallAsync("tool@shop");
        shop.Environment.Home.Receipts.Remove(PluginId.Parse("tool@shop"));
        var approval = await new PluginReview(shop.Environment).ApproveAsync(PluginReference.Parse("tool@shop"));
        var path = shop.Scratch["approvals.json"];
        await ApprovalFile.AddAsync(shop.Environment, path, approval with { Capabilities = [] });
        Task<PluginOperationResult> Install() => shop.InstallAsync("tool@shop", request => request with
        {
            Approvals = ApprovalFile.Read(shop.Environment, path),
            Intent = new InstallIntent.Install { Reinstall = true },
        });

        TestShop.AssertFailed(MarketErrorCode.CapabilityNotAccepted, await Install());
        Assert.False(shop.Environment.Home.Receipts.Exists(PluginId.Parse("tool@shop")));

        await ApprovalFile.AddAsync(shop.Environment, path, approval);
        Assert.Equal(("Unchanged", "FolderRenamed"), (await Install()) is var taken ? (taken.Status, taken.ReasonCode) : default);
        Assert.True(shop.Environment.Home.Receipts.Exists(PluginId.Parse("tool@shop")));
    }

    [Fact]
    public async Task A_local_plugin_is_cached_recorded_and_enabled()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool").Hook("tool", "echo hi");

        var result = await shop.InstallAsync("tool@shop");

        Assert.Equal(("Installed", "local", "1.0.0", true, true),
            (result.Status, result.CacheVersion, result.Version, result.Enabled, result.RestartRequired));
        Assert.Equal(shop.Cached("tool@shop"), result.Path);
        Assert.Contains(result.Capabilities!, capability => capability is { Component: "Skill" });
        Assert.Contains(result.Capabilities!, capability => capability is { Component: "Hook", Event: "Stop", Command: "echo hi" });
        Assert.True(File.Exists(Path.Join(result.Path, "skills/a/SKILL.md")));
        Assert.EndsWith("\n[plugins.\"tool@shop\"]\nenabled = true\n", shop.Config, StringComparison.Ordinal);
        var receipt = shop.Environment.Home.Receipts.Find(PluginId.Parse("tool@shop"))!;
        Assert.Equal((result.TreeHash, "local", "local", Path.Join(shop.Root, "tool")),
            (receipt.TreeHash, receipt.Version.Value, receipt.SourceType, receipt.Provenance.Location));
        Assert.Equal(TreeDigest.Compute(FolderTree.Read(result.Path!, FileOps.Default, Limits.Default)), result.TreeHash);
        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.StagingPath));
    }

    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData(null, "local")]
    public async Task The_cache_folder_is_the_manifest_version_where_that_is_asked_for(string? version, string folder)
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", version);

        Assert.Equal(folder, (await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { CacheVersion = CacheVersionRule.Manifest } })).CacheVersion);
    }

    [Fact]
    public async Task The_environment_can_ask_for_the_manifest_version()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", "1.2.3");
        shop.Environment =
            shop.Environment with { Variables = new Dictionary<string, string> { ["PLUGINMARKET_CACHE_VERSION"] = "manifest" } };

        Assert.Equal("1.2.3", (await shop.InstallAsync("tool@shop")).Version);
    }

    [Fact]
    public async Task Installing_again_changes_not_a_byte()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var before = shop.Inventory();

        var result = await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } });

        Assert.Equal(("Unchanged", false), (result.Status, result.RestartRequired));
        Assert.Equal(before, shop.Inventory());
    }

    [Fact]
    public async Task Another_source_is_an_update_that_is_only_installed_when_asked_for()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var before = shop.Inventory();
        shop.Plugin("tool", "1.1.0", "other");

        var skipped = await shop.InstallAsync("tool@shop");
        Assert.Equal(("Skipped", "UpdateAvailable"), (skipped.Status, skipped.ReasonCode));
        Assert.Equal(before, shop.Inventory());

        var updated = await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true } });
        Assert.Equal(("Updated", "local", "local", "1.1.0"),
            (updated.Status, updated.CacheVersion, updated.PreviousCacheVersion, updated.Version));
        Assert.Contains("other", File.ReadAllText(Path.Join(updated.Path, "skills/a/SKILL.md")), StringComparison.Ordinal);
        Assert.Equal(updated.TreeHash, shop.Environment.Home.Receipts.Find(PluginId.Parse("tool@shop"))!.TreeHash);
    }

    [Fact]
    public async Task A_replacement_with_a_new_hook_has_to_be_accepted()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.Hook("tool", "curl evil");
        var before = shop.Inventory();

        var refused = await shop.InstallAsync("tool@shop",
            request => request with { AcceptCapability = ["Skill", "McpServer"], Intent = new InstallIntent.Install { Reinstall = true } });
        TestShop.AssertFailed(MarketErrorCode.CapabilityNotAccepted, refused);
        Assert.Contains("curl evil", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(before, shop.Inventory());

        var accepted = await shop.InstallAsync("tool@shop",
            request => request with { AcceptCapability = ["hook"], Intent = new InstallIntent.Install { Reinstall = true } });
        Assert.Equal("Updated", accepted.Status);
        Assert.Contains(accepted.CapabilityChange!, change => change is { Component: "Hook", Change: "Added", Risk: "High" });
    }

    [Fact]
    public async Task A_hook_whose_command_changed_has_to_be_accepted()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool").Hook("tool", "echo hi");
        await shop.InstallAsync("tool@shop");
        shop.Hook("tool", "curl evil");

        TestShop.AssertFailed(MarketErrorCode.CapabilityNotAccepted,
            await shop.InstallAsync("tool@shop", request => request with { Intent = new InstallIntent.Install { Reinstall = true } }));
    }

    [Fact]
    public async Task A_lower_version_has_to_be_allowed()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", "2.0.0");
        await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { CacheVersion = CacheVersionRule.Manifest } });
        shop.Plugin("tool", "1.9.0");

        TestShop.AssertFailed(MarketErrorCode.DowngradeRefused, await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Reinstall = true, CacheVersion = CacheVersionRule.Manifest } }));
        var result = await shop.InstallAsync("tool@shop", request => request with
        {
            AllowDowngrade = true,
            Intent = new InstallIntent.Install { Reinstall = true, CacheVersion = CacheVersionRule.Manifest },
        });

        Assert.Equal(("Updated", "1.9.0", "2.0.0"), (result.Status, result.Version, result.PreviousVersion));
        Assert.Equal(["1.9.0"], FileOps.Default.List(shop.Layout.PluginPath(PluginId.Parse("tool@shop"))));
    }

    [Fact]
    public async Task The_manifest_version_can_be_required()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", "2.0.0");

        TestShop.AssertFailed(MarketErrorCode.VersionNotFound, await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Version = PluginVersion.Parse("1.0.0") } }));
        Assert.Equal("Installed", (await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Version = PluginVersion.Parse("2.0.0") } })).Status);
    }

    [Fact]
    public async Task Only_the_reviewed_bytes_are_installed()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool", "2.0.0");
        var digest = TreeDigest.Compute(FolderTree.Read(Path.Join(shop.Root, "tool"), FileOps.Default, Limits.Default));
        var reviewed = PluginReference.Parse("tool@shop") with { TreeHash = digest };
        shop.Plugin("tool", "2.0.0", "slipped in");

        TestShop.AssertFailed(MarketErrorCode.UpdateChangedSinceReview, await shop.InstallAsync(reviewed));
        shop.Plugin("tool", "2.0.0");
        Assert.Equal("2.0.0", (await shop.InstallAsync(reviewed)).Version);
    }

    [Fact]
    public async Task What_the_plugin_is_installed_as_can_be_off()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");

        var off = await shop.InstallAsync("tool@shop",
            request => request with { Intent = new InstallIntent.Install { Activation = Activation.Off } });
        Assert.Equal(("Installed", false, false), (off.Status, off.Enabled, off.RestartRequired));
        Assert.Contains("enabled = false", shop.Config, StringComparison.Ordinal);

        var on = await shop.InstallAsync("tool@shop");
        Assert.Equal(("Unchanged", "Enabled", true), (on.Status, on.ReasonCode, on.RestartRequired));
        Assert.Contains("enabled = true", shop.Config, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_without_a_key_are_finished_by_the_next_install()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        shop.WriteConfig(shop.Config.Split("\n[plugins")[0]);
        shop.Plugin("tool", "0.9.0", "other");

        Assert.Equal("Installed", (await shop.InstallAsync("tool@shop")).Status);
        Assert.Contains("[plugins.\"tool@shop\"]", shop.Config, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_without_a_manifest_gets_one_that_is_recorded()
    {
        using var shop = new TestShop().Catalog("""{"name":"bare","source":"./bare","version":"3.0.0","description":"x"}""");
        shop.Scratch.Write("shop/bare/skills/a/SKILL.md", "---\nname: a\ndescription: d\n---\nDo.\n");

        var result = await shop.InstallAsync("bare@shop",
            request => request with { Intent = new InstallIntent.Install { CacheVersion = CacheVersionRule.Manifest } });

        Assert.Equal(("Installed", "3.0.0"), (result.Status, result.Version));
        var receipt = shop.Environment.Home.Receipts.Find(PluginId.Parse("bare@shop"))!;
        var generated = Assert.Single(receipt.GeneratedFiles);
        Assert.Equal((".codex-plugin/plugin.json", TreeDigest.OfBytes(File.ReadAllBytes(Path.Join(result.Path, generated.Path)))),
            (generated.Path, generated.Hash));
        Assert.Equal(TreeDigest.Compute(FolderTree.Read(Path.Join(shop.Root, "bare"), FileOps.Default, Limits.Default)), receipt.TreeHash);
        Assert.Equal("Unchanged", (await shop.InstallAsync("bare@shop")).Status);
    }

    [Fact]
    public async Task Links_are_left_out_or_refused()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Scratch.Write("secret.txt", "secret");
        File.CreateSymbolicLink(Path.Join(shop.Root, "tool", "leak.txt"), shop.Scratch["secret.txt"]);

        TestShop.AssertFailed(MarketErrorCode.PathEscapesRoot,
            await shop.InstallAsync("tool@shop", request => request with { Strict = true }));
        var result = await shop.InstallAsync("tool@shop");

        Assert.Equal(["leak.txt"], result.LeftOut!);
        Assert.False(Path.Exists(Path.Join(result.Path, "leak.txt")));
    }

    [Fact]
    public async Task A_name_that_differs_only_in_letter_case_is_refused()
    {
        using var shop = new TestShop().Listing("Tool").Plugin("Tool");
        await shop.InstallAsync("Tool@shop");
        shop.Listing("tool").Plugin("tool");

        TestShop.AssertFailed(MarketErrorCode.NameInvalid, await shop.InstallAsync("tool@shop"));
    }

    [Fact]
    public async Task One_failure_stops_no_other()
    {
        using var shop = new TestShop().Listing("a", "b", "broken").Plugin("a").Plugin("b");
        shop.Scratch.Write("shop/broken/.codex-plugin/plugin.json", "{");

        var results = await shop.InstallAllAsync(new InstallRequest
        {
            References = [.. "broken@shop a@shop nothing@shop b@shop a@shop".Split(' ').Select(PluginReference.Parse)],
        });

        Assert.Equal(["a Installed", "b Installed", "broken Failed", "nothing Failed"],
            results.Select(result => $"{result.Name} {result.Status}").Order(StringComparer.Ordinal));
        TestShop.AssertFailed(MarketErrorCode.ManifestInvalid, results.Single(result => result.Name == "broken"));
    }

    [Fact]
    public async Task Default_installs_what_catalogs_mark_and_nothing_else()
    {
        using var shop = new TestShop().Plugin("a").Plugin("b").Catalog(
            """{"name":"a","source":"./a","policy":{"installation":"INSTALLED_BY_DEFAULT"}}""",
            """{"name":"b","source":"./b"}""");

        Assert.Equal("a@shop",
            Assert.Single(await shop.InstallAllAsync(new InstallRequest { Intent = new InstallIntent.Install { Default = true } })).Id);
    }

    [Fact]
    public async Task Cancelling_leaves_nothing_unfinished()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        using var stop = new CancellationTokenSource();
        var files = new FaultingFileOps
        {
            Watch = (operation, path) =>
            {
                if (operation == "create" && path.EndsWith("SKILL.md", StringComparison.Ordinal))
                {
                    stop.Cancel();
                }
            },
        };
        shop.Environment = shop.Environment with { Files = files };
        var installer = new PluginInstaller(shop.Environment);
        var plan = await installer.PlanAsync(new InstallRequest { References = [PluginReference.Parse("tool@shop")] });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in installer.ExecuteAsync(plan, plan.Items, stop.Token))
            {
                Assert.Fail(result.Status);
            }
        });

        Assert.True(stop.IsCancellationRequested);
        Assert.Empty(ScratchFolder.Inventory(shop.Layout.State.StagingPath));
        Assert.False(Directory.Exists(shop.Layout.CachePath));
        Assert.DoesNotContain("[plugins", shop.Config, StringComparison.Ordinal);
    }
}
