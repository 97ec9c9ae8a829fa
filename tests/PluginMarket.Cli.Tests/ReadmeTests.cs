using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Cli.Tests;

/// <summary>What the README shows of the first command is what it prints.</summary>
public sealed class ReadmeTests
{
    private const string Fence = "```\n";
    private const string LeftOut = "…";

    [Fact]
    public void The_README_shows_how_the_output_of_try_begins()
    {
        var readme = File.ReadAllText(Path.Join(RepositoryRoot.Path, "README.md"));
        var start = readme.IndexOf(Fence + "== ", StringComparison.Ordinal) + Fence.Length;
        var shown = readme[start..readme.IndexOf(Fence, start, StringComparison.Ordinal)].TrimEnd('\n').Split('\n');
        Assert.Equal(LeftOut, shown[^1]);

        using var cli = new CliRun();
        var printed = cli.Run("try").Output.TrimStart('\n').Split('\n');

        Assert.Equal(shown[..^1], printed[..(shown.Length - 1)].Select(line => line.TrimEnd()));
    }
}
