using System.Text.RegularExpressions;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Module.Tests;

/// <summary>The first command of the README runs the main job in PowerShell and prints what is shown there.</summary>
[Trait("Category", "Slow")]
public sealed partial class TourTests
{
    private const string LeftOut = "\n…\n";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task The_first_command_of_the_README_prints_what_is_shown()
    {
        var readme = await File.ReadAllTextAsync(Path.Join(RepositoryRoot.Path, "README.md"), TestContext.Current.CancellationToken);
        var first = FirstCommand().Match(readme);
        Assert.Equal("dotnet run --project docs/tour", first.Groups["command"].Value);

        var run = await PlayAsync();

        Assert.True(run.ExitCode == 0, run.Output);
        var printed = Lines(run.Output);
        var at = 0;
        foreach (var part in first.Groups["shown"].Value.Split(LeftOut))
        {
            var text = Lines(part);
            var found = printed.IndexOf(text, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"The tour does not print this, or not in this order:\n{text}\n\nIt printed:\n{printed}");
            at = found + text.Length;
        }

        Assert.EndsWith(Lines(first.Groups["shown"].Value.Split(LeftOut)[^1]), printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tour_leaves_nothing_behind_in_the_home_it_is_started_in()
    {
        using var scratch = new ScratchFolder();
        var home = scratch.MakeFolder("home");
        var temporary = scratch.MakeFolder("temporary");

        var run = await PlayAsync(home, temporary);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home, ".codex", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary, "pluginmarket-tour-*"));
    }

    // What `dotnet run` starts after it has built: a build within the tests would replace what other tests have loaded.
    private static async Task<PowerShellRun> PlayAsync(string? home = null, string? temporary = null)
    {
        using var scratch = new ScratchFolder();
        var start = new System.Diagnostics.ProcessStartInfo(PowerShellProgram.DotNet,
            [Path.Join(RepositoryRoot.Path, "docs", "tour", "bin", RepositoryRoot.Configuration, "net10.0", "Tour.dll")]);
        using var process = new WatchedProcess(start, home ?? scratch.Path, temporary);
        await Task.WhenAny(process.Ended, Task.Delay(Limit));
        return new PowerShellRun(process.Ended.IsCompleted ? process.ExitCode : null, process.TakeOutput());
    }

    // Without the blanks at the end of lines, and with one empty line for several.
    private static string Lines(string text) =>
        EmptyLines().Replace(string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())), "\n\n").Trim('\n');

    [GeneratedRegex("```sh\n(?<command>[^\n]+)\n```\n\n```output\n(?<shown>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex FirstCommand();

    [GeneratedRegex("\n{3,}")]
    private static partial Regex EmptyLines();
}
