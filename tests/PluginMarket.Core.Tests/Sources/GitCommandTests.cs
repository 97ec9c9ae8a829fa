using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What only the git command does, ssh aside.</summary>
[Trait("Category", "Fast")]
public sealed class GitCommandTests : IAsyncDisposable
{
    private readonly GitFixture _git = new(GitEngine.Git);

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public async Task A_sha256_repository_is_read()
    {
        var commit = GitRepository.Create(_git.Scratch["served/sha256"], "sha256").Write("a/one", "1").Commit();
        var url = _git.Serve().Url + "/sha256";

        var tree = await GitFixture.Take(_git.Store(), url);

        Assert.Equal((64, commit), (commit.Length, tree.Commit));
        Assert.Equal(["a", "a/one"], tree.Entries.Select(entry => entry.Path));
    }

    [Fact]
    public async Task Git_comes_from_absolute_folders_of_the_path_only()
    {
        var fake = _git.Trap("work/git");
        var real = Environment.GetEnvironmentVariable("PATH")!;
        var server = _git.Serve();

        await GitFixture.Take(_git.Store(variables: new Dictionary<string, string>
        {
            ["PATH"] = $".:{Path.GetRelativePath(Environment.CurrentDirectory, Path.GetDirectoryName(fake)!)}::{real}",
        }), server.Url + "/repo");
        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(variables: new Dictionary<string, string> { ["PATH"] = ".:bin" }), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.GitNotFound, failure.Code);
        Assert.Contains("install", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_git.Canary));
    }
}
