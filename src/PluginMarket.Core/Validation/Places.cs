using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Validation;

/// <summary>Finds the folders that a path means.</summary>
internal interface IPlaces
{
    /// <summary>The folder of a path, or under <paramref name="recurse"/> every one at or below it.</summary>
    /// <exception cref="PluginMarketException">SourceUnreachable for what is not there, SourceInvalid
    /// for a file that belongs to none.</exception>
    IReadOnlyList<string> Find(string path, bool recurse);
}

/// <summary>Plugin folders.</summary>
internal sealed class PluginPlaces(MarketEnvironment environment) : IPlaces
{
    private static readonly string[] Manifests = [".codex-plugin/plugin.json", ".claude-plugin/plugin.json", ".cursor-plugin/plugin.json"];

    public IReadOnlyList<string> Find(string path, bool recurse)
    {
        if (environment.Files.Kind(FolderWalk.RealPath(environment, path)) == FileKind.Directory)
        {
            return recurse ? [.. FolderWalk.Below(environment, path).Where(IsPlugin)] : [path];
        }

        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            if (IsPlugin(folder))
            {
                return [folder];
            }
        }

        throw new PluginMarketException(MarketErrorCode.SourceInvalid,
            $"'{path}' is not a file of a plugin: no folder above it has a manifest. {Remedy.Do($"Choose a file of a plugin.")}", path);
    }

    private bool IsPlugin(string folder) =>
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

/// <summary>Marketplace roots.</summary>
internal sealed class MarketplacePlaces(MarketEnvironment environment) : IPlaces
{
    public IReadOnlyList<string> Find(string path, bool recurse)
    {
        if (environment.Files.Kind(FolderWalk.RealPath(environment, path)) == FileKind.Directory)
        {
            var reader = new MarketplaceCatalogReader(environment);
            return recurse ? [.. FolderWalk.Below(environment, path).Where(folder => reader.FindCatalog(folder) is not null)] : [path];
        }

        return MarketplaceCatalogReader.RootOf(path) is { } root
            ? [root]
            : throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{path}' is not a catalog. "
                + $"{Remedy.Do($"Use one of {string.Join(", ", MarketplaceCatalogReader.CatalogPlaces)} below a folder.")}", path);
    }
}

/// <summary>Walks folders without following a link.</summary>
internal static class FolderWalk
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

    /// <summary>A folder and those below it, the folder first, by name; repositories' own and packages' folders are left out.</summary>
    internal static IEnumerable<string> Below(MarketEnvironment environment, string folder, int level = 0)
    {
        yield return folder;
        if (level >= MostLevels)
        {
            yield break;
        }

        foreach (var name in environment.Files.List(folder).Order(StringComparer.Ordinal))
        {
            var path = Path.Join(folder, name);
            if (name is not (".git" or "node_modules") && environment.Files.Kind(path) == FileKind.Directory)
            {
                foreach (var below in Below(environment, path, level + 1))
                {
                    yield return below;
                }
            }
        }
    }
}
