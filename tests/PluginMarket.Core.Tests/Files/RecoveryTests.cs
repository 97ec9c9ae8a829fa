using System.Text;
using PluginMarket.Files;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class RecoveryTests
{
    [Fact]
    public void A_home_without_our_folder_stays_untouched()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        scratch.Write("home/.codex/config.toml", "x");
        var before = ScratchFolder.Inventory(scratch.Path);
        Recovery.Run(environment);
        Recovery.Run(environment with { CodexHome = scratch["gone"] });
        Assert.Equal(before, ScratchFolder.Inventory(scratch.Path));
    }

    [Fact]
    public void Living_work_stays_and_dead_work_goes()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        using var living = StagedTree.Create(environment);
        living.Write(new MemoryTree().Add("a", "1"), TreeWriteOptions.Plugin(Limits.Default));
        var dead = Dead(environment, null);
        var empty = Path.Join(Path.GetDirectoryName(dead)!, "0123");
        Directory.CreateDirectory(empty);

        Recovery.Run(environment);

        Assert.True(File.Exists(Path.Join(living.TreePath, "a")));
        Assert.False(Directory.Exists(dead) || Directory.Exists(empty));
        Assert.Empty(FileOps.Default.List(environment.Home.State.Layout.TrashPath));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(6, false)]
    [InlineData(8, true)]
    [InlineData(-3650, false)]
    public void Work_of_another_host_goes_only_after_a_week(int age, bool goes)
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        var foreign = Dead(environment, "otherhost\nother-machine\nother-boot\n1\n1\n");
        Recovery.Run(environment with { Time = new Shifted(TimeSpan.FromDays(age)) });
        Assert.Equal(goes, !Directory.Exists(foreign));
    }

    [Fact]
    public void Without_locks_the_process_itself_is_asked()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment(new FaultingFileOps { CanLock = false });
        var me = StagingOwner.Current(environment);
        var alive = Dead(environment, Encoding.UTF8.GetString(me.ToBytes()));
        var reused = Dead(environment, Encoding.UTF8.GetString((me with { Started = "7" }).ToBytes()));
        var gone = Dead(environment, Encoding.UTF8.GetString((me with { Process = int.MaxValue }).ToBytes()));
        var earlier = Dead(environment, Encoding.UTF8.GetString((me with { Boot = "earlier", Machine = me.Machine }).ToBytes()));
        Recovery.Run(environment);
        Assert.True(Directory.Exists(alive));
        Assert.False(Directory.Exists(reused) || Directory.Exists(gone));
        Assert.Equal(me.Machine.Length == 0, Directory.Exists(earlier));
    }

    [Fact]
    public void A_sweep_between_making_and_locking_a_folder_makes_its_owner_begin_again()
    {
        using var scratch = new ScratchFolder();
        var clean = scratch.Environment();
        foreach (var operation in new[] { "create", "open-lock", "lock" })
        {
            var swept = 0;
            var files = new FaultingFileOps();
            files.Watch = (called, path) =>
            {
                if (called == operation && path.EndsWith("owner", StringComparison.Ordinal) && swept++ == 0)
                {
                    Recovery.Run(clean);
                }
            };
            using var staged = StagedTree.Create(clean with { Files = files });
            Assert.True(swept > 1, operation);
            Recovery.Run(clean);
            Assert.True(Directory.Exists(staged.Folder));
        }
    }

    [Fact]
    public void Nothing_fails_and_nothing_waits_when_the_home_cannot_be_changed()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        Dead(environment, null);
        using var held = FileLock.TryAcquire(FileOps.Default, environment.Home.State.Layout.LockPath);
        foreach (var number in new[] { 5, 13, 28, 30 })
        {
            Recovery.Run(environment with
            {
                Files = new FaultingFileOps { At = 1, Fault = Fault.Stop, Failure = FaultingFileOps.ErrorNumber(number) },
            });
            Recovery.Run(environment with
            {
                Files = new FaultingFileOps { At = 6, Fault = Fault.Stop, Failure = FaultingFileOps.ErrorNumber(number) },
            });
        }

        Recovery.Run(environment);
        Assert.Empty(Litter.AfterRecovery(environment, () => FileOps.Default.List(environment.Home.State.Layout.StagingPath)));
    }

    [Fact]
    public void Links_in_dead_work_are_deleted_and_never_followed()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        var canary = scratch.Write("outside/canary", "x");
        var dead = Dead(environment, null);
        Directory.CreateSymbolicLink(Path.Join(dead, "tree"), scratch["outside"]);
        var closed = Directory.CreateDirectory(Path.Join(dead, "repo", "closed")).FullName;
        File.WriteAllText(Path.Join(closed, "pack"), "x");
        FileOps.Default.SetMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Recovery.Run(environment);
        Assert.False(Directory.Exists(dead));
        Assert.True(File.Exists(canary));
        Assert.Empty(FileOps.Default.List(environment.Home.State.Layout.TrashPath));
    }

    [Fact]
    public void A_first_command_that_comes_to_nothing_leaves_no_home_behind()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        Directory.Delete(environment.CodexHome);
        var before = ScratchFolder.Inventory(scratch.Path);
        var files = new FaultingFileOps();
        using (StagedTree.Create(environment with { Files = files }))
        {
        }

        Assert.Equal(before, ScratchFolder.Inventory(scratch.Path));
        for (var at = 1; at <= files.Count; at++)
        {
            var failing = environment with { Files = new FaultingFileOps { At = at, Failure = FaultingFileOps.ErrorNumber(28) } };
            var failure = Record.Exception(() => StagedTree.Create(failing).Dispose());
            Assert.True(failure is null or PluginMarketException { Code: MarketErrorCode.DiskFull }, $"{files.Calls[at - 1]}: {failure}");
            Assert.True(failure is null || before.SequenceEqual(ScratchFolder.Inventory(scratch.Path)), files.Calls[at - 1]);
            FileOps.Default.DeleteTreeNoFollow(environment.CodexHome);
        }
    }

    [Fact]
    public void What_a_first_command_made_stays_where_another_is_at_work_or_was()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        var first = StagedTree.Create(environment);
        using (StagedTree.Create(environment))
        {
            first.Dispose();
            Assert.Single(Directory.GetDirectories(environment.Home.State.Layout.StagingPath));
        }

        FileOps.Default.DeleteTreeNoFollow(environment.CodexHome);
        using (StagedTree.Create(environment))
        {
            FileLock.TryAcquire(FileOps.Default, environment.Home.State.Layout.LockPath)!.Dispose();
        }

        Assert.True(Directory.Exists(environment.Home.State.Layout.StagingPath));
    }

    private static string Dead(MarketEnvironment environment, string? owner)
    {
        environment.Home.State.Ensure();
        var folder = Directory.CreateDirectory(Path.Join(environment.Home.State.Layout.StagingPath, Guid.NewGuid().ToString("N"))).FullName;
        var text = owner ?? Encoding.UTF8.GetString(StagingOwner.Current(environment).ToBytes());
        File.WriteAllText(Path.Join(folder, StagingOwner.FileName), text);
        return folder;
    }

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
