using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Validation;

/// <summary>One plugin to check.</summary>
/// <param name="Folder">Its folder, absolute.</param>
internal sealed record PluginPlace(string Folder)
{
    /// <summary>The entry that lists it; null where it was found by its own manifest.</summary>
    internal ListedEntry? Entry { get; init; }
}

/// <summary>An entry of a catalog whose plugin is a folder of the same marketplace.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Source">Where it says that the plugin is.</param>
/// <param name="Root">The marketplace's root, absolute.</param>
/// <param name="CatalogPath">The catalog, absolute.</param>
/// <param name="Context">What decides what the entry may name.</param>
internal sealed record ListedEntry(MarketplaceEntry Entry, LocalSource Source, string Root, string CatalogPath, SourceContext Context);

/// <summary>Finds the plugins that a path means.</summary>
internal sealed class PluginPlaces(MarketEnvironment environment, ValidationRequest request, CheckedCatalogs? catalogs = null)
{
    private static readonly string[] Manifests = [".codex-plugin/plugin.json", ".claude-plugin/plugin.json", ".cursor-plugin/plugin.json"];

    private readonly CheckedCatalogs _catalogs = catalogs ?? new(environment);

    /// <summary>The plugin of a path; under <see cref="ValidationRequest.Recurse"/> every one at or below it: those that a catalog lists
    /// where there is one, else every folder with a manifest.</summary>
    /// <exception cref="PluginMarketException">SourceUnreachable for what is not there, SourceInvalid for a file that belongs to
    /// none.</exception>
    internal IReadOnlyList<PluginPlace> Find(string path)
    {
        if (environment.Files.Kind(FolderWalk.RealPath(environment, path)) == FileKind.Directory)
        {
            return request.Recurse ? [.. Below(path)] : [new PluginPlace(path)];
        }

        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            if (IsPlugin(folder))
            {
                return [new PluginPlace(folder)];
            }
        }

        throw new PluginMarketException(MarketErrorCode.SourceInvalid,
            $"'{path}' is not a file of a plugin: no folder above it has a manifest. {Remedy.Do($"Choose a file of a plugin.")}", path);
    }

    private IEnumerable<PluginPlace> Below(string path)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in new FolderWalk(environment, request.Settings.Ignored).Below(path,
            folder => request.IncludeUnlisted || _catalogs.Find(folder) is null))
        {
            foreach (var entry in _catalogs.Find(folder) ?? [])
            {
                if (!request.Settings.Ignored.Match(FolderWalk.Relative(path, entry.Source.FolderIn(entry.Root))))
                {
                    listed.Add(entry.Source.FolderIn(entry.Root));
                    yield return new PluginPlace(entry.Source.FolderIn(entry.Root)) { Entry = entry };
                }
            }

            if ((request.IncludeUnlisted || _catalogs.Find(folder) is null) && !listed.Contains(folder) && IsPlugin(folder))
            {
                yield return new PluginPlace(folder);
            }
        }
    }

    /// <summary>Whether a folder has a manifest.</summary>
    internal bool IsPlugin(string folder) =>
        Manifests.Any(manifest => environment.Files.Kind(LocalPaths.Join(folder, manifest)) != FileKind.Missing)
        || IsAgentManifest(LocalPaths.Join(folder, ManifestLocation.AgentManifest));

    private bool IsAgentManifest(string path)
    {
        if (environment.Files.Kind(path) != FileKind.File)
        {
            return false;
        }

        try
        {
            var json = JsonFile.Parse(environment.Files.ReadAllBytes(path, environment.Limits.ManifestBytes), path,
                MarketErrorCode.ManifestInvalid, environment.Limits, tolerateDuplicates: true);
            return json.Root["$schema"]?.AsString()?.StartsWith(ManifestLocation.AgentSchemas, StringComparison.Ordinal) == true;
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>Finds the marketplace roots that a path means.</summary>
internal sealed class MarketplacePlaces(MarketEnvironment environment, ValidationRequest request)
{
    /// <exception cref="PluginMarketException">SourceUnreachable for what is not there, SourceInvalid for a file that is not a
    /// catalog.</exception>
    internal IReadOnlyList<string> Find(string path)
    {
        if (environment.Files.Kind(FolderWalk.RealPath(environment, path)) == FileKind.Directory)
        {
            var reader = new MarketplaceCatalogReader(environment);
            return !request.Recurse ? [path] : [.. new FolderWalk(environment, request.Settings.Ignored)
                .Below(path, folder => request.IncludeUnlisted || reader.FindCatalog(folder) is null)
                .Where(folder => reader.FindCatalog(folder) is not null || MisplacedCatalog.Find(environment, folder) is not null)];
        }

        return MarketplaceCatalogReader.RootOf(path) is { } root
            ? [root]
            : throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{path}' is not a catalog. "
                + $"{Remedy.Do($"Use one of {string.Join(", ", MarketplaceCatalogReader.CatalogPlaces)} below a folder.")}", path);
    }
}

/// <summary>The catalogs of the folders of one check, each read once.</summary>
/// <param name="environment">The outside world.</param>
/// <param name="content">The text that a catalog shall have instead of its own, or null; null for none.</param>
internal sealed class CheckedCatalogs(MarketEnvironment environment, Func<string, byte[]?>? content = null)
{
    private readonly MarketplaceCatalogReader _reader = new(environment);
    private readonly Dictionary<string, IReadOnlyList<ListedEntry>?> _read = new(StringComparer.Ordinal);

    /// <summary>The entries of a folder's catalog whose plugins are folders below it; null where there is no catalog that can be read, so
    /// that its folder is walked.</summary>
    internal IReadOnlyList<ListedEntry>? Find(string folder) =>
        _read.TryGetValue(folder, out var known) ? known : _read[folder] = Read(folder);

    /// <summary>The place of a catalog. The snapshot of a registered marketplace is another's catalog, also where it is named by its
    /// path.</summary>
    /// <param name="catalog">The catalog, absolute.</param>
    /// <param name="root">Its marketplace's root.</param>
    /// <param name="isFetching">Whether something is fetched, so that what the configuration says of it matters.</param>
    internal MarketplaceLocation Locate(string catalog, string root, bool isFetching)
    {
        try
        {
            return new MarketplaceLocations(environment, ConfigurationLayers.Read(environment), _reader).FromPath(catalog);
        }
        catch (PluginMarketException) when (!isFetching)
        {
            return new MarketplaceLocation { Scope = MarketplaceScope.Path, Root = root };
        }
    }

    private List<ListedEntry>? Read(string folder)
    {
        if (_reader.FindCatalog(folder) is not { } path)
        {
            return null;
        }

        try
        {
            var location = Locate(path, folder, isFetching: false);
            var context = location.MakeContext(environment);
            var reading = content?.Invoke(path) is { } other
                ? _reader.Inspect(other, path, folder, location.IsRemote) : _reader.Inspect(path, folder, location.IsRemote);
            return reading.Catalog?.Entries
                .Where(entry => entry is { IsListed: true, Source: LocalSource })
                .DistinctBy(entry => (entry.Name, entry.Source))
                .Select(entry => new ListedEntry(entry, (LocalSource)entry.Source!, folder, path, context)).ToList();
        }
        catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>Walks folders without following a link.</summary>
internal sealed class FolderWalk(MarketEnvironment environment, PathPatterns ignored)
{
    private const int MostLevels = 64;

    /// <exception cref="PluginMarketException">SourceUnreachable.</exception>
    internal static string RealPath(MarketEnvironment environment, string path)
    {
        try
        {
            return environment.Files.RealPath(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable,
                $"Path not found: '{path}'. {Remedy.Do($"Check the path; for an installed plugin use its folder.")}", path, failure);
        }
    }

    /// <summary>A path seen from a folder, with <c>/</c>.</summary>
    internal static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>A folder and those below it, the folder first, by name; repositories' own, packages' and ignored folders are left
    /// out.</summary>
    /// <param name="folder">Where to begin.</param>
    /// <param name="descends">Whether to go on below a folder.</param>
    internal IEnumerable<string> Below(string folder, Func<string, bool> descends) => Below(folder, folder, descends, 0);

    private IEnumerable<string> Below(string start, string folder, Func<string, bool> descends, int level)
    {
        yield return folder;
        if (level >= MostLevels || !descends(folder))
        {
            yield break;
        }

        foreach (var name in environment.Files.List(folder).Order(StringComparer.Ordinal))
        {
            var path = Path.Join(folder, name);
            if (name is not (".git" or "node_modules") && environment.Files.Kind(path) == FileKind.Directory
                && !ignored.Match(Relative(start, path)))
            {
                foreach (var below in Below(start, path, descends, level + 1))
                {
                    yield return below;
                }
            }
        }
    }
}
