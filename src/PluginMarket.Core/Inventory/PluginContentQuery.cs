using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Inventory;

/// <summary>Opens the files of plugins: a folder, what is installed, or what a catalog lists. Each catalog is read once; what is fetched
/// is in staging, which disposing removes.</summary>
internal sealed class PluginContentQuery : IAsyncDisposable
{
    private readonly MarketEnvironment _environment;
    private readonly PluginFetcher _fetcher;
    private readonly Dictionary<string, MarketplaceView> _views = new(StringComparer.Ordinal);

    /// <summary>Makes the query of one home; nothing is touched.</summary>
    public PluginContentQuery(MarketEnvironment environment, GitOptions? git = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        _fetcher = new PluginFetcher(environment, git ?? GitOptions.Default);
    }

    /// <summary>Opens a plugin's folder.</summary>
    /// <exception cref="PluginMarketException">ManifestInvalid, LimitExceeded; SourceUnreachable where the folder cannot be
    /// read.</exception>
    public PluginContent OpenFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var shown = DisplayText.Escape(folder);
        try
        {
            return Read(shown, FolderTree.Read(folder, _environment.Files, _environment.Limits), folder, Path.GetFileName(folder), null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable, $"The folder '{shown}' cannot be read: "
                + $"{failure} {Remedy.Do($"Use the folder of a plugin, or the name of one.")}", shown, failure);
        }
    }

    /// <summary>Opens a plugin that is installed, or that a catalog lists.</summary>
    /// <param name="reference">The plugin; a bare name must fit one.</param>
    /// <param name="place">Where it is looked for.</param>
    /// <param name="cancellation">Stops fetching.</param>
    /// <exception cref="PluginMarketException">PluginNotFound, PluginNameAmbiguous, ManifestInvalid, and the failures of
    /// fetching.</exception>
    public async Task<PluginContent> OpenAsync(PluginReference reference, PluginContentPlace place = PluginContentPlace.InstalledOrCatalog,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ReferenceCheck.DemandThisHome(reference, _environment);
        return (place == PluginContentPlace.Catalog ? null : FindInstalled(reference))
            ?? await FindEntryAsync(reference, cancellation).ConfigureAwait(false);
    }

    /// <summary>Opens the plugin of a catalog's entry.</summary>
    /// <param name="located">The entry, as a listing found it.</param>
    /// <param name="cancellation">Stops fetching.</param>
    /// <exception cref="PluginMarketException">ManifestInvalid, and the failures of fetching.</exception>
    public Task<PluginContent> OpenAsync(LocatedEntry located, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(located);
        var (open, entry) = located;
        var name = $"{entry.Name}@{open.Name}";
        if (entry.Source is not { } source)
        {
            throw new PluginMarketException(entry.SkipCode,
                $"'{name}' cannot be read: {entry.SkipReason} {Remedy.Do($"Ask the owner of the catalog to fix the entry.")}", name);
        }

        return _fetcher.ReadAsync(source, open.ContextIn(_environment), files =>
        {
            var (reading, refusal) = new PluginAdmission(name, entry.Name, entry.Fallback, _environment.Limits).Read(files);
            var commit = files.Provenance.OwnCommit;
            var content = Make(name, files.Tree, reading, null, commit,
                commit is null ? open.ContextIn(_environment).Snapshot?.Commit : null);
            if (refusal is not null)
            {
                _environment.Log.Warn($"Installing it is refused. {refusal}");
            }

            return content;
        }, cancellation);
    }

    /// <summary>Removes what was fetched.</summary>
    public ValueTask DisposeAsync() => _fetcher.DisposeAsync();

    private PluginContent? FindInstalled(PluginReference reference)
    {
        var cache = _environment.Home.Cache;
        var fitting = cache.Named(reference.Name)
            .Where(id => reference.Marketplace is null || id.Marketplace == reference.Marketplace).ToList();
        if (fitting.Count > 1)
        {
            throw Ambiguous(reference, fitting.Select(id => id.ToString()));
        }

        if (fitting is not [var only] || cache.Find(only) is not { } found)
        {
            return null;
        }

        _environment.Home.Receipts.TryFind(found.Id, out var receipt, out _);
        var folder = cache.Layout.VersionPath(found.Id, found.Active);
        return Read(found.Id.ToString(), FolderTree.ReadInstalled(folder, _environment.Files, _environment.Limits),
            folder, reference.Name.Value, receipt);
    }

    private async Task<PluginContent> FindEntryAsync(PluginReference reference, CancellationToken cancellation)
    {
        var path = reference.CatalogPath ?? "";
        if (!_views.TryGetValue(path, out var view))
        {
            _views[path] = view = MarketplaceView.Open(_environment, path.Length > 0 ? [path] : []);
        }

        var located = view.Locate(reference.Name.Value, reference.Marketplace?.Value).Where(found => found.Entry.IsListed).ToList();
        if (located.Count == 0)
        {
            var nearest = NearestName.Find(reference.Name.Value, view.Marketplaces.SelectMany(open => open.Catalog.Entries)
                .Where(entry => entry.IsListed).Select(entry => entry.Name));
            throw view.Failures.Count > 0 ? view.Failures[0] : new PluginMarketException(MarketErrorCode.PluginNotFound,
                $"'{reference.Id}' is neither installed nor listed by a catalog. "
                    + $"{Remedy.DidYouMean(nearest) ?? Remedy.Run(Operation.FindPlugin, $"list the plugins")}",
                reference.Id);
        }

        if (located.Select(found => found.Marketplace.Name).Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            throw Ambiguous(reference, located.Select(found => $"{found.Entry.Name}@{found.Marketplace.Name}"));
        }

        return await OpenAsync(located[0], cancellation).ConfigureAwait(false);
    }

    private PluginContent Read(string name, FileTree tree, string displayRoot, string defaultName, Receipt? receipt) =>
        Make(name, tree, ManifestReader.Read(tree, displayRoot, defaultName, null, _environment.Limits), receipt, null, null);

    // Two plugins may be compared: the one at fault is named.
    private static PluginContent Make(string name, FileTree tree, ManifestReading reading, Receipt? receipt, string? commit,
        string? catalogCommit) => reading is { Manifest: null, Refusal: { } refusal }
            ? throw new PluginMarketException(refusal.Code,
                $"'{name}' cannot be read: {refusal.Message} {(refusal.Line is null
                    ? Remedy.Do($"Choose the folder of a plugin.") : Remedy.Do($"Fix the file at that place."))}", refusal.File)
            {
                File = refusal.File,
                Line = refusal.Line,
                Column = refusal.Column,
            }
            : new PluginContent(name, tree, reading.GetManifest(), receipt, commit, catalogCommit);

    private static PluginMarketException Ambiguous(PluginReference reference, IEnumerable<string> fitting) =>
        new(MarketErrorCode.PluginNameAmbiguous, $"More than one plugin matches '{reference.Id}': {string.Join(" and ", fitting)}. "
            + $"{Remedy.Do($"Choose one of them.")}", reference.Id);
}
