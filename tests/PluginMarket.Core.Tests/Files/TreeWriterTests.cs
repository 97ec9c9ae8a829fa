using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class TreeWriterTests
{
    private static readonly TreeWriteOptions Plugin = TreeWriteOptions.Plugin(Limits.Default);

    [Theory]
    [InlineData("Hooks/a", "hooks/b")]
    [InlineData("A", "a")]
    [InlineData("straße", "STRASSE")]
    [InlineData("İ", "i")]
    [InlineData("\u00e9", "e\u0301")]
    [InlineData("x/ﬁ", "X/fi")]
    public void Names_that_are_one_on_some_system_refuse_the_tree(string first, string second) =>
        Refused(MarketErrorCode.NameInvalid, new MemoryTree().Add(first, "1").Add(second, "2"));

    [Theory]
    [InlineData("con")]
    [InlineData("docs/NUL.txt")]
    [InlineData("a./b")]
    [InlineData("SKILL.md:evil")]
    [InlineData("x/PLUGIN~1")]
    [InlineData("a\\b")]
    [InlineData("a\u202eb")]
    public void Names_unsafe_on_some_system_refuse_the_tree(string path) =>
        Refused(MarketErrorCode.NameInvalid, new MemoryTree().Add(path, "1"));

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/etc/x")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("")]
    [InlineData("a/.")]
    [InlineData("a\0b")]
    public void Paths_out_of_the_tree_refuse_it(string path)
    {
        Refused(MarketErrorCode.PathEscapesRoot, new MemoryTree().Add(path, "1"));
        Refused(MarketErrorCode.PathEscapesRoot, new MemoryTree().Add(path, "1"), TreeWriteOptions.Marketplace(Limits.Default));
    }

    [Fact]
    public void A_file_below_a_link_or_under_the_name_of_another_refuses_the_tree()
    {
        Refused(MarketErrorCode.PathEscapesRoot, new MemoryTree().AddLink("a", "/tmp").Add("a/b", "1"));
        Refused(MarketErrorCode.PathEscapesRoot, new MemoryTree().AddLink("a", ".").Add("a/b", "1"),
            TreeWriteOptions.Marketplace(Limits.Default));
        Refused(MarketErrorCode.NameInvalid, new MemoryTree().Add("a", "1").Add("a", "2"));
        Refused(MarketErrorCode.NameInvalid, new MemoryTree().Add("a", "1").Add("a/b", "2"));
        Refused(MarketErrorCode.NameInvalid, new MemoryTree().AddLink("a", "b").AddFolder("a"));
    }

    [Fact]
    public void Every_cap_refuses_the_tree()
    {
        var small = Limits.Default with { SegmentBytes = 10, PathBytes = 20, Depth = 2, PluginFiles = 2, FileBytes = 5, PluginBytes = 8 };
        var options = TreeWriteOptions.Plugin(small);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().Add(new string('a', 11), "1"), options);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().Add("ééééé" + "é", "1"), options);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().Add("aaaaaaa/bbbbbbb/ccccccc", "1"), options);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().Add("a/b/c/d", "1"), options);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().AddFolder("a/b/c"), options);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().Add("a", "1").Add("b", "1").Add("c", "1"), options);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().Add("a", "123456"), options);
        Refused(MarketErrorCode.LimitExceeded, new MemoryTree().Add("a", "12345").Add("b", "1234"), options);
        using var scratch = new ScratchFolder();
        using var staged = StagedTree.Create(scratch.Environment());
        Assert.Equal(2, staged.Write(new MemoryTree().Add("a/b/c", "12345").Add("b", "123"), options).Files);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(400)]
    public void Few_files_and_many_are_written_with_the_bytes_and_rights_of_the_source(int count)
    {
        using var scratch = new ScratchFolder();
        for (var number = 0; number < count; number++)
        {
            scratch.Write($"source/{number % 7}/{number % 3}/{number}.txt", new string((char)('a' + (number % 26)), number));
        }

        var source = FolderTree.Read(scratch["source"], FileOps.Default, Limits.Default);
        using var staged = StagedTree.Create(scratch.Environment());
        var result = staged.Write(source, Plugin);

        Assert.Equal((count, (long)count * (count - 1) / 2), (result.Files, result.Bytes));
        Assert.Equal(TreeDigest.Compute(source), TreeDigest.Compute(staged.Read(TreeLimits.Plugin(Limits.Default))));
    }

    [Fact]
    public void A_failure_among_many_files_is_told_as_it_is()
    {
        using var scratch = new ScratchFolder();
        for (var number = 0; number < 400; number++)
        {
            scratch.Write($"source/{number % 7}/{number}.txt", "x");
        }

        var files = new FaultingFileOps { Operations = new HashSet<string>(["write"]) };
        var environment = scratch.Environment() with { Files = files };
        using var staged = StagedTree.Create(environment);
        files.At = files.Count + 300;

        Assert.Equal(MarketErrorCode.DiskFull, Assert.Throws<PluginMarketException>(
            () => staged.Write(FolderTree.Read(scratch["source"], FileOps.Default, Limits.Default), Plugin)).Code);
    }

    [Fact]
    public void A_file_longer_than_it_said_is_stopped_at_the_cap()
    {
        var lying = new MemoryTree().Add(new TreeEntry("a", TreeEntryKind.File, 1), new byte[1000]);
        var options = TreeWriteOptions.Plugin(Limits.Default with { FileBytes = 100 });
        using var scratch = new ScratchFolder();
        using var staged = StagedTree.Create(scratch.Environment());
        Assert.Equal(MarketErrorCode.LimitExceeded, Assert.Throws<PluginMarketException>(() => staged.Write(lying, options)).Code);
        Assert.True(new FileInfo(Path.Join(staged.TreePath, "a")).Length <= 100);
    }

    [Fact]
    public void Links_git_and_devices_are_left_out_of_a_plugin_and_reported()
    {
        using var scratch = new ScratchFolder();
        var secret = scratch.Write("secret", "canary");
        var tree = new MemoryTree()
            .Add("skills/s/SKILL.md", "x").AddLink("skills/evil", secret).AddLink("folder", "skills")
            .Add(".git/config", "x").Add(".git/HEAD", "x").Add("a/.GIT/x", "x").Add("git~1/x", "x")
            .Add(new TreeEntry("module", TreeEntryKind.Submodule), []).Add(new TreeEntry("pipe", TreeEntryKind.Other), [])
            .AddFolder("empty");
        using var staged = StagedTree.Create(scratch.Environment());
        var result = staged.Write(tree, Plugin);

        Assert.Equal([".git", "a/.GIT", "folder", "git~1", "module", "pipe", "skills/evil"],
            result.LeftOut.Select(l => l.Path).Order(StringComparer.Ordinal));
        Assert.All(result.LeftOut, l => Assert.NotEmpty(l.Reason));
        Assert.Equal(
            ["empty Directory", "module Directory", "skills Directory", "skills/s Directory", "skills/s/SKILL.md File"],
            staged.Read(TreeLimits.Plugin(Limits.Default)).Entries.Select(e => $"{e.Path} {e.Kind}"));
        Assert.DoesNotContain(Directory.GetFiles(staged.TreePath, "*", SearchOption.AllDirectories),
            f => File.ReadAllText(f).Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public void Modes_are_ours_and_contents_are_the_source_s()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("source/run", "#!");
        scratch.Write("source/wide", "open");
        scratch.Write("source/d/x", "x");
        FileOps.Default.SetMode(scratch["source/run"], (UnixFileMode)0xFFF);
        FileOps.Default.SetMode(scratch["source/wide"], (UnixFileMode)0x1B6);
        FileOps.Default.SetMode(scratch["source/d"], (UnixFileMode)0x1FF);
        using var staged = StagedTree.Create(scratch.Environment());
        var result = staged.Write(FolderTree.Read(scratch["source"], FileOps.Default, Limits.Default), Plugin);

        Assert.Equal((3, 7L), (result.Files, result.Bytes));
        var mask = ~(FileOps.Default.Examine(staged.TreePath).Mode ^ FileOps.SharedFolder);
        Assert.Equal(FileOps.SharedFolder & mask, FileOps.Default.Examine(Path.Join(staged.TreePath, "run")).Mode);
        Assert.Equal(FileOps.SharedFile & mask, FileOps.Default.Examine(Path.Join(staged.TreePath, "wide")).Mode);
        Assert.Equal(FileOps.SharedFolder & mask, FileOps.Default.Examine(Path.Join(staged.TreePath, "d")).Mode);
        Assert.Equal(FileOps.PrivateFolder, FileOps.Default.Examine(staged.Folder).Mode);
        Assert.Equal(FileOps.PrivateFile, FileOps.Default.Examine(Path.Join(staged.Folder, "owner")).Mode);
        Assert.Equal("open", File.ReadAllText(Path.Join(staged.TreePath, "wide")));
    }

    [Fact]
    public void A_hard_link_of_the_source_is_a_file_of_its_own_in_the_cache()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("outside", "x");
        scratch.MakeFolder("source");
        Assert.Equal(0, System.Diagnostics.Process.Start("ln", [scratch["outside"], scratch["source/f"]]) is { } ln
            && ln.WaitForExit(10_000) ? ln.ExitCode : -1);
        using var staged = StagedTree.Create(scratch.Environment());
        staged.Write(FolderTree.Read(scratch["source"], FileOps.Default, Limits.Default), Plugin);
        Assert.NotEqual(FileOps.Default.Examine(scratch["outside"]).Inode, FileOps.Default.Examine(Path.Join(staged.TreePath, "f")).Inode);
        Assert.Equal(2, FileOps.Default.Examine(scratch["outside"]).Links);
    }

    [Fact]
    public void A_snapshot_keeps_links_that_stay_inside_and_no_others()
    {
        var tree = new MemoryTree().Add("plugins/p/f", "x").Add("con", "x").Add("A", "1").Add("a", "2")
            .AddLink("good", "plugins/p").AddLink("plugins/up", "../good/f").AddLink("dangling", "plugins/none").AddLink("self", ".")
            .AddLink("absolute", "/etc").AddLink("out", "../x").AddLink("plugins/far", "../../x").AddLink("deep", "plugins/p/f")
            .AddLink("trick", "self/../x").AddLink("loop", "loop").AddLink("chain", "out").AddLink("through", "good/../../../x")
            .AddLink("empty", "");
        using var scratch = new ScratchFolder();
        using var staged = StagedTree.Create(scratch.Environment());
        var result = staged.Write(tree, TreeWriteOptions.Marketplace(Limits.Default));

        Assert.Equal(["absolute", "chain", "empty", "loop", "out", "plugins/far", "through", "trick"],
            result.LeftOut.Select(l => l.Path).Order(StringComparer.Ordinal));
        Assert.Equal("../good/f", FileOps.Default.ReadLink(Path.Join(staged.TreePath, "plugins/up")));
        Assert.Equal("x", File.ReadAllText(Path.Join(staged.TreePath, "plugins/up")));
        Assert.True(File.Exists(Path.Join(staged.TreePath, "con")));
    }

    [Fact]
    public void Too_little_space_is_refused_before_anything_is_written()
    {
        using var scratch = new ScratchFolder();
        var files = new FullDisk();
        using var staged = StagedTree.Create(scratch.Environment(files));
        var failure = Assert.Throws<PluginMarketException>(() => staged.Write(new MemoryTree().Add("a", "x"), Plugin));
        Assert.Equal(MarketErrorCode.DiskFull, failure.Code);
        Assert.False(Directory.Exists(staged.TreePath));
    }

    [Fact]
    public void An_unreadable_source_is_a_typed_error()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("source/a", "x");
        var source = FolderTree.Read(scratch["source"], FileOps.Default, Limits.Default);
        File.Delete(scratch["source/a"]);
        using var staged = StagedTree.Create(scratch.Environment());
        Assert.Equal(MarketErrorCode.SourceUnreachable, Assert.Throws<PluginMarketException>(() => staged.Write(source, Plugin)).Code);
    }

    [Fact]
    public void A_generated_file_never_replaces_one_of_the_source()
    {
        using var scratch = new ScratchFolder();
        using var staged = StagedTree.Create(scratch.Environment());
        staged.Write(new MemoryTree().Add("a", "source").AddLink("l", "a"), Plugin);
        Assert.False(staged.TryAddFile(RelativePath.Parse("a"), "ours"u8));
        Assert.True(staged.TryAddFile(RelativePath.Parse("x/y/z"), "ours"u8));
        Assert.Equal("source", File.ReadAllText(Path.Join(staged.TreePath, "a")));
        Assert.Equal("ours", File.ReadAllText(Path.Join(staged.TreePath, "x/y/z")));
    }

    private static void Refused(MarketErrorCode code, MemoryTree tree, TreeWriteOptions? options = null)
    {
        using var scratch = new ScratchFolder();
        using var staged = StagedTree.Create(scratch.Environment());
        var failure = Assert.Throws<PluginMarketException>(() => staged.Write(tree, options ?? Plugin));
        Assert.Equal(code, failure.Code);
        Assert.False(Directory.Exists(staged.TreePath), "written before it was refused");
    }

    private sealed class FullDisk : FileOps
    {
        public override long FreeSpace(string path) => 1 << 20;
    }
}
