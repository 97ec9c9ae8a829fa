using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.Json;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Authoring;

/// <summary>Makes marketplaces and edits their catalogs. Every byte of a catalog outside an edit stays as it is.</summary>
internal sealed class EditMarketplace
{
    private static readonly RelativePath CatalogFolder = RelativePath.Parse(".agents/plugins");

    private readonly MarketEnvironment _environment;

    /// <summary>Makes the verbs; nothing is touched.</summary>
    public EditMarketplace(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Makes a marketplace without plugins: <c>.agents/plugins/marketplace.json</c> below its root.</summary>
    /// <exception cref="PluginMarketException">NameInvalid, NameReserved, MarketplaceAlreadyExists,
    /// PathEscapesRoot, DiskFull, HomeNotWritable.</exception>
    public Marketplace Create(NewMarketplaceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (name, root) = Demand(request);
        _environment.Files.CreateDirectory(root);
        var folder = FolderSteps.Make(_environment.Files, root, CatalogFolder);
        Recovery.SweepTemporaryFiles(_environment, folder);
        var path = Path.Join(folder, "marketplace.json");
        var text = CatalogEditor.Create(name, request.DisplayName).Utf8.Span;
        if (!AtomicFile.Write(_environment.Files, path, text, FileOps.SharedFile,
            () => request.Force || _environment.Files.Kind(path) == FileKind.Missing))
        {
            throw AlreadyThere(root, path);
        }

        return MarketplaceDescription.Describe(_environment, CatalogFile.Open(_environment, root).Read());
    }

    /// <summary>Adds an entry at the end of a catalog.</summary>
    /// <exception cref="PluginMarketException">PluginAlreadyExists, NameInvalid, SourceInvalid, SourceUnreachable, ManifestInvalid,
    /// ManifestNameMismatch, CatalogUnreadable.</exception>
    public Task<Plugin> AddEntryAsync(CatalogEntryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var file = CatalogFile.Open(_environment, request.Path);
        var open = file.Change(catalog => EntryEdits.Add(catalog, request),
            catalog => EntryEdits.Check(_environment, catalog, request, sourceChanged: true));
        return DescribeAsync(file, open, EntryEdits.Written(open.Catalog, request), cancellation);
    }

    /// <summary>Changes an entry.</summary>
    /// <exception cref="PluginMarketException">PluginNotFound, PluginNameAmbiguous, SourceInvalid, SourceUnreachable, ManifestInvalid,
    /// ManifestNameMismatch, CatalogUnreadable.</exception>
    public Task<Plugin> SetEntryAsync(CatalogEntryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var file = CatalogFile.Open(_environment, request.Path);
        var open = file.Change(catalog => EntryEdits.Set(catalog, request),
            catalog => EntryEdits.Check(_environment, catalog, request, request.Change.Source is not null));
        return DescribeAsync(file, open, EntryEdits.Written(open.Catalog, request), cancellation);
    }

    /// <summary>Removes an entry; the plugin's folder stays.</summary>
    /// <returns>The removed entries as they were.</returns>
    /// <exception cref="PluginMarketException">PluginNotFound, PluginNameAmbiguous, CatalogUnreadable.</exception>
    public async Task<IReadOnlyList<Plugin>> RemoveEntryAsync(CatalogEntryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var file = CatalogFile.Open(_environment, request.Path);
        IReadOnlyList<MarketplaceEntry> entries = [];
        var before = file.Read();
        file.Change(
            catalog =>
            {
                before = before with { Catalog = catalog };
                entries = EntryEdits.DemandRemovable(catalog, request);
                return CatalogEditor.Remove(catalog, entries);
            },
            _ => { });
        var removed = new List<Plugin>();
        foreach (var entry in entries)
        {
            removed.Add(await DescribeAsync(file, before, entry, cancellation).ConfigureAwait(false));
        }

        return removed;
    }

    /// <summary>What <see cref="Create"/> would make; fails where it would for what can be known without changing anything.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="Create"/>.</exception>
    public Marketplace PreviewCreate(NewMarketplaceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (name, root) = Demand(request);
        var path = Path.Join(CatalogFolder.UnderRoot(root), "marketplace.json");
        var reader = new MarketplaceCatalogReader(_environment);
        var catalog = reader.Parse(CatalogEditor.Create(name, request.DisplayName).Utf8.ToArray(), path, root, isRemote: false);
        var location = new MarketplaceLocation { Scope = MarketplaceScope.Path, Root = root, CatalogPath = path };
        return MarketplaceDescription.Describe(_environment, new OpenMarketplace(location, catalog)).AsPreview();
    }

    /// <summary>The entry that <see cref="AddEntryAsync"/> would make; fails where it would, and writes nothing.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="AddEntryAsync"/>.</exception>
    public Task<Plugin> PreviewAddAsync(CatalogEntryRequest request, CancellationToken cancellation = default) => PreviewAsync(request,
        catalog => EntryEdits.Add(catalog, request),
        catalog => EntryEdits.Check(_environment, catalog, request, sourceChanged: true), cancellation);

    /// <summary>The entry that <see cref="SetEntryAsync"/> would make; fails where it would, and writes nothing.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="SetEntryAsync"/>.</exception>
    public Task<Plugin> PreviewSetAsync(CatalogEntryRequest request, CancellationToken cancellation = default) => PreviewAsync(request,
        catalog => EntryEdits.Set(catalog, request),
        catalog => EntryEdits.Check(_environment, catalog, request, request.Change.Source is not null), cancellation);

    /// <summary>The entries that <see cref="RemoveEntryAsync"/> would remove; fails where it would, and writes nothing.</summary>
    /// <exception cref="PluginMarketException">As for <see cref="RemoveEntryAsync"/>.</exception>
    public async Task<IReadOnlyList<Plugin>> PreviewRemoveAsync(CatalogEntryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var file = CatalogFile.Open(_environment, request.Path);
        var open = file.Read();
        file.Demand(catalog => CatalogEditor.Remove(catalog, EntryEdits.DemandRemovable(catalog, request)), _ => { });
        var entries = new List<Plugin>();
        foreach (var entry in EntryEdits.DemandRemovable(open.Catalog, request))
        {
            entries.Add((await DescribeAsync(file, open, entry, cancellation).ConfigureAwait(false)).AsPreview());
        }

        return entries;
    }

    private async Task<Plugin> PreviewAsync(CatalogEntryRequest request, Func<MarketplaceCatalog, JsonFile> edit,
        Action<MarketplaceCatalog> check, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var file = CatalogFile.Open(_environment, request.Path);
        var open = file.Demand(edit, check);
        return (await DescribeAsync(file, open, EntryEdits.Written(open.Catalog, request), cancellation).ConfigureAwait(false)).AsPreview();
    }

    private (MarketplaceName Name, string Root) Demand(NewMarketplaceRequest request)
    {
        var name = MarketplaceName.Parse(request.Name);
        var root = Path.TrimEndingDirectorySeparator(request.Path);
        MarketplaceAdmission.DemandName(name.Value, DisplayText.Escape(root));
        CatalogFile.DemandEditable(_environment, root);
        if (!request.Force && new MarketplaceCatalogReader(_environment).FindCatalog(root) is { } present)
        {
            throw AlreadyThere(root, present);
        }

        FolderSteps.Demand(_environment.Files, root, CatalogFolder);
        return (name, root);
    }

    private static PluginMarketException AlreadyThere(string root, string catalog) =>
        new(MarketErrorCode.MarketplaceAlreadyExists, $"'{root}' has the catalog '{catalog}' already. "
            + $"{Remedy.Use(OperationOption.Force, $"write a new one")}{Remedy.Do($"Choose another folder.")}", root);

    private async Task<Plugin> DescribeAsync(CatalogFile file, OpenMarketplace open, MarketplaceEntry entry, CancellationToken cancellation)
    {
        var reading = new DescribeEntries(_environment, new PluginFindRequest(), InstalledIds.Read(_environment, file.Layers));
        await using (reading.ConfigureAwait(false))
        {
            return reading.Describe(new PluginCandidate(open, entry, entry.SkipReason));
        }
    }
}
