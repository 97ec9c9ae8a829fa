using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class PluginCacheTests
{
    [Theory]
    [InlineData("10.0.0", "9.0.0", "10.0.0", "10.0.0-rc1")]
    [InlineData("zz", "10.0.0", "zz")]
    [InlineData("local", "10.0.0", "local", "zz")]
    [InlineData(".hidden", ".hidden")]
    public void The_active_version_is_the_one_that_Codex_loads(string active, params string[] versions)
    {
        using var scratch = new ScratchFolder();
        foreach (var version in versions)
        {
            scratch.MakeFolder($"home/.codex/plugins/cache/m/p/{version}");
        }

        scratch.Write("home/.codex/plugins/cache/m/p/zzz", "a file is no version");
        scratch.MakeFolder("home/.codex/plugins/cache/m/p/no version");
        Directory.CreateSymbolicLink(scratch["home/.codex/plugins/cache/m/p/zzzz"], scratch["home"]);
        var cache = scratch.Environment().Home.Cache;
        var id = PluginId.Parse("p@m");
        Assert.Equal(active, cache.ActiveVersion(id)!.Value);
        Assert.Equal(scratch[$"home/.codex/plugins/cache/m/p/{active}"], cache.ActivePath(id));
        Assert.Equal(versions.Length, cache.Versions(id).Count);
    }

    [Fact]
    public void All_plugins_are_found_and_the_work_of_Codex_is_not_one()
    {
        using var scratch = new ScratchFolder();
        var cache = scratch.Environment().Home.Cache;
        Assert.Empty(cache.AllPlugins());
        scratch.MakeFolder("home/.codex/plugins/cache/m/p/1.0.0");
        scratch.MakeFolder("home/.codex/plugins/cache/m/empty");
        scratch.MakeFolder("home/.codex/plugins/cache/a/q/local");
        scratch.MakeFolder("home/.codex/plugins/cache/m/plugin-install-aB3dEf/p/1.0.0");
        scratch.MakeFolder("home/.codex/plugins/cache/m/plugin-backup-aB3dEf/p/1.0.0");
        scratch.Write("home/.codex/plugins/cache/m/plugin-install-helper/1.0.0/.codex-plugin/plugin.json", "{}");
        scratch.MakeFolder("home/.codex/plugins/cache/no market/p/1.0.0");
        Assert.Equal(["q@a local", "p@m 1.0.0", "plugin-install-helper@m 1.0.0"], cache.AllPlugins().Select(p => $"{p.Id} {p.Active}"));
    }

    [Fact]
    public void Plugins_behind_links_are_found_where_Codex_loads_them()
    {
        using var scratch = new ScratchFolder();
        scratch.MakeFolder("elsewhere/p/1.0.0");
        scratch.MakeFolder("home/.codex/plugins/cache/real");
        Directory.CreateSymbolicLink(scratch["home/.codex/plugins/cache/broken"], scratch["nowhere"]);
        Directory.CreateSymbolicLink(scratch["home/.codex/plugins/cache/loop"], scratch["home/.codex/plugins/cache/loop"]);
        Directory.CreateSymbolicLink(scratch["home/.codex/plugins/cache/m"], scratch["elsewhere"]);
        Directory.CreateSymbolicLink(scratch["home/.codex/plugins/cache/real/q"], scratch["elsewhere/p"]);
        Assert.Equal(["p@m 1.0.0", "q@real 1.0.0"], scratch.Environment().Home.Cache.AllPlugins().Select(p => $"{p.Id} {p.Active}"));
    }

    [Fact]
    public void Another_letter_case_of_an_installed_name_is_a_conflict()
    {
        using var scratch = new ScratchFolder();
        scratch.MakeFolder("home/.codex/plugins/cache/Market/Foo/1.0.0");
        var cache = scratch.Environment().Home.Cache;
        Assert.Null(cache.FindNameConflict(PluginId.Parse("Foo@Market")));
        Assert.Equal("Foo", cache.FindNameConflict(PluginId.Parse("foo@Market")));
        Assert.Equal("Market", cache.FindNameConflict(PluginId.Parse("Foo@market")));
        Assert.Null(cache.FindNameConflict(PluginId.Parse("bar@Market")));
    }

    [Theory]
    [InlineData("m")]
    [InlineData("m/p")]
    public void Nothing_is_published_through_a_link_in_the_cache(string link)
    {
        using var scratch = new ScratchFolder();
        var kept = scratch.Write($"elsewhere/{(link == "m" ? "p/" : "")}1.0.0/kept", "x");
        scratch.MakeFolder(Path.Join("home/.codex/plugins/cache", Path.GetDirectoryName(link)));
        Directory.CreateSymbolicLink(scratch[$"home/.codex/plugins/cache/{link}"], scratch["elsewhere"]);
        using var staged = StagedTree.Create(scratch.Environment());
        staged.Write(new MemoryTree().Add("a", "1"), TreeWriteOptions.Plugin(Limits.Default));

        var refused = Assert.Throws<PluginMarketException>(
            () => scratch.Environment().Home.Cache.Publish(staged, PluginId.Parse("p@m"), PluginVersion.Parse("2.0.0")));

        Assert.Equal((MarketErrorCode.PathEscapesRoot, scratch[$"home/.codex/plugins/cache/{link}"]), (refused.Code, refused.Target));
        Assert.Equal([kept], Directory.GetFiles(scratch["elsewhere"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Nothing_is_removed_through_a_link_in_the_cache()
    {
        using var scratch = new ScratchFolder();
        var kept = scratch.Write("elsewhere/p/1.0.0/kept", "x");
        scratch.MakeFolder("home/.codex/plugins/cache");
        Directory.CreateSymbolicLink(scratch["home/.codex/plugins/cache/m"], scratch["elsewhere"]);

        Assert.Equal(MarketErrorCode.PathEscapesRoot,
            Assert.Throws<PluginMarketException>(() => scratch.Environment().Home.Cache.Remove(PluginId.Parse("p@m"))).Code);
        Assert.True(File.Exists(kept));
    }

    [Fact]
    public void A_version_that_appears_in_the_meantime_is_not_retired()
    {
        using var scratch = new ScratchFolder();
        var files = new FaultingFileOps();
        var environment = scratch.Environment(files);
        scratch.MakeFolder("home/.codex/plugins/cache/m/p/1.0.0");
        files.Watch = (operation, path) =>
        {
            if (operation == "rename-noreplace" && path.EndsWith("2.0.0", StringComparison.Ordinal))
            {
                scratch.MakeFolder("home/.codex/plugins/cache/m/p/3.0.0");
            }
        };
        using var staged = StagedTree.Create(environment);
        staged.Write(new MemoryTree().Add("a", "1"), TreeWriteOptions.Plugin(Limits.Default));
        var cache = environment.Home.Cache;
        Assert.Equal(PublishOutcome.Created, cache.Publish(staged, PluginId.Parse("p@m"), PluginVersion.Parse("2.0.0")));
        Assert.Equal(["2.0.0", "3.0.0"], cache.Versions(PluginId.Parse("p@m")).Select(v => v.Value));
        Assert.True(cache.Remove(PluginId.Parse("p@m")));
        Assert.False(cache.Remove(PluginId.Parse("p@m")));
        Assert.False(Directory.Exists(cache.Layout.PluginPath(PluginId.Parse("p@m"))));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Many_at_once_leave_one_whole_tree_and_readers_see_whole_trees_only(bool exchange, bool locks)
    {
        using var scratch = new ScratchFolder();
        var id = PluginId.Parse("p@m");
        var environment = scratch.Environment(new FaultingFileOps { CanExchange = exchange, CanLock = locks, Saves = false });
        using var done = new CancellationTokenSource();
        var (torn, seen) = (0, 0);
        // On its own thread: the writers may keep the pool's busy until they are done.
        var reader = Task.Factory.StartNew(() =>
        {
            var cache = (environment with { Files = FileOps.Default }).Home.Cache;
            while (!done.IsCancellationRequested)
            {
                foreach (var version in cache.Versions(id))
                {
                    torn += IsTorn(cache.Layout.VersionPath(id, version)) ? 1 : 0;
                    seen++;
                }
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 6; i++)
            {
                using var staged = StagedTree.Create(environment);
                var tree = Enumerable.Range(0, 5).Aggregate(new MemoryTree(), (t, n) => t.Add($"f{n}", $"{worker} {i}"));
                staged.Write(tree, TreeWriteOptions.Plugin(Limits.Default));
                using (await environment.Home.State.LockAsync(CancellationToken.None))
                {
                    environment.Home.Cache.Publish(staged, id, PluginVersion.Parse(i % 2 == 0 ? "1.0.0" : $"2.0.{worker}"));
                }

                Recovery.Run(environment);
            }
        })));
        await done.CancelAsync();
        await reader;
        Recovery.Run(environment);

        Assert.Equal(0, torn);
        Assert.True(seen > 0);
        var active = environment.Home.Cache.ActivePath(id)!;
        Assert.Single(Directory.GetFiles(active).Select(File.ReadAllText).Distinct());
        Assert.Equal(5, Directory.GetFiles(active).Length);
        var state = environment.Home.State.Layout;
        Assert.Empty(Litter.AfterRecovery(environment,
            () => new[] { state.StagingPath, state.TrashPath, state.JournalPath }.SelectMany(ScratchFolder.Inventory)));
    }

    // A tree may go while it is listed; then the name means another folder afterwards.
    private static bool IsTorn(string path)
    {
        try
        {
            var before = FileOps.Default.Examine(path);
            var names = FileOps.Default.List(path);
            var after = FileOps.Default.Examine(path);
            return before.Kind == FileKind.Directory && after.Kind == FileKind.Directory && before.Inode == after.Inode && names.Count != 5;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
