using System.Globalization;
using System.Text;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

[Trait("Category", "Slow")]
public sealed class ProcessRunnerTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly ProcessRunner _runner = new(TimeProvider.System);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_run_gives_what_it_was_given_and_what_it_said()
    {
        var result = await _runner.RunAsync(Shell("cat; echo oops >&2; exit 3") with { Input = Encoding.UTF8.GetBytes("in") },
            CancellationToken.None);

        Assert.Equal((ProcessEnd.Exited, 3, "in", "oops\n"),
            (result.End, result.ExitCode, Encoding.UTF8.GetString(result.Output), result.ErrorText));
    }

    [Fact]
    public async Task Nothing_is_inherited_but_the_given_variables()
    {
        var result = await _runner.RunAsync(Shell("env | grep -v -e '^PWD=' -e '^_=' -e '^SHLVL='"), CancellationToken.None);

        Assert.Equal("PATH=/usr/bin:/bin\n", Encoding.UTF8.GetString(result.Output));
    }

    [Fact]
    public async Task A_grandchild_that_keeps_the_pipes_does_not_hold_the_run()
    {
        var result = await _runner.RunAsync(Shell("sleep 600 & echo $!"), CancellationToken.None);

        var grandchild = int.Parse(Encoding.UTF8.GetString(result.Output), CultureInfo.InvariantCulture);
        using var left = System.Diagnostics.Process.GetProcessById(grandchild);
        left.Kill();
        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task At_the_time_limit_all_that_was_started_ends()
    {
        var result = await _runner.RunAsync(
            Shell("sleep 601.25 & sh -c 'sleep 602.25 & wait' & wait") with { TimeLimit = TimeSpan.FromSeconds(1) },
            CancellationToken.None);

        Assert.Equal(ProcessEnd.TimedOut, result.End);
        Assert.Empty(GitFixture.ProcessesWith("601.25"));
        Assert.Empty(GitFixture.ProcessesWith("602.25"));
    }

    [Fact]
    public async Task What_stands_still_ends_and_what_moves_does_not_though_it_takes_longer()
    {
        // Far more than a busy machine takes from one line to the next.
        var limit = TimeSpan.FromSeconds(8);
        var writing = 0L;
        var ends = await Task.WhenAll(
            _runner.RunAsync(Shell("i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo $i; sleep 0.5; done") with { IdleLimit = limit },
                CancellationToken.None),
            _runner.RunAsync(Shell("sleep 10") with { IdleLimit = limit, Progress = () => writing++ }, CancellationToken.None),
            _runner.RunAsync(Shell("echo first; sleep 605.75") with { IdleLimit = limit }, CancellationToken.None));
        var still = ends[2];

        Assert.Equal([ProcessEnd.Exited, ProcessEnd.Exited, ProcessEnd.StoodStill], ends.Select(one => one.End));
        Assert.Equal("first\n", Encoding.UTF8.GetString(still.Output));
        Assert.Empty(GitFixture.ProcessesWith("605.75"));
    }

    [Fact]
    public async Task Output_past_its_limit_ends_the_run()
    {
        var result = await _runner.RunAsync(Shell("yes 'more of 603.25'") with { OutputLimit = 100_000 }, CancellationToken.None);

        Assert.Equal(ProcessEnd.Overgrown, result.End);
        Assert.InRange(result.Output.Length, 0, 100_000);
        Assert.Empty(GitFixture.ProcessesWith("603.25"));
    }

    [Fact]
    public async Task Errors_without_end_are_kept_to_their_last_part()
    {
        var result = await _runner.RunAsync(Shell("yes 0123456789 | head -c 3000000 >&2; echo last >&2"), CancellationToken.None);

        Assert.True(result.Succeeded);
        Assert.InRange(result.ErrorText.Length, 1000, 128 << 10);
        Assert.EndsWith("last\n", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_does_not_read_its_input_does_not_hold_the_run()
    {
        var result = await _runner.RunAsync(Shell("exec <&-; exit 0") with { Input = new byte[4 << 20] }, CancellationToken.None);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task A_cancelled_run_has_ended_when_its_caller_hears_of_it()
    {
        using var cancel = new CancellationTokenSource();
        var mark = _scratch["started"];
        var run = _runner.RunAsync(Shell($"touch '{mark}'; sleep 604.25 & wait"), cancel.Token);
        while (!File.Exists(mark) && !run.IsCompleted)
        {
            await Task.Delay(10);
        }

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(GitFixture.ProcessesWith("604.25"));
    }

    private ProcessRequest Shell(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts are for /bin/sh.");
        return new ProcessRequest("/bin/sh", ["-c", script], _scratch.Path, new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" })
        {
            IdleLimit = TimeSpan.FromSeconds(60),
        };
    }
}
