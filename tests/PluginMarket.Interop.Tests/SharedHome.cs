using System.Text.Json;
using PluginMarket.Installation;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>One home that both tools manage, and a second one to see what Codex alone would have made.</summary>
internal sealed class SharedHome : IAsyncDisposable
{
    private readonly CodexCli _codex;
    private readonly ScratchFolder _scratch;
    private GitHttpServer? _server;

    /// <param name="isOnDisk">Whether the homes are on a disk, which is slower to save to.</param>
    public SharedHome(bool isOnDisk = false)
    {
        _scratch = new ScratchFolder(isOnDisk);
        _codex = Judge.Current;
        Ours = new OurSide(_scratch, "both");
        Alone = new CodexSide(_codex, _scratch["alone"]);
    }

    /// <summary>The program that both homes are judged by.</summary>
    internal CodexCli Program => _codex;

    /// <summary>Our tool in the home of both.</summary>
    public OurSide Ours { get; }

    /// <summary>Codex in its own home.</summary>
    public CodexSide Alone { get; }

    public string CodexHome => Ours.Environment.CodexHome;

    public string Configuration => File.ReadAllText(Path.Join(CodexHome, "config.toml"));

    public string AloneConfiguration => File.ReadAllText(Path.Join(Alone.CodexHome, "config.toml"));

    public string this[string relative] => _scratch[relative];

    /// <summary>Codex in the home of both; it must succeed.</summary>
    public JsonElement Codex(params string[] arguments)
    {
        var run = TryCodex(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Json();
    }

    /// <summary>Codex in the home of both.</summary>
    internal CodexRun TryCodex(params string[] arguments) =>
        _codex.Run(CodexHome, Ours.Environment.HomePath, ["plugin", .. arguments, "--json"]);

    /// <summary>Codex in the home of both, run in a folder.</summary>
    internal CodexRun CodexIn(string folder, params string[] arguments) =>
        _codex.Run(CodexHome, Ours.Environment.HomePath, this[folder], ["plugin", .. arguments, "--json"]);

    public void Refresh(Func<bool>? until = null) => _codex.RefreshThroughAppServer(CodexHome, Ours.Environment.HomePath, until);

    /// <summary>Lets Codex refresh until something has come true.</summary>
    public void RefreshUntil(Func<bool> done) => _codex.RefreshUntil(CodexHome, Ours.Environment.HomePath, done);

    /// <summary>What Codex has installed: id, version, "on" or "off".</summary>
    public IReadOnlyList<string> CodexInstalled() =>
        [.. Codex("list").GetProperty("installed").EnumerateArray().Select(item => $"{item.GetProperty("pluginId")
            .GetString()} {item.GetProperty("version").GetString()} {(item.GetProperty("enabled").GetBoolean() ? "on" : "off")}")];

    /// <summary>What Codex could install.</summary>
    public IReadOnlyList<string> CodexAvailable() => [.. Codex("list", "--available").GetProperty("available").EnumerateArray()
        .Select(item => item.GetProperty("pluginId").GetString()!)];

    /// <summary>What we have installed: id, version, state.</summary>
    public IReadOnlyList<string> OurInstalled() => [.. OurPlugins().Select(plugin => $"{plugin.Id} {plugin.CacheVersion} {plugin.State}")];

    public IReadOnlyList<InstalledPlugin> OurPlugins() =>
        new InstalledPluginQuery(Ours.Environment).List(new InstalledPluginRequest()).Plugins;

    internal async Task<MarketplaceListing> OurMarketplacesAsync() =>
        await new MarketplaceRegistry(Ours.Environment).ListAsync(new MarketplaceListRequest());

    internal Task<MarketplaceAddition> AddAsync(string source, string? reference = null, params string[] sparse) =>
        new MarketplaceRegistry(Ours.Environment).AddAsync(
            new MarketplaceAddRequest { Source = source, Ref = reference, SparsePaths = sparse });

    public async Task<MarketplaceUpdateResult> UpdateAsync(string name)
    {
        var outcome = await new MarketplaceRegistry(Ours.Environment).UpdateAsync(new MarketplaceUpdateRequest { Names = [name] });
        Assert.Empty(outcome.Failures);
        return Assert.Single(outcome.Results);
    }

    internal Task<MarketplaceRemoval> RemoveAsync(string name) =>
        new MarketplaceRegistry(Ours.Environment).RemoveAsync(new MarketplaceRemoveRequest { Name = name });

    public async Task<PluginOperationResult> InstallAsync(string id, CacheVersionRule rule = CacheVersionRule.Manifest,
        bool reinstall = false) => Assert.Single(await Ours.InstallAsync([id], rule, reinstall));

    public Task<PluginOperationResult> UninstallAsync(string id) =>
        new PluginUninstaller(Ours.Environment).UninstallAsync(PluginReference.Parse(id));

    public Task<PluginOperationResult> EnableAsync(string id, bool enabled) =>
        new PluginActivation(Ours.Environment).SetEnabledAsync(PluginReference.Parse(id), enabled);

    /// <summary>The folder of a plugin in the cache of both.</summary>
    public string Cache(string marketplace, string plugin) => Path.Join(CodexHome, "plugins", "cache", marketplace, plugin);

    /// <summary>Files and folders of a cached plugin, as compared with Codex's.</summary>
    public static IReadOnlyList<string> Tree(string folder) => InstallOutcome.Cached(folder).Files;

    /// <summary>A local marketplace <c>corp</c> with the plugins <c>alpha</c> (1.0.0), <c>beta</c> (no version)
    /// and <c>gone</c> (not available).</summary>
    public string LocalMarketplace()
    {
        _scratch.Write("corp/.agents/plugins/marketplace.json", """
            {"name":"corp","plugins":[
              {"name":"alpha","source":"./alpha","category":"Productivity"},
              {"name":"beta","source":{"source":"local","path":"./beta"},"policy":{"authentication":"ON_USE"}},
              {"name":"wanted","source":"./wanted","policy":{"installation":"INSTALLED_BY_DEFAULT"}},
              {"name":"gone","source":"./alpha","policy":{"installation":"NOT_AVAILABLE"}}]}
            """);
        WritePlugin("corp/alpha", "alpha", "1.0.0");
        WritePlugin("corp/beta", "beta", null);
        WritePlugin("corp/wanted", "wanted", "1.0.0");
        return _scratch["corp"];
    }

    public void Write(string path, string text) => _scratch.Write(path, text);

    public void WritePlugin(string folder, string name, string? version)
    {
        _scratch.Write($"{folder}/.codex-plugin/plugin.json",
            version is null ? $$"""{"name":"{{name}}"}""" : $$"""{"name":"{{name}}","version":"{{version}}"}""");
        _scratch.Write($"{folder}/skills/{name}/SKILL.md", $"---\nname: {name}\ndescription: Does {name}.\n---\nVersion {version}.\n");
        _scratch.Write($"{folder}/commands/go.md", "---\ndescription: Goes.\n---\nGo there.\n");
    }

    /// <summary>A repository <c>tools</c> behind a server on this machine, with plugins of its own tree, behind a link, at a relative
    /// URL, and of another repository.</summary>
    internal GitRepository GitMarketplace()
    {
        var kit = GitRepository.Create(_scratch.MakeFolder("served/kit"), new Dictionary<string, string>
        {
            [".codex-plugin/plugin.json"] = """{"name":"kit","version":"1.0.0"}""",
            ["README.md"] = "# Kit\n",
        });
        _server ??= new GitHttpServer(_scratch["served"]);
        var repository = GitRepository.Create(_scratch.MakeFolder("served/tools"));
        repository.Write(".agents/plugins/marketplace.json", $$$"""
            {"name":"tools","plugins":[
              {"name":"inside","source":"./plugins/inside"},
              {"name":"linked","source":"./plugins/linked"},
              {"name":"own","source":{"source":"url","url":"./"}},
              {"name":"folder","source":{"source":"git-subdir","url":"./","path":"plugins/folder"}},
              {"name":"kit","source":{"source":"url","url":"{{{_server.Url}}}/kit"}}]}
            """);
        repository.Write(".codex-plugin/plugin.json", """{"name":"own","version":"1.0.0"}""");
        repository.Write("plugins/inside/.codex-plugin/plugin.json", """{"name":"inside","version":"1.0.0"}""");
        repository.Write("plugins/inside/run.sh", "#!/bin/sh\n", executable: true);
        repository.WriteLink("plugins/inside/link.txt", "run.sh");
        repository.Write("plugins/folder/.codex-plugin/plugin.json", """{"name":"folder","version":"1.0.0"}""");
        repository.Write("shared/linked/.codex-plugin/plugin.json", """{"name":"linked","version":"1.0.0"}""");
        repository.WriteLink("plugins/linked", "../shared/linked");
        repository.Write("other/file.txt", "x");
        repository.Commit();
        KitRepository = kit;
        return repository;
    }

    internal GitRepository? KitRepository { get; private set; }

    /// <summary>The server behind the git marketplace.</summary>
    internal GitHttpServer Server => _server!;

    /// <summary>Makes git reach that server under another address, for both tools and both homes.</summary>
    public void LeadToThisMachine(string address)
    {
        foreach (var home in new[] { Ours.Environment.HomePath, Alone.Home })
        {
            File.WriteAllText(Path.Join(home, ".gitconfig"), $"[url \"{Server.Url}/\"]\n\tinsteadOf = {address}\n");
        }
    }

    /// <summary>The address of the served repository <c>tools</c>.</summary>
    public string GitUrl => _server!.Url + "/tools";

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _scratch.Dispose();
    }
}
