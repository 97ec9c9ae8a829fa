using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Marketplaces;

/// <summary>Where catalogs are: the home folder, the configured marketplaces of all layers, the repository of the caller's
/// location, a given path (contract 4.3, 6).</summary>
internal sealed class MarketplaceLocations
{
    private readonly MarketEnvironment _environment;
    private readonly ConfigurationLayers _layers;
    private readonly MarketplaceCatalogReader _reader;

    /// <summary>Makes the locations of one home; nothing is touched.</summary>
    public MarketplaceLocations(MarketEnvironment environment, ConfigurationLayers layers, MarketplaceCatalogReader reader)
    {
        _environment = environment;
        _layers = layers;
        _reader = reader;
    }

    /// <summary>Whether plugins are on at all; Codex lists no marketplace where they are off (contract 5.3).</summary>
    public bool PluginsFeatureEnabled => _layers.PluginsFeatureEnabled;

    /// <summary>The folder of a git marketplace's snapshot (contract 3.1).</summary>
    public static string SnapshotPath(MarketEnvironment environment, MarketplaceName name) =>
        Path.Join(AgentHome.Open(environment).MarketplacesPath, name.Value);

    /// <summary>Every location in view: the personal one, the configured ones by root path, those of the repository.</summary>
    /// <param name="failures">Receives one failure per configured marketplace that has no usable place.</param>
    public IReadOnlyList<MarketplaceLocation> InView(ICollection<PluginMarketException> failures)
    {
        var configured = new List<MarketplaceLocation>();
        var restriction = _environment.IgnoresRestrictedMarketplaces ? PolicyGate.Open(_environment).Codex : null;
        foreach (var table in _layers.Marketplaces.Where(table => !NameRules.IsReservedMarketplace(table.Name)
                && restriction?.Allows(MarketplacePolicy.Configured(_environment, table)) != false)
            .OrderBy(table => table.Name, StringComparer.Ordinal))
        {
            try
            {
                configured.Add(Configured(table));
            }
            catch (PluginMarketException failure)
            {
                failures.Add(failure);
            }
        }

        var all = new List<MarketplaceLocation>();
        if (Personal(configured) is { } personal && (restriction is null || personal.IsRegistered))
        {
            all.Add(personal);
        }

        all.AddRange(configured.OrderBy(location => location.Root, StringComparer.Ordinal));
        all.AddRange(restriction is null ? Repository() : []);
        return [.. all.DistinctBy(location => location.Root, LocalPaths.Comparer)];
    }

    /// <summary>The location of a root folder or a catalog file: the registered one where it is registered.</summary>
    /// <exception cref="PluginMarketException">CatalogUnreadable where it is neither.</exception>
    public MarketplaceLocation FromPath(string path)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            throw new PluginMarketException(MarketErrorCode.CatalogUnreadable,
                $"'{path}' is not an absolute path. {Remedy.Do($"Use an absolute path.")}", path);
        }

        var full = LocalPaths.Normalize(path);
        var isFile = _environment.Files.Kind(full) == FileKind.File;
        var root = isFile ? MarketplaceCatalogReader.RootOf(full) : full;
        if (root is null)
        {
            throw new PluginMarketException(
                MarketErrorCode.CatalogUnreadable,
                $"'{full}' is not where a catalog can be. "
                    + $"{Remedy.Do($"Use one of {string.Join(", ", MarketplaceCatalogReader.CatalogPlaces)} below a folder.")}",
                full);
        }

        var known = InView([]).FirstOrDefault(
            location => (location.IsRegistered || location.Scope == MarketplaceScope.Personal) && Same(location.Root, root));
        return (known ?? new MarketplaceLocation { Scope = MarketplaceScope.Path, Root = root }) with
        {
            CatalogPath = isFile ? full : null,
        };
    }

    /// <summary>The location of a configured marketplace.</summary>
    /// <exception cref="PluginMarketException">NameInvalid, SourceInvalid: the table names no usable place.</exception>
    public MarketplaceLocation Configured(ConfiguredMarketplace table)
    {
        if (!MarketplaceName.TryParse(table.Name, out var name, out var finding))
        {
            throw Unusable(table, MarketErrorCode.NameInvalid, finding);
        }

        var scope = ScopeOf(table);
        switch (table.SourceType)
        {
            case "local" when LocalRoot(_environment, table) is { } root:
                // Codex too names no source where the root depends on the current folder.
                return new MarketplaceLocation
                {
                    Scope = scope,
                    Root = root,
                    Configured = table,
                    Source = Path.IsPathFullyQualified(table.Source!) ? new LocalMarketplaceSource(table.Source!) : null,
                };
            case "local":
                throw Unusable(table, MarketErrorCode.SourceInvalid,
                    "its 'source' must be an absolute path, or a relative one with a current folder to start from.");
            case "git" or null:
                // A URL that we would not accept may still have a snapshot, which is what is listed.
                var source = GitUrl.TryParse(table.Source, out var url, out _) && url is not null
                    ? new GitMarketplaceSource(url, table.Ref, table.SparsePaths) : null;
                return new MarketplaceLocation
                {
                    Scope = scope,
                    Root = SnapshotPath(_environment, name),
                    Configured = table,
                    Source = source,
                    IsSnapshot = true,
                };
            default:
                throw Unusable(table, MarketErrorCode.SourceInvalid, "its 'source_type' must be \"git\" or \"local\".");
        }
    }

    /// <summary>Who brings a configured marketplace into view.</summary>
    internal static MarketplaceScope ScopeOf(ConfiguredMarketplace table) => table.Layer switch
    {
        ConfigurationLayer.User => MarketplaceScope.User,
        ConfigurationLayer.Project => MarketplaceScope.Repository,
        _ => MarketplaceScope.System,
    };

    /// <summary>The root of a local marketplace, absolute; null where it is not local or its path leads nowhere.</summary>
    internal static string? LocalRoot(MarketEnvironment environment, ConfiguredMarketplace table) =>
        table is not { SourceType: "local", Source: { Length: > 0 } path } ? null
        : Path.IsPathFullyQualified(path) ? Path.TrimEndingDirectorySeparator(path)
        : environment.WorkingDirectory is { } folder ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder))
        : null;

    private static PluginMarketException Unusable(ConfiguredMarketplace table, MarketErrorCode code, string finding)
    {
        var name = DisplayText.Escape(table.Name);
        return new PluginMarketException(code,
            $"Marketplace '{name}' of {table.File} cannot be used: {finding} {Remedy.Do($"Fix its table in that file.")}", name)
        {
            File = table.File,
        };
    }

    private MarketplaceLocation? Personal(List<MarketplaceLocation> configured)
    {
        var root = Path.TrimEndingDirectorySeparator(_environment.HomePath);
        if (_reader.FindCatalog(root) is null)
        {
            return null;
        }

        var registered = configured.Find(location => location.Root.Equals(root, LocalPaths.Comparison));
        return registered is null ? new MarketplaceLocation { Scope = MarketplaceScope.Personal, Root = root }
            : registered with { Scope = MarketplaceScope.Personal };
    }

    private IEnumerable<MarketplaceLocation> Repository()
    {
        if (_environment.IgnoresRepositoryCatalog || _environment.WorkingDirectory is not { } folder)
        {
            yield break;
        }

        folder = Path.TrimEndingDirectorySeparator(folder);
        foreach (var root in new[] { folder, GitRoot(folder) })
        {
            if (root is not null && _reader.FindCatalog(root) is not null)
            {
                yield return new MarketplaceLocation { Scope = MarketplaceScope.Repository, Root = root };
            }
        }
    }

    private string? GitRoot(string folder)
    {
        for (var candidate = folder; !string.IsNullOrEmpty(candidate); candidate = Path.GetDirectoryName(candidate))
        {
            if (_environment.Files.Kind(Path.Join(candidate, ".git")) is FileKind.Directory or FileKind.File)
            {
                return candidate;
            }
        }

        return null;
    }

    private bool Same(string left, string right) =>
        left.Equals(right, LocalPaths.Comparison) || Real(left).Equals(Real(right), LocalPaths.Comparison);

    private string Real(string path)
    {
        try
        {
            return _environment.Files.RealPath(path);
        }
        catch (IOException)
        {
            return path;
        }
    }
}
