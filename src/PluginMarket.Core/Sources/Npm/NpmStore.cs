using System.ComponentModel;
using System.Globalization;
using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources.Npm;

/// <summary>Fetches packages with the user's own npm, as Codex does (contract 3.2), and reads them without
/// unpacking by npm or anybody else.</summary>
internal sealed class NpmStore
{
    /// <summary>The package's folder in its tarball; what is beside it is not part of the plugin.</summary>
    private const string PackageFolder = "package";

    /// <summary>What a registry may say of a package and all its versions.</summary>
    private const long IndexBytes = 32L << 20;

    private readonly MarketEnvironment _environment;
    private readonly string _folder;
    private readonly GitOptions _options;
    private readonly ProcessRunner _runner;
    private readonly SharedAnswers<NpmSource, NpmPackage> _packages = new();
    private int _fetches;

    /// <summary>Nothing is touched before the first fetch.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="folder">A private folder of ours, which its owner removes.</param>
    /// <param name="options">Which private hosts a public catalog may name.</param>
    internal NpmStore(MarketEnvironment environment, string folder, GitOptions options)
    {
        _environment = environment.ForPrograms();
        _folder = folder;
        _options = options;
        _runner = new ProcessRunner(_environment);
    }

    /// <summary>Fetches one package, once however often it is asked for.</summary>
    /// <param name="source">The package.</param>
    /// <param name="origin">Who named it.</param>
    /// <param name="cancellationToken">Ends npm and all it started.</param>
    /// <exception cref="PluginMarketException">
    /// <see cref="MarketErrorCode.NpmNotFound"/>, <see cref="MarketErrorCode.NpmPackageNotFound"/>,
    /// <see cref="MarketErrorCode.NpmAuthenticationFailed"/>, <see cref="MarketErrorCode.NpmTimeout"/>,
    /// <see cref="MarketErrorCode.NpmFailed"/>, <see cref="MarketErrorCode.NpmPackageInvalid"/>,
    /// <see cref="MarketErrorCode.SourceUnreachable"/>, <see cref="MarketErrorCode.TlsUntrusted"/>,
    /// <see cref="MarketErrorCode.HostNotAllowed"/>, <see cref="MarketErrorCode.IntegrityMismatch"/>,
    /// <see cref="MarketErrorCode.PathEscapesRoot"/>, <see cref="MarketErrorCode.LimitExceeded"/>, <see cref="MarketErrorCode.DiskFull"/>
    /// </exception>
    internal async Task<NpmPackage> FetchAsync(NpmSource source, SourceOrigin origin, CancellationToken cancellationToken)
    {
        if (source.Registry is { } registry)
        {
            await new GitAccess(_environment, _options).DemandAsync(GitUrl.FromCatalog($"{registry.TrimEnd('/')}/{source.Package}"), origin,
                cancellationToken).ConfigureAwait(false);
        }

        return await _packages.AskAsync(source, () => FetchOnceAsync(source, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task<NpmPackage> FetchOnceAsync(NpmSource source, CancellationToken cancellationToken)
    {
        var work = Path.Join(_folder, Interlocked.Increment(ref _fetches).ToString(CultureInfo.InvariantCulture));
        var (packed, cache) = (Path.Join(work, "packed"), Path.Join(work, "cache"));

        // The nearest folder with one of these is npm's project, whose .npmrc may name another registry: that of a repository
        // around the home must not count.
        _environment.Files.CreateDirectory(Path.Join(packed, "node_modules"), FileOps.PrivateFolder);
        _environment.Files.CreateDirectory(cache, FileOps.PrivateFolder);
        await PackAsync(source, packed, cache, cancellationToken).ConfigureAwait(false);
        var package = Read(source, FindTarball(source, packed), Path.Join(work, "package.tar"), cancellationToken);
        _environment.Files.DeleteTreeNoFollow(packed);
        _environment.Files.DeleteTreeNoFollow(cache);
        return package;
    }

    /// <summary>Reads the tarball of a package, and demands that it is that package.</summary>
    /// <param name="source">The package that was asked for.</param>
    /// <param name="tarball">What came.</param>
    /// <param name="archive">Where the tar file goes whose bytes the package's files are.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal NpmPackage Read(NpmSource source, string tarball, string archive, CancellationToken cancellationToken)
    {
        var integrity = NpmTarball.ComputeIntegrity(_environment.Files, tarball);
        NpmTarball.Unpack(_environment, tarball, archive, source.Description, cancellationToken);
        var files = TarTree.Read(_environment, archive, source.Description).Subtree(RelativePath.Parse(PackageFolder));
        return new NpmPackage(files, ReadVersion(source, files), integrity);
    }

    private async Task PackAsync(NpmSource source, string packed, string cache, CancellationToken cancellationToken)
    {
        var program = NpmProgram.Find(_environment);
        List<string> arguments = ["pack", "--ignore-scripts", "--pack-destination", packed];
        if (source.Registry is { } registry)
        {
            arguments.AddRange(["--registry", registry]);
        }

        arguments.AddRange(["--", source.Version is null ? source.Package : $"{source.Package}@{source.Version}"]);
        _environment.Log.Command(DisplayText.Escape("npm " + string.Join(' ', arguments)));
        var limits = _environment.Limits;
        var cap = limits.NpmPackedBytes + IndexBytes;
        long stored = 0;
        ProcessResult result;
        try
        {
            result = await _runner.RunAsync(
                new ProcessRequest(program.FileName, [.. program.Arguments, .. arguments], packed, NpmVariables.Make(_environment, cache))
                {
                    IdleLimit = limits.NpmTime,
                    TimeLimit = limits.FetchTime?.Left(_environment.Time),
                    HasOvergrown = () => StoreSize.Exceeds(_environment.Files, cache, cap, bytes =>
                    {
                        stored = bytes;
                        _environment.Log.Progress(ActivityProgress.OfBytes(source.Description, bytes));
                    }),
                    Progress = () => stored,
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Win32Exception e)
        {
            throw new PluginMarketException(MarketErrorCode.NpmNotFound, $"npm ('{program.FileName}') cannot be started: {e}. "
                + $"{Remedy.Do($"Install Node.js again and run `npm --version`.")}", program.FileName, e);
        }

        switch (result.End)
        {
            case ProcessEnd.TimedOut:
                throw new PluginMarketException(MarketErrorCode.NpmTimeout,
                    FetchLimit.Passed($"'{source.Description}'", limits.FetchTime!.Limit), source.Description);
            case ProcessEnd.StoodStill:
                throw new PluginMarketException(MarketErrorCode.NpmTimeout,
                    $"npm could not fetch '{source.Description}': nothing came for {limits.NpmTime.TotalSeconds:0} seconds. {Remedy.Do(
                        $"Run `npm view {source.Package}` to check the registry, then run the command again.")}", source.Description);
            case ProcessEnd.Overgrown:
                throw TooLarge(source, limits);
        }

        if (result.ExitCode != 0)
        {
            throw NpmFailures.Explain(source, result.ErrorText, SecretMask.Of(_environment));
        }
    }

    private string FindTarball(NpmSource source, string packed)
    {
        var found = _environment.Files.List(packed).Where(name => name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase))
            .Select(name => Path.Join(packed, name)).ToList();
        if (found is not [var tarball] || _environment.Files.Examine(tarball) is not { Kind: FileKind.File } facts)
        {
            throw new PluginMarketException(MarketErrorCode.NpmPackageInvalid, $"npm gave {found.Count} tarballs for "
                + $"'{source.Description}' instead of one. {Remedy.Do($"Check the version in the catalog's entry.")}", source.Description);
        }

        return facts.Length <= _environment.Limits.NpmPackedBytes ? tarball : throw TooLarge(source, _environment.Limits);
    }

    private string ReadVersion(NpmSource source, FileTree files)
    {
        if (files.Find("package.json") is not { Kind: TreeEntryKind.File } entry)
        {
            throw new PluginMarketException(MarketErrorCode.NpmPackageInvalid, $"The tarball of '{source.Description}' has no file "
                + $"package/package.json.{Remedy.Do($"Ask the owner of the package.")}", source.Description);
        }

        var root = JsonFile.Parse(files.ReadBytes(entry, _environment.Limits.ManifestBytes), "package/package.json",
            MarketErrorCode.NpmPackageInvalid, _environment.Limits).Root;
        var name = Text(root, "name");
        if (name != source.Package)
        {
            throw new PluginMarketException(MarketErrorCode.NpmPackageInvalid, $"The package that came for '{source.Description}' calls "
                + $"itself '{name}'.{Remedy.Do($"Ask the owner of the catalog for the package's own name.")}", source.Description);
        }

        var version = Text(root, "version");
        return NpmGrammar.IsExactVersion(version) ? version : throw new PluginMarketException(MarketErrorCode.NpmPackageInvalid,
            $"The package '{source.Description}' has no valid version ('{version}'). {Remedy.Do($"Ask the owner of the package.")}",
            source.Description);
    }

    private static string Text(JsonValue root, string name) =>
        root[name] is { Kind: JsonKind.String } text ? text.GetString() : throw root.Failure($"'{name}' is missing or no text");

    private static PluginMarketException TooLarge(NpmSource source, Limits limits) =>
        new(MarketErrorCode.LimitExceeded, $"The package '{source.Description}' is larger than the allowed {limits.NpmPackedBytes} bytes. "
            + $"{Remedy.Do($"Ask the owner of the package for a smaller one.")}", source.Description);
}
