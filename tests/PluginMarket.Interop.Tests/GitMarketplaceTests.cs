using System.Text.Json;
using PluginMarket.Records;

namespace PluginMarket.Interop.Tests;

/// <summary>A git marketplace in one home under both tools; its snapshot has links and plugins at relative URLs.</summary>
public sealed class GitMarketplaceTests : IAsyncDisposable
{
    private static readonly string[] All = ["folder@tools", "inside@tools", "kit@tools", "linked@tools", "own@tools"];

    private readonly SharedHome _home = new();

    private string Snapshot => Path.Join(_home.CodexHome, ".tmp", "marketplaces", "tools");

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public async Task What_we_add_Codex_lists_installs_from_and_finds_up_to_date()
    {
        var repository = _home.GitMarketplace();
        var added = await _home.AddAsync(_home.GitUrl);
        Assert.Equal(repository.Head, added.Marketplace.Commit);
        var listed = Assert.Single(_home.Codex("marketplace", "list").GetProperty("marketplaces").EnumerateArray());
        Assert.Equal(
            $$$"""{"name":"tools","root":"{{{Snapshot}}}","marketplaceSource":{"sourceType":"git","source":"{{{_home.GitUrl}}}"}}""",
            JsonSerializer.Serialize(listed));
        Assert.True(_home.Codex("marketplace", "add", _home.GitUrl).GetProperty("alreadyAdded").GetBoolean());
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        foreach (var id in All)
        {
            _home.Codex("add", id);
        }

        Assert.Equal(All.Select(id => id + " 1.0.0 on"), _home.CodexInstalled().Order(StringComparer.Ordinal));
        Assert.Equal(All.Select(id => id + " 1.0.0 Installed"), _home.OurInstalled());
    }

    [CodexFact]
    public async Task What_Codex_adds_we_list_install_from_and_find_up_to_date()
    {
        var repository = _home.GitMarketplace();
        _home.Codex("marketplace", "add", _home.GitUrl);
        var marketplace = Assert.Single((await _home.OurMarketplacesAsync()).Marketplaces);
        Assert.Equal(("tools", "git", _home.GitUrl, Snapshot, 5, repository.Head),
            (marketplace.Name, marketplace.SourceType, marketplace.Source, marketplace.Root, marketplace.Plugins, marketplace.Commit));
        Assert.True((await _home.AddAsync(_home.GitUrl)).AlreadyAdded);
        Assert.Equal("Unchanged", (await _home.UpdateAsync("tools")).Status);
        foreach (var id in All)
        {
            var result = await _home.InstallAsync(id);
            Assert.True(result.Status == "Installed", result.Reason);
        }

        Assert.Equal(All.Select(id => id + " 1.0.0 on"), _home.CodexInstalled().Order(StringComparer.Ordinal));
    }

    [CodexFact]
    public async Task Both_tools_write_the_same_configuration_snapshot_and_plugins()
    {
        var repository = _home.GitMarketplace();
        repository.Run("tag", "v1");
        await _home.AddAsync(_home.GitUrl, "v1");
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home.GitUrl, "--ref", "v1").ExitCode);
        Assert.Equal(_home.AloneConfiguration, _home.Configuration);
        var theirs = Path.Join(_home.Alone.CodexHome, ".tmp", "marketplaces", "tools");
        Assert.Equal(SnapshotTree(theirs), SnapshotTree(Snapshot));

        foreach (var id in All)
        {
            var result = await _home.InstallAsync(id);
            Assert.True(result.Status == "Installed", result.Reason);
            var run = _home.Alone.Run("add", "--json", id);
            Assert.True(run.ExitCode == 0, run.Error);
            Assert.Equal(InstallOutcome.Cached(run.Json().GetProperty("installedPath").GetString()!).Files,
                InstallOutcome.Cached(result.Path!).Files);
        }

        Assert.Equal(_home.AloneConfiguration, _home.Configuration);
    }

    [CodexFact]
    public async Task A_sparse_snapshot_is_the_same_and_offers_plugins_outside_it_too()
    {
        _home.GitMarketplace();
        string[] sparse = [".agents", "plugins/inside"];
        await _home.AddAsync(_home.GitUrl, "main", sparse);
        Assert.Equal(0,
            _home.Alone.Run("marketplace", "add", _home.GitUrl, "--ref", "main", "--sparse", sparse[0], "--sparse", sparse[1]).ExitCode);
        Assert.Equal(_home.AloneConfiguration, _home.Configuration);
        Assert.Equal(SnapshotTree(Path.Join(_home.Alone.CodexHome, ".tmp", "marketplaces", "tools")), SnapshotTree(Snapshot));
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());

        // Those at relative URLs come from the repository of the snapshot, which Codex clones without blobs; a sparse one of its own making
        // has none to give to a newer git.
        foreach (var id in new[] { "inside@tools", "folder@tools", "own@tools" })
        {
            var theirs = SharedHome.Tree(_home.Codex("add", id).GetProperty("installedPath").GetString()!);
            Assert.NotEmpty(theirs);
            Assert.Equal("Removed", (await _home.UninstallAsync(id)).Status);
            Assert.Equal(theirs, SharedHome.Tree((await _home.InstallAsync(id)).Path!));
        }
    }

    /// <summary>The snapshot has files of its keeper at its root; none of them is the author's.</summary>
    [CodexFact]
    public async Task A_plugin_at_the_root_of_the_repository_stays_equal_to_that_of_Codex_after_an_upgrade()
    {
        var repository = _home.GitMarketplace();
        repository.Write(".agents/plugins/marketplace.json", """{"name":"tools","plugins":[{"name":"own","source":"./"}]}""").Commit();
        await _home.AddAsync(_home.GitUrl);
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home.GitUrl).ExitCode);
        Assert.Equal(0, _home.Alone.Run("add", "own@tools").ExitCode);
        var (ours, theirs) = (_home.Cache("tools", "own"), Path.Join(_home.Alone.CodexHome, "plugins", "cache", "tools", "own"));
        await AssertSameAsync("1.0.0");

        repository.Write(".codex-plugin/plugin.json", """{"name":"own","version":"1.1.0"}""").Write("README.md", "# Own\n").Commit();
        Assert.Single(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        Assert.Equal(0, _home.Alone.Run("marketplace", "upgrade").ExitCode);
        await AssertSameAsync("1.1.0");
        Assert.Equal("Removed", (await _home.UninstallAsync("own@tools")).Status);
        await AssertSameAsync("1.1.0");

        async Task AssertSameAsync(string version)
        {
            var result = await _home.InstallAsync("own@tools", reinstall: true);
            Assert.True(result.Error is null, result.Reason);
            var tree = SharedHome.Tree(Path.Join(ours, version));

            // Codex copies its own note about the snapshot along when it upgrades; it is not the author's.
            Assert.Equal(SharedHome.Tree(Path.Join(theirs, version)).Where(file => !IsNote(file)), tree);
            Assert.DoesNotContain(tree, IsNote);
            Assert.Equal("Intact", new IntegrityCheck(_home.Ours.Environment).Check(PluginId.Parse("own@tools")).State);
        }

        static bool IsNote(string file) => file.StartsWith(".codex-marketplace-install.json ", StringComparison.Ordinal);
    }

    [CodexFact]
    public async Task What_changed_upstream_either_tool_brings_and_the_other_finds_up_to_date()
    {
        var repository = _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        await _home.InstallAsync("inside@tools");

        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.1.0"}""").Commit();
        Assert.Equal([Snapshot],
            _home.Codex("marketplace", "upgrade", "tools").GetProperty("upgradedRoots").EnumerateArray().Select(root => root.GetString()!));
        Assert.Equal("Unchanged", (await _home.UpdateAsync("tools")).Status);
        Assert.Equal(repository.Head, Assert.Single((await _home.OurMarketplacesAsync()).Marketplaces).Commit);
        // Codex brought the plugin along.
        Assert.Equal(["inside@tools 1.1.0 Installed"], _home.OurInstalled());

        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.2.0"}""").Commit();
        var updated = await _home.UpdateAsync("tools");
        Assert.Equal(("Updated", repository.Head), (updated.Status, updated.NewCommit));
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        Assert.Equal(["inside@tools 1.1.0 on"], _home.CodexInstalled());

        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.3.0"}""").Commit();
        Assert.Equal([Snapshot],
            _home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray().Select(root => root.GetString()!));
        Assert.Equal(["inside@tools 1.3.0 on"], _home.CodexInstalled());
    }

    [CodexFact]
    [Shows("update-leaves-plugins")]
    public async Task An_update_of_PluginMarket_leaves_installed_plugins_where_Codex_reinstalls_them()
    {
        var repository = _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        await _home.InstallAsync("inside@tools");
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home.GitUrl).ExitCode);
        Assert.Equal(0, _home.Alone.Run("add", "inside@tools").ExitCode);
        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"2.0.0"}""").Commit();

        Assert.Equal("Updated", (await _home.UpdateAsync("tools")).Status);
        Assert.Equal(0, _home.Alone.Run("marketplace", "upgrade").ExitCode);
        Assert.True(Directory.Exists(_home.Cache("tools", "inside") + "/1.0.0"));
        Assert.True(Directory.Exists(Path.Join(_home.Alone.CodexHome, "plugins/cache/tools/inside/2.0.0")));
    }

    [CodexFact]
    public async Task What_Codex_upgraded_from_our_snapshot_we_update_again()
    {
        var repository = _home.GitMarketplace();
        _home.Codex("marketplace", "add", _home.GitUrl);
        repository.Write("other/file.txt", "2").Commit();
        var first = await _home.UpdateAsync("tools");
        Assert.Equal(("Updated", repository.Head), (first.Status, first.NewCommit));
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        Assert.Equal("2", File.ReadAllText(Path.Join(Snapshot, "other/file.txt")));
    }

    [CodexFact]
    public async Task A_refresh_brings_what_moved_and_we_list_it()
    {
        var repository = _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        foreach (var id in All)
        {
            await _home.InstallAsync(id);
        }

        var before = All.ToDictionary(id => id, id => SharedHome.Tree(_home.Cache("tools", id.Split('@')[0]) + "/1.0.0"));
        _home.Refresh();
        Assert.Equal(All.Select(id => id + " 1.0.0 Installed"), _home.OurInstalled());
        Assert.All(All, id => Assert.Equal(before[id], SharedHome.Tree(_home.Cache("tools", id.Split('@')[0]) + "/1.0.0")));
        Assert.All(_home.OurPlugins(), plugin => Assert.Equal("Recorded", plugin.Provenance));

        _home.KitRepository!.Write(".codex-plugin/plugin.json", """{"name":"kit","version":"1.5.0"}""").Commit();
        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.6.0"}""").Commit();
        _home.Refresh(
            () => Directory.Exists(_home.Cache("tools", "kit") + "/1.5.0") && Directory.Exists(_home.Cache("tools", "inside") + "/1.6.0"));
        Assert.Contains("kit@tools 1.5.0 Installed", _home.OurInstalled());
        Assert.Contains("inside@tools 1.6.0 Installed", _home.OurInstalled());
        Assert.Equal("Unchanged", (await _home.UpdateAsync("tools")).Status);
    }

    [CodexFact]
    public async Task What_one_tool_removes_is_gone_for_the_other()
    {
        _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        await _home.InstallAsync("inside@tools");
        Assert.Equal(Snapshot, _home.Codex("marketplace", "remove", "tools").GetProperty("installedRoot").GetString());
        Assert.Empty((await _home.OurMarketplacesAsync()).Marketplaces);
        Assert.Equal(["inside@tools 1.0.0 MarketplaceRemoved"], _home.OurInstalled());

        _home.Codex("marketplace", "add", _home.GitUrl);
        Assert.Equal(Snapshot, (await _home.RemoveAsync("tools")).InstalledRoot);
        Assert.False(Directory.Exists(Snapshot));
        Assert.Empty(_home.Codex("marketplace", "list").GetProperty("marketplaces").EnumerateArray());
        Assert.False((await _home.AddAsync(_home.GitUrl)).AlreadyAdded);
        Assert.Equal(["inside@tools 1.0.0 on"], _home.CodexInstalled());
    }

    // Of the repository's own folder only its use counts; the metadata file is written by Codex at the first upgrade.
    private static IReadOnlyList<string> SnapshotTree(string root) =>
        [.. InstallOutcome.Cached(root).Files
            .Where(line => !line.StartsWith(".codex-marketplace-install.json ", StringComparison.Ordinal))];
}
