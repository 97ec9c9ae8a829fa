using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Differences from Codex that stand in the table and that no generated catalog shows, each beside what Codex does.</summary>
public sealed class DifferenceTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_plain_install_of_a_local_plugin_stands_in_local()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        Assert.Equal("local", (await _home.InstallAsync("alpha@corp", CacheVersionRule.Local)).Version);
        Assert.Equal(["alpha@corp local on"], _home.CodexInstalled());
        Assert.Equal("1.0.0", _home.Codex("add", "alpha@corp").GetProperty("version").GetString());
        Assert.Equal(["alpha@corp 1.0.0 Installed"], _home.OurInstalled());
    }

    [Fact]
    public async Task One_broken_marketplace_fails_all_listing_of_Codex_and_only_its_own_of_ours()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        _home.Write("second/.agents/plugins/marketplace.json", """{"name":"second","plugins":[]}""");
        await _home.AddAsync(_home["second"]);
        _home.Write("second/.agents/plugins/marketplace.json", "{");
        Assert.NotEqual(0, _home.TryCodex("list").ExitCode);
        var listing = await _home.OurMarketplacesAsync();
        Assert.Equal("corp", Assert.Single(listing.Marketplaces).Name);
        Assert.Equal(MarketErrorCode.CatalogUnreadable, Assert.Single(listing.Failures).Code);
    }

    [Fact]
    public async Task Defaults_are_installed_only_when_asked_for_and_never_by_Codex()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        _home.Refresh();
        Assert.Empty(_home.OurInstalled());
        var installer = new PluginInstaller(_home.Ours.Environment);
        var plan = await installer.PlanAsync(new InstallRequest { Default = true, CacheVersion = CacheVersionRule.Manifest });
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            Assert.Equal("Installed", result.Status);
        }

        Assert.Equal(["wanted@corp 1.0.0 on"], _home.CodexInstalled());
    }

    [Fact]
    public async Task The_catalog_of_the_current_repository_is_listed_by_us_alone()
    {
        var root = _home.LocalMarketplace();
        Directory.CreateDirectory(Path.Join(root, ".git"));
        var codex = CodexCli.Find(out _)!.Run(_home.CodexHome, _home.Ours.Environment.HomePath, root, ["plugin", "list", "--available", "--json"]);
        Assert.Empty(codex.Json().GetProperty("available").EnumerateArray());
        var listing = await new MarketplaceRegistry(_home.Ours.Environment with { WorkingDirectory = root }).ListAsync(new MarketplaceListRequest());
        Assert.Equal("Repository", Assert.Single(listing.Marketplaces).Scope);
    }

    [Fact]
    public async Task A_git_marketplace_does_not_take_the_name_of_a_local_one()
    {
        _home.GitMarketplace();
        _home.Write("mine/.agents/plugins/marketplace.json", """{"name":"tools","plugins":[]}""");
        await _home.AddAsync(_home["mine"]);
        var refusal = await Assert.ThrowsAsync<PluginMarketException>(() => _home.AddAsync(_home.GitUrl));
        Assert.Equal(MarketErrorCode.MarketplaceAlreadyExists, refusal.Code);
        Assert.Equal(0, _home.TryCodex("marketplace", "add", _home.GitUrl).ExitCode);
        Assert.Contains("source_type = \"git\"", _home.Configuration, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_url_is_a_source_for_us_alone_and_Codex_goes_on_with_it()
    {
        var repository = _home.GitMarketplace();
        Assert.NotEqual(0, _home.TryCodex("marketplace", "add", repository.FileUrl).ExitCode);
        await _home.AddAsync(repository.FileUrl);
        Assert.Contains("inside@tools", _home.CodexAvailable());
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        repository.Write("other/file.txt", "2").Commit();
        Assert.Single(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
    }

    [Fact]
    public async Task The_repository_of_a_plugin_is_never_in_our_cache()
    {
        _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        await _home.InstallAsync("kit@tools");
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home.GitUrl).ExitCode);
        Assert.Equal(0, _home.Alone.Run("add", "kit@tools").ExitCode);
        Assert.True(Directory.Exists(Path.Join(_home.Alone.CodexHome, "plugins/cache/tools/kit/1.0.0/.git")));
        Assert.False(Directory.Exists(_home.Cache("tools", "kit") + "/1.0.0/.git"));
    }

    [Fact]
    public async Task Where_installed_bytes_came_from_is_recorded_by_us_alone()
    {
        _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        await _home.InstallAsync("kit@tools");
        var plugin = Assert.Single(_home.OurPlugins());
        Assert.Equal(("Recorded", _home.KitRepository!.Head), (plugin.Provenance, plugin.Commit));
        _home.Codex("add", "folder@tools");
        Assert.Equal("None", _home.OurPlugins().Single(p => p.Name == "folder").Provenance);
    }

    [Fact]
    public async Task A_secret_in_a_source_is_refused_by_us_and_written_down_by_Codex()
    {
        _home.GitMarketplace();
        var url = _home.GitUrl.Replace("http://", "http://user:secret@", StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<PluginMarketException>(() => _home.AddAsync(url));
        Assert.Equal(MarketErrorCode.CredentialInUrl, refusal.Code);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", url).ExitCode);
        Assert.Contains("secret", _home.AloneConfiguration, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_repository_named_by_a_catalog_from_the_network_is_skipped_by_us_alone()
    {
        var repository = _home.GitMarketplace();
        var secret = GitRepository.Create(_home["secret"], new Dictionary<string, string> { [".codex-plugin/plugin.json"] = """{"name":"private","version":"1.0.0"}""" });
        repository.Write(".agents/plugins/marketplace.json", $$$"""
            {"name":"tools","plugins":[
              {"name":"inside","source":"./plugins/inside"},
              {"name":"private","source":{"source":"url","url":"{{{secret.FileUrl}}}"}},
              {"name":"path","source":{"source":"url","url":"{{{secret.Folder}}}"}}]}
            """).Commit();
        await _home.AddAsync(_home.GitUrl);
        Assert.Contains("private@tools", _home.CodexAvailable());
        var found = await new PluginQuery(_home.Ours.Environment).FindAsync(new PluginFindRequest { IncludeSkipped = true });
        Assert.Equal(["inside Available", "private Skipped", "path Skipped"], found.Plugins.Select(plugin => $"{plugin.Name} {plugin.Status}"));
        Assert.Equal("Failed", (await _home.InstallAsync("private@tools")).Status);
        _home.Codex("add", "private@tools");
    }

    [Fact]
    public async Task Other_keys_of_the_configuration_are_left_to_their_owners()
    {
        var text = "# mine\nmodel = \"x\"   # why\napproval_policy = \"never\"\n\n[hooks.state.\"alpha@corp:hooks/hooks.json:stop:0:0\"]\ntrusted_hash = \"sha256:1\"\n";
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), text);
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp");
        Assert.StartsWith(text, _home.Configuration, StringComparison.Ordinal);
        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
        await _home.UninstallAsync("alpha@corp");
        await _home.RemoveAsync("corp");
        Assert.Equal(text, _home.Configuration);
    }
}
