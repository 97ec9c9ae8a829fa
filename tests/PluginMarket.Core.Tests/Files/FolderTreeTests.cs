using System.Diagnostics;
using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class FolderTreeTests
{
    [Fact]
    public void Every_kind_of_entry_is_listed_and_none_is_followed()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("secret", "canary");
        var root = scratch.MakeFolder("tree");
        scratch.Write("tree/a-b", "1");
        scratch.Write("tree/a/b", "22");
        scratch.Write("tree/run.sh", "#!");
        FileOps.Default.SetMode(scratch["tree/run.sh"], FileOps.SharedFolder);
        scratch.MakeFolder("tree/empty");
        scratch.Write("tree/.git/config", "x");
        scratch.Write("tree/a/.GIT", "x");
        File.CreateSymbolicLink(scratch["tree/link"], scratch["secret"]);
        File.CreateSymbolicLink(scratch["tree/loop"], ".");
        MakePipe(scratch["tree/pipe"]);

        var tree = FolderTree.Read(root, FileOps.Default, Limits.Default);

        Assert.Equal(
            ["a Directory 0", "a-b File 1", "a/b File 2", "empty Directory 0", "link SymbolicLink 0", "loop SymbolicLink 0", "pipe Other 0",
                "run.sh File 2"],
            tree.Entries.Select(e => $"{e.Path} {e.Kind} {e.Length}"));
        Assert.True(tree.Find("run.sh")!.Executable);
        Assert.False(tree.Find("a-b")!.Executable);
        Assert.Equal("22"u8.ToArray(), tree.ReadBytes(tree.Find("a/b")!, 10));
        Assert.Equal(scratch["secret"], tree.ReadLink(tree.Find("link")!));
        Assert.Null(tree.Find("A/b"));
        Assert.Equal(["a", "a-b", "empty", "link", "loop", "pipe", "run.sh"], tree.Children("").Select(e => e.Path));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("pipe")]
    [InlineData("folder-link/secret")]
    [InlineData("gone")]
    public void Only_a_regular_file_without_links_on_the_way_can_be_opened(string path)
    {
        using var scratch = new ScratchFolder();
        scratch.Write("outside/secret", "canary");
        var root = scratch.MakeFolder("tree");
        File.CreateSymbolicLink(scratch["tree/link"], scratch["outside/secret"]);
        File.CreateSymbolicLink(scratch["tree/folder-link"], scratch["outside"]);
        MakePipe(scratch["tree/pipe"]);
        var tree = FolderTree.Read(root, FileOps.Default, Limits.Default);

        Assert.ThrowsAny<IOException>(() => tree.ReadBytes(new TreeEntry(path, TreeEntryKind.File), 100));
    }

    [Fact]
    public void A_path_out_of_the_tree_cannot_be_opened()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("secret", "canary");
        var tree = FolderTree.Read(scratch.MakeFolder("tree"), FileOps.Default, Limits.Default);
        var failure = Assert.Throws<PluginMarketException>(() => tree.Open(new TreeEntry("../secret", TreeEntryKind.File)));
        Assert.Equal(MarketErrorCode.PathEscapesRoot, failure.Code);
    }

    [Fact]
    public void The_root_may_be_a_link_but_not_point_outside_its_parent()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("market/plugins/p/f", "1");
        scratch.Write("other/f", "canary");
        File.CreateSymbolicLink(scratch["market/inner"], "plugins/p");
        File.CreateSymbolicLink(scratch["market/outer"], "../other");

        Assert.Equal(["f"],
            FolderTree.Read(scratch["market/inner"], FileOps.Default, Limits.Default, scratch["market"]).Entries.Select(e => e.Path));
        var failure = Assert.Throws<PluginMarketException>(
            () => FolderTree.Read(scratch["market/outer"], FileOps.Default, Limits.Default, scratch["market"]));
        Assert.Equal(MarketErrorCode.PathEscapesRoot, failure.Code);
        Assert.ThrowsAny<IOException>(() => FolderTree.Read(scratch["gone"], FileOps.Default, Limits.Default));
        Assert.ThrowsAny<IOException>(() => FolderTree.Read(scratch["other/f"], FileOps.Default, Limits.Default));
    }

    [Fact]
    public void Too_many_files_and_too_deep_folders_are_refused()
    {
        using var scratch = new ScratchFolder();
        var root = scratch.MakeFolder("tree");
        for (var i = 0; i < 6; i++)
        {
            scratch.Write($"tree/{i}", "x");
        }

        var limits = Limits.Default with { PluginFiles = 5 };
        Assert.Equal(MarketErrorCode.LimitExceeded,
            Assert.Throws<PluginMarketException>(() => FolderTree.Read(root, FileOps.Default, limits)).Code);
        scratch.MakeFolder("deep/1/2/3/4");
        limits = Limits.Default with { Depth = 3 };
        Assert.Equal(MarketErrorCode.LimitExceeded,
            Assert.Throws<PluginMarketException>(() => FolderTree.Read(scratch["deep"], FileOps.Default, limits)).Code);
    }

    [Fact]
    public void A_file_is_read_no_further_than_its_cap()
    {
        using var scratch = new ScratchFolder();
        var path = scratch["sparse"];
        using (var file = File.Create(path))
        {
            file.SetLength(10L << 30);
        }

        var failure = Assert.Throws<PluginMarketException>(() => FileOps.Default.ReadAllBytes(path, 1 << 20));
        Assert.Equal(MarketErrorCode.LimitExceeded, failure.Code);
        Assert.Equal(3, FileOps.Default.ReadAllBytes(scratch.Write("three", "abc"), 3).Length);
        Assert.Throws<PluginMarketException>(() => FileOps.Default.ReadAllBytes(scratch["three"], 2));
        Assert.Null(FileOps.Default.TryReadAllBytes(scratch["gone/file"], 2));
        // The system's own files claim to be empty.
        Assert.NotEmpty(OperatingSystem.IsLinux() ? FileOps.Default.ReadAllBytes("/proc/self/stat", 1 << 16) : [1]);
    }

    [Fact]
    public void A_link_to_a_file_is_followed_only_on_demand()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("real", "abc");
        File.CreateSymbolicLink(scratch["link"], "real");
        Assert.Throws<IOException>(() => FileOps.Default.ReadAllBytes(scratch["link"], 10));
        Assert.Equal("abc"u8.ToArray(), FileOps.Default.ReadAllBytes(scratch["link"], 10, followLink: true));
    }

    [Fact]
    public void A_subtree_has_paths_of_its_own()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("tree/plugins/p/skills/s/SKILL.md", "skill");
        scratch.Write("tree/plugins/pq/x", "x");
        var tree = FolderTree.Read(scratch["tree"], FileOps.Default, Limits.Default).Subtree(RelativePath.Parse("plugins/p"));
        Assert.Equal(["skills", "skills/s", "skills/s/SKILL.md"], tree.Entries.Select(e => e.Path));
        Assert.Equal("skill"u8.ToArray(), tree.ReadBytes(tree.Find("skills/s/SKILL.md")!, 10));
        var inner = tree.Subtree(RelativePath.Parse("skills"));
        Assert.Equal("skill"u8.ToArray(), inner.ReadBytes(inner.Find("s/SKILL.md")!, 10));
        Assert.Empty(tree.Subtree(RelativePath.Parse("gone")).Entries);
    }

    [Fact]
    public async Task A_file_swapped_for_a_link_while_it_is_read_never_leaks()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("outside/f", "canary");
        scratch.Write("tree/d/f", "good");
        var tree = FolderTree.Read(scratch["tree"], FileOps.Default, Limits.Default);
        var entry = tree.Find("d/f")!;
        using var stop = new CancellationTokenSource();
        var swapper = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.Move(scratch["tree/d"], scratch["aside"]);
                Directory.CreateSymbolicLink(scratch["tree/d"], scratch["outside"]);
                File.Delete(scratch["tree/d"]);
                Directory.Move(scratch["aside"], scratch["tree/d"]);
            }
        });
        var (read, refused) = (0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            try
            {
                Assert.Equal("good"u8.ToArray(), tree.ReadBytes(entry, 100));
                read++;
            }
            catch (IOException)
            {
                refused++;
            }
        }

        await stop.CancelAsync();
        await swapper;
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused: the swapper had no chance");
    }

    private static void MakePipe(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
