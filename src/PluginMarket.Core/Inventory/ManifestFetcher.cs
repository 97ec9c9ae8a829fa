using System.Collections.Concurrent;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;

namespace PluginMarket.Inventory;

/// <summary>Opens only the manifests of plugins that lie in their marketplace's own folder; for many
/// plugins, from several threads.</summary>
internal sealed class ManifestFetcher(MarketEnvironment environment)
{
    private readonly FileOps _files = environment.Home.SourceFiles;
    private readonly ConcurrentDictionary<string, string> _roots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Root, string Folder), string> _parents = new();

    /// <summary>Opens the manifest of one plugin.</summary>
    /// <param name="source">The folder.</param>
    /// <param name="context">The catalog that names it.</param>
    /// <exception cref="IOException">The folder is missing, is not in the marketplace, or cannot be read.</exception>
    internal PluginFiles Open(LocalSource source, SourceContext context)
    {
        var folder = source.FolderIn(context.MarketplaceRoot);
        var root = _roots.GetOrAdd(context.MarketplaceRoot, _files.RealPath);
        return new PluginFiles(ManifestTree.Look(Resolve(root, source.Path), _files))
        {
            DisplayRoot = folder,
            DefaultName = source.DefaultNameIn(context.MarketplaceRoot),
            Provenance = new FolderProvenance(folder),
        };
    }

    // Most plugins of a marketplace lie side by side: what is above them is resolved once.
    private string Resolve(string root, RelativePath path)
    {
        if (path.IsRoot)
        {
            return root;
        }

        var above = path.Parent.IsRoot ? root : _parents.GetOrAdd((root, path.Parent.Value), _ => Resolve(root, path.Parent));
        var folder = Path.Join(above, path.Name);
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

    private static DirectoryNotFoundException Missing(string folder) => new(folder);
}
