using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What libgit2 does not reach is refused with the name of the command that does.</summary>
[Trait("Category", "Fast")]
public sealed class LibGit2EngineTests : IAsyncDisposable
{
    private readonly GitFixture _git = new(GitEngine.LibGit2);

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public async Task Repositories_of_the_other_hash_and_of_ssh_are_the_commands_to_reach()
    {
        var commit = GitRepository.Create(_git.Scratch["served/sha256"], "sha256").Write("a/one", "1").Commit();
        var url = _git.Serve().Url + "/sha256";
        var store = _git.Store();

        foreach (var asking in new Func<Task>[]
        {
            () => GitFixture.Resolve(store, url),
            () => GitFixture.Resolve(store, "git@host.invalid:x/y"),
            () => store.FetchAsync(GitUrl.Parse(url), commit, TreeSelection.All, SourceOrigin.User, CancellationToken.None),
        })
        {
            var failure = await Assert.ThrowsAsync<PluginMarketException>(asking);

            Assert.Equal(MarketErrorCode.SourceNotSupported, failure.Code);
            Assert.Contains("-GitEngine Git", failure.Message, StringComparison.Ordinal);
        }
    }
}
