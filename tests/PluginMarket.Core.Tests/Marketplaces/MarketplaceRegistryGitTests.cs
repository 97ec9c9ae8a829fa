using System.Globalization;
using PluginMarket.Core.Tests.Sources;
using PluginMarket.Files;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>Contract 4.2 to 4.5 for git sources, with real repositories: what is fetched, where it is put, what is written.</summary>
[Trait("Category", "Slow")]
public sealed class MarketplaceRegistryGitTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    private MarketplaceRegistry Registry => new(_home.Environment);

    [Fact]
    public async Task Adding_fetches_a_plain_tree_with_the_record_that_Codex_keeps()
    {
        var repository = Repository("tools", "one", "two");

        var added = await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });

        var root = _home.SnapshotOf("tools");
        Assert.False(added.AlreadyAdded);
        Assert.Equal(("tools", "git", repository.FileUrl, root, repository.Head), (added.Marketplace.Name, added.Marketplace.SourceType,
            added.Marketplace.Source, added.Marketplace.Root, added.Marketplace.Commit));
        Assert.Equal($"[marketplaces.tools]\nsource_type = \"git\"\nsource = \"{repository.FileUrl}\"\n", _home.Config);
        Assert.False(Directory.Exists(Path.Join(root, ".git")));
        Assert.True(File.Exists(Path.Join(root, "plugins/one/.codex-plugin/plugin.json")));
        Assert.Equal(
            $"{{\n  \"source_type\": \"git\",\n  \"source\": \"{repository.FileUrl}\",\n  \"ref_name\": null,\n  \"sparse_paths\": "
                + $"[],\n  \"revision\": \"{repository.Head}\"\n}}",
            await File.ReadAllTextAsync(Path.Join(root, SnapshotMetadata.FileName)));
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task Adding_the_same_again_asks_nobody()
    {
        var repository = Repository("tools", "one");
        await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        var before = ScratchFolder.Inventory(_home.CodexHome);
        Directory.Move(repository.Folder, repository.Folder + "-away");

        Assert.True((await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl })).AlreadyAdded);
        Assert.Equal(before, ScratchFolder.Inventory(_home.CodexHome));
    }

    [Fact]
    public async Task The_ref_the_commit_and_the_sparse_paths_are_kept()
    {
        var repository = Repository("tools", "one", "two");
        repository.Run("tag", "-a", "v1", "-m", "v1");
        var first = repository.Head;
        repository.Write("plugins/one/new.txt", "new").Commit();

        await Registry.AddAsync(
            new MarketplaceAddRequest { Source = repository.FileUrl, Ref = "v1", SparsePaths = [".agents", "plugins/one"] });

        var root = _home.SnapshotOf("tools");
        Assert.Equal($"[marketplaces.tools]\nsource_type = \"git\"\nsource = \"{repository.FileUrl}\"\nref = \"v1\"\nsparse_paths = "
            + $"[\".agents\", \"plugins/one\"]\n", _home.Config);
        Assert.True(Directory.Exists(Path.Join(root, "plugins/one")));
        Assert.False(Directory.Exists(Path.Join(root, "plugins/two")));
        Assert.False(File.Exists(Path.Join(root, "plugins/one/new.txt")));

        // Codex compares the record with what the server shows for the tag, which is the tag's own id.
        var record = SnapshotMetadata.Read(_home.Environment, root)!;
        Assert.Equal((repository.Run("rev-parse", "v1").Trim(), first), (record.Revision, record.Commit));
        Assert.Equal(first, Assert.Single((await Registry.ListAsync(new MarketplaceListRequest())).Marketplaces).Commit);
        Assert.Equal("Unchanged", Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest())).Results).Status);
    }

    [Fact]
    public async Task A_commit_is_stored_as_the_ref_in_full()
    {
        var repository = Repository("tools", "one");
        var first = repository.Head;
        repository.Write("x.txt", "x").Commit();

        var added = await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl, Sha = first.ToUpperInvariant() });

        Assert.Equal((first, first), (added.Marketplace.Ref, added.Marketplace.Commit));
        Assert.Equal(MarketErrorCode.GitCommitMismatch,
            await CodeOfAsync(() => Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl, Sha = first[..10] })));
        Assert.Equal(MarketErrorCode.SourceInvalid, await CodeOfAsync(
            () => Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl, Sha = first, Ref = "main" })));
    }

    [Theory]
    [InlineData("docs")]
    [InlineData("plugins/one")]
    [InlineData("none", "plugins")]
    public async Task A_sparse_list_that_leaves_the_catalog_out_is_told_as_the_cause(params string[] sparse)
    {
        var repository = Repository("tools", "one");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl, SparsePaths = sparse }));

        Assert.Equal(MarketErrorCode.CatalogUnreadable, failure.Code);
        Assert.Contains($"The sparse list ({string.Join(", ", sparse)}) leaves out the catalog '.agents/plugins/marketplace.json'",
            failure.Message, StringComparison.Ordinal);
        Assert.Contains("-SparsePath '.agents/plugins'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_a_sparse_list_that_the_repository_does_not_have_is_warned_of()
    {
        var repository = Repository("tools", "one");

        await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl, SparsePaths = [".agents", "plugins/none"] });

        Assert.Contains(_home.Log.Warnings, warning => warning.Contains("has no folder 'plugins/none'", StringComparison.Ordinal));
        Assert.DoesNotContain(_home.Log.Warnings, warning => warning.Contains("'.agents'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("origin/main")]
    [InlineData("origin/HEAD")]
    [InlineData("heads/main")]
    [InlineData("refs/heads/main")]
    [InlineData("refs/remotes/origin/main")]
    [InlineData("remotes/origin/main")]
    [InlineData("short")]
    public async Task A_ref_that_Codex_takes_is_taken_and_the_full_commit_recorded(string reference)
    {
        var repository = Repository("tools", "one");

        var added = await Registry.AddAsync(new MarketplaceAddRequest
        {
            Source = repository.FileUrl,
            Ref = reference == "short" ? repository.Head[..9] : reference,
        });

        Assert.Equal(repository.Head, added.Marketplace.Commit);
    }

    [Fact]
    public async Task Links_that_stay_inside_are_kept_and_others_left_out()
    {
        var repository = Repository("tools", "one");
        repository.WriteLink("plugins/alias", "one").WriteLink("out", "/etc/passwd").WriteLink("up", "../../..").Commit();

        await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });

        var root = _home.SnapshotOf("tools");
        Assert.Equal("one", new FileInfo(Path.Join(root, "plugins/alias")).LinkTarget);
        Assert.Equal(FileKind.Missing, FileOps.Default.Kind(Path.Join(root, "out")));
        Assert.Equal(FileKind.Missing, FileOps.Default.Kind(Path.Join(root, "up")));
        Assert.Contains(_home.Log.Details, detail => detail.Contains("'out'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_entry_with_a_relative_url_makes_the_snapshot_a_repository()
    {
        var repository = GitRepository.Create(_home.Scratch["repo"]);
        repository.Write(".agents/plugins/marketplace.json",
            "{\"name\": \"self\", \"plugins\": [{\"name\": \"self\", \"source\": {\"source\": \"url\", \"url\": \"./\"}}]}")
            .Write(".codex-plugin/plugin.json", "{\"name\": \"self\"}").Commit();

        await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });

        var root = _home.SnapshotOf("self");
        repository.Run("clone", "--quiet", root, _home.Scratch["clone"]);
        Assert.Equal("{\"name\": \"self\"}", await File.ReadAllTextAsync(_home.Scratch["clone/.codex-plugin/plugin.json"]));
        Assert.Equal($"{repository.Head}\n", repository.Run("-C", root, "rev-parse", "HEAD"));
        Assert.Equal($"?? {SnapshotMetadata.FileName}\n", repository.Run("-C", root, "status", "--porcelain"));
        Assert.False(Directory.Exists(Path.Join(root, ".git", "hooks")));
        Assert.DoesNotContain("remote", await File.ReadAllTextAsync(Path.Join(root, ".git", "config")), StringComparison.Ordinal);
        Assert.Equal("Unchanged", Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest())).Results).Status);
    }

    [Fact]
    public async Task A_name_that_is_taken_reserved_or_changed_is_refused_and_nothing_stays()
    {
        _home.RegisterLocal("tools", _home.WriteMarketplace("local", "tools", "p"));
        var before = ScratchFolder.Inventory(_home.CodexHome);

        Assert.Equal(MarketErrorCode.MarketplaceAlreadyExists,
            await CodeOfAsync(() => Registry.AddAsync(new MarketplaceAddRequest { Source = Repository("tools", "one").FileUrl })));
        Assert.Equal(MarketErrorCode.NameReserved,
            await CodeOfAsync(() => Registry.AddAsync(new MarketplaceAddRequest { Source = Repository("openai-curated", "one").FileUrl })));
        Assert.Equal(MarketErrorCode.MarketplaceNameMismatch, await CodeOfAsync(
            () => Registry.AddAsync(new MarketplaceAddRequest { Source = Repository("other", "one").FileUrl, Name = "wanted" })));
        Assert.Equal(MarketErrorCode.GitRefNotFound, await CodeOfAsync(
            () => Registry.AddAsync(new MarketplaceAddRequest { Source = Repository("third", "one").FileUrl, Ref = "nowhere" })));
        var empty = GitRepository.Create(_home.Scratch["empty"], new Dictionary<string, string> { ["README.md"] = "x" });
        Assert.Equal(MarketErrorCode.CatalogUnreadable,
            await CodeOfAsync(() => Registry.AddAsync(new MarketplaceAddRequest { Source = empty.FileUrl })));

        Assert.Equal(before.Where(IsContent), ScratchFolder.Inventory(_home.CodexHome).Where(IsContent));
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task A_stray_snapshot_without_configuration_is_replaced_by_an_add_and_removed_by_a_remove()
    {
        Directory.CreateDirectory(_home.SnapshotOf("tools"));
        await File.WriteAllTextAsync(Path.Join(_home.SnapshotOf("tools"), "stray.txt"), "x");
        Directory.CreateDirectory(_home.SnapshotOf("stray"));

        await Registry.AddAsync(new MarketplaceAddRequest { Source = Repository("tools", "one").FileUrl });
        var removal = await Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "stray" });

        Assert.False(File.Exists(Path.Join(_home.SnapshotOf("tools"), "stray.txt")));
        Assert.Equal(_home.SnapshotOf("stray"), removal.InstalledRoot);
        Assert.False(Directory.Exists(_home.SnapshotOf("stray")));
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task Updating_tells_which_entries_are_new_gone_or_changed()
    {
        var repository = Repository("tools", "same", "text", "files", "gone");
        await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        var old = repository.Head;
        Assert.Equal("Unchanged", Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest())).Results).Status);
        WritePlugin(repository, "new");
        repository.Write("plugins/files/extra.txt", "x");
        repository.Write(".agents/plugins/marketplace.json", Catalog("tools", "same", "text", "files", "new").Replace("\"./plugins/text\"",
            "\"./plugins/text\", \"category\": \"Other\"", StringComparison.Ordinal));
        repository.Commit();

        var result = Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest())).Results);

        Assert.Equal(("Updated", old, repository.Head), (result.Status, result.OldCommit, result.NewCommit));
        Assert.Equal(["new"], result.Added!);
        Assert.Equal(["gone"], result.Removed!);
        Assert.Equal(["files", "text"], result.Changed!);
        Assert.True(File.Exists(Path.Join(_home.SnapshotOf("tools"), "plugins/files/extra.txt")));
        Assert.Equal("Unchanged", Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest())).Results).Status);
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task A_failed_update_leaves_the_old_snapshot_and_the_others_go_on()
    {
        var bad = Repository("bad", "one");
        var renamed = Repository("renamed", "one");
        var good = Repository("good", "one");
        foreach (var repository in new[] { bad, renamed, good })
        {
            await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        }

        bad.Write(".agents/plugins/marketplace.json", "{").Commit();
        renamed.Write(".agents/plugins/marketplace.json", Catalog("else", "one")).Commit();
        good.Write("x.txt", "x").Commit();
        var before = ScratchFolder.Inventory(_home.SnapshotOf("bad"));
        var config = _home.Config;

        var outcome = await Registry.UpdateAsync(new MarketplaceUpdateRequest());

        Assert.Equal([("bad", "Failed", "CatalogUnreadable"), ("good", "Updated", null), ("renamed", "Failed", "MarketplaceNameMismatch")],
            outcome.Results.Select(result => (result.Name, result.Status, result.Error)));
        Assert.Equal(["bad", "renamed"], outcome.Failures.Select(failure => failure.Target));
        Assert.Equal(before, ScratchFolder.Inventory(_home.SnapshotOf("bad")));
        Assert.Equal(config, _home.Config);
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task Setting_another_ref_or_source_fetches_it()
    {
        var repository = Repository("tools", "one");
        var first = repository.Head;
        repository.Run("branch", "stable");
        repository.Write("x.txt", "x").Commit();
        await Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });

        Assert.Equal((first, "stable"), await SetAsync(new MarketplaceSetRequest { Name = "tools", Ref = "stable" }));
        Assert.Equal((repository.Head, null), await SetAsync(new MarketplaceSetRequest { Name = "tools", Ref = "" }));
        Assert.Equal((first, first), await SetAsync(new MarketplaceSetRequest { Name = "tools", Sha = first }));
        Assert.Contains($"ref = \"{first}\"", _home.Config, StringComparison.Ordinal);

        var local = await Registry.SetAsync(
            new MarketplaceSetRequest { Name = "tools", Source = _home.WriteMarketplace("local", "tools", "p") });
        Assert.Equal(("local", _home.Scratch["local"]), (local.SourceType, local.Root));
        Assert.False(Directory.Exists(_home.SnapshotOf("tools")));
        Assert.Equal(MarketErrorCode.SourceInvalid,
            await CodeOfAsync(() => Registry.SetAsync(new MarketplaceSetRequest { Name = "tools", Ref = "main" })));
        Assert.Equal(MarketErrorCode.MarketplaceNotFound,
            await CodeOfAsync(() => Registry.SetAsync(new MarketplaceSetRequest { Name = "none", Ref = "main" })));
        Assert.Equal(MarketErrorCode.MarketplaceNameMismatch, await CodeOfAsync(
            () => Registry.SetAsync(new MarketplaceSetRequest { Name = "tools", Source = Repository("else", "p").FileUrl })));
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task Removing_takes_the_table_and_then_the_snapshot()
    {
        await Registry.AddAsync(new MarketplaceAddRequest { Source = Repository("tools", "one").FileUrl });

        var removal = await Registry.RemoveAsync(new MarketplaceRemoveRequest { Name = "tools" });

        Assert.Equal(("tools", _home.SnapshotOf("tools"), "tools"), (removal.Name, removal.InstalledRoot, removal.Marketplace?.Name));
        Assert.False(Directory.Exists(_home.SnapshotOf("tools")));
        Assert.DoesNotContain("tools", _home.Config, StringComparison.Ordinal);
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task A_marketplace_of_the_system_gets_its_snapshot_by_an_update()
    {
        var repository = Repository("corp", "one");
        _home.Scratch.Write("etc/config.toml", $"[marketplaces.corp]\nsource_type = \"git\"\nsource = \"{repository.FileUrl}\"\n");
        Assert.Single((await Registry.ListAsync(new MarketplaceListRequest())).Failures);

        Assert.Equal("Updated", Assert.Single((await Registry.UpdateAsync(new MarketplaceUpdateRequest())).Results).Status);

        Assert.Equal("System", Assert.Single((await Registry.ListAsync(new MarketplaceListRequest())).Marketplaces).Scope);
        Assert.Equal("", _home.Config);
    }

    [Fact]
    public async Task Many_adds_at_once_lose_nothing()
    {
        var repositories = Enumerable.Range(0, 6)
            .Select(i => Repository(string.Create(CultureInfo.InvariantCulture, $"m{i}"), "one")).ToList();

        var added = await Task.WhenAll(repositories.Concat(repositories)
            .Select(repository => Registry.AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl })));

        Assert.Equal(6, added.Count(addition => !addition.AlreadyAdded));
        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "m5"],
            (await Registry.ListAsync(new MarketplaceListRequest())).Marketplaces.Select(marketplace => marketplace.Name));
        Assert.Empty(_home.Litter());
    }

    [Fact]
    public async Task An_add_that_fails_at_any_disk_call_leaves_the_home_as_it_was_or_done_and_the_next_one_finishes()
    {
        var repository = Repository("tools", "one");
        var total = await CountCallsAsync(repository);
        for (var at = 1; at <= total; at += 7)
        {
            var files = new FaultingFileOps { At = at };
            using var home = new TestHome(files);
            try
            {
                await new MarketplaceRegistry(home.Environment).AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
            }
            catch (Exception failure) when (failure is PluginMarketException or IOException)
            {
                var configured = home.Config.Contains("tools", StringComparison.Ordinal);
                Assert.True(!configured || File.Exists(Path.Join(home.SnapshotOf("tools"), ".agents/plugins/marketplace.json")),
                    $"A table without its snapshot after call {at}: {failure.Message}");
            }

            var calm = home.Environment with { Files = FileOps.Default };
            await new MarketplaceRegistry(calm).AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
            Assert.Equal("tools",
                Assert.Single((await new MarketplaceRegistry(calm).ListAsync(new MarketplaceListRequest())).Marketplaces).Name);
            Recovery.Run(calm);
            Assert.Empty(Litter.AfterRecovery(calm, home.Litter));
        }

        Assert.True(total > 50);
    }

    [Fact]
    public async Task Nothing_of_an_endless_marketplace_stays_in_the_home()
    {
        using var served = new ScratchFolder();
        GitRepository.Create(served["repo"], new Dictionary<string, string> { ["a/one"] = "1" });
        await using var server = new GitHttpServer(served.Path) { Answer = request => request.IsFetch ? EndlessPack.Answer() : null };
        using var home = new TestHome(limits: Limits.Default with { MarketplaceBytes = 8 << 20 });
        home.WriteConfig("model = \"o\"\n");
        await Assert.ThrowsAsync<PluginMarketException>(
            () => new MarketplaceRegistry(home.Environment).AddAsync(new MarketplaceAddRequest { Source = server.Url + "/none" }));
        var before = ScratchFolder.Inventory(home.Home);

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => new MarketplaceRegistry(home.Environment).AddAsync(new MarketplaceAddRequest { Source = server.Url + "/repo" }));

        Assert.Equal(MarketErrorCode.LimitExceeded, failure.Code);
        Assert.Empty(home.Litter());
        Assert.Equal(before, ScratchFolder.Inventory(home.Home));
        Assert.Empty(GitFixture.ProcessesWith(home.Scratch.Path));
    }

    private static async Task<int> CountCallsAsync(GitRepository repository)
    {
        var files = new FaultingFileOps();
        using var home = new TestHome(files);
        await new MarketplaceRegistry(home.Environment).AddAsync(new MarketplaceAddRequest { Source = repository.FileUrl });
        return files.Count;
    }

    private GitRepository Repository(string name, params string[] plugins)
    {
        var repository = GitRepository.Create(_home.Scratch[$"repositories/{name}"]);
        foreach (var plugin in plugins)
        {
            WritePlugin(repository, plugin);
        }

        repository.Write(".agents/plugins/marketplace.json", Catalog(name, plugins)).Commit();
        return repository;
    }

    private static void WritePlugin(GitRepository repository, string plugin) =>
        repository.Write($"plugins/{plugin}/.codex-plugin/plugin.json", $"{{\"name\": \"{plugin}\", \"version\": \"1.0.0\"}}");

    private static string Catalog(string name, params string[] plugins) =>
        $"{{\"name\": \"{name}\", \"plugins\": "
            + $"[{string.Join(", ", plugins.Select(plugin => $"{{\"name\": \"{plugin}\", \"source\": \"./plugins/{plugin}\"}}"))}]}}";

    // Our own folder with its lock may be new; nothing else may.
    private static bool IsContent(string line) =>
        !line.Contains(".pluginmarket", StringComparison.Ordinal) && !line.Contains("plugins", StringComparison.Ordinal);

    private async Task<(string?, string?)> SetAsync(MarketplaceSetRequest request)
    {
        var marketplace = await Registry.SetAsync(request);
        return (marketplace.Commit, marketplace.Ref);
    }

    private static async Task<MarketErrorCode> CodeOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<PluginMarketException>(act)).Code;
}
