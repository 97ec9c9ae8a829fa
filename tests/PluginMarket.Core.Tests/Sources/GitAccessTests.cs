using System.Net;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>What is refused before an engine is asked, and that one answer is for all who ask.</summary>
[Trait("Category", "Fast")]
public sealed class GitAccessTests : IAsyncDisposable
{
    private readonly GitFixture _git = new();

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Theory]
    [InlineData("--upload-pack=touch")]
    [InlineData("-b")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a^{tree}")]
    [InlineData("a:b")]
    [InlineData("refs/heads/*")]
    [InlineData("@{-1}")]
    [InlineData("x.lock")]
    public async Task A_reference_that_git_might_take_for_more_never_reaches_it(string reference)
    {
        var failure = await Fails(() => GitFixture.Resolve(_git.Store(), _git.Repository.FileUrl, reference));

        Assert.Equal(MarketErrorCode.GitRefNotFound, failure.Code);
        Assert.Empty(_git.Log.Commands);
    }

    [Fact]
    public async Task Plain_http_to_other_machines_needs_leave()
    {
        const string url = "http://no-such-host.invalid/x";
        var closed = _git.Serve();
        await closed.DisposeAsync();

        Assert.Equal(MarketErrorCode.HttpNotAllowed, (await Fails(() => GitFixture.Resolve(_git.Store(), url))).Code);
        Assert.Equal(MarketErrorCode.SourceUnreachable,
            (await Fails(() => GitFixture.Resolve(_git.Store(new GitOptions { AllowHttp = true }, Proxy(closed)), url))).Code);
    }

    [Fact]
    public async Task A_public_catalog_does_not_reach_private_hosts()
    {
        var server = _git.Serve();
        var url = server.Url + "/repo";

        var failure = await Fails(() => GitFixture.Resolve(_git.Store(), url, origin: SourceOrigin.PublicCatalog));

        Assert.Equal(MarketErrorCode.HostNotAllowed, failure.Code);
        Assert.Contains($"-AllowHost {server.Authority}", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Log);
        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(), url, origin: SourceOrigin.PrivateCatalog)).Commit.Length);
        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(new GitOptions { AllowHosts = [server.Authority] }), url,
            origin: SourceOrigin.PublicCatalog)).Commit.Length);
    }

    [Fact]
    public async Task A_public_name_of_a_private_address_is_private()
    {
        var options =
            new GitOptions { LookUp = (_, _) => Task.FromResult(new[] { IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.1") }) };

        Assert.Equal(MarketErrorCode.HostNotAllowed, (await Fails(
            () => GitFixture.Resolve(_git.Store(options), "https://rebound.example/x", origin: SourceOrigin.PublicCatalog))).Code);
        Assert.Empty(_git.Log.Commands);
    }

    [Theory]
    [InlineData(nameof(SourceOrigin.PublicCatalog))]
    [InlineData(nameof(SourceOrigin.PrivateCatalog))]
    public async Task A_catalog_from_the_network_does_not_reach_paths_of_this_machine(string origin)
    {
        Assert.Equal(MarketErrorCode.SourceInvalid,
            (await Fails(() => GitFixture.Resolve(_git.Store(), _git.Repository.FileUrl, origin: Enum.Parse<SourceOrigin>(origin)))).Code);
        Assert.Equal(40, (await _git.Store().ResolveAsync(GitUrl.FromMarketplaceFolder(_git.Repository.Folder), null, null,
            Enum.Parse<SourceOrigin>(origin), CancellationToken.None)).Commit.Length);
    }

    [Fact]
    public async Task One_failure_answers_for_all_who_ask()
    {
        var server = _git.Serve();
        server.Answer = _ => new GitHttpAnswer(404);
        var store = _git.Store();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Fails(() => GitFixture.Resolve(store, server.Url + "/repo"))));

        Assert.Single(server.Log);
    }

    /// <summary>Every request goes to this server instead of asking for names, which a machine without a network waits long for.</summary>
    private static Dictionary<string, string> Proxy(GitHttpServer server) => new() { ["http_proxy"] = server.Url };

    private static Task<GitTree> Fetch(GitStore store, string url, string commit) =>
        store.FetchAsync(GitUrl.Parse(url), commit, TreeSelection.All, SourceOrigin.User, CancellationToken.None);

    private static Task<PluginMarketException> Fails(Func<Task> action) => Assert.ThrowsAsync<PluginMarketException>(action);
}
