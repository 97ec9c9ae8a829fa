using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Installation.Updates;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Locks of what is in a snapshot that git checked out, as Codex's are: with its user's line ends, and
/// whatever else git did to the files.</summary>
[Trait("Category", "Slow")]
public sealed class SnapshotLockTests
{
    [Fact]
    public async Task A_snapshot_with_other_line_ends_is_installed_and_locked_in_the_bytes_of_its_commit()
    {
        using var shop = new TestShop(isRegistered: false);
        var repository = Marketplace(shop);
        var snapshot = CheckOut(shop, repository, "core.autocrlf=true");
        Assert.Contains("\r\n", File.ReadAllText(Path.Join(snapshot, "plugins/tool/text.txt")), StringComparison.Ordinal);

        var installed = await shop.InstallAsync("tool@shop");

        Assert.True(installed.Status == "Installed", installed.Reason);
        Assert.Equal("one\ntwo\n", File.ReadAllText(Path.Join(installed.Path, "text.txt")));
        Assert.Empty((await new PluginUpdateQuery(shop.Environment).FindAsync(new PluginUpdateRequest())).Updates);
        var contents = new PluginContentQuery(shop.Environment);
        await using (contents)
        {
            var before = await contents.OpenAsync(PluginReference.Parse("tool@shop"), PluginContentPlace.InstalledOrCatalog);
            var after = await contents.OpenAsync(PluginReference.Parse("tool@shop"), PluginContentPlace.Catalog);
            Assert.Empty(before.CompareTo(after, includeFile: true));
            Assert.Equal(before.Capabilities.Select(capability => capability.Hash),
                after.Capabilities.Select(capability => capability.Hash));
        }

        var draft = new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []);
        Assert.Empty(draft.Failures);
        draft.File.Write(shop.Environment);
        var file = PluginLockFile.Read(shop.Environment, draft.File.Path);
        var entry = Assert.Single(file.Entries);
        Assert.Equal(("git-subdir", repository.FileUrl, "plugins/tool", repository.Head),
            (entry.SourceType, entry.Source, entry.SourcePath, entry.Commit));
        Assert.Equal(["run.sh"], entry.ExecutableFiles);

        shop.Environment =
            shop.Environment with { CodexHome = shop.Scratch.MakeFolder("second/.codex"), HomePath = shop.Scratch["second"] };
        var restored = Assert.Single(await shop.InstallAllAsync(
            new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = true } }));
        Assert.True(restored.Status == "Installed", restored.Reason);
        Assert.Equal(installed.TreeHash, restored.TreeHash);
    }

    [Fact]
    public async Task What_the_commit_does_not_have_is_never_said_to_be_of_it()
    {
        using var shop = new TestShop(isRegistered: false);
        var repository = Marketplace(shop);
        var snapshot = CheckOut(shop, repository, "core.autocrlf=false");
        shop.Scratch.Write("home/.codex/.tmp/marketplaces/shop/plugins/added/.codex-plugin/plugin.json",
            """{"name":"added","version":"1.0.0"}""");
        File.WriteAllText(Path.Join(snapshot, ".agents/plugins/marketplace.json"),
            """{"name":"shop","plugins":[{"name":"added","source":"./plugins/added"}]}""");

        var installed = await shop.InstallAsync("added@shop");

        Assert.True(installed.Status == "Installed", installed.Reason);
        var receipt = shop.Environment.Home.Receipts.Find(PluginId.Parse("added@shop"))!;
        Assert.Equal((null, Path.Join(snapshot, "plugins/added")), (receipt.Provenance.Part, receipt.Provenance.Location));
        Assert.Equal("local",
            Assert.Single(new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []).File.Entries).SourceType);
    }

    [Fact]
    public async Task What_was_restored_or_repaired_from_the_marketplaces_repository_has_an_update_only_when_its_files_change()
    {
        using var shop = new TestShop(isRegistered: false);
        var repository = Marketplace(shop);
        var registry = new MarketplaceRegistry(shop.Environment);
        await registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        var installed = await shop.InstallAsync("tool@shop");
        Assert.True(installed.Status == "Installed", installed.Reason);
        var draft = new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []);
        draft.File.Write(shop.Environment);
        File.AppendAllText(Path.Join(installed.Path, "text.txt"), "x");
        Assert.Equal("Updated", (await new PluginRepairer(shop.Environment).RepairAsync(PluginReference.Parse("tool@shop"))).Status);
        Assert.Empty((await new PluginUpdateQuery(shop.Environment).FindAsync(new PluginUpdateRequest())).Updates);
        var laid = Assert.Single(await shop.InstallAllAsync(new InstallRequest
        {
            Intent = new InstallIntent.RestoreLock { Entries = PluginLockFile.Read(shop.Environment, draft.File.Path).Entries },
        }));
        Assert.Equal(("Unchanged", "FolderRenamed", false), (laid.Status, laid.ReasonCode, laid.RestartRequired));

        // The marketplace moves on and the plugin does not.
        repository.Write("README.md", "more").Commit();
        await registry.UpdateAsync(new MarketplaceUpdateRequest());
        Assert.Empty((await new PluginUpdateQuery(shop.Environment).FindAsync(new PluginUpdateRequest())).Updates);

        repository.Run("checkout", "--quiet", "--orphan", "other");
        repository.Write("plugins/tool/text.txt", "three\n").Commit();
        repository.Run("branch", "--force", "main");
        await registry.UpdateAsync(new MarketplaceUpdateRequest());
        var update = await shop.FindUpdateAsync("tool");
        Assert.Equal(("ContentChanged", true), (update.Change, update.IsHistoryRewritten));
    }

    private static GitRepository Marketplace(TestShop shop)
    {
        var repository = GitRepository.Create(shop.Scratch["market"]);
        repository
            .Write(".agents/plugins/marketplace.json", """{"name":"shop","plugins":[{"name":"tool","source":"./plugins/tool"}]}""")
            .Write("plugins/tool/.codex-plugin/plugin.json", "{\n\"name\":\"tool\",\"version\":\"1.0.0\"\n}\n")
            .Write("plugins/tool/text.txt", "one\ntwo\n")
            .Write("plugins/tool/run.sh", "#!/bin/sh\necho hi\n", executable: true)
            .Commit();
        return repository;
    }

    // What `codex plugin marketplace add` leaves: a full clone in its place, and a table of it.
    private static string CheckOut(TestShop shop, GitRepository repository, string setting)
    {
        var snapshot = shop.Scratch["home/.codex/.tmp/marketplaces/shop"];
        Directory.CreateDirectory(Path.GetDirectoryName(snapshot)!);
        repository.Run("-c", setting, "clone", "--quiet", repository.FileUrl, snapshot);
        shop.WriteConfig($"[marketplaces.shop]\nsource_type = \"git\"\nsource = \"{repository.FileUrl}\"\n");
        return snapshot;
    }
}
