using PluginMarket.Files;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;

namespace PluginMarket.Showcase;

/// <summary>Writes marketplaces as one page of HTML that loads nothing from anywhere.</summary>
internal sealed class DirectoryExporter
{
    private readonly MarketEnvironment _environment;

    /// <summary>Makes the exporter of one home; nothing is touched.</summary>
    public DirectoryExporter(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Reads the marketplaces and writes the page. One that cannot be read is its own failure, named on the page.</summary>
    /// <exception cref="PluginMarketException">SourceInvalid for a path that cannot hold the page;
    /// ConfigInvalid, HomeNotWritable, DiskFull.</exception>
    public async Task<DirectoryExport> ExportAsync(DirectoryExportRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckPath(request.Path);
        var marketplaces = new List<Marketplace>();
        var plugins = new List<Plugin>();
        var failures = new List<PluginMarketException>();
        foreach (var (names, paths) in Selections(request))
        {
            var list = await new MarketplaceRegistry(_environment).ListAsync(new MarketplaceListRequest { Names = names, Paths = paths },
                cancellation).ConfigureAwait(false);
            var find = new PluginFindRequest
            {
                Marketplaces = names,
                Paths = paths,
                IncludeSkipped = true,
                Resolve = request.Resolve,
                Git = request.Git,
            };
            var found = await new PluginQuery(_environment).FindAsync(find, cancellation).ConfigureAwait(false);
            marketplaces.AddRange(list.Marketplaces);
            plugins.AddRange(found.Plugins);
            failures.AddRange(list.Failures);
        }

        if (marketplaces.Count == 0 && failures.Count > 0)
        {
            return new DirectoryExport(null, 0, failures);
        }

        var page = new DirectoryPage(request.Title, _environment.Time.GetUtcNow(), marketplaces, failures);
        var content = await Task.Run(() => page.Write(plugins, new PluginPictures(_environment), cancellation), cancellation)
            .ConfigureAwait(false);
        AtomicFile.Write(_environment.Files, request.Path, content.Span,
            _environment.Files.Kind(request.Path) == FileKind.File ? null : FileOps.SharedFile);
        return new DirectoryExport(request.Path, plugins.Count, failures);
    }

    /// <summary>Fails where <see cref="ExportAsync"/> would for what can be known without fetching and writing anything.</summary>
    /// <returns>What cannot be read of the marketplaces.</returns>
    /// <exception cref="PluginMarketException">As for <see cref="ExportAsync"/>.</exception>
    public async Task<IReadOnlyList<PluginMarketException>> DemandAsync(DirectoryExportRequest request,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckPath(request.Path);
        var failures = new List<PluginMarketException>();
        foreach (var (names, paths) in Selections(request))
        {
            failures.AddRange((await new MarketplaceRegistry(_environment).ListAsync(
                new MarketplaceListRequest { Names = names, Paths = paths }, cancellation).ConfigureAwait(false)).Failures);
        }

        return failures;
    }

    private static IEnumerable<(IReadOnlyList<string> Names, IReadOnlyList<string> Paths)> Selections(DirectoryExportRequest request)
    {
        if (request.CatalogPaths.Count > 0)
        {
            yield return ([], request.CatalogPaths);
        }

        if (request.Marketplaces.Count > 0 || request.CatalogPaths.Count == 0)
        {
            yield return (request.Marketplaces, []);
        }
    }

    private void CheckPath(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (_environment.Files.Kind(path) == FileKind.Directory)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"'{path}' is a folder. {Remedy.Do($"Use the path of a file, such as plugins.html in it.")}", path);
        }

        if (folder is null || !IsFolder(folder))
        {
            throw new PluginMarketException(MarketErrorCode.SourceUnreachable,
                $"The page '{path}' cannot be written: the folder '{folder}' does not exist. "
                    + $"{Remedy.Do($"Choose a path in a folder that exists.")}",
                path)
            {
                IsAboutWriting = true,
            };
        }
    }

    // A link to a folder is a folder to write in.
    private bool IsFolder(string path) => _environment.Files.Kind(path) switch
    {
        FileKind.Directory => true,
        FileKind.SymbolicLink => _environment.Files.Kind(_environment.Files.RealPath(path)) == FileKind.Directory,
        _ => false,
    };
}
