using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class AtomicFileTests
{
    [Theory]
    [InlineData(Fault.Fail)]
    [InlineData(Fault.Stop)]
    public void Failing_at_any_call_leaves_the_old_content_or_the_new(Fault fault)
    {
        for (var at = 1; ; at++)
        {
            using var scratch = new ScratchFolder();
            var environment = scratch.Environment();
            var path = scratch.Write("home/.codex/config.toml", "old");
            var files = new FaultingFileOps { At = at, Fault = fault };
            var completed = false;
            try
            {
                completed = AtomicFile.Write(files, path, "new"u8);
            }
            catch (PluginMarketException e)
            {
                Assert.Equal(MarketErrorCode.DiskFull, e.Code);
            }

            var content = File.ReadAllText(path);
            Assert.True(content == "new" || (content == "old" && !completed), content);
            Recovery.Run(environment);
            Assert.Empty(Litter.AfterRecovery(environment,
                () => FileOps.Default.List(environment.CodexHome).Where(name => name != "config.toml")));
            Assert.Equal("config.toml", Assert.Single(FileOps.Default.List(environment.CodexHome)));
            if (files.Count < at)
            {
                Assert.True(completed && at > 8);
                return;
            }
        }
    }

    [Fact]
    public void Modes_are_kept_and_new_files_are_private()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Write("f", "old");
        FileOps.Default.SetMode(path, FileOps.SharedFile | UnixFileMode.GroupWrite);
        Assert.True(AtomicFile.Write(FileOps.Default, path, "new"u8));
        Assert.Equal(FileOps.SharedFile | UnixFileMode.GroupWrite, FileOps.Default.Examine(path).Mode);
        Assert.True(AtomicFile.Write(FileOps.Default, scratch["g"], "new"u8));
        Assert.Equal(FileOps.PrivateFile, FileOps.Default.Examine(scratch["g"]).Mode);
        Assert.True(AtomicFile.Write(FileOps.Default, scratch["g"], "new"u8, FileOps.SharedFile));
        Assert.Equal(FileOps.SharedFile, FileOps.Default.Examine(scratch["g"]).Mode);
    }

    [Fact]
    public void A_writer_that_changes_its_mind_changes_nothing()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Write("f", "old");
        Assert.False(AtomicFile.Write(FileOps.Default, path, "new"u8, confirm: () => false));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["f"], FileOps.Default.List(scratch.Path));
    }

    [Fact]
    public void A_living_writer_s_file_is_not_swept()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        var path = scratch["home/.codex/f"];
        Assert.True(AtomicFile.Write(FileOps.Default, path, "new"u8, confirm: () =>
        {
            Recovery.Run(environment);
            return true;
        }));
        Assert.Equal("new", File.ReadAllText(path));
    }

    /// <summary>A process that another thread starts shares every open file for a moment. What was written has to be
    /// readable then, also for .NET programs, which mind locks.</summary>
    [Fact]
    public void A_written_file_is_not_locked_while_a_process_that_is_started_shares_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var scratch = new ScratchFolder();
        var path = scratch["new.txt"];
        int shared;
        using (var stream = FileOps.Default.CreateNew(path))
        {
            stream.Write("text"u8);
            var open = Directory.GetFiles("/proc/self/fd").Single(link => new FileInfo(link).LinkTarget == path);
            shared = Duplicate(int.Parse(Path.GetFileName(open), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Throws<IOException>(() => File.ReadAllText(path));
        }

        using var descriptor = new Microsoft.Win32.SafeHandles.SafeFileHandle(shared, ownsHandle: true);
        Assert.Equal("text", File.ReadAllText(path));
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int file);

    [Fact]
    public void A_missing_folder_and_a_folder_that_cannot_be_written_are_errors()
    {
        using var scratch = new ScratchFolder();
        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(FileOps.Default, scratch["gone/f"], "x"u8));
        var readOnly = new FaultingFileOps { At = 2, Failure = FaultingFileOps.ErrorNumber(30) };
        Assert.Equal(MarketErrorCode.HomeNotWritable,
            Assert.Throws<PluginMarketException>(() => AtomicFile.Write(readOnly, scratch["f"], "x"u8)).Code);
    }
}
