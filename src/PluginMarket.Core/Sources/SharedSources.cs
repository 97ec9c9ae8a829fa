using System.Collections.Concurrent;
using PluginMarket.Files;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Sources;

/// <summary>What commands for several homes fetch together: each repository is asked and fetched once, each package is fetched once,
/// whichever home needs it first.</summary>
/// <remarks>It is in a separate folder beside the homes, so that no home depends on another one. Whether a home may have something is
/// still asked for each home.</remarks>
internal sealed class SharedSources : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly Lazy<TemporaryFolder> _folder;
    private readonly Lazy<GitStore> _git;
    private readonly Lazy<NpmStore> _npm;
    private readonly ConcurrentDictionary<(string Url, string? Ref), bool> _named = new();

    /// <summary>Makes them; nothing is touched before the first fetch.</summary>
    /// <param name="environment">The outside world of the command; which home it names does not matter.</param>
    /// <param name="options">How git may be used, in all homes.</param>
    internal SharedSources(MarketEnvironment environment, GitOptions options)
    {
        _environment = FetchLimit.Begin(environment, options);
        _folder = new Lazy<TemporaryFolder>(() => new TemporaryFolder(_environment.Files));
        _git = new Lazy<GitStore>(() => new GitStore(_environment, Make("repo"), options));
        _npm = new Lazy<NpmStore>(() => new NpmStore(_environment, Make("packages"), options));
    }

    /// <summary>Takes note of a repository that the command itself names, which is therefore fetched under the account that runs the
    /// command, in homes of other accounts too.</summary>
    internal void Name(GitMarketplaceSource source) => _named[(source.Url.Value, source.Ref)] = true;

    /// <summary>What a home fetches a repository with together with others; null where its owner fetches it: what a home of another
    /// account names must not be asked for with the rights and credentials of whoever runs the command.</summary>
    internal GitStore? GitFor(MarketEnvironment home, GitMarketplaceSource source) => !home.Home.IsActedForOwner
        || (_named.ContainsKey((source.Url.Value, source.Ref)) && !_environment.Home.IsActedForOwner) ? Git : null;

    /// <summary>What reaches repositories.</summary>
    internal GitStore Git => _git.Value;

    /// <summary>What reaches registries of npm.</summary>
    internal NpmStore Npm => _npm.Value;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_git.IsValueCreated)
            {
                await _git.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (_folder.IsValueCreated)
            {
                _folder.Value.Dispose();
            }
        }
    }

    private string Make(string name)
    {
        var path = Path.Join(_folder.Value.Path, name);
        _environment.Files.CreateDirectory(path, FileOps.PrivateFolder);
        return path;
    }
}
