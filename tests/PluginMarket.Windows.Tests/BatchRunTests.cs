using System.Diagnostics;
using Xunit;

namespace PluginMarket.Windows.Tests;

/// <summary>What a process that crashes or hangs under Wine must not take along.</summary>
[Trait("Category", "Fast")]
public sealed class BatchRunTests
{
    [Theory]
    [InlineData("a b c", "a: passed, b: passed, c: passed", "a b c")]
    // The process ends in an item, and not when that runs again.
    [InlineData("a b! c d", "a: passed, b: passed, c: passed, d: passed", "a b! | b | c d")]
    [InlineData("a b c!", "a: passed, b: passed, c: passed", "a b c! | c")]
    [InlineData("a! b! c", "a: passed, b: passed, c: passed", "a! | a | b! | b | c")]
    // It ends in the same item twice.
    [InlineData("a b!! c", "a: passed, b: ended in b, c: passed", "a b! | b! | c")]
    [InlineData("a!!", "a: ended in a", "a! | a!")]
    // It ends after its last item.
    [InlineData("a b >", "a: passed, b: passed", "a b")]
    // It ends between two items: nobody knows in which.
    [InlineData("a > b c", "a: passed, b: passed, c: passed", "a | b | c")]
    // It does not come to any item.
    [InlineData(">> a b c", "a: ended, b: ended, c: ended", " | ")]
    [InlineData("> a b", "a: passed, b: passed", " | a | b")]
    public async Task Each_item_is_run_until_its_end_or_twice(string script, string results, string processes)
    {
        var words = script.Split(' ');
        var items = words.Where(word => !word.StartsWith('>')).Select(word => word.TrimEnd('!')).ToList();
        // How often the process still ends in an item, or before it.
        var inside = words.ToDictionary(word => word.TrimEnd('!'), word => word.Count(one => one == '!'));
        var before = new Dictionary<string, int>();
        foreach (var (word, next) in words.Zip(words.Skip(1)).Where(pair => pair.First.StartsWith('>')))
        {
            before[next.TrimEnd('!')] = word.Length;
        }

        var seen = new List<string>();
        var found = await BatchRun.RunAsync<string>(items, batch =>
        {
            var begun = new List<string>();
            var finished = new List<string>();
            string? current = null;
            foreach (var item in batch)
            {
                if (Spend(before, item))
                {
                    break;
                }

                var ends = Spend(inside, item);
                begun.Add(ends ? $"{item}!" : item);
                if (ends)
                {
                    current = item;
                    break;
                }

                finished.Add(item);
            }

            seen.Add(string.Join(' ', begun));
            return Task.FromResult(new Batch<string>([.. finished.Select(item => $"{item}: passed")], finished, current,
                current is null ? "ended" : $"ended in {current}"));
        }, (item, ending) => $"{item}: {ending}");

        Assert.Equal(results, string.Join(", ", found.Order(StringComparer.Ordinal)));
        Assert.Equal(processes, string.Join(" | ", seen));
    }

    [Fact]
    public void Only_whole_files_of_the_output_have_results()
    {
        var output = PesterOutput.Read("""
            begin A.Tests.ps1
            row {"File":"A.Tests.ps1","Name":"one","Outcome":"Passed","Message":""}
            end A.Tests.ps1
            error: something
            begin B.Tests.ps1
            row {"File":"B.Tests.ps1","Name":"two","Outcome":"Passed","Message":""}
            row {"File":"B.Te
            """);

        Assert.Equal([new WindowsResult("A.Tests.ps1", "one", "Passed", "")], output.Results);
        Assert.Equal(["A.Tests.ps1"], output.Finished);
        Assert.Equal("B.Tests.ps1", output.Current);
        Assert.Equal("error: something", output.Rest);
    }

    [Fact]
    public void A_message_has_the_last_lines_alone()
    {
        var lines = string.Join('\n', Enumerable.Range(1, 500).Select(number => $"line {number}"));

        var message = new ProcessRun(57005, lines, "crashed\n", null).Describe(lines);

        Assert.StartsWith("ended with exit code 57005. Its last lines:\nline 462\n", message, StringComparison.Ordinal);
        Assert.EndsWith("line 500\ncrashed", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_writes_nothing_is_killed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It starts sh.");
        var run = await WatchedRun.RunAsync(new ProcessStartInfo("sh", ["-c", "echo begun; sleep 600"]), TimeSpan.FromSeconds(0.3));

        Assert.NotEqual(0, run.ExitCode);
        Assert.StartsWith("was killed because it wrote nothing for more than 0.01 minutes. Its last lines:\nbegun", run.Describe(run.Output),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_computes_is_not_killed_while_it_writes_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It starts bash.");
        var run = await WatchedRun.RunAsync(
            new ProcessStartInfo("bash", ["-c", "while ((SECONDS < 3)); do :; done; echo ended"]), TimeSpan.FromSeconds(1));

        Assert.Equal((0, "ended\n", null), (run.ExitCode, run.Output, run.Silence));
    }

    [Fact]
    public async Task What_a_process_started_does_not_keep_its_run_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It starts sh.");
        var run = await WatchedRun.RunAsync(new ProcessStartInfo("sh", ["-c", "sleep 60 & echo ended; exit 3"]), TimeSpan.FromMinutes(5));

        Assert.Equal((3, "ended\n"), (run.ExitCode, run.Output));
    }

    private static bool Spend(Dictionary<string, int> counts, string item)
    {
        var left = counts.GetValueOrDefault(item);
        counts[item] = left - 1;
        return left > 0;
    }
}
