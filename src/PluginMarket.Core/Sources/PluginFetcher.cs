using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Sources;

/// <summary>The one door to a plugin's bytes. Everything that reads them from their source opens them here, with the
/// same guards and the same result.</summary>
/// <remarks>One fetcher serves a whole command: each repository is asked and fetched once. What it fetched
/// is in staging until it is disposed; where several homes share their sources it is theirs.</remarks>
internal sealed class PluginFetcher : IAsyncDisposable
{
    private const int Tries = 5;

    private readonly MarketEnvironment _environment;
    private readonly SharedSources? _shared;
    private readonly LocalFetcher _local;
    private readonly Lazy<StagedTree> _folder;
    private readonly Lazy<GitStore> _git;
    private readonly Lazy<NpmStore> _npm;

    /// <summary>Makes a fetcher; nothing is touched before the first source is opened.</summary>
    internal PluginFetcher(MarketEnvironment environment, GitOptions options)
    {
        environment = FetchLimit.Begin(environment, options);
        _environment = environment;

        // For the home of another account only what the command names is shared; see there.
        _shared = environment.Home.IsActedForOwner ? null : environment.Shared;
        _local = new LocalFetcher(environment);
        _folder = new Lazy<StagedTree>(() => StagedTree.Create(environment));
        _git = new Lazy<GitStore>(() => _shared?.Git
            ?? new GitStore(environment, MakeFolder(_folder.Value.RepositoryPath), options));
        _npm = new Lazy<NpmStore>(() => _shared?.Npm
            ?? new NpmStore(environment, MakeFolder(Path.Join(_folder.Value.Folder, "packages")), options));
    }

    /// <summary>What reaches repositories, for questions that are not about files.</summary>
    internal GitStore Git => _git.Value;

    /// <summary>Says in advance that a source will be opened, so that one fetch serves every plugin of a repository.</summary>
    internal void Announce(PluginSource source)
    {
        if (source.Repository is { } repository)
        {
            GitFor(repository).Announce(repository.Url, repository.Selection);
        }
    }

    /// <summary>Opens the files of a plugin.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="context">The catalog that says so.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <exception cref="PluginMarketException">SourceUnreachable, PathEscapesRoot, LimitExceeded, HostNotAllowed,
    /// and the failures of git and npm.</exception>
    internal Task<PluginFiles> OpenAsync(PluginSource source, SourceContext context, CancellationToken cancellationToken) => source.Match(
        local => _local.OpenAsync(local, context, () => Git, cancellationToken),
        repository => GitFetcher.OpenAsync(GitFor(repository), repository, context, cancellationToken),
        package => NpmFetcher.OpenAsync(_environment.Shared?.NpmFor(_environment, package) ?? _npm.Value, package, context,
            cancellationToken));

    /// <summary>What tells the bytes of a plugin without reading them or asking a server; null where nothing does.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="context">The catalog that says so.</param>
    /// <exception cref="PluginMarketException">What <see cref="OpenAsync"/> says of a folder.</exception>
    internal SourceState? StateOf(PluginSource source, SourceContext context) => source.Match<SourceState?>(
        local => _local.StateOf(local, context),
        repository => GitFetcher.StateOf(repository, context),
        _ => null);

    /// <summary>Opens the files of a plugin and reads them in one state: where they change in the meantime they are read again.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="context">The catalog that says so.</param>
    /// <param name="read">Reads them; a result that is disposable is disposed where it may be of two states.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.SourceChanged"/>, and the failures of
    /// <see cref="OpenAsync"/> and of <paramref name="read"/>.</exception>
    internal async Task<T> ReadAsync<T>(PluginSource source, SourceContext context, Func<PluginFiles, T> read,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var files = await OpenAsync(source, context, cancellationToken).ConfigureAwait(false);
            try
            {
                var result = read(files);
                if (!files.HasChanged())
                {
                    return result;
                }

                (result as IDisposable)?.Dispose();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginMarketException
                && files.HasChanged())
            {
                // What a source says while it is replaced is not what it says.
            }

            if (attempt == Tries)
            {
                throw new PluginMarketException(
                    MarketErrorCode.SourceChanged,
                    $"'{files.DisplayRoot}' changed each time it was "
                        + $"read.{Remedy.Do($"Run the command again when no other program writes to it.")}",
                    files.DisplayRoot);
            }

            _environment.Log.Detail($"'{files.DisplayRoot}' changed while it was read, and is read again.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_git.IsValueCreated && _shared is null)
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

    private GitStore GitFor(RepositoryFolder source) => _environment.Shared?.GitFor(_environment, source) ?? Git;

    private string MakeFolder(string path)
    {
        _environment.Files.CreateDirectory(path, FileOps.PrivateFolder);
        return path;
    }
}
