using System.Security.Cryptography;
using System.Text;
using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Servers that send more than is allowed, or without end.</summary>
public abstract partial class GitEngineContract
{
    private const long Cap = 8 << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_streams_without_end_is_cut_at_the_cap(bool onlyTrees)
    {
        var server = Streaming();
        var revision = await GitFixture.Resolve(_git.Store(), server.Url + "/repo");
        var store = _git.Store(limits: Limits.Default with { MarketplaceBytes = Cap });
        var selection = onlyTrees ? TreeSelection.Below(RelativePath.Parse("a")) : TreeSelection.All;

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() =>
            store.FetchAsync(GitUrl.Parse(server.Url + "/repo"), revision.Commit, selection, SourceOrigin.User, CancellationToken.None));

        Assert.Equal(MarketErrorCode.LimitExceeded, failure.Code);
        Assert.Contains(server.Authority, failure.Target!, StringComparison.Ordinal);
        Assert.Empty(GitFixture.ProcessesWith(server.Authority));
        Assert.Empty(GitFixture.ProcessesWith(_git.Scratch.Path));
        Assert.Equal(1, server.Fetches);
    }

    [Fact]
    public async Task What_came_between_the_last_look_and_the_end_counts()
    {
        _git.Repository.Write("a/large", RandomNumberGenerator.GetBytes(100_000)).Commit();
        var server = _git.Serve();
        var store = _git.Store(limits: Limits.Default with { MarketplaceBytes = 50_000 });

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Take(store, server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.LimitExceeded, failure.Code);
    }

    [Fact]
    public async Task A_fetch_tells_how_many_bytes_have_come()
    {
        _git.Repository.Write("a/large", RandomNumberGenerator.GetBytes(3 << 20)).Commit();
        var server = _git.Serve();

        await GitFixture.Take(_git.Store(), server.Url + "/repo");

        Assert.Contains(_git.Log.Activities, activity => activity.Subject == server.Url + "/repo" && activity.Status.StartsWith(
            "Fetching: 3.", StringComparison.Ordinal) && activity.Status.EndsWith(" MiB", StringComparison.Ordinal));
        Assert.Contains($"Fetches {server.Url}/repo.", _git.Log.Details);
    }

    [Theory]
    [InlineData("/repo/info/refs")]
    [InlineData("/repo/git-upload-pack")]
    public async Task References_without_end_are_left_in_time(string path)
    {
        var server = _git.Serve();
        var line = Encoding.ASCII.GetBytes($"003f{_git.Repository.Head} refs/heads/main\n".PadRight(63, 'x'));
        server.Answer = request => request.Path != path ? null
            : new GitHttpAnswer(200, path.EndsWith("refs", StringComparison.Ordinal) ? "application/x-git-upload-pack-advertisement"
                : "application/x-git-upload-pack-result", path.EndsWith("refs", StringComparison.Ordinal)
                    ? "001e# service=git-upload-pack\n0000" : "")
            {
                Repeated = line,
            };

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(_git.Store(limits: Limits.Default with { GitTime = TimeSpan.FromSeconds(2) }), server.Url + "/repo"));

        // The git command reads on until its time is up; without it there is a cap, which a fast machine meets before.
        Assert.True(failure.Code == MarketErrorCode.GitTimeout
            || (_engine == GitEngine.LibGit2 && failure.Code == MarketErrorCode.LimitExceeded), failure.ToString());
        Assert.Empty(GitFixture.ProcessesWith(server.Authority));
    }

    private GitHttpServer Streaming()
    {
        var server = _git.Serve();
        server.Answer = request => request.IsFetch ? EndlessPack.Answer() : null;
        return server;
    }
}
