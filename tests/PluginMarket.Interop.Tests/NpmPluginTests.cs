using System.Formats.Tar;
using PluginMarket.Files;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Plugins from a registry on loopback, which both tools ask with the same npm and the same <c>.npmrc</c>.</summary>
public sealed class NpmPluginTests : IAsyncDisposable
{
    private readonly NpmRegistry _registry = new();
    private readonly SharedHome _home = new();

    public NpmPluginTests()
    {
        Assert.SkipWhen(NpmRegistry.MissingNpm is not null, NpmRegistry.MissingNpm ?? "");
        _home.Write("both/.npmrc", _registry.Configuration);
        _home.Write("alone/.npmrc", _registry.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [CodexFact]
    public async Task A_package_is_the_same_plugin_for_both()
    {
        var tarball = NpmTarballBuilder.Plugin("tool", "1.2.0", "@team/tool")
            .Add("package/run.sh", "#!/bin/sh\n", executable: true)
            .Add("package/skills/go/SKILL.md", "---\nname: go\ndescription: Goes.\n---\nGo.\n")
            .Add("package/commands/go.md", "---\ndescription: Goes.\n---\nGo there.\n")
            .Add(TarEntryType.Directory, "package/empty/")
            .Add("beside/x.txt", "no part of it")
            .ToTarball();
        _registry.Publish("@team/tool", "1.2.0", tarball);
        await AddAsync("@team/tool");

        var result = await _home.InstallAsync("tool@shop");
        Assert.True(result.Status == "Installed", result.Reason);
        var theirs = _home.Alone.Run("add", "--json", "tool@shop");
        Assert.True(theirs.ExitCode == 0, theirs.Error);

        var folder = theirs.Json().GetProperty("installedPath").GetString()!;
        Assert.Equal(SharedHome.Tree(folder), SharedHome.Tree(result.Path!));
        Assert.Equal(Digest(folder), Digest(result.Path!));
        Assert.Equal(["tool@shop 1.2.0 on"], _home.CodexInstalled());
        Assert.Equal("tool@shop", _home.Codex("add", "tool@shop").GetProperty("pluginId").GetString());
        Assert.Equal(Digest(folder), Digest(result.Path!));
        Assert.Equal("Unchanged", (await _home.InstallAsync("tool@shop")).Status);
        Assert.Equal(["tool@shop 1.2.0 Installed"], _home.OurInstalled());
    }

    [CodexFact]
    public async Task A_refresh_of_Codex_replaces_what_follows_a_range_and_leaves_one_version_alone()
    {
        _registry.Publish("tool", "1.0.0", NpmTarballBuilder.Plugin("tool", "1.0.0").ToTarball());
        await AddAsync("tool", "1.0.0");
        Assert.Equal("Installed", (await _home.InstallAsync("tool@shop")).Status);
        _registry.Publish("tool", "1.3.0", NpmTarballBuilder.Plugin("tool", "1.3.0").ToTarball());

        Assert.True(Assert.Single(_home.OurPlugins()).HeldAgainstCodex);
        _home.Refresh();
        Assert.Equal(["tool@shop 1.0.0 Installed"], _home.OurInstalled());

        WriteCatalog("tool", "^1.0.0");
        Assert.False(Assert.Single(_home.OurPlugins()).HeldAgainstCodex);
        _home.Refresh();
        Assert.Equal(["tool@shop 1.3.0 Installed"], _home.OurInstalled());
    }

    [CodexTheory]
    [InlineData(TarEntryType.SymbolicLink, "package/l")]
    [InlineData(TarEntryType.HardLink, "package/l")]
    [InlineData(TarEntryType.Fifo, "package/l")]
    [InlineData(TarEntryType.RegularFile, "package/../../out")]
    public async Task What_both_refuse_leaves_nothing(TarEntryType type, string path)
    {
        var package = NpmTarballBuilder.Plugin("tool", "1.0.0");
        package = type == TarEntryType.RegularFile
            ? package.Add(path, "x") : package.Add(type, path, type == TarEntryType.Fifo ? null : "package/package.json");
        _registry.Publish("tool", "1.0.0", package.ToTarball());
        await AddAsync("tool");

        Assert.NotEqual(0, _home.Alone.Run("add", "tool@shop").ExitCode);
        Assert.Equal("PathEscapesRoot", (await _home.InstallAsync("tool@shop")).Error);
        Assert.Empty(_home.CodexInstalled());
        Assert.False(Directory.Exists(_home.Cache("shop", "tool")));
    }

    [CodexFact]
    [Shows("npm-file-twice")]
    public async Task A_file_that_is_there_twice_is_the_last_one_for_Codex_and_refused_by_us()
    {
        _registry.Publish("tool", "1.0.0",
            NpmTarballBuilder.Plugin("tool", "1.0.0").Add("package/a.txt", "1").Add("package/a.txt", "2").ToTarball());
        await AddAsync("tool");

        var theirs = _home.Alone.Run("add", "--json", "tool@shop");
        Assert.True(theirs.ExitCode == 0, theirs.Error);
        Assert.Equal("2", File.ReadAllText(Path.Join(theirs.Json().GetProperty("installedPath").GetString(), "a.txt")));
        Assert.Equal("NameInvalid", (await _home.InstallAsync("tool@shop")).Error);
    }

    [CodexFact]
    [Shows("npm-project")]
    public async Task The_npmrc_of_a_project_around_the_home_is_read_by_Codex_alone()
    {
        _registry.Publish("tool", "1.0.0", NpmTarballBuilder.Plugin("tool", "1.0.0").ToTarball());
        await AddAsync("tool");
        foreach (var home in new[] { "both", "alone" })
        {
            _home.Write($"{home}/.codex/package.json", "{}");
            _home.Write($"{home}/.codex/.npmrc", "registry=http://127.0.0.1:9/\n");
        }

        Assert.NotEqual(0, _home.Alone.Run("add", "tool@shop").ExitCode);
        Assert.Equal("Installed", (await _home.InstallAsync("tool@shop")).Status);
    }

    private void WriteCatalog(string package, string version) =>
        _home.Write("shop/.agents/plugins/marketplace.json",
            $$$"""{"name":"shop","plugins":[{"name":"tool","source":{"source":"npm","package":"{{{package}}}","version":"{{{version}}}"} }]}""");

    private async Task AddAsync(string package, string version = "latest")
    {
        WriteCatalog(package, version);
        await _home.AddAsync(_home["shop"]);
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", _home["shop"]).ExitCode);
    }

    private static string Digest(string folder) => TreeDigest.Compute(FolderTree.Read(folder, FileOps.Default, Limits.Default));
}
