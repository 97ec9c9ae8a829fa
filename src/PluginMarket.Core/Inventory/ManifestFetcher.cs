using System.Collections.Concurrent;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Inventory;

/// <summary>Opens only the manifests of plugins that are in their marketplace's own folder; for many
/// plugins, from several threads.</summary>
internal sealed class ManifestFetcher(MarketEnvironment environment)
{
    private readonly FileOps _files = environment.Home.SourceFiles;
    private readonly ConcurrentDictionary<string, string> _roots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Root, string Folder), string> _parents = new();

    /// <summary>The plugin's folder, links above it resolved.</summary>
    /// <exception cref="IOException">A folder above it is missing, is not in the marketplace, or cannot be read.</exception>
    internal string PlaceOf(LocalSource source, SourceContext context) =>
        Place(_roots.GetOrAdd(context.MarketplaceRoot, _files.RealPath), source.Path);

    /// <summary>Opens the manifest of one plugin.</summary>
    /// <param name="source">The folder.</param>
    /// <param name="context">The catalog that names it.</param>
    /// <exception cref="IOException">The folder is missing, is not in the marketplace, or cannot be read.</exception>
    internal PluginFiles Open(LocalSource source, SourceContext context)
    {
        var folder = source.FolderIn(context.MarketplaceRoot);
        var root = _roots.GetOrAdd(context.MarketplaceRoot, _files.RealPath);
        return new PluginFiles(Look(root, source.Path))
        {
            DisplayRoot = folder,
            DefaultName = source.DefaultNameIn(context.MarketplaceRoot),
            Provenance = new FolderProvenance(folder),
        };
    }

    // The folder itself is checked together with its manifest; only a link there needs its own look.
    private ManifestTree Look(string root, RelativePath path) =>
        ManifestTree.TryLook(Place(root, path), _files, environment.Limits)
            ?? ManifestTree.Look(Resolve(root, path), _files);

    private string Place(string root, RelativePath path) => Above(root, path) is { } above ? Path.Join(above, path.Name) : root;

    // Most plugins of a marketplace lie side by side: what is above them is resolved once.
    private string Resolve(string root, RelativePath path)
    {
        if (path.IsRoot)
        {
            return root;
        }

        var folder = Path.Join(Above(root, path)!, path.Name);
        switch (_files.Examine(folder).Kind)
        {
            case FileKind.Directory:
                return folder;
            case FileKind.SymbolicLink:
                var real = _files.RealPath(folder);
                return FolderTree.IsWithin(real, root) && _files.Examine(real).Kind == FileKind.Directory ? real : throw Missing(folder);
            default:
                throw Missing(folder);
        }
    }

    private string? Above(string root, RelativePath path)
    {
        if (path.IsRoot)
        {
            return null;
        }

        var parent = path.Parent;
        return parent.IsRoot ? root : _parents.GetOrAdd((root, parent.Value), _ => Resolve(root, parent));
    }

    private static DirectoryNotFoundException Missing(string folder) => new(folder);
}
