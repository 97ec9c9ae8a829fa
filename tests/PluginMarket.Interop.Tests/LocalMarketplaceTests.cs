namespace PluginMarket.Interop.Tests;

/// <summary>A local marketplace in one home under both tools: whatever one does, the other finds as if it had done it.</summary>
public sealed class LocalMarketplaceTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public async Task What_we_add_Codex_lists_and_knows_as_added()
    {
        var root = _home.LocalMarketplace();
        await _home.AddAsync(root);
        var listed = Assert.Single(_home.Codex("marketplace", "list").GetProperty("marketplaces").EnumerateArray());
        Assert.Equal($$$"""{"name":"corp","root":"{{{root}}}","marketplaceSource":{"sourceType":"local","source":"{{{root}}}"}}""",
            Compact(listed));
        Assert.True(_home.Codex("marketplace", "add", root).GetProperty("alreadyAdded").GetBoolean());
        Assert.Equal(["alpha@corp", "beta@corp", "wanted@corp", "gone@corp"], _home.CodexAvailable());

        Assert.Equal(0, _home.Alone.Run("marketplace", "add", root).ExitCode);
        Assert.Equal(_home.AloneConfiguration, _home.Configuration);
    }

    [CodexFact]
    public async Task What_Codex_adds_we_list_and_know_as_added()
    {
        var root = _home.LocalMarketplace();
        _home.Codex("marketplace", "add", root);
        var before = _home.Configuration;
        var listing = await _home.OurMarketplacesAsync();
        Assert.Empty(listing.Failures);
        var marketplace = Assert.Single(listing.Marketplaces);
        Assert.Equal(("corp", "local", root, root, 4),
            (marketplace.Name, marketplace.SourceType, marketplace.Source, marketplace.Root, marketplace.Plugins));
        Assert.True((await _home.AddAsync(root)).AlreadyAdded);
        Assert.Equal(before, _home.Configuration);
    }

    [CodexFact]
    public async Task What_we_install_Codex_lists_and_reinstalls_to_the_same_bytes()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        Assert.Equal("Installed", (await _home.InstallAsync("alpha@corp")).Status);
        Assert.Equal("Installed", (await _home.InstallAsync("beta@corp")).Status);
        Assert.Equal(["alpha@corp 1.0.0 on", "beta@corp local on"], _home.CodexInstalled());

        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home["corp"]).ExitCode);
        Assert.Equal(0, _home.Alone.Run("add", "alpha@corp").ExitCode);
        Assert.Equal(0, _home.Alone.Run("add", "beta@corp").ExitCode);
        Assert.Equal(_home.AloneConfiguration, _home.Configuration);

        var ours = SharedHome.Tree(_home.Cache("corp", "alpha") + "/1.0.0");
        Assert.Contains(ours, line => line.Contains("migrated-command-skills", StringComparison.Ordinal));
        Assert.Equal("1.0.0", _home.Codex("add", "alpha@corp").GetProperty("version").GetString());
        Assert.Equal(SharedHome.Tree(_home.Cache("corp", "alpha") + "/1.0.0"), ours);
        Assert.Equal(["1.0.0"], Folders(_home.Cache("corp", "alpha")));
        Assert.Equal(["alpha@corp 1.0.0 Installed", "beta@corp local Installed"], _home.OurInstalled());
        Assert.Equal("Unchanged", (await _home.InstallAsync("alpha@corp")).Status);
    }

    [CodexFact]
    public async Task What_Codex_installs_we_list_and_reinstall_to_the_same_bytes()
    {
        _home.Codex("marketplace", "add", _home.LocalMarketplace());
        _home.Codex("add", "alpha@corp");
        _home.Codex("add", "beta@corp");
        var (configuration, theirs) = (_home.Configuration, SharedHome.Tree(_home.Cache("corp", "alpha") + "/1.0.0"));
        Assert.Equal(["alpha@corp 1.0.0 Installed", "beta@corp local Installed"], _home.OurInstalled());
        Assert.All(_home.OurPlugins(), plugin => Assert.Equal("None", plugin.Provenance));

        Assert.Equal("Unchanged", (await _home.InstallAsync("alpha@corp")).Status);
        var again = await _home.InstallAsync("alpha@corp", reinstall: true);
        Assert.True(again.Status is "Unchanged" or "Updated", again.Status + " " + again.Reason);
        Assert.Equal(theirs, SharedHome.Tree(_home.Cache("corp", "alpha") + "/1.0.0"));
        Assert.Equal(configuration, _home.Configuration);
        Assert.Equal(["alpha@corp 1.0.0 on", "beta@corp local on"], _home.CodexInstalled());
    }

    [CodexFact]
    public async Task What_one_tool_uninstalls_is_gone_for_the_other()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        var untouched = _home.Configuration;
        await _home.InstallAsync("alpha@corp");
        Assert.Equal("Removed", (await _home.UninstallAsync("alpha@corp")).Status);
        Assert.Empty(_home.CodexInstalled());
        Assert.Equal(untouched, _home.Configuration);
        Assert.Equal(0, _home.TryCodex("remove", "alpha@corp").ExitCode);

        await _home.InstallAsync("alpha@corp");
        Assert.Equal(0, _home.TryCodex("remove", "alpha@corp").ExitCode);
        Assert.Empty(_home.OurInstalled());
        Assert.False(Directory.Exists(_home.Cache("corp", "alpha")));
        Assert.Equal("Installed", (await _home.InstallAsync("alpha@corp")).Status);

        _home.Codex("add", "beta@corp");
        Assert.Equal("Removed", (await _home.UninstallAsync("beta@corp")).Status);
        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
    }

    [CodexTheory]
    [InlineData("corp", true)]
    [InlineData("corp/alpha", true)]
    [InlineData("corp/alpha/1.0.0", false)]
    public async Task What_Codex_loads_through_a_link_in_the_cache_we_show_and_never_change(string link, bool isFollowed)
    {
        await _home.AddAsync(_home.LocalMarketplace());
        _home.Codex("add", "alpha@corp");
        _home.WritePlugin("corp/alpha", "alpha", "1.1.0");
        var (cached, moved) = (Path.Join(_home.CodexHome, "plugins", "cache", link), _home["moved"]);
        Directory.Move(cached, moved);
        Directory.CreateSymbolicLink(cached, moved);
        var files = TestKit.ScratchFolder.Inventory(moved);

        Assert.Equal(isFollowed ? ["alpha@corp 1.0.0 on"] : [], _home.CodexInstalled());
        Assert.Equal([isFollowed ? "alpha@corp 1.0.0 Installed" : "alpha@corp  NotCached"], _home.OurInstalled());

        Assert.Equal(isFollowed ? "PathEscapesRoot" : null, (await _home.InstallAsync("alpha@corp", reinstall: true)).Error);
        Assert.Equal(link == "corp" ? "Failed" : "Removed", (await _home.UninstallAsync("alpha@corp")).Status);
        Assert.Equal(files, TestKit.ScratchFolder.Inventory(moved));
    }

    [CodexFact]
    public async Task What_we_disable_Codex_lists_as_disabled_until_it_adds_it_again()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        _home.Codex("add", "alpha@corp");
        Assert.NotEqual("Failed", (await _home.EnableAsync("alpha@corp", false)).Status);
        Assert.Equal(["alpha@corp 1.0.0 off"], _home.CodexInstalled());
        Assert.Equal(["alpha@corp 1.0.0 Disabled"], _home.OurInstalled());
        _home.Refresh();
        Assert.Equal(["alpha@corp 1.0.0 off"], _home.CodexInstalled());

        _home.Codex("add", "alpha@corp");
        Assert.Equal(["alpha@corp 1.0.0 Installed"], _home.OurInstalled());
        await _home.EnableAsync("alpha@corp", false);
        Assert.NotEqual("Failed", (await _home.EnableAsync("alpha@corp", true)).Status);
        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
    }

    [CodexFact]
    public async Task A_refresh_keeps_a_folder_of_the_manifest_version_and_moves_a_folder_local()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        Assert.Equal("1.0.0", (await _home.InstallAsync("alpha@corp", CacheVersionRule.Manifest)).CacheVersion);
        Assert.Equal("local", (await _home.InstallAsync("wanted@corp", CacheVersionRule.Local)).CacheVersion);
        Assert.Equal(["alpha@corp 1.0.0 on", "wanted@corp local on"], _home.CodexInstalled());
        _home.Write("corp/alpha/new.txt", "edited under the same version");

        _home.Refresh();
        Assert.Equal(["alpha@corp 1.0.0 on", "wanted@corp 1.0.0 on"], _home.CodexInstalled());
        Assert.Equal(["alpha@corp 1.0.0 Installed", "wanted@corp 1.0.0 Installed"], _home.OurInstalled());
        Assert.False(File.Exists(_home.Cache("corp", "alpha") + "/1.0.0/new.txt"));
        Assert.Equal(["1.0.0"], Folders(_home.Cache("corp", "wanted")));
        // Codex laid the same bytes under another version: they are still those of the record.
        Assert.All(_home.OurPlugins(), plugin => Assert.Equal("Recorded", plugin.Provenance));
        Assert.Equal("Unchanged", (await _home.InstallAsync("wanted@corp", CacheVersionRule.Manifest)).Status);
    }

    [CodexFact]
    public async Task A_refresh_brings_a_new_version_over_ours_and_fills_a_missing_cache()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp");
        await _home.InstallAsync("beta@corp");
        Directory.Delete(_home.Cache("corp", "beta"), recursive: true);
        Assert.Contains("beta@corp  NotCached", _home.OurInstalled());
        _home.WritePlugin("corp/alpha", "alpha", "1.1.0");

        _home.Refresh();
        Assert.Equal(["alpha@corp 1.1.0 on", "beta@corp local on"], _home.CodexInstalled());
        Assert.Equal(["alpha@corp 1.1.0 Installed", "beta@corp local Installed"], _home.OurInstalled());
    }

    [CodexFact]
    public async Task A_new_version_that_we_install_is_the_only_one_Codex_finds()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        _home.Codex("add", "alpha@corp");
        _home.WritePlugin("corp/alpha", "alpha", "0.9.0");
        Assert.Equal("Skipped", (await _home.InstallAsync("alpha@corp")).Status);
        _home.WritePlugin("corp/alpha", "alpha", "1.1.0");
        Assert.Equal("Updated", (await _home.InstallAsync("alpha@corp", reinstall: true)).Status);
        Assert.Equal(["alpha@corp 1.1.0 on"], _home.CodexInstalled());
        Assert.Equal(["1.1.0"], Folders(_home.Cache("corp", "alpha")));
        _home.Refresh();
        Assert.Equal(["alpha@corp 1.1.0 Installed"], _home.OurInstalled());
    }

    [CodexFact]
    public async Task What_one_tool_removes_the_other_no_longer_lists_and_the_plugins_stay()
    {
        var root = _home.LocalMarketplace();
        await _home.AddAsync(root);
        await _home.InstallAsync("alpha@corp");
        await _home.RemoveAsync("corp");
        Assert.Empty(_home.Codex("marketplace", "list").GetProperty("marketplaces").EnumerateArray());
        Assert.True(Directory.Exists(_home.Cache("corp", "alpha")));
        Assert.Equal(["alpha@corp 1.0.0 MarketplaceRemoved"], _home.OurInstalled());

        _home.Codex("marketplace", "add", root);
        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
        _home.Codex("marketplace", "remove", "corp");
        Assert.Empty((await _home.OurMarketplacesAsync()).Marketplaces);
        Assert.Equal(["alpha@corp 1.0.0 MarketplaceRemoved"], _home.OurInstalled());
        Assert.Equal("Removed", (await _home.UninstallAsync("alpha@corp")).Status);
    }

    [CodexFact]
    public async Task A_local_marketplace_has_nothing_to_upgrade_for_either()
    {
        var root = _home.LocalMarketplace();
        await _home.AddAsync(root);
        var before = _home.Configuration;
        Assert.NotEqual(0, _home.TryCodex("marketplace", "upgrade", "corp").ExitCode);
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("selectedMarketplaces").EnumerateArray());
        Assert.Equal("Skipped", (await _home.UpdateAsync("corp")).Status);
        Assert.Equal(before, _home.Configuration);
    }

    [CodexFact]
    public async Task Removing_leaves_the_same_configuration_as_Codex()
    {
        var root = _home.LocalMarketplace();
        await _home.AddAsync(root);
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", root).ExitCode);
        await _home.RemoveAsync("corp");
        Assert.Equal(0, _home.Alone.Run("marketplace", "remove", "corp").ExitCode);
        Assert.Equal(_home.AloneConfiguration, _home.Configuration);
    }

    private static string[] Folders(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Compact(System.Text.Json.JsonElement json) => System.Text.Json.JsonSerializer.Serialize(json);
}
