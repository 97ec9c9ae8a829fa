using PluginMarket.Files;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;

namespace PluginMarket.Interop.Tests;

/// <summary>Differences in the files that come over, each beside what Codex brings.</summary>
public sealed class TreeDifferenceTests : IAsyncDisposable
{
    private readonly SharedHome _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [CodexFact]
    [Shows("git-filters")]
    public async Task Bytes_are_those_of_the_commit_where_Codex_has_those_of_a_checkout()
    {
        _home.GitMarketplace();
        _home.KitRepository!
            .Write(".gitattributes", "*.bat text eol=crlf\n*.txt ident\n")
            .Write("run.bat", "echo 1\n")
            .Write("id.txt", "$Id$\n")
            .Commit();
        await AddEverywhereAsync(_home.GitUrl);
        var (ours, theirs) = await InstallEverywhereAsync("kit");
        Assert.Equal(("echo 1\n", "$Id$\n"), (Text(ours, "run.bat"), Text(ours, "id.txt")));
        Assert.Equal("echo 1\r\n", Text(theirs, "run.bat"));
        Assert.StartsWith("$Id: ", Text(theirs, "id.txt"), StringComparison.Ordinal);
    }

    [CodexFact]
    public async Task A_submodule_is_an_empty_folder_for_both()
    {
        var repository = _home.GitMarketplace();
        repository.AddGitLink("plugins/inside/nested").CommitIndex();
        _home.KitRepository!.AddGitLink("nested").CommitIndex();
        await AddEverywhereAsync(_home.GitUrl);
        foreach (var (plugin, marker) in new[] { ("inside", "run.sh"), ("kit", "README.md") })
        {
            var (ours, theirs) = await InstallEverywhereAsync(plugin);
            Assert.True(File.Exists(Path.Join(ours, marker)));
            Assert.Equal(SharedHome.Tree(theirs), SharedHome.Tree(ours));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Join(ours, "nested")));
        }
    }

    [CodexFact]
    [Shows("snapshot-links")]
    public async Task A_link_out_of_a_git_marketplace_is_in_the_snapshot_of_Codex_alone()
    {
        var repository = _home.GitMarketplace();
        repository.WriteLink("plugins/out", "../../../../../secret").WriteLink("absolute", "/etc").WriteLink("within", "other").Commit();
        await AddEverywhereAsync(_home.GitUrl);
        var (ours, theirs) = (Path.Join(_home.CodexHome, ".tmp/marketplaces/tools"),
            Path.Join(_home.Alone.CodexHome, ".tmp/marketplaces/tools"));
        Assert.Equal("other", new FileInfo(Path.Join(ours, "within")).LinkTarget);
        foreach (var link in new[] { "plugins/out", "absolute" })
        {
            Assert.NotNull(new FileInfo(Path.Join(theirs, link)).LinkTarget);
            Assert.Equal(FileKind.Missing, FileOps.Default.Kind(Path.Join(ours, link)));
        }
    }

    [CodexFact]
    [Shows("link-out")]
    public async Task A_plugin_behind_a_link_out_of_its_marketplace_is_installed_by_Codex_alone()
    {
        var root = _home.LocalMarketplace();
        _home.WritePlugin("elsewhere/private", "private", "1.0.0");
        File.CreateSymbolicLink(Path.Join(root, "private"), _home["elsewhere/private"]);
        _home.Write("corp/.agents/plugins/marketplace.json", """{"name":"corp","plugins":[{"name":"private","source":"./private"}]}""");
        await AddEverywhereAsync(root);
        Assert.Equal(0, _home.Alone.Run("add", "private@corp").ExitCode);
        Assert.True(File.Exists(Path.Join(_home.Alone.CodexHome, "plugins/cache/corp/private/1.0.0/skills/private/SKILL.md")));
        var result = await _home.InstallAsync("private@corp");
        Assert.Equal(("Failed", "PathEscapesRoot"), (result.Status, result.Error));
        Assert.False(Directory.Exists(_home.Cache("corp", "private")));
    }

    [CodexFact]
    [Shows("byte-order-mark")]
    public async Task A_byte_order_mark_is_read_by_us_alone_and_installed_from_by_neither()
    {
        var root = _home.LocalMarketplace();
        await AddEverywhereAsync(root);
        var catalog = Path.Join(root, ".agents/plugins/marketplace.json");
        File.WriteAllBytes(catalog, [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(catalog)]);
        var run = _home.Alone.Run("list", "--available", "--json");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("expected value at line 1 column 1", run.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, _home.Alone.Run("add", "alpha@corp").ExitCode);
        var read = new MarketplaceCatalogReader(_home.Ours.Environment).Read(root, isRemote: false);
        Assert.Equal((true, 4), (read.HadBom, read.Entries.Count));
        Assert.Equal("Failed", (await _home.InstallAsync("alpha@corp")).Status);
        Assert.Empty(_home.OurInstalled());
    }

    [CodexFact]
    [Shows("other-volume")]
    public async Task A_cache_on_another_volume_is_refused_with_nothing_changed_and_works_where_all_of_plugins_is_there()
    {
        var root = _home.LocalMarketplace();
        await AddEverywhereAsync(root);
        using var volume = SecondVolume.Beside(_home.CodexHome);
        Assert.SkipWhen(volume is null, "There is no second volume.");
        var (ours, theirs) = (Path.Join(_home.CodexHome, "plugins"), Path.Join(_home.Alone.CodexHome, "plugins"));
        foreach (var (plugins, name) in new[] { (ours, "ours"), (theirs, "theirs") })
        {
            Directory.CreateDirectory(plugins);
            Directory.CreateSymbolicLink(Path.Join(plugins, "cache"), volume.MakeFolder(name));
        }

        Assert.Equal(0, _home.Alone.Run("add", "alpha@corp").ExitCode);
        var configuration = _home.Configuration;
        var refused = await _home.InstallAsync("alpha@corp");
        Assert.Equal(("Failed", "HomeNotWritable"), (refused.Status, refused.Error));
        Assert.Contains("different volumes", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(volume["ours"], "*", SearchOption.AllDirectories));
        Assert.Equal(configuration, _home.Configuration);

        File.Delete(Path.Join(ours, "cache"));
        Directory.Delete(ours, true);
        Directory.CreateSymbolicLink(ours, volume.MakeFolder("whole"));
        Assert.Equal("Installed", (await _home.InstallAsync("alpha@corp")).Status);
        Assert.Equal(_home.CodexInstalled(), _home.OurInstalled()
            .Select(plugin => plugin.Replace(" Installed", " on", StringComparison.Ordinal)));
        Assert.Equal("Removed", (await _home.UninstallAsync("alpha@corp")).Status);
    }

    [CodexFact]
    [Shows("dot-git")]
    public async Task The_repository_of_a_plugin_is_never_in_our_cache()
    {
        _home.GitMarketplace();
        await AddEverywhereAsync(_home.GitUrl);
        var (ours, theirs) = await InstallEverywhereAsync("kit");
        Assert.True(Directory.Exists(Path.Join(theirs, ".git")));
        Assert.False(Directory.Exists(Path.Join(ours, ".git")));
    }

    private static string Text(string folder, string file) => File.ReadAllText(Path.Join(folder, file));

    private async Task AddEverywhereAsync(string source)
    {
        await _home.AddAsync(source);
        Assert.Equal(0, _home.Alone.Run("marketplace", "add", source).ExitCode);
    }

    private async Task<(string Ours, string Theirs)> InstallEverywhereAsync(string plugin)
    {
        var result = await _home.InstallAsync(plugin + "@tools");
        Assert.True(result.Status == "Installed", result.Reason);
        var run = _home.Alone.Run("add", "--json", plugin + "@tools");
        Assert.True(run.ExitCode == 0, run.Error);
        return (result.Path!, run.Json().GetProperty("installedPath").GetString()!);
    }
}
