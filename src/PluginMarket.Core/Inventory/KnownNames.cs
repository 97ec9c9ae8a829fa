using System.Collections.Concurrent;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Inventory;

/// <summary>Names to complete with, from what is on this disk. Remembers each catalog until its file
/// changes: pressing a key must not wait.</summary>
/// <remarks>Names only; nothing is decided by them, and what cannot be read is ignored. May be asked by several threads at
/// once.</remarks>
internal sealed class KnownNames
{
    // The longest that a key waits for manifests; what is read later is there at the next one.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Remembered> _catalogs = new(StringComparer.Ordinal);

    /// <summary>The marketplaces in view.</summary>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public IReadOnlyList<string> Marketplaces(MarketEnvironment environment) =>
        [.. Sketches(environment, []).Select(known => known.Sketch.Name)];

    /// <summary>The plugins that the catalogs in view list.</summary>
    /// <param name="environment">Whose home, and where the caller is.</param>
    /// <param name="marketplaces">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <param name="onlyInstallable">Whether entries that may not be installed are left out.</param>
    /// <returns>Ids, or names where marketplaces are given.</returns>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public IReadOnlyList<string> Plugins(MarketEnvironment environment, IReadOnlyList<string> marketplaces, bool onlyInstallable = false)
    {
        ArgumentNullException.ThrowIfNull(marketplaces);
        return
        [
            .. Sketches(environment, marketplaces).SelectMany(known => known.Sketch.Entries
                .Where(entry => entry.CanInstall || !onlyInstallable)
                .Select(entry => marketplaces.Count > 0 ? entry.Name : $"{entry.Name}@{known.Sketch.Name}")),
        ];
    }

    /// <summary>The plugins that a catalog lists.</summary>
    /// <param name="environment">The disk.</param>
    /// <param name="path">A root or a catalog file, absolute.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid; CatalogUnreadable where it is neither.</exception>
    public IReadOnlyList<string> Entries(MarketEnvironment environment, string path)
    {
        var reader = new MarketplaceCatalogReader(environment);
        var location = new MarketplaceLocations(environment, ConfigurationLayers.Read(environment), reader).FromPath(path);
        return Recall(environment, reader, location)?.Sketch.Entries.Select(entry => entry.Name).ToList() ?? [];
    }

    /// <summary>The plugins that are configured or cached in the home.</summary>
    /// <param name="environment">Whose home.</param>
    /// <param name="marketplaces">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <returns>Ids, or names where marketplaces are given.</returns>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public static IReadOnlyList<string> Installed(MarketEnvironment environment, IReadOnlyList<string> marketplaces)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(marketplaces);
        if (!AgentHome.Open(environment).Exists)
        {
            return [];
        }

        var wanted = NamePattern.ReadAll(marketplaces);
        var configured = ConfigurationLayers.Read(environment).Plugins
            .Select(plugin => PluginId.TryParse(plugin.Id, out var id, out _) ? id : null).OfType<PluginId>();
        return
        [
            .. configured.Concat(environment.Home.Cache.AllPlugins().Select(plugin => plugin.Id))
                .Where(id => NamePattern.MatchesAny(wanted, id.Marketplace.Value))
                .Select(id => wanted.Count > 0 ? id.Plugin.Value : id.ToString())
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>The categories of plugins in view, those of manifests as far as they are read by now.</summary>
    /// <param name="environment">Whose home, and where the caller is.</param>
    /// <param name="marketplaces">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public IReadOnlyList<string> Categories(MarketEnvironment environment, IReadOnlyList<string> marketplaces) =>
        Claims(environment, marketplaces, claims => claims.Categories);

    /// <summary>The capabilities that plugins in view claim, as far as their manifests are read by now.</summary>
    /// <param name="environment">Whose home, and where the caller is.</param>
    /// <param name="marketplaces">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public IReadOnlyList<string> Capabilities(MarketEnvironment environment, IReadOnlyList<string> marketplaces) =>
        Claims(environment, marketplaces, claims => claims.Capabilities);

    /// <summary>The keywords of plugins in view, as far as their manifests are read by now.</summary>
    /// <param name="environment">Whose home, and where the caller is.</param>
    /// <param name="marketplaces">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public IReadOnlyList<string> Keywords(MarketEnvironment environment, IReadOnlyList<string> marketplaces) =>
        Claims(environment, marketplaces, claims => claims.Keywords);

    /// <summary>The branches, tags and commits that catalogs in view name.</summary>
    /// <param name="environment">Whose home, and where the caller is.</param>
    /// <param name="names">Names or ids of plugins; all where there is none.</param>
    /// <param name="marketplaces">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public static IReadOnlyList<string> Refs(MarketEnvironment environment, IReadOnlyList<string> names,
        IReadOnlyList<string> marketplaces) =>
    [
        .. new PluginQuery(environment).ListEntries(new PluginFindRequest { Names = names, Marketplaces = marketplaces }).Entries
            .Select(located => located.Entry.Source?.Repository)
            .SelectMany(repository => new[] { repository?.Ref, repository?.Sha })
            .OfType<string>().Select(DisplayText.Escape).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The refs that the registered marketplaces follow.</summary>
    /// <param name="environment">Whose home.</param>
    /// <param name="names">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public static IReadOnlyList<string> MarketplaceRefs(MarketEnvironment environment, IReadOnlyList<string> names)
    {
        var wanted = NamePattern.ReadAll(names);
        return [.. ConfigurationLayers.Read(environment).Marketplaces.Where(table => NamePattern.MatchesAny(wanted, table.Name))
            .Select(table => table.Ref).OfType<string>().Select(DisplayText.Escape).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The versions that catalogs in view offer of plugins whose files are on this disk.</summary>
    /// <param name="environment">Whose home, and where the caller is.</param>
    /// <param name="names">Names or ids of plugins; nothing is offered without one, because every manifest would be read.</param>
    /// <param name="marketplaces">Names of marketplaces, wildcards allowed; all where there is none.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid.</exception>
    public static IReadOnlyList<string> Versions(MarketEnvironment environment, IReadOnlyList<string> names,
        IReadOnlyList<string> marketplaces)
    {
        if (names.Count == 0)
        {
            return [];
        }

        var entries = new PluginQuery(environment).ListEntries(new PluginFindRequest { Names = names, Marketplaces = marketplaces });
        return [.. new StatedVersions(environment).Read(entries.Entries).OfType<string>().Select(DisplayText.Escape)
            .Distinct(StringComparer.Ordinal)];
    }

    private List<string> Claims(MarketEnvironment environment, IReadOnlyList<string> marketplaces,
        Func<ReadClaims, IEnumerable<string>> kind)
    {
        var readings = Sketches(environment, marketplaces).Select(known => known.Claims.Value).ToList();
        Task.WhenAll(readings.Select(reading => reading.Done)).Wait(Patience);
        return [.. readings.SelectMany(kind).Distinct(StringComparer.Ordinal)];
    }

    private List<Remembered> Sketches(MarketEnvironment environment, IReadOnlyList<string> marketplaces)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var wanted = NamePattern.ReadAll(marketplaces);
        var reader = new MarketplaceCatalogReader(environment);
        var locations = new MarketplaceLocations(environment, ConfigurationLayers.Read(environment), reader);
        return locations.PluginsFeatureEnabled
            ? [.. locations.InView([]).Select(location => Recall(environment, reader, location)).OfType<Remembered>()
                .Where(known => !NameRules.IsReservedMarketplace(known.Sketch.Name) && NamePattern.MatchesAny(wanted, known.Sketch.Name))]
            : [];
    }

    private Remembered? Recall(MarketEnvironment environment, MarketplaceCatalogReader reader, MarketplaceLocation location)
    {
        try
        {
            if ((location.CatalogPath ?? reader.FindCatalog(location.Root)) is not { } place)
            {
                return null;
            }

            var file = environment.Files.Kind(place) == FileKind.SymbolicLink ? environment.Files.RealPath(place) : place;
            var stamp = environment.Files.Examine(file);
            if (_catalogs.TryGetValue(file, out var known) && known.Stamp == stamp && known.Sketch.Root == location.Root)
            {
                return known;
            }

            return CatalogSketch.Read(environment.Files.ReadAllBytes(file, environment.Limits.CatalogBytes), location.Root,
                MarketplaceCatalogReader.AllowsBarePaths(file)) is { } sketch
                ? _catalogs[file] = new Remembered(stamp, sketch, new Lazy<ReadClaims>(() => new ReadClaims(environment, sketch)))
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            return null;
        }
    }

    private sealed record Remembered(FileFacts Stamp, CatalogSketch Sketch, Lazy<ReadClaims> Claims);

    /// <summary>Reads the manifests of a catalog's local plugins beside what the caller does.</summary>
    private sealed class ReadClaims
    {
        private static readonly RelativePath[] ManifestPlaces = [RelativePath.Parse(".codex-plugin/plugin.json"),
            RelativePath.Parse(".claude-plugin/plugin.json"), RelativePath.Parse(".cursor-plugin/plugin.json")];

        private readonly ConcurrentDictionary<string, bool> _categories = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, bool> _capabilities = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, bool> _keywords = new(StringComparer.Ordinal);

        public ReadClaims(MarketEnvironment environment, CatalogSketch sketch)
        {
            foreach (var category in sketch.Entries.Select(entry => entry.Category).OfType<string>())
            {
                _categories[DisplayText.Escape(category)] = true;
            }

            Done = Task.Run(() => Read(environment, sketch));
        }

        public Task Done { get; }

        public IEnumerable<string> Categories => _categories.Keys;

        public IEnumerable<string> Capabilities => _capabilities.Keys;

        public IEnumerable<string> Keywords => _keywords.Keys;

        private void Read(MarketEnvironment environment, CatalogSketch sketch)
        {
            foreach (var entry in sketch.Entries)
            {
                try
                {
                    var (category, capabilities, keywords) = CatalogSketch.ReadClaims(Manifest(environment, sketch.Root, entry.Path));
                    if (entry.Category is null && category is not null)
                    {
                        _categories[DisplayText.Escape(category)] = true;
                    }

                    foreach (var keyword in keywords)
                    {
                        _keywords[DisplayText.Escape(keyword)] = true;
                    }

                    foreach (var capability in capabilities)
                    {
                        _capabilities[DisplayText.Escape(capability)] = true;
                    }
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or PluginMarketException)
                {
                    // Whoever lists the plugin is told.
                }
            }
        }

        private static byte[] Manifest(MarketEnvironment environment, string root, RelativePath? folder)
        {
            var place = folder is null ? null : ManifestPlaces.Select(folder.Combine)
                .FirstOrDefault(place => environment.Files.Kind(place.UnderRoot(root)) == FileKind.File);
            if (place is null)
            {
                return [];
            }

            using var stream = environment.Files.OpenBeneath(root, place);
            return CappedReader.ReadToEnd(stream, environment.Limits.ManifestBytes, place.Value);
        }
    }
}
