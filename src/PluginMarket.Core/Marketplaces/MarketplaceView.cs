using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;
using PluginMarket.Sources;

namespace PluginMarket.Marketplaces;

/// <summary>The marketplaces of one command: every catalog in view, read once, and what could not be read.</summary>
/// <remarks>A view is a picture of one moment; whoever decides under the home's lock opens a new one there.</remarks>
internal sealed class MarketplaceView
{
    private MarketplaceView(ConfigurationLayers layers, IReadOnlyList<OpenMarketplace> marketplaces,
        IReadOnlyList<PluginMarketException> failures)
    {
        Layers = layers;
        Marketplaces = marketplaces;
        Failures = failures;
    }

    /// <summary>The marketplaces that could be read: the personal one, the configured ones by root path, those of the repository.</summary>
    public IReadOnlyList<OpenMarketplace> Marketplaces { get; }

    /// <summary>One failure per marketplace in view that could not be read.</summary>
    public IReadOnlyList<PluginMarketException> Failures { get; }

    /// <summary>The configuration layers the view was made from.</summary>
    public ConfigurationLayers Layers { get; }

    /// <summary>Reads every catalog in view.</summary>
    /// <param name="environment">The home, the caller's location, the disk.</param>
    /// <param name="paths">Absolute paths of roots or catalog files; when given, only these are in view.</param>
    /// <exception cref="PluginMarketException">ConfigInvalid for a configuration that cannot be read.</exception>
    public static MarketplaceView Open(MarketEnvironment environment, IReadOnlyList<string>? paths = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var layers = ConfigurationLayers.Read(environment);
        var reader = new MarketplaceCatalogReader(environment);
        var locations = new MarketplaceLocations(environment, layers, reader);
        var failures = new List<PluginMarketException>();
        var marketplaces = new List<OpenMarketplace>();
        foreach (var location in paths is { Count: > 0 } ? Named(locations, paths, failures) : InView(environment, locations, failures))
        {
            try
            {
                var catalog = location.CatalogPath is { } file
                    ? reader.ReadFile(file, location.Root, location.IsRemote) : reader.Read(location.Root, location.IsRemote);

                // Codex keeps reserved names to its own marketplaces and ignores others that use them (contract 1.7).
                if (location.Scope != MarketplaceScope.Path && NameRules.IsReservedMarketplace(catalog.Name))
                {
                    environment.Log.Detail($"The catalog '{catalog.CatalogPath}' uses the reserved name '{catalog.Name}' and is ignored.");
                    continue;
                }

                environment.Log.Detail($"Read '{catalog.CatalogPath}': {catalog.Entries.Count} entries.");
                marketplaces.Add(new OpenMarketplace(location, catalog));
            }
            catch (PluginMarketException failure)
            {
                failures.Add(Describe(location, failure));
            }
        }

        return new MarketplaceView(layers, marketplaces, failures);
    }

    /// <summary>Finds entries by exact plugin name. Of marketplaces with one name, the first that has a
    /// usable entry counts (contract 6).</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="marketplace">The marketplace's name, or null for any.</param>
    /// <param name="catalogPath">The catalog file, absolute, or null for any.</param>
    /// <returns>Skipped and hidden entries too; more than one is ambiguous.</returns>
    public IReadOnlyList<LocatedEntry> Locate(string plugin, string? marketplace = null, string? catalogPath = null)
    {
        var found = new List<LocatedEntry>();
        var candidates = Marketplaces.Where(
            open => (marketplace is null || open.Name == marketplace) && (catalogPath is null || open.Catalog.CatalogPath == catalogPath));
        foreach (var sameName in candidates.GroupBy(open => open.Name, StringComparer.Ordinal))
        {
            var having = sameName.Where(open => open.Catalog.Named(plugin).Count > 0).ToList();
            var chosen = having.Find(open => open.Catalog.Named(plugin).Any(entry => entry.IsListed)) ?? having.FirstOrDefault();
            if (chosen is not null)
            {
                found.AddRange(chosen.Catalog.Named(plugin).Select(entry => new LocatedEntry(chosen, entry)));
            }
        }

        return found;
    }

    private static IReadOnlyList<MarketplaceLocation> InView(MarketEnvironment environment, MarketplaceLocations locations,
        List<PluginMarketException> failures)
    {
        if (!locations.PluginsFeatureEnabled)
        {
            environment.Log.Warn($"Plugins are disabled ([features] plugins = false), so no marketplace is listed.");
            return [];
        }

        return locations.InView(failures);
    }

    private static List<MarketplaceLocation> Named(MarketplaceLocations locations, IReadOnlyList<string> paths,
        List<PluginMarketException> failures)
    {
        var named = new List<MarketplaceLocation>();
        foreach (var path in paths)
        {
            try
            {
                named.Add(locations.FromPath(path));
            }
            catch (PluginMarketException failure)
            {
                failures.Add(failure);
            }
        }

        return named;
    }

    private static PluginMarketException Describe(MarketplaceLocation location, PluginMarketException failure)
    {
        var name = location.Configured is { } table ? table.Name : location.Root;
        var message = location.IsSnapshot && failure.File is null
            ? (Message)($"Marketplace '{name}' has no readable snapshot at '{location.Root}'. "
                + $"{Remedy.Run(Operation.UpdateMarketplace.On(name), $"fetch it")}")
            : location.Configured is null ? failure.Said : $"Marketplace '{name}' cannot be read: {failure}";
        return new PluginMarketException(failure.Code, message, name, failure)
        {
            File = failure.File ?? location.Root,
            Line = failure.Line,
            Column = failure.Column,
        };
    }
}

/// <summary>One marketplace with its catalog.</summary>
/// <param name="Location">Where it is and why it is in view.</param>
/// <param name="Catalog">What it lists.</param>
internal sealed record OpenMarketplace(MarketplaceLocation Location, MarketplaceCatalog Catalog)
{
    /// <summary>The name in plugin ids: the catalog's own (contract 4.3).</summary>
    public string Name => Catalog.Name;

    private SourceContext? _context;

    /// <summary>The scope as objects name it.</summary>
    internal string ScopeName { get; } = Location.Scope.ToString();

    /// <summary>What decides which sources the catalog may name; made once.</summary>
    internal SourceContext ContextIn(MarketEnvironment environment) => _context ??= Location.MakeContext(environment);
}

/// <summary>One entry and the marketplace it is in.</summary>
/// <param name="Marketplace">The marketplace.</param>
/// <param name="Entry">The entry.</param>
internal sealed record LocatedEntry(OpenMarketplace Marketplace, MarketplaceEntry Entry);
