namespace PluginMarket;

/// <summary>Reads what the sources of entries say of themselves, and makes the objects users see.</summary>
internal sealed class EntryReading : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly PluginFindRequest _request;
    private readonly InstalledIds _installed;
    private readonly Dictionary<string, string?> _commits = new(StringComparer.Ordinal);
    private RemoteEntries? _remote;

    internal EntryReading(MarketEnvironment environment, PluginFindRequest request, InstalledIds installed)
    {
        _environment = environment;
        _request = request;
        _installed = installed;
    }

    /// <summary>Fetches the git and npm sources of the candidates, where the request asks for it.</summary>
    internal async Task FetchAsync(IReadOnlyList<PluginCandidate> candidates, CancellationToken cancellation)
    {
        if (_request.Resolve && candidates.Any(candidate => candidate.SkipReason is null && RemoteEntries.IsRemote(candidate.Entry)))
        {
            _remote = new RemoteEntries(_environment, _request);
            await _remote.FetchAsync(candidates, cancellation).ConfigureAwait(false);
        }
    }

    internal Task<Plugin> DescribeAsync(PluginCandidate candidate, CancellationToken cancellation)
    {
        var reading = candidate.SkipReason is null ? Read(candidate, cancellation) : default;
        return Task.FromResult(Describe(candidate, reading));
    }

    public ValueTask DisposeAsync() => _remote?.DisposeAsync() ?? ValueTask.CompletedTask;

    private SourceFacts Read(PluginCandidate candidate, CancellationToken cancellation)
    {
        var (open, entry) = (candidate.Marketplace, candidate.Entry);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            switch (entry.Source)
            {
                case LocalSource local:
                    var folder = EntryFiles.FolderOf(open.Catalog, local);
                    var tree = EntryFiles.Read(_environment, open.Catalog, local);
                    var commit = open.Location.IsSnapshot ? CommitOf(open.Location.Root) : null;
                    return Facts(ManifestReader.Read(tree, folder, EntryFiles.DefaultName(open.Catalog, local), entry.Fallback, _environment.Limits), entry, folder, commit);
                case GitSource or GitSubdirectorySource or NpmSource when _remote?.Find(entry) is { } fetched:
                    return fetched.Failure is { } failure
                        ? OwnWords(entry) with { Problem = failure.Message, Failure = failure }
                        : Facts(ManifestReader.Read(fetched.Tree!, entry.Source.Description, fetched.DefaultName, entry.Fallback, _environment.Limits), entry, null, fetched.Commit);
                default:
                    return OwnWords(entry);
            }
        }
        catch (PluginMarketException failure)
        {
            var version = failure.Code == MarketErrorCode.LimitExceeded && entry.Source is LocalSource local ? StatedVersion(open, local) : null;
            var words = OwnWords(entry);
            return words with { Version = version ?? words.Version, Problem = failure.Message, Failure = failure };
        }
        catch (IOException failure)
        {
            return OwnWords(entry) with { Problem = DisplayText.Escape(failure.Message) };
        }
    }

    private static SourceFacts Facts(ManifestReading reading, MarketplaceEntry entry, string? path, string? commit)
    {
        if (reading.Manifest is not { } manifest)
        {
            return OwnWords(entry) with { Version = reading.StatedVersion, Problem = reading.Problem?.Message, Path = path, Commit = commit };
        }

        var problem = manifest.Name == entry.Name ? null : $"its manifest names it '{manifest.Name}', so installing it is refused.";
        return new SourceFacts(manifest, manifest, reading.StatedVersion, true, problem, path, commit);
    }

    // Caps on names and levels guard what is written. A listing writes nothing, and Codex shows the version of such a plugin too.
    private string? StatedVersion(OpenMarketplace open, LocalSource source)
    {
        try
        {
            var limits = TreeLimits.Plugin(_environment.Limits) with { SegmentBytes = int.MaxValue, PathBytes = int.MaxValue, Depth = int.MaxValue };
            var tree = FolderTree.Read(EntryFiles.FolderOf(open.Catalog, source), _environment.Files, limits, within: open.Catalog.Root);
            return ManifestReader.Read(tree, open.Name, EntryFiles.DefaultName(open.Catalog, source), null, _environment.Limits).StatedVersion;
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // What the entry itself says counts for a source that was not read (contract 1.8).
    private static SourceFacts OwnWords(MarketplaceEntry entry)
    {
        if (entry.Fallback is not { } fallback)
        {
            return default;
        }

        var reading = ManifestReader.Read(NoFiles.Instance, entry.Name, entry.Name, fallback);
        return new SourceFacts(null, reading.Manifest, reading.StatedVersion, false, null, null, null);
    }

    private string? CommitOf(string root)
    {
        if (!_commits.TryGetValue(root, out var commit))
        {
            _commits[root] = commit = SnapshotCommit.Read(_environment, root);
        }

        return commit;
    }

    private Plugin Describe(PluginCandidate candidate, SourceFacts facts)
    {
        var (open, entry) = (candidate.Marketplace, candidate.Entry);
        var (manifest, words) = (facts.Manifest, facts.Words);
        var id = $"{entry.Name}@{open.Name}";
        return new Plugin
        {
            Name = entry.Name,
            Version = facts.Version,
            Marketplace = open.Name,
            Category = entry.Category ?? words?.Interface?.Category,
            Installation = entry.Installation,
            Installed = entry.ValidName is { } name && open.Catalog.ValidName is { } marketplace && _installed.Contains(name, marketplace),
            Id = id,
            DisplayName = words?.Interface?.DisplayName,
            Description = words?.Description ?? words?.Interface?.ShortDescription,
            Authentication = entry.Authentication,
            SourceType = entry.Source?.Kind,
            Source = facts.Path is { } folder ? DisplayText.Escape(folder) : entry.Source?.Description,
            Ref = entry.Source switch { GitSource git => Shown(git.Ref), GitSubdirectorySource git => Shown(git.Ref), NpmSource npm => Shown(npm.Version), _ => null },
            Sha = entry.Source switch { GitSource git => Shown(git.Sha), GitSubdirectorySource git => Shown(git.Sha), _ => null },
            Status = candidate.SkipReason is null ? "Available" : "Skipped",
            Reason = candidate.SkipReason ?? entry.InstallProblem ?? facts.Problem,
            Resolved = facts.IsRead,
            Components = manifest?.Components,
            Capabilities = manifest is null ? null : manifest.Interface?.Capabilities ?? [],
            Keywords = words?.Keywords ?? [],
            Author = manifest?.Author,
            License = manifest?.License,
            Interface = words?.Interface,
            Manifest = manifest,
            HasHiddenText = HiddenText.IsIn(entry.Node) || manifest?.HasHiddenText == true,
            Path = facts.Path,
            Commit = facts.Commit,
            CatalogPath = open.Catalog.CatalogPath,
            Scope = open.Location.Scope.ToString(),
            ComputerName = Environment.MachineName,
            UserName = Environment.UserName,
            CodexHome = _environment.CodexHome,
        }.From(new LocatedEntry(open, entry), facts.Failure);
    }

    private static string? Shown(string? text) => text is null ? null : DisplayText.Escape(text);

    private readonly record struct SourceFacts(PluginManifest? Manifest, PluginManifest? Words, string? Version, bool IsRead, string? Problem, string? Path, string? Commit)
    {
        public PluginMarketException? Failure { get; init; }
    }

    private sealed class NoFiles : FileTree
    {
        internal static NoFiles Instance { get; } = new();

        public override IReadOnlyList<TreeEntry> Entries => [];

        public override Stream Open(TreeEntry entry) => throw new FileNotFoundException(entry.Path);
    }
}
