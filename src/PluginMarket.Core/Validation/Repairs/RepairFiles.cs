using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources.Local;

namespace PluginMarket.Validation.Repairs;

/// <summary>What can be repaired at some paths.</summary>
/// <param name="Repairs">One for each file, its path absolute.</param>
/// <param name="Checked">How many plugins and catalogs were read.</param>
/// <param name="Failures">What could not be read.</param>
internal sealed record RepairListing(IReadOnlyList<FileRepair> Repairs, int Checked, IReadOnlyList<PluginMarketException> Failures);

/// <summary>Repairs the mechanical faults of plugins and catalogs in folders: plan, then write file by file.</summary>
internal sealed class RepairFiles(MarketEnvironment environment)
{
    private readonly MarketplaceCatalogReader _reader = new(environment);

    /// <summary>Finds what to do at the request's paths; changes nothing.</summary>
    internal RepairListing Plan(ValidationRequest request, CancellationToken cancellation = default)
    {
        var repairs = new SortedDictionary<string, FileRepair>(StringComparer.Ordinal);
        var failures = new List<PluginMarketException>();
        var read = 0;
        foreach (var path in request.Paths)
        {
            try
            {
                DemandOutsideOfHome(path);
                foreach (var place in Places(path, request))
                {
                    cancellation.ThrowIfCancellationRequested();
                    var found = place();
                    read += found is null ? 0 : 1;
                    foreach (var repair in found ?? [])
                    {
                        repairs[repair.Path] = repair;
                    }
                }
            }
            catch (Exception failure) when (failure is PluginMarketException or IOException or UnauthorizedAccessException)
            {
                failures.Add(failure as PluginMarketException ?? new PluginMarketException(MarketErrorCode.SourceUnreachable,
                    $"{failure} {Remedy.Do($"Check that you can read it.")}", path, failure));
            }
        }

        return new RepairListing([.. repairs.Values], read, failures);
    }

    /// <summary>Writes one file; all of it or nothing.</summary>
    /// <exception cref="PluginMarketException">SourceChanged where the file is another one by now; DiskFull, HomeNotWritable.</exception>
    internal ManifestRepair Apply(FileRepair repair)
    {
        if (!repair.After.AsSpan().SequenceEqual(repair.Before) && !AtomicFile.Write(environment.Files, repair.Path, repair.After,
            confirm: () => environment.Files.ReadAllBytes(repair.Path, int.MaxValue).AsSpan().SequenceEqual(repair.Before)))
        {
            throw new PluginMarketException(MarketErrorCode.SourceChanged,
                $"'{repair.Path}' was changed by another program. {Remedy.Do($"Run the command again.")}", repair.Path);
        }

        if (repair.IsMarked && !OperatingSystem.IsWindows())
        {
            // Whoever may read it may run it, as with chmod +x under the usual mask.
            var mode = environment.Files.Examine(repair.Path).Mode;
            environment.Files.SetMode(repair.Path, mode | (UnixFileMode)(((int)mode & 0x124) >> 2));
        }

        return Describe(repair, "Repaired");
    }

    /// <summary>What writing the file would come to.</summary>
    internal static ManifestRepair Preview(FileRepair repair) => Describe(repair, "WhatIf");

    private static ManifestRepair Describe(FileRepair repair, string status) => new()
    {
        Path = DisplayText.Escape(repair.Path),
        Status = status,
        Edits = [.. repair.Edits],
        ComputerName = Origin.ComputerName,
    };

    private IEnumerable<Func<IReadOnlyList<FileRepair>?>> Places(string path, ValidationRequest request)
    {
        var isFolder = environment.Files.Kind(FolderWalk.RealPath(environment, path)) == FileKind.Directory;
        if (isFolder ? request.Recurse || _reader.FindCatalog(path) is not null : MarketplaceCatalogReader.RootOf(path) is not null)
        {
            foreach (var root in new MarketplacePlaces(environment, request).Find(path))
            {
                yield return () => RepairCatalog(root);
            }
        }

        var plugins = new PluginPlaces(environment, request, new CheckedCatalogs(environment, RepairedText));
        if (isFolder ? request.Recurse || plugins.IsPlugin(path) : MarketplaceCatalogReader.RootOf(path) is null)
        {
            foreach (var place in plugins.Find(path))
            {
                yield return () => RepairPlugin(place);
            }
        }
    }

    // A plugin that only the repaired catalog lists is repaired too, so that a second run finds nothing.
    private byte[]? RepairedText(string catalogPath) =>
        MarketplaceCatalogReader.RootOf(catalogPath) is { } root && RepairCatalog(root) is [var repair] && repair.Path == catalogPath
            ? repair.After : null;

    private List<FileRepair>? RepairCatalog(string root)
    {
        // A link is not followed: it may point to a file of somebody else.
        if (_reader.FindCatalog(root) is not { } path || environment.Files.Kind(path) != FileKind.File)
        {
            return null;
        }

        var before = environment.Files.ReadAllBytes(path, environment.Limits.CatalogBytes);
        var isCursor = Path.GetFileName(Path.GetDirectoryName(path)) == ".cursor-plugin";
        var edits = JsonRepairs.Find(before, isCursor ? RepairedFile.CursorCatalog : RepairedFile.Catalog,
            place => environment.Files.Kind(LocalPaths.Join(root, place)) == FileKind.Directory, environment.Limits);
        return edits.Count == 0 ? [] : [new FileRepair(path, before).With(edits)];
    }

    private List<FileRepair>? RepairPlugin(PluginPlace place)
    {
        var limits = TreeLimits.Plugin(environment.Limits) with { SegmentBytes = int.MaxValue, PathBytes = int.MaxValue };
        if (place.Entry is not { } listed)
        {
            return Absolute(place.Folder, PluginRepairs.Find(FolderTree.Read(place.Folder, environment.Files, limits), place.Folder,
                Path.GetFileName(place.Folder), null, environment.Limits));
        }

        if (environment.Files.Kind(place.Folder) != FileKind.Directory)
        {
            return null;
        }

        var files = new LocalFetcher(environment).Open(listed.Source, listed.Context, limits);
        return Absolute(place.Folder, PluginRepairs.Find(files.Tree, files.DisplayRoot, files.DefaultName, listed.Entry.Fallback,
            environment.Limits));
    }

    private static List<FileRepair>? Absolute(string folder, IReadOnlyList<FileRepair>? repairs) =>
        repairs?.Select(repair => repair with { Path = LocalPaths.Join(folder, repair.Path) }).ToList();

    private void DemandOutsideOfHome(string path)
    {
        if (FolderTree.IsWithin(FolderWalk.RealPath(environment, path), environment.CodexHome))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{path}' is in the Codex home, whose files are copies. "
                + $"{Remedy.Do($"Repair the files in the folder or repository that they come from.")}", path);
        }
    }
}
