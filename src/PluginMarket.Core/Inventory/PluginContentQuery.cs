namespace PluginMarket;

/// <summary>Opens the files of plugins: a folder, what is installed, or what a catalog lists. Git sources are fetched into staging, which disposing removes.</summary>
public sealed class PluginContentQuery : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly GitOptions _git;
    private readonly List<RemoteEntries> _fetched = [];

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public PluginContentQuery(MarketEnvironment environment, GitOptions? git = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        _git = git ?? GitOptions.Default;
    }

    /// <summary>Opens a plugin's folder.</summary>
    /// <exception cref="PluginMarketException">ManifestInvalid, LimitExceeded; SourceUnreachable where the folder cannot be read.</exception>
    public PluginContent OpenFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var shown = DisplayText.Escape(folder);
        try
        {
            return Read(shown, FolderTree.Read(folder, _environment.Files, _environment.Limits), folder, Path.GetFileName(folder), null, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The folder '{shown}' cannot be read: {DisplayText.Escape(failure.Message)} Give the folder of a plugin, or the name of one.", shown, failure);
        }
    }

    /// <summary>Opens a plugin that is installed, or that a catalog lists.</summary>
    /// <param name="reference">The plugin; a bare name must fit one.</param>
    /// <param name="place">Where it is looked for.</param>
    /// <param name="cancellation">Stops fetching.</param>
    /// <exception cref="PluginMarketException">PluginNotFound, PluginNameAmbiguous, ManifestInvalid, and the failures of fetching.</exception>
    public async Task<PluginContent> OpenAsync(PluginReference reference, PluginContentPlace place = PluginContentPlace.InstalledOrCatalog, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ReferenceCheck.DemandThisHome(reference, _environment);
        return (place == PluginContentPlace.Catalog ? null : FindInstalled(reference)) ?? await FindEntryAsync(reference, cancellation).ConfigureAwait(false);
    }

    /// <summary>Removes what was fetched.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var fetched in _fetched)
        {
            await fetched.DisposeAsync().ConfigureAwait(false);
        }

        _fetched.Clear();
    }

    private PluginContent? FindInstalled(PluginReference reference)
    {
        var cache = _environment.Home.Cache;
        var fitting = cache.AllPlugins().Where(plugin => plugin.Id.Plugin == reference.Name && (reference.Marketplace is null || plugin.Id.Marketplace == reference.Marketplace)).ToList();
        if (fitting.Count > 1)
        {
            throw Ambiguous(reference, fitting.Select(plugin => plugin.Id.ToString()));
        }

        if (fitting is not [var found])
        {
            return null;
        }

        _environment.Home.Receipts.TryFind(found.Id, out var receipt, out _);
        var folder = cache.Layout.VersionPath(found.Id, found.Active);
        return Read(found.Id.ToString(), FolderTree.Read(folder, _environment.Files, _environment.Limits), folder, reference.Name.Value, null, receipt);
    }

    private async Task<PluginContent> FindEntryAsync(PluginReference reference, CancellationToken cancellation)
    {
        var view = MarketplaceView.Open(_environment, reference.CatalogPath is { Length: > 0 } path ? [path] : []);
        var located = view.Locate(reference.Name.Value, reference.Marketplace?.Value).Where(found => found.Entry.IsListed).ToList();
        if (located.Count == 0)
        {
            throw view.Failures.Count > 0 ? view.Failures[0] : new PluginMarketException(MarketErrorCode.PluginNotFound, $"'{reference.Id}' is neither installed nor listed by a catalog. Look at Find-Plugin.", reference.Id);
        }

        if (located.Select(found => found.Marketplace.Name).Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            throw Ambiguous(reference, located.Select(found => $"{found.Entry.Name}@{found.Marketplace.Name}"));
        }

        var (open, entry) = located[0];
        var name = $"{entry.Name}@{open.Name}";
        if (entry.Source is LocalSource local)
        {
            var commit = open.Location.IsSnapshot ? SnapshotCommit.Read(_environment, open.Location.Root) : null;
            var files = await ReadLocalAsync(open, local, commit, name, cancellation).ConfigureAwait(false);
            return Read(name, files, EntryFiles.FolderOf(open.Catalog, local), EntryFiles.DefaultName(open.Catalog, local), entry.Fallback, null, catalogCommit: commit);
        }

        if (!RemoteEntries.IsRemote(entry))
        {
            throw new PluginMarketException(MarketErrorCode.SourceNotSupported, $"The files of '{name}' cannot be fetched: its source is {entry.Source?.Kind ?? "unknown"}.", name);
        }

        var remote = OpenRemote();
        await remote.FetchAsync([new PluginCandidate(open, entry, null)], cancellation).ConfigureAwait(false);
        var fetched = remote.Find(entry)!;
        return fetched.Failure is { } failure ? throw failure : Read(name, fetched.Tree!, entry.Source!.Description, fetched.DefaultName, entry.Fallback, null, fetched.Commit);
    }

    // What an install would take: a snapshot that git checked out has the line ends of its user, its commit has not.
    private async Task<FileTree> ReadLocalAsync(OpenMarketplace open, LocalSource source, string? commit, string name, CancellationToken cancellation)
    {
        var folder = EntryFiles.Read(_environment, open.Catalog, source);
        var root = open.Catalog.Root;
        if (commit is null || open.Location.Source is not GitMarketplaceSource || !CommittedFolder.IsAt(_environment, root))
        {
            return folder;
        }

        var below = Path.GetRelativePath(_environment.Files.RealPath(root), _environment.Files.RealPath(EntryFiles.FolderOf(open.Catalog, source))).Replace('\\', '/');
        try
        {
            return await OpenRemote().FindCommittedAsync(open, commit, below == "." ? RelativePath.Root : RelativePath.Parse(below), name, cancellation).ConfigureAwait(false) ?? folder;
        }
        catch (PluginMarketException problem) when (problem.Code is MarketErrorCode.HomeNotWritable or MarketErrorCode.HomeWritableByOthers or MarketErrorCode.DiskFull)
        {
            // To look at a plugin nothing need be written.
            _environment.Log.Detail($"{name}: looked at as it lies in its folder: {problem.Message}");
            return folder;
        }
    }

    private RemoteEntries OpenRemote()
    {
        var remote = new RemoteEntries(_environment, new PluginFindRequest { Git = _git });
        _fetched.Add(remote);
        return remote;
    }

    private PluginContent Read(string name, FileTree tree, string displayRoot, string defaultName, FallbackManifest? fallback, Receipt? receipt, string? commit = null, string? catalogCommit = null)
    {
        var reading = ManifestReader.Read(tree, displayRoot, defaultName, fallback, _environment.Limits);

        // Two plugins may be compared: the one at fault is named.
        return reading is { Manifest: null, Problem: { } problem }
            ? throw new PluginMarketException(problem.Code, $"'{name}' cannot be read: {problem.Message}", problem.File) { File = problem.File, Line = problem.Line, Column = problem.Column }
            : new PluginContent(name, tree, reading.GetManifest(), receipt, commit, catalogCommit);
    }

    private static PluginMarketException Ambiguous(PluginReference reference, IEnumerable<string> fitting) =>
        new(MarketErrorCode.PluginNameAmbiguous, $"More than one plugin fits '{reference.Id}': {string.Join(" and ", fitting)}. Name one of them.", reference.Id);
}
