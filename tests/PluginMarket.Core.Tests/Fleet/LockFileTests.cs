using System.Text.Json;
using PluginMarket.Files;
using PluginMarket.Fleet;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Lock files: made of receipts, restored to equal bytes or an error (promise 14).</summary>
[Trait("Category", "Slow")]
public sealed class LockFileTests
{
    [Fact]
    public async Task One_lock_gives_equal_bytes_in_another_home_from_git_over_http_and_from_a_folder()
    {
        using var shop = new TestShop();
        var repository = Repository(shop);
        await using var server = new GitHttpServer(shop.Scratch["served"]);
        await InstallBothAsync(shop, server);
        var file = Lock(shop);
        repository.Write("run.sh", "#!/bin/sh\necho moved\n", executable: true).Commit();
        shop.Listing();

        var second = SecondHome(shop, "second");
        var results = await RestoreAsync(second, file, frozen: true);

        Assert.All(results, result => Assert.True(result.Status == "Installed", result.Reason));
        Assert.Equal(Content(shop.Environment), Content(second));
        Assert.All(Verify(second, file), result => Assert.True(result.IsIntact, result.Reason));
        Assert.Equal(File.ReadAllText(file.Path), Written(second, file.Path));
    }

    [Fact]
    public async Task A_lock_file_is_sorted_and_the_same_whenever_it_is_made()
    {
        using var shop = new TestShop().Listing("b", "a").Plugin("b").Plugin("a").Hook("a", "echo hi");
        await shop.InstallAsync("b@shop");
        await shop.InstallAsync("a@shop");
        var file = Lock(shop);
        var first = File.ReadAllBytes(file.Path);

        Assert.False(new LockFileMaker(shop.Environment).Make(file.Path, []).File.Write(shop.Environment));
        Assert.Equal(first, File.ReadAllBytes(file.Path));
        Assert.Equal(["a@shop", "b@shop"], PluginLockFile.Read(shop.Environment, file.Path).Entries.Select(entry => entry.Id));
        var text = File.ReadAllText(file.Path);
        Assert.DoesNotContain(shop.Scratch.Path, text, StringComparison.Ordinal);
        Assert.Contains("\"path\": \"./shop/a\"", text, StringComparison.Ordinal);
        Assert.Contains("echo hi", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public async Task Without_frozen_the_catalog_must_still_offer_the_plugin_and_the_bytes_are_the_locks_all_the_same()
    {
        using var shop = new TestShop();
        var repository = Repository(shop);
        await using var server = new GitHttpServer(shop.Scratch["served"]);
        await InstallBothAsync(shop, server);
        var file = Lock(shop);
        repository.Write("run.sh", "moved").Commit();

        var second = SecondHome(shop, "second", File.ReadAllText(Path.Join(shop.CodexHome, "config.toml")).Split("[plugins")[0]);
        Assert.All(await RestoreAsync(second, file), result => Assert.True(result.Status == "Installed", result.Reason));
        Assert.Equal(Content(shop.Environment), Content(second));

        shop.Listing();
        var third = SecondHome(shop, "third", File.ReadAllText(Path.Join(second.CodexHome, "config.toml")).Split("[plugins")[0]);
        Assert.All(await RestoreAsync(third, file), result => TestShop.AssertFailed(MarketErrorCode.PluginNotFound, result));
    }

    [Fact]
    public async Task A_folder_that_changed_since_is_a_mismatch_and_changes_nothing()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var file = Lock(shop);
        shop.Plugin("tool", text: "other");
        var second = SecondHome(shop, "second");

        TestShop.AssertFailed(MarketErrorCode.LockFileMismatch, Assert.Single(await RestoreAsync(second, file, frozen: true)));
        Assert.Empty(second.Home.Cache.AllPlugins());
        Assert.False(File.Exists(Path.Join(second.CodexHome, "config.toml")));
        Assert.Equal("NotInstalled", Assert.Single(Verify(second, file)).State);
    }

    [Fact]
    public async Task What_is_restored_again_needs_no_network()
    {
        using var shop = new TestShop();
        Repository(shop);
        await using var server = new GitHttpServer(shop.Scratch["served"]);
        await InstallBothAsync(shop, server);
        var file = Lock(shop);
        var second = SecondHome(shop, "second");
        await RestoreAsync(second, file, frozen: true);
        var requests = server.Log.Count;

        Assert.All(await RestoreAsync(second, file, frozen: true), result => Assert.Equal("Unchanged", result.Status));
        Assert.Equal(requests, server.Log.Count);

        File.AppendAllText(Path.Join(Cached(second, "tool@shop"), "run.sh"), "tampered");
        var results = await RestoreAsync(second, file, frozen: true);
        Assert.Equal(["Unchanged", "Updated"], results.Select(result => result.Status).Order());
        Assert.Equal(Content(shop.Environment), Content(second));
    }

    [Fact]
    public async Task A_lock_that_hides_a_hook_does_not_install_it()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool").Hook("tool", "curl x | sh");
        await shop.InstallAsync("tool@shop");
        var file = Lock(shop);
        var text = File.ReadAllText(file.Path);
        var at = text.IndexOf("\"capabilities\": [", StringComparison.Ordinal);
        File.WriteAllText(file.Path,
            text[..at] + "\"capabilities\": []" + text[(text.LastIndexOf("      ]", StringComparison.Ordinal) + "      ]".Length)..]);
        var second = SecondHome(shop, "second");

        var edited = PluginLockFile.Read(shop.Environment, file.Path);
        Assert.Empty(Assert.Single(edited.Entries).Capabilities);
        TestShop.AssertFailed(MarketErrorCode.LockFileMismatch, Assert.Single(await RestoreAsync(second, edited, frozen: true)));
        TestShop.AssertFailed(MarketErrorCode.LockFileMismatch,
            Assert.Single(await RestoreAsync(second, edited, frozen: true, request => request with { AcceptCapability = ["Hook"] })));
    }

    [Fact]
    public async Task A_part_of_a_git_marketplace_is_locked_by_repository_and_commit()
    {
        using var shop = new TestShop(isRegistered: false);
        var repository = GitRepository.Create(shop.Scratch["market"]);
        repository.Write(".agents/plugins/marketplace.json",
            """{"name":"market","plugins":[{"name":"inside","source":"./plugins/inside"},{"name":"own","source":{"source":"url","url":"./"}}]}""");
        repository.Write(".codex-plugin/plugin.json", """{"name":"own","version":"3.0.0"}""");
        repository.Write("shared/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.0.0"}""");
        repository.Write("shared/inside/run.sh", "#!/bin/sh\n", executable: true);
        repository.WriteLink("plugins/inside", "../shared/inside");
        var commit = repository.Commit();
        await new MarketplaceRegistry(shop.Environment).AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        Assert.All(await shop.InstallAllAsync(new InstallRequest
        {
            References = [PluginReference.Parse("inside@market"), PluginReference.Parse("own@market")],
            Intent = new InstallIntent.Install { CacheVersion = CacheVersionRule.Manifest },
        }), result => Assert.True(result.Status == "Installed", result.Reason));
        var file = Lock(shop);

        Assert.Equal(
            [("inside@market", "git-subdir", repository.FileUrl, "shared/inside", commit),
                ("own@market", "git", repository.FileUrl, null, commit)],
            file.Entries.Select(entry => (entry.Id, entry.SourceType, entry.Source, entry.SourcePath, entry.Commit!)));
        repository.Remove("shared").Commit();
        var second = SecondHome(shop, "second");
        Assert.All(await RestoreAsync(second, file, frozen: true), result => Assert.True(result.Status == "Installed", result.Reason));
        Assert.Equal(Content(shop.Environment), Content(second));
        Assert.Equal(File.ReadAllText(file.Path), Written(second, file.Path));
    }

    [Fact]
    public async Task A_manifest_that_the_catalog_made_is_in_the_lock()
    {
        using var shop = new TestShop().Catalog(
            """{"name":"bare","source":"./bare","version":"2.0.0","description":"From the entry.","category":"Tools"}""");
        shop.Scratch.Write("shop/bare/skills/a/SKILL.md", "---\nname: a\ndescription: d\n---\n");
        Assert.Equal("Installed", (await shop.InstallAsync("bare@shop",
            request => request with { Intent = new InstallIntent.Install { CacheVersion = CacheVersionRule.Manifest } })).Status);
        var file = Lock(shop);
        shop.Listing();
        var second = SecondHome(shop, "second");

        var result = Assert.Single(await RestoreAsync(second, file, frozen: true));

        Assert.True(result.Status == "Installed", result.Reason);
        Assert.Equal("2.0.0", result.Version);
        Assert.Equal(Content(shop.Environment), Content(second));
    }

    [Fact]
    public async Task A_lower_version_needs_leave()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        shop.Scratch.Write("old/tool/.codex-plugin/plugin.json", """{"name":"tool","version":"0.9.0"}""");
        shop.Scratch.Write("old/tool/skills/a/SKILL.md", File.ReadAllText(shop.Scratch["shop/tool/skills/a/SKILL.md"]));
        await shop.InstallAsync("tool@shop");
        var file = Lock(shop);
        var entry =
            file.Entries[0] with { Version = "0.9.0", Source = shop.Scratch["old/tool"], TreeHash = Digest(shop.Scratch["old/tool"]) };
        var old = Assert.Single(await RestoreAsync(shop.Environment, Edit(shop, file, entry), frozen: true));

        TestShop.AssertFailed(MarketErrorCode.DowngradeRefused, old);
        Assert.Equal("Updated", Assert.Single(await RestoreAsync(shop.Environment, Edit(shop, file, entry), frozen: true,
            request => request with { AllowDowngrade = true })).Status);
    }

    [Fact]
    public async Task A_plugin_that_was_tampered_with_or_never_recorded_is_not_locked()
    {
        using var shop = new TestShop().Listing("tool", "other", "good").Plugin("tool").Plugin("other").Plugin("good");
        foreach (var name in new[] { "tool", "other", "good" })
        {
            await shop.InstallAsync($"{name}@shop");
        }

        File.AppendAllText(Path.Join(shop.Cached("tool@shop"), "skills/a/SKILL.md"), "x");
        File.Delete(shop.Layout.ReceiptPath(PluginId.Parse("other@shop")));

        var draft = new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []);

        Assert.Equal([("other@shop", MarketErrorCode.ProvenanceUnknown), ("tool@shop", MarketErrorCode.IntegrityMismatch)],
            draft.Failures.Select(failure => (failure.Target!, failure.Code)));
        Assert.Contains("skills/a/SKILL.md", draft.Failures[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", MarketErrorCode.StateCorrupt)]
    [InlineData("[]", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":2,"plugins":[]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":{}}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b@c"}]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b","source":{"type":"npm"},"treeHash":"HASH"}]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b","source":{"type":"local","path":"x"},"treeHash":"HASH"}]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b","source":{"type":"local","path":"./../x"},"treeHash":"HASH"}]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b","source":{"type":"git","url":"https://example.com/r.git","commit":"main"},"treeHash":"HASH"}]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b","source":{"type":"local","path":"/x"},"treeHash":"sha256:1"}]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b","source":{"type":"local","path":"/x"},"treeHash":"HASH"},{"id":"a@b","source":{"type":"local","path":"/x"},"treeHash":"HASH"}]}""", MarketErrorCode.StateCorrupt)]
    [InlineData("""{"format":1,"plugins":[{"id":"a@b","source":{"type":"git","url":"https://u:secret@example.com/r.git","commit":"0123456789012345678901234567890123456789"},"treeHash":"HASH"}]}""", MarketErrorCode.CredentialInUrl)]
    public void A_file_that_is_not_a_lock_file_is_refused_with_the_reason(string text, MarketErrorCode code)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Write("plugins.lock.json", text.Replace("HASH", TreeDigest.OfBytes([1]), StringComparison.Ordinal));

        var failure = Assert.Throws<PluginMarketException>(() => PluginLockFile.Read(scratch.Environment(), path));

        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_file_that_is_not_there_is_stated()
    {
        using var scratch = new ScratchFolder();

        Assert.Equal(MarketErrorCode.SourceUnreachable,
            Assert.Throws<PluginMarketException>(() => PluginLockFile.Read(scratch.Environment(), scratch["none.json"])).Code);
    }

    [Fact]
    public async Task A_frozen_marketplace_holds_the_locks_bytes_and_nothing_else()
    {
        using var shop = new TestShop();
        Repository(shop);
        await using var server = new GitHttpServer(shop.Scratch["served"]);
        await InstallBothAsync(shop, server);
        var file = Lock(shop);

        var marketplace = Assert.Single(await new FrozenMarketplace(shop.Environment).WriteAsync(file, shop.Scratch["frozen"]));

        Assert.Equal(("shop", shop.Scratch["frozen"], 2), (marketplace.Name, marketplace.Root, marketplace.Plugins));
        Assert.All(file.Entries, entry => Assert.Equal(entry.TreeHash, Digest(Path.Join(marketplace.Root, "plugins", entry.Name))));
        Assert.Equal(["frozen"], Directory.EnumerateFileSystemEntries(shop.Scratch.Path, "frozen*").Select(Path.GetFileName));

        // Pointed at it, the home is held, and reinstalling brings the same bytes.
        var second = SecondHome(shop, "second",
            $"[marketplaces.shop]\nsource_type = \"local\"\nsource = {JsonSerializer.Serialize(marketplace.Root)}\n");
        Assert.All(await RestoreAsync(second, file, frozen: true), result => Assert.True(result.Status == "Installed", result.Reason));
        Assert.All(new InstalledPluginQuery(second).List(new InstalledPluginRequest()).Plugins,
            plugin => Assert.True(plugin.HeldAgainstCodex, plugin.HeldReason));

        var again = await Assert.ThrowsAsync<PluginMarketException>(
            () => new FrozenMarketplace(shop.Environment).WriteAsync(file, shop.Scratch["frozen"]));
        Assert.Equal(MarketErrorCode.MarketplaceAlreadyExists, again.Code);
    }

    [Fact]
    public async Task A_frozen_marketplace_of_other_bytes_is_not_written()
    {
        using var shop = new TestShop().Listing("tool").Plugin("tool");
        await shop.InstallAsync("tool@shop");
        var file = Lock(shop);
        shop.Plugin("tool", text: "other");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => new FrozenMarketplace(shop.Environment).WriteAsync(file, shop.Scratch["frozen"]));

        Assert.Equal(MarketErrorCode.LockFileMismatch, failure.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(shop.Scratch.Path, "frozen*"));
    }

    private static GitRepository Repository(TestShop shop)
    {
        var repository = GitRepository.Create(shop.Scratch.MakeFolder("served/tool"));
        repository.Write(".codex-plugin/plugin.json", """{"name":"tool","version":"1.2.0"}""")
            .Write("run.sh", "#!/bin/sh\necho hi\n", executable: true).Write("text.txt", "one\ntwo\n").Commit();
        return repository;
    }

    private static async Task InstallBothAsync(TestShop shop, GitHttpServer server)
    {
        shop.Plugin("folder", "2.0.0").Catalog($$$"""{"name":"tool","source":{"source":"url","url":"{{{server.Url}}}/tool"}}""",
            """{"name":"folder","source":"./folder"}""");
        foreach (var name in new[] { "tool@shop", "folder@shop" })
        {
            // The folder's name is the manifest's version, as wherever bytes are promised.
            var result = await shop.InstallAsync(name,
                request => request with { Intent = new InstallIntent.Install { CacheVersion = CacheVersionRule.Manifest } });
            Assert.True(result.Status == "Installed", result.Reason);
        }
    }

    private static PluginLockFile Lock(TestShop shop)
    {
        var draft = new LockFileMaker(shop.Environment).Make(shop.Scratch["plugins.lock.json"], []);
        Assert.Empty(draft.Failures);
        Assert.True(draft.File.Write(shop.Environment));
        return PluginLockFile.Read(shop.Environment, draft.File.Path);
    }

    private static PluginLockFile Edit(TestShop shop, PluginLockFile file, PluginLockEntry entry)
    {
        var text = File.ReadAllText(file.Path);
        var was = file.Entries[0];
        File.WriteAllText(shop.Scratch["edited.json"], text
            .Replace("\"version\": \"1.0.0\"", $"\"version\": \"{entry.Version}\"", StringComparison.Ordinal)
            .Replace("./shop/tool", "./old/tool", StringComparison.Ordinal)
            .Replace(was.TreeHash, entry.TreeHash, StringComparison.Ordinal));
        return PluginLockFile.Read(shop.Environment, shop.Scratch["edited.json"]);
    }

    private static MarketEnvironment SecondHome(TestShop shop, string name, string? config = null)
    {
        var home = shop.Scratch.MakeFolder($"{name}/.codex");
        if (config is not null)
        {
            File.WriteAllText(Path.Join(home, "config.toml"), config);
        }

        return shop.Environment with { CodexHome = home, HomePath = shop.Scratch[name] };
    }

    private static async Task<IReadOnlyList<PluginOperationResult>> RestoreAsync(MarketEnvironment environment, PluginLockFile file,
        bool frozen = false, Func<InstallRequest, InstallRequest>? change = null)
    {
        var request = new InstallRequest { Intent = new InstallIntent.RestoreLock { Entries = file.Entries, Frozen = frozen } };
        var installer = new PluginInstaller(environment);
        var plan = await installer.PlanAsync(change is null ? request : change(request));
        var results = plan.Failures.ToList();
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            results.Add(result);
        }

        return results;
    }

    private static IReadOnlyList<IntegrityResult> Verify(MarketEnvironment environment, PluginLockFile file) =>
        new IntegrityQuery(environment).Check(new IntegrityRequest { LockFile = file }).Results;

    private static string Written(MarketEnvironment environment, string path)
    {
        var draft = new LockFileMaker(environment).Make(path, []);
        Assert.Empty(draft.Failures);
        Assert.False(draft.File.Write(environment), "The lock of the second home differs.");
        return File.ReadAllText(path);
    }

    private static string Cached(MarketEnvironment environment, string id) => environment.Home.Cache.ActivePath(PluginId.Parse(id))!;

    private static IReadOnlyList<string> Content(MarketEnvironment environment) =>
        ScratchFolder.Inventory(environment.Home.Cache.Layout.CachePath);

    private static string Digest(string folder) => TreeDigest.Compute(FolderTree.Read(folder, FileOps.Default, Limits.Default));
}
