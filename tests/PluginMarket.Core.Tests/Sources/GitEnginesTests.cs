using PluginMarket.Sources.Git;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>Which engine is taken when.</summary>
[Trait("Category", "Fast")]
public sealed class GitEnginesTests : IAsyncDisposable
{
    private readonly GitFixture _git = new(GitEngine.Auto);

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public async Task The_command_is_taken_where_it_is_installed() =>
        Assert.Equal("git", await EngineOf());

    [Fact]
    public async Task Without_a_command_libgit2_is_taken_by_itself() =>
        Assert.Equal("libgit2", await EngineOf(("PATH", _git.Scratch.MakeFolder("empty"))));

    [Fact]
    public async Task A_command_older_than_supported_gives_way()
    {
        var old = Path.GetDirectoryName(GitFixture.Program(_git.Scratch, "old/git", "echo git version 2.20.1\n"))!;

        Assert.Equal("libgit2", await EngineOf(("PATH", old)));
        Assert.Contains(_git.Log.Details, detail => detail.Contains("2.20", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("git", "git")]
    [InlineData("LibGit2", "libgit2")]
    [InlineData("auto", "git")]
    [InlineData("", "git")]
    public async Task The_environment_chooses(string value, string engine) =>
        Assert.Equal(engine, await EngineOf(("PLUGINMARKET_GIT_ENGINE", value)));

    [Theory]
    [InlineData("libgit")]
    [InlineData("2")]
    public async Task A_choice_that_is_none_is_refused(string value)
    {
        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => EngineOf(("PLUGINMARKET_GIT_ENGINE", value)));

        Assert.Equal(MarketErrorCode.SourceInvalid, failure.Code);
        Assert.Contains("auto, git or libgit2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_caller_asks_for_wins_over_the_environment()
    {
        var store = Store(new GitOptions { Engine = GitEngine.Git }, ("PLUGINMARKET_GIT_ENGINE", "libgit2"));
        await GitFixture.Resolve(store, _git.Repository.FileUrl);

        Assert.Equal("git", store.Engine);
    }

    private async Task<string?> EngineOf(params (string Name, string Value)[] variables)
    {
        var store = Store(null, variables);
        await GitFixture.Resolve(store, _git.Repository.FileUrl);
        return store.Engine;
    }

    private GitStore Store(GitOptions? options, params (string Name, string Value)[] variables)
    {
        var all = variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
        return _git.Store(options, all);
    }
}
