using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Plugins of a git marketplace in one home under both tools: inside the snapshot, behind a link, at relative URLs,
/// and in their own repository.</summary>
public sealed class GitPluginTests : IAsyncDisposable
{
    private static readonly string[] All = ["folder@tools", "inside@tools", "kit@tools", "linked@tools", "own@tools"];

    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    public async Task What_one_tool_installed_the_other_reinstalls_to_the_same_bytes()
    {
        _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        foreach (var id in All)
        {
            Assert.Equal("Installed", (await _home.InstallAsync(id)).Status);
        }

        var ours = Trees("1.0.0");
        Array.ForEach(All, id => Assert.Equal("1.0.0", _home.Codex("add", id).GetProperty("version").GetString()));
        Assert.Equal(ours, Trees("1.0.0"));
        Assert.All(_home.OurPlugins(), plugin => Assert.Equal("Recorded", plugin.Provenance));
        foreach (var id in All)
        {
            // Codex left the repository of kit beside its files; the same bytes are the same plugin for us.
            Assert.Equal("Unchanged", (await _home.InstallAsync(id)).Status);
            Assert.Equal("Unchanged", (await _home.InstallAsync(id, reinstall: true)).Status);
        }

        Assert.Equal(ours, Trees("1.0.0"));
        Assert.Equal(All.Select(id => id + " 1.0.0 on"), _home.CodexInstalled().Order(StringComparer.Ordinal));
    }

    [CodexFact]
    public async Task What_one_tool_uninstalls_is_gone_for_the_other()
    {
        _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        var before = _home.Configuration;
        foreach (var id in All)
        {
            await _home.InstallAsync(id);
            _home.Codex("remove", id);
        }

        Assert.Empty(_home.OurInstalled());
        Assert.Equal(before, _home.Configuration);
        foreach (var id in All)
        {
            _home.Codex("add", id);
            Assert.Equal("Removed", (await _home.UninstallAsync(id)).Status);
        }

        Assert.Empty(_home.CodexInstalled());
        Assert.Equal(before, _home.Configuration);
        Assert.All(All, id => Assert.False(Directory.Exists(_home.Cache("tools", id.Split('@')[0]))));
    }

    [CodexFact]
    public async Task What_is_disabled_stays_so_through_refresh_and_upgrade_of_either_tool()
    {
        var repository = _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        _home.Codex("add", "inside@tools");
        await _home.InstallAsync("kit@tools");
        Assert.NotEqual("Failed", (await _home.EnableAsync("inside@tools", false)).Status);
        // Codex has no command for it: its users change the line.
        File.WriteAllText(Path.Join(_home.CodexHome, "config.toml"), _home.Configuration.Replace("[plugins.\"kit@tools\"]\nenabled = true",
            "[plugins.\"kit@tools\"]\nenabled = false", StringComparison.Ordinal));
        Assert.Equal(["inside@tools 1.0.0 off", "kit@tools 1.0.0 off"], _home.CodexInstalled().Order(StringComparer.Ordinal));
        Assert.Equal(["inside@tools 1.0.0 Disabled", "kit@tools 1.0.0 Disabled"], _home.OurInstalled());

        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.1.0"}""").Commit();
        Assert.Equal("Updated", (await _home.UpdateAsync("tools")).Status);
        _home.Refresh(() => Directory.Exists(_home.Cache("tools", "inside") + "/1.1.0"));
        Assert.Equal(["inside@tools 1.1.0 Disabled", "kit@tools 1.0.0 Disabled"], _home.OurInstalled());
        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.2.0"}""").Commit();
        Assert.Single(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        Assert.Equal(["inside@tools 1.2.0 Disabled", "kit@tools 1.0.0 Disabled"], _home.OurInstalled());

        Assert.NotEqual("Failed", (await _home.EnableAsync("kit@tools", true)).Status);
        _home.Codex("add", "inside@tools");
        Assert.Equal(["inside@tools 1.2.0 on", "kit@tools 1.0.0 on"], _home.CodexInstalled().Order(StringComparer.Ordinal));
        Assert.Equal(["inside@tools 1.2.0 Installed", "kit@tools 1.0.0 Installed"], _home.OurInstalled());
    }

    [CodexFact]
    public async Task From_what_one_tool_upgraded_the_other_installs_links_and_relative_addresses_too()
    {
        var repository = _home.GitMarketplace();
        await _home.AddAsync(_home.GitUrl);
        Change(repository, "2.0.0");
        Assert.Equal("Updated", (await _home.UpdateAsync("tools")).Status);
        Array.ForEach(All, id => Assert.Equal("2.0.0", _home.Codex("add", id).GetProperty("version").GetString()));

        Change(repository, "3.0.0");
        Assert.Single(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
        foreach (var id in All)
        {
            // kit has its own repository, which an upgrade of the marketplace does not check unless it reinstalls.
            var result = await _home.InstallAsync(id, reinstall: true);
            Assert.True((result.Version, result.Error) == ("3.0.0", null), $"{id}: {result.Version} {result.Status} {result.Reason}");
        }

        Assert.Equal(All.Select(id => id + " 3.0.0 on"), _home.CodexInstalled().Order(StringComparer.Ordinal));
        Assert.Equal(All.Select(id => id + " 3.0.0 Installed"), _home.OurInstalled());
        Assert.Equal("Unchanged", (await _home.UpdateAsync("tools")).Status);
        Assert.Empty(_home.Codex("marketplace", "upgrade").GetProperty("upgradedRoots").EnumerateArray());
    }

    private void Change(GitRepository repository, string version)
    {
        foreach (var (folder, name) in new[] { ("", "own"), ("plugins/inside/", "inside"), ("plugins/folder/", "folder"),
            ("shared/linked/", "linked") })
        {
            repository.Write(folder + ".codex-plugin/plugin.json", $$"""{"name":"{{name}}","version":"{{version}}"}""");
        }

        repository.Commit();
        _home.KitRepository!.Write(".codex-plugin/plugin.json", $$"""{"name":"kit","version":"{{version}}"}""").Commit();
    }

    private List<string> Trees(string version) =>
        [.. All.SelectMany(id => SharedHome.Tree($"{_home.Cache("tools", id.Split('@')[0])}/{version}").Select(line => $"{id} {line}"))];
}
