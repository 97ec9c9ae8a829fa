using PluginMarket.Files;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Asks servers which commit marketplaces are at, many at once and from one place in staging: an update that finds nothing new
/// makes one folder, however many marketplaces there are.</summary>
internal sealed class MarketplaceQuestions : IAsyncDisposable
{
    // A question is a few hundred bytes and mostly waiting, a fetch is not.
    private const int QuestionsPerFetch = 6;
    private const int MostAtOnce = 64;

    private readonly MarketEnvironment _environment;
    private readonly Lazy<Place> _place;
    private readonly SemaphoreSlim _limit;

    /// <param name="environment">The outside world.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="throttleLimit">How many fetches are allowed at once.</param>
    internal MarketplaceQuestions(MarketEnvironment environment, GitOptions git, int throttleLimit)
    {
        _environment = environment;
        _place = new Lazy<Place>(() => Place.Make(environment, git));
        _limit = new SemaphoreSlim(AtOnce(throttleLimit));
    }

    /// <summary>How many are asked at once; one who allows one fetch at a time wants one question at a time too.</summary>
    internal static int AtOnce(int throttleLimit) =>
        throttleLimit <= 1 ? 1 : Math.Max(throttleLimit, Math.Min(MostAtOnce, QuestionsPerFetch * Math.Min(throttleLimit, MostAtOnce)));

    /// <summary>What a source's ref stands for now; the same question is asked once.</summary>
    internal async Task<GitRevision> AskAsync(GitMarketplaceSource source, CancellationToken cancellation)
    {
        await _limit.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var store = _environment.Shared?.GitFor(_environment, source) ?? _place.Value.Store;
            return await store.ResolveAsync(source.Url, source.Ref, null, SourceOrigin.User, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _limit.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_place.IsValueCreated)
        {
            await _place.Value.Store.DisposeAsync().ConfigureAwait(false);
            _place.Value.Staged.Dispose();
        }

        _limit.Dispose();
    }

    private sealed record Place(StagedTree Staged, GitStore Store)
    {
        internal static Place Make(MarketEnvironment environment, GitOptions git)
        {
            var staged = StagedTree.Create(environment);
            try
            {
                return new Place(staged, StagedSnapshot.Open(environment, staged, git));
            }
            catch
            {
                staged.Dispose();
                throw;
            }
        }
    }
}
