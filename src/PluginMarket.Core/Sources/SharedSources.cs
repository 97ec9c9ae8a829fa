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
    private readonly ConcurrentDictionary<(string Url, string? Ref), IReadOnlyList<string>> _named = new();
    private readonly ConcurrentDictionary<(string Url, string? Ref), bool> _read = new();
    private readonly ConcurrentDictionary<object, bool> _sources = new();

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

    /// <summary>The outside world of the command.</summary>
    internal MarketEnvironment Environment => _environment;

    /// <summary>Takes note of a marketplace that the command itself names, which is therefore fetched under the account that runs the
    /// command, in homes of other accounts too.</summary>
    /// <param name="source">The marketplace.</param>
    /// <param name="plugins">The plugins of it that the command names, for which the same is true.</param>
    internal void Name(GitMarketplaceSource source, IEnumerable<string> plugins) =>
        _named.TryAdd((source.Url.Value, source.Ref), [.. plugins]);

    /// <summary>The plugins of a marketplace that the command names, and of which it is not known yet where they come from; null where
    /// that is known.</summary>
    internal IReadOnlyList<string>? TakeUnread(GitMarketplaceSource source) =>
        _named.TryGetValue((source.Url.Value, source.Ref), out var plugins) && _read.TryAdd((source.Url.Value, source.Ref), true)
            ? plugins : null;

    /// <summary>Takes note of where such a plugin comes from, as its marketplace says that was fetched here.</summary>
    internal void Name(PluginSource source) => _sources[KeyOf(source)] = true;

    /// <summary>What a home fetches a marketplace with together with others; null where its owner fetches it: what a home of another
    /// account names must not be asked for with the rights and credentials of whoever runs the command.</summary>
    internal GitStore? GitFor(MarketEnvironment home, GitMarketplaceSource source) =>
        IsFor(home, _named.ContainsKey((source.Url.Value, source.Ref))) ? Git : null;

    /// <summary>The same for a plugin in a repository.</summary>
    internal GitStore? GitFor(MarketEnvironment home, RepositoryFolder source) =>
        IsFor(home, _sources.ContainsKey(KeyOf(source))) ? Git : null;

    /// <summary>The same for a package.</summary>
    internal NpmStore? NpmFor(MarketEnvironment home, NpmSource source) => IsFor(home, _sources.ContainsKey(source)) ? Npm : null;

    private bool IsFor(MarketEnvironment home, bool isNamed) =>
        !home.Home.IsActedForOwner || (isNamed && !_environment.Home.IsActedForOwner);

    private static object KeyOf(PluginSource source) => source.Repository is { } repository ? KeyOf(repository) : source;

    private static object KeyOf(RepositoryFolder source) => (source.Url.Value, source.Ref, source.Sha);

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
