using System.Collections.Concurrent;
using System.Diagnostics;
using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Slow")]
public sealed class FileLockTests
{
    [Fact]
    public async Task Only_one_holds_it_at_a_time()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment();
        var state = environment.Home.State;
        var (inside, total) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                using var held = await state.LockAsync(CancellationToken.None);
                Assert.True(held.IsEnforced);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                total++;
                Interlocked.Decrement(ref inside);
            }
        })));
        Assert.Equal(80, total);
        Assert.True(File.Exists(state.Layout.LockPath));
        Assert.Equal(FileOps.PrivateFile, FileOps.Default.Examine(state.Layout.LockPath).Mode);
        Assert.Equal(FileOps.PrivateFolder, FileOps.Default.Examine(state.Layout.StatePath).Mode);
    }

    [Fact]
    public void Creating_the_file_at_the_same_time_is_not_a_failure()
    {
        const int Threads = 8, Rounds = 1500;
        using var scratch = new ScratchFolder();
        using var start = new Barrier(Threads);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                start.SignalAndWait();
                try
                {
                    FileLock.TryAcquire(FileOps.Default, scratch[$"lock-{round}"])?.Dispose();
                }
                catch (Exception failure)
                {
                    failures.Enqueue(failure);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(failures);
        Assert.Equal(Rounds, Directory.GetFiles(scratch.Path).Length);
    }

    [Fact]
    public async Task Waiting_ends_with_a_typed_error_or_with_cancellation()
    {
        using var scratch = new ScratchFolder();
        var environment = scratch.Environment(limits: Limits.Default with { LockTime = TimeSpan.FromMilliseconds(100) });
        using var held = await FileLock.AcquireAsync(environment, scratch["lock"], CancellationToken.None);
        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => FileLock.AcquireAsync(environment, scratch["lock"], CancellationToken.None));
        Assert.Equal((MarketErrorCode.StateLocked, scratch["lock"]), (failure.Code, failure.Target));

        using var cancelled = new CancellationTokenSource();
        var waiting = FileLock.AcquireAsync(scratch.Environment(), scratch["lock"], cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_killed_holder_frees_it_and_the_file_stays()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.Write("lock", "");
        using var holder = StartHolder(path);
        while (FileLock.TryAcquire(FileOps.Default, path) is { } free)
        {
            free.Dispose();
            await Task.Delay(10);
            Assert.False(holder.HasExited, "the holder ended early");
        }

        holder.Kill();
        await holder.WaitForExitAsync();
        using var held = await FileLock.AcquireAsync(scratch.Environment(), path, CancellationToken.None);
        Assert.True(held.IsEnforced);
    }

    [Fact]
    public async Task Without_locks_the_work_goes_on_with_one_warning()
    {
        using var scratch = new ScratchFolder();
        var log = new Warnings();
        var environment = scratch.Environment(new FaultingFileOps { CanLock = false }, log);
        using var first = await FileLock.AcquireAsync(environment, scratch["lock"], CancellationToken.None);
        using var second = await FileLock.AcquireAsync(environment, scratch["lock"], CancellationToken.None);
        Assert.False(first.IsEnforced || second.IsEnforced);
        Assert.Single(log.Texts);
    }

    [Fact]
    public void A_lock_file_that_was_deleted_under_us_locks_nothing()
    {
        using var scratch = new ScratchFolder();
        var files = new FaultingFileOps();
        files.Watch = (operation, path) =>
        {
            if (operation == "lock")
            {
                File.Delete(path);
            }
        };
        Assert.Null(FileLock.TryAcquire(files, scratch["lock"]));
    }

    [Fact]
    public void A_link_at_the_path_of_the_lock_is_not_followed()
    {
        using var scratch = new ScratchFolder();
        File.CreateSymbolicLink(scratch["lock"], scratch["elsewhere"]);
        Assert.Throws<PluginMarketException>(() => FileLock.TryAcquire(FileOps.Default, scratch["lock"]));
        Assert.False(File.Exists(scratch["elsewhere"]));
    }

    private static Process StartHolder(string path)
    {
        try
        {
            return Process.Start("flock", ["--no-fork", path, "sleep", "600"]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("No flock command here: the killed holder needs one.");
            throw;
        }
    }

    private sealed class Warnings : IActivityLog
    {
        public List<string> Texts { get; } = [];

        public void Detail(Message message) { }

        public void Command(string commandLine) { }

        public void Warn(Message message) => Texts.Add(message.ToString());

        public void Progress(ActivityProgress progress) { }
    }
}
