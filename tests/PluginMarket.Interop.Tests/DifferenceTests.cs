using PluginMarket.Installation;
using PluginMarket.Marketplaces;

namespace PluginMarket.Interop.Tests;

/// <summary>Differences from Codex that are in the table and that no generated catalog shows, each beside what Codex does.</summary>
public sealed class DifferenceTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    [Shows("local-folder")]
    public async Task A_plain_install_of_a_local_plugin_is_in_local()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        Assert.Equal("local", (await _home.InstallAsync("alpha@corp", CacheVersionRule.Local)).CacheVersion);
        Assert.Equal(["alpha@corp local on"], _home.CodexInstalled());
        Assert.Equal("1.0.0", _home.Codex("add", "alpha@corp").GetProperty("version").GetString());
        Assert.Equal(["alpha@corp 1.0.0 Installed"], _home.OurInstalled());
    }

    [CodexFact]
    [Shows("broken-marketplace")]
    public async Task One_broken_marketplace_fails_all_listing_of_Codex_and_only_its_own_of_PluginMarket()
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

    [CodexFact]
    [Shows("broken-personal")]
    public async Task A_broken_personal_catalog_is_reported_here_and_ignored_by_the_list_of_Codex()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        var catalog = Path.Join(_home.Ours.Environment.HomePath, ".agents", "plugins", "marketplace.json");
        Directory.CreateDirectory(Path.GetDirectoryName(catalog)!);
        File.WriteAllText(catalog, "{");
        Assert.Contains("alpha@corp", _home.CodexAvailable());
        Assert.NotEqual(0, _home.TryCodex("marketplace", "list").ExitCode);
        var listing = await _home.OurMarketplacesAsync();
        Assert.Equal("corp", Assert.Single(listing.Marketplaces).Name);
        Assert.Equal((MarketErrorCode.CatalogUnreadable, catalog), (Assert.Single(listing.Failures).Code, listing.Failures[0].File));
    }

    [CodexFact]
    [Shows("add-changed")]
    public async Task A_changed_source_is_installed_by_an_add_of_Codex_and_by_a_reinstall_of_PluginMarket()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp");
        _home.WritePlugin("corp/alpha", "alpha", "2.0.0");
        var skipped = await _home.InstallAsync("alpha@corp");
        Assert.Equal("Skipped", skipped.Status);
        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
        Assert.Equal("2.0.0", _home.Codex("add", "alpha@corp").GetProperty("version").GetString());
        _home.WritePlugin("corp/alpha", "alpha", "3.0.0");
        Assert.Equal("Updated", (await _home.InstallAsync("alpha@corp", reinstall: true)).Status);
        Assert.Equal(["alpha@corp 3.0.0 on"], _home.CodexInstalled());
    }

    [CodexFact]
    [Shows("installed-by-default")]
    public async Task Defaults_are_installed_only_when_asked_for_and_never_by_Codex()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        _home.Refresh();
        Assert.Empty(_home.OurInstalled());
        var installer = new PluginInstaller(_home.Ours.Environment);
        var plan = await installer.PlanAsync(
            new InstallRequest { Intent = new InstallIntent.Install { Default = true, CacheVersion = CacheVersionRule.Manifest } });
        await foreach (var result in installer.ExecuteAsync(plan, plan.Items))
        {
            Assert.Equal("Installed", result.Status);
        }

        Assert.Equal(["wanted@corp 1.0.0 on"], _home.CodexInstalled());
    }

    [CodexFact]
    [Shows("repository-catalog")]
    public async Task The_catalog_of_the_current_repository_is_listed_by_us_alone()
    {
        var root = _home.LocalMarketplace();
        Directory.CreateDirectory(Path.Join(root, ".git"));
        var codex = _home.Program.Run(_home.CodexHome, _home.Ours.Environment.HomePath, root, ["plugin", "list", "--available", "--json"]);
        Assert.Empty(codex.Json().GetProperty("available").EnumerateArray());
        var listing = await new MarketplaceRegistry(_home.Ours.Environment with { WorkingDirectory = root }).ListAsync(
            new MarketplaceListRequest());
        Assert.Equal("Repository", Assert.Single(listing.Marketplaces).Scope);

        var ours = new OurSide(_home.Ours.Environment with { WorkingDirectory = root });
        var request = new InstallRequest { References = [PluginReference.Parse("alpha@corp")] };
        Assert.Equal("MarketplaceNotTrusted", Assert.Single(await ours.InstallAsync(request)).Error);
        Assert.Empty(_home.Codex("marketplace", "list").GetProperty("marketplaces").EnumerateArray());
        Assert.Equal("Installed", Assert.Single(await ours.InstallAsync(request with { TrustMarketplace = true })).Status);
        Assert.Equal(["alpha@corp local on"], _home.CodexInstalled());
    }

    [CodexFact]
    [Shows("name-taken-by-local")]
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

    [CodexFact]
    [Shows("provenance")]
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

    [CodexFact]
    [Shows("other-keys")]
    public async Task Other_keys_of_the_configuration_are_left_to_their_owners()
    {
        var text = "# mine\nmodel = \"x\"   # why\napproval_policy = "
            + "\"never\"\n\n[hooks.state.\"alpha@corp:hooks/hooks.json:stop:0:0\"]\ntrusted_hash = \"sha256:1\"\n";
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), text);
        await _home.AddAsync(_home.LocalMarketplace());
        await _home.InstallAsync("alpha@corp");
        Assert.StartsWith(text, _home.Configuration, StringComparison.Ordinal);
        Assert.Equal(["alpha@corp 1.0.0 on"], _home.CodexInstalled());
        await _home.UninstallAsync("alpha@corp");
        await _home.RemoveAsync("corp");
        Assert.Equal(text, _home.Configuration);
    }

    [CodexFact]
    [Shows("remove-absent")]
    public async Task Removing_what_is_not_installed_succeeds_in_Codex_and_has_its_own_error_here()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        Assert.Equal(0, _home.TryCodex("remove", "alpha@corp").ExitCode);
        Assert.Equal("PluginNotInstalled", (await _home.UninstallAsync("alpha@corp")).Error);
    }

    [CodexFact]
    [Shows("managed-layer")]
    public async Task What_a_layer_above_decides_is_refused_by_us_and_reported_done_by_Codex()
    {
        await _home.AddAsync(_home.LocalMarketplace());
        _home.Write("project/.codex/config.toml", "[plugins.\"alpha@corp\"]\nenabled = false\n");
        File.AppendAllText(Path.Join(_home.CodexHome, "config.toml"), $"\n[projects.'{_home["project"]}']\ntrust_level = \"trusted\"\n");
        var before = _home.Configuration;
        var inProject = new OurSide(_home.Ours.Environment with { WorkingDirectory = _home["project"] });
        var refusal = Assert.Single(await inProject.InstallAsync(["alpha@corp"]));
        Assert.Equal(("Failed", "ManagedByAdministrator"), (refusal.Status, refusal.Error));
        Assert.Contains(_home["project/.codex/config.toml"], refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(before, _home.Configuration);

        Assert.Equal(0, _home.CodexIn("project", "add", "alpha@corp").ExitCode);
        var listed = Assert.Single(_home.CodexIn("project", "list").Json().GetProperty("installed").EnumerateArray());
        Assert.False(listed.GetProperty("enabled").GetBoolean());
    }

    [CodexFact]
    [Shows("parallel-runs")]
    public async Task Parallel_installs_in_one_home_lose_nothing_of_PluginMarket_and_something_of_Codex()
    {
        // Saving has to take time, or Codex's readings and writings seldom cross.
        await using var home = new SharedHome(isOnDisk: true);
        var ids = Enumerable.Range(0, 12).Select(i => $"p{i:00}@many").ToList();
        home.Write("many/.agents/plugins/marketplace.json", $$"""{"name":"many","plugins":[{{string.Join(',',
            ids.Select(id => $$"""{"name":"{{id[..3]}}","source":"./{{id[..3]}}"}"""))}}]}""");
        foreach (var id in ids)
        {
            home.WritePlugin("many/" + id[..3], id[..3], "1.0.0");
        }

        await home.AddAsync(home["many"]);
        var results = await Task.WhenAll(ids.Select(id => Task.Run(() => home.InstallAsync(id))));
        Assert.All(results, result => Assert.True(result.Status == "Installed", result.Reason));
        Assert.Equal(ids.Select(id => id + " 1.0.0 on"), home.CodexInstalled().Order(StringComparer.Ordinal));

        Assert.Equal(0, home.Alone.Run("marketplace", "add", home["many"]).ExitCode);
        var lost = false;
        for (var round = 0; round < 60 && !lost; round++)
        {
            await Task.WhenAll(ids.Select(id => Task.Run(() => Assert.Equal(0, home.Alone.Run("add", id).ExitCode))));
            lost = ids.Exists(id => !home.AloneConfiguration.Contains(id, StringComparison.Ordinal));
            await Task.WhenAll(ids.Select(id => Task.Run(() => home.Alone.Run("remove", id))));
        }

        Assert.True(lost, "Codex lost no update in 60 rounds: the row no longer holds");
    }
}
