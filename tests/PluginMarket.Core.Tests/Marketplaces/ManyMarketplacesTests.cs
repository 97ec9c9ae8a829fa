using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Marketplaces;

/// <summary>What an update of many marketplaces asks, starts and writes where nothing is new: counts, not times.</summary>
[Trait("Category", "Slow")]
public sealed class ManyMarketplacesTests : IDisposable
{
    private const int Markets = 12;
    private readonly ScratchFolder _served = new();
    private readonly FaultingFileOps _files = new();
    private readonly TestHome _home;
    private int _seen;

    public ManyMarketplacesTests() => _home = new TestHome(_files);

    public void Dispose()
    {
        _home.Dispose();
        _served.Dispose();
    }

    [Fact]
    public async Task All_are_asked_before_the_first_has_answered_and_each_is_asked_once()
    {
        await using var server = Serve();
        await AddAllAsync(server);
        var before = (server.Listings, server.Log.Count);
        var waiting = new CountdownEvent(Markets);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Delay = request =>
        {
            if (request.Method == "GET" && waiting.Signal())
            {
                all.SetResult();
            }

            return all.Task;
        };

        var outcome = await new MarketplaceRegistry(_home.Environment).UpdateAsync(new MarketplaceUpdateRequest());

        Assert.Empty(outcome.Failures);
        Assert.All(outcome.Results, result => Assert.Equal("Unchanged", result.Status));
        Assert.Equal(Markets, outcome.Results.Count);
        Assert.Equal(Markets, server.Listings - before.Listings);
        Assert.Equal(2 * Markets, server.Log.Count - before.Count);
        Assert.Equal(0, server.Log.Skip(before.Count).Count(request => request.IsFetch));
    }

    [Fact]
    public async Task Nothing_is_written_for_each_and_one_git_is_started_for_each()
    {
        await using var server = Serve();
        await AddAllAsync(server);
        var log = new RecordingLog();
        _home.Change(environment => environment with { Log = log });
        await new MarketplaceRegistry(_home.Environment).UpdateAsync(new MarketplaceUpdateRequest { Names = ["m00"] });
        var (one, commandsOfOne) = (Writes(), log.Commands.Count);
        var before = ScratchFolder.Inventory(_home.CodexHome);
        log.Commands.Clear();

        await new MarketplaceRegistry(_home.Environment).UpdateAsync(new MarketplaceUpdateRequest());

        Assert.Equal(one, Writes());
        Assert.Equal(commandsOfOne + Markets - 1, log.Commands.Count);
        Assert.Equal(before, ScratchFolder.Inventory(_home.CodexHome));
        Assert.Empty(_home.Litter());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 12)]
    [InlineData(5, 30)]
    [InlineData(20, 64)]
    [InlineData(64, 64)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void More_are_asked_at_once_than_fetched_unless_it_is_one(int throttleLimit, int expected) =>
        Assert.Equal(expected, MarketplaceQuestions.AtOnce(throttleLimit));

    private int Writes()
    {
        var calls = _files.Calls.Skip(_seen).ToList();
        _seen += calls.Count;
        return calls.Count(call => call.Split(' ')[0] is "mkdir" or "create" or "rename" or "rename-noreplace" or "fsync" or "unlink"
            or "rmdir");
    }

    private GitHttpServer Serve()
    {
        for (var i = 0; i < Markets; i++)
        {
            GitRepository.Create(_served[$"m{i:D2}"], new Dictionary<string, string>
            {
                [".agents/plugins/marketplace.json"] = $$"""{"name": "m{{i:D2}}", "plugins": []}""",
            });
        }

        return new GitHttpServer(_served.Path);
    }

    private async Task AddAllAsync(GitHttpServer server)
    {
        for (var i = 0; i < Markets; i++)
        {
            await new MarketplaceRegistry(_home.Environment).AddAsync(new MarketplaceAddRequest { Source = $"{server.Url}/m{i:D2}" });
        }

        Writes();
    }
}
