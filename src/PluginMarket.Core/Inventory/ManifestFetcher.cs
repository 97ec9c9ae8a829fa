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
    private readonly ConcurrentDictionary<string, Parent> _parents = new(StringComparer.Ordinal);
    private Parent? _last;

    /// <summary>The folder that the plugin's own folder is in, every link on the way there resolved.</summary>
    /// <exception cref="IOException">It is missing, is not in the marketplace, or cannot be read.</exception>
    internal string? FolderAbove(LocalSource source, SourceContext context) =>
        Above(_roots.GetOrAdd(context.MarketplaceRoot, _files.RealPath), source.Path);

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

        if (path.Segments.Count == 1)
        {
            return root;
        }

        if (_last is { } last && last.IsOf(root, path))
        {
            return last.Place;
        }

        var parent = path.Parent;
        var key = LocalPaths.Join(root, parent.Value);
        return (_last = _parents.TryGetValue(key, out var known) ? known
            : _parents[key] = new Parent(root, parent.Value, Resolve(root, parent))).Place;
    }

    private sealed record Parent(string Root, string Folder, string Place)
    {
        internal bool IsOf(string root, RelativePath path) => root == Root && path.Value.Length == Folder.Length + 1 + path.Name.Length
            && path.Value.StartsWith(Folder, StringComparison.Ordinal);
    }

    private static DirectoryNotFoundException Missing(string folder) => new(folder);
}
