using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

public sealed class StoreSizeTests : IAsyncDisposable
{
    private const long Cap = 8 << 20;
    private readonly GitFixture _git = new();

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public void All_files_below_a_folder_count_and_links_lead_nowhere()
    {
        _git.Scratch.Write("store/a", new byte[600]);
        _git.Scratch.Write("store/deep/er/b", new byte[500]);
        _git.Scratch.Write("elsewhere/c", new byte[100_000]);
        Directory.CreateSymbolicLink(_git.Scratch["store/link"], _git.Scratch["elsewhere"]);

        Assert.True(StoreSize.Exceeds(FileOps.Default, _git.Scratch["store"], 1099));
        Assert.False(StoreSize.Exceeds(FileOps.Default, _git.Scratch["store"], 60_000));
        Assert.False(StoreSize.Exceeds(FileOps.Default, _git.Scratch["missing"], 0));
    }

    [Fact]
    public void A_file_that_cannot_be_looked_at_does_not_hide_the_others()
    {
        _git.Scratch.Write("store/a", new byte[10]);
        _git.Scratch.Write("store/b", new byte[1000]);
        var files = new FaultingFileOps { At = 2, Failure = (_, path) => new IOException(path) };

        Assert.True(StoreSize.Exceeds(files, _git.Scratch["store"], 900));
        Assert.Equal(_git.Scratch["store/a"], files.Calls[1].Split(' ')[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_streams_without_end_is_cut_at_the_cap(bool onlyTrees)
    {
        var server = Streaming();
        var revision = await GitFixture.Resolve(_git.Store(), server.Url + "/repo");
        var store = _git.Store(limits: Limits.Default with { MarketplaceBytes = Cap });
        var selection = onlyTrees ? TreeSelection.Below(RelativePath.Parse("a")) : TreeSelection.All;

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => store.FetchAsync(GitUrl.Parse(server.Url + "/repo"), revision.Commit, selection, SourceOrigin.User, CancellationToken.None));

        Assert.Equal(MarketErrorCode.LimitExceeded, failure.Code);
        Assert.Contains(server.Authority, failure.Target!, StringComparison.Ordinal);
        Assert.Empty(GitFixture.ProcessesWith(server.Authority));
        Assert.Empty(GitFixture.ProcessesWith(_git.Scratch.Path));
        Assert.Equal(1, server.Fetches);
    }

    [Fact]
    public async Task Nothing_of_an_endless_marketplace_stays_in_the_home()
    {
        var server = Streaming();
        using var home = new TestHome(limits: Limits.Default with { MarketplaceBytes = Cap });
        home.WriteConfig("model = \"o\"\n");
        await Assert.ThrowsAsync<PluginMarketException>(() => new MarketplaceRegistry(home.Environment).AddAsync(new MarketplaceAddRequest { Source = server.Url + "/none" }));
        var before = ScratchFolder.Inventory(home.Home);

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => new MarketplaceRegistry(home.Environment).AddAsync(new MarketplaceAddRequest { Source = server.Url + "/repo" }));

        Assert.Equal(MarketErrorCode.LimitExceeded, failure.Code);
        Assert.Empty(home.Litter());
        Assert.Equal(before, ScratchFolder.Inventory(home.Home));
        Assert.Empty(GitFixture.ProcessesWith(home.Scratch.Path));
    }

    [Fact]
    public async Task What_came_between_the_last_look_and_the_end_counts()
    {
        _git.Repository.Write("a/large", System.Security.Cryptography.RandomNumberGenerator.GetBytes(100_000)).Commit();
        var server = _git.Serve();
        var store = _git.Store(limits: Limits.Default with { MarketplaceBytes = 50_000 });

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Take(store, server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.LimitExceeded, failure.Code);
    }

    [Theory]
    [InlineData("/repo/info/refs")]
    [InlineData("/repo/git-upload-pack")]
    public async Task References_without_end_are_left_in_time(string path)
    {
        var server = _git.Serve();
        var line = System.Text.Encoding.ASCII.GetBytes($"003f{_git.Repository.Head} refs/heads/main\n".PadRight(63, 'x'));
        server.Answer = request => request.Path != path ? null
            : new GitHttpAnswer(200, path.EndsWith("refs", StringComparison.Ordinal) ? "application/x-git-upload-pack-advertisement" : "application/x-git-upload-pack-result", path.EndsWith("refs", StringComparison.Ordinal) ? "001e# service=git-upload-pack\n0000" : "") { Repeated = line };

        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Resolve(_git.Store(limits: Limits.Default with { GitTime = TimeSpan.FromSeconds(2) }), server.Url + "/repo"));

        Assert.Equal(MarketErrorCode.GitTimeout, failure.Code);
        Assert.Empty(GitFixture.ProcessesWith(server.Authority));
    }

    private GitHttpServer Streaming()
    {
        var server = _git.Serve();
        server.Answer = request => request.IsFetch ? EndlessPack.Answer() : null;
        return server;
    }
}
