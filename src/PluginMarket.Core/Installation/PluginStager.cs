using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Installation;

/// <summary>Writes a fetched source into staging as the cache would hold it, and checks the written copy, never the source
/// (docs/reliability.md, steps 3 to 5).</summary>
internal sealed class PluginStager(MarketEnvironment environment, InstallRequest request)
{
    /// <summary>Whether the caller waits until what was written is on the disk.</summary>
    internal bool IsSavedLater { get; init; }

    /// <param name="item">The plugin.</param>
    /// <param name="source">Its files.</param>
    /// <param name="opened">When they were opened, or before.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    internal StagedPlugin Stage(InstallPlanItem item, PluginFiles source, DateTimeOffset opened, CancellationToken cancellationToken)
    {
        var staged = StagedTree.Create(environment, IsSavedLater);
        try
        {
            return Fill(staged, item, source, opened, cancellationToken);
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    private StagedPlugin Fill(StagedTree staged, InstallPlanItem item, PluginFiles source, DateTimeOffset opened,
        CancellationToken cancellationToken)
    {
        var admission = new PluginAdmission(item.Id.ToString(), item.Id.Plugin.Value, item.Origin.Fallback, environment.Limits);
        admission.DemandName(source);
        var written = Write(staged, admission, source);
        var replacement = ReplaceLinkedManifest(staged, item, admission.FindObstacle(source));
        cancellationToken.ThrowIfCancellationRequested();

        var limits = TreeLimits.Plugin(environment.Limits);
        var tree = staged.Read(limits);
        var leftOut = ReportLeftOut(item, [.. source.NotInTree.Concat(written.LeftOut).Select(left => left.Path)], LfsPointers.Find(tree));
        var reading = ManifestReader.Read(tree, source.DisplayRoot, source.DefaultName, item.Origin.Fallback, environment.Limits);
        var folder = admission.DemandVersion(reading, source);
        var manifest = reading.GetManifest();
        DemandVersion(item, manifest, source);
        var files = new List<ReceiptFile>();
        var treeHash = TreeDigest.Compute(
            tree,
            entry => entry.Path != replacement?.Path,
            (entry, hash) => files.Add(new ReceiptFile(entry.Path, hash, (source.Tree.Find(entry.Path) ?? entry).Executable)));
        var capabilities = CapabilityReader.Read(tree, manifest,
            files.ToDictionary(file => file.Path, file => file.Hash, StringComparer.Ordinal));
        var generated = AddGenerated(staged, tree, manifest, reading.GeneratedManifest, replacement);
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsSavedLater)
        {
            staged.Sync();
        }

        var whole = generated.Changed ? staged.Read(limits) : tree;
        return new StagedPlugin
        {
            Tree = staged,
            Manifest = manifest,
            ManifestFolder = folder,
            TreeHash = treeHash,
            ContentHash = generated.Changed ? TreeDigest.Compute(whole) : treeHash,
            Generated = generated.Files,
            Files = [.. files.Where(file => file.Path != replacement?.Path && !IsRemoved(file, manifest))],
            RemovedFiles = [.. files.Where(file => IsRemoved(file, manifest)).Select(file => file.Path)],
            Capabilities = capabilities,
            LeftOut = leftOut,
            Origin = source,

            // Whoever installs again is told again what is left out.
            SourceStamp = leftOut.Length > 0 ? null
                : UnchangedPlugin.StampOf(environment, item, new SourceState(source.Provenance, source.Folder).StampToRecord(opened)),
            FolderStamp = FolderStamp.OfOwn(whole),
        };
    }

    private TreeWriteResult Write(StagedTree staged, PluginAdmission admission, PluginFiles source)
    {
        try
        {
            return staged.Write(source.Tree, TreeWriteOptions.Plugin(environment.Limits));
        }
        catch (PluginMarketException failure) when (failure.Code is MarketErrorCode.NameInvalid or MarketErrorCode.PathEscapesRoot
            or MarketErrorCode.LimitExceeded)
        {
            throw admission.Refuse(failure);
        }
    }

    private string[] ReportLeftOut(InstallPlanItem item, IReadOnlyList<string> leftOut, IReadOnlyList<string> pointers)
    {
        string[] all = [.. leftOut.Concat(pointers.Select(DisplayText.Escape)).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
        if (request.Strict && all.Length > 0)
        {
            throw new PluginMarketException(
                MarketErrorCode.PathEscapesRoot,
                $"'{item.Id}' contains links, nested repositories, devices, pointers of Git LFS or names that are not UTF-8, "
                    + $"which are not copied: {Few(all)}. {Remedy.Do($"Remove {OperationOption.Strict} to install it without them.")}",
                item.Id.ToString());
        }

        if (leftOut.Count > 0)
        {
            environment.Log.Warn($"{item.Id}: left out, because links, nested repositories, "
                + $"devices and names that are not UTF-8 are not copied: {Few(leftOut)}.");
        }

        if (pointers.Count > 0)
        {
            environment.Log.Warn(
                $"{item.Id}: installed as pointers of Git LFS, because their files are not fetched: {Few([.. pointers])}.");
        }

        return all;
    }

    private static string Few(IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Take(5)) + (paths.Count > 5 ? $" and {paths.Count - 5} more" : "");

    private GeneratedFile? ReplaceLinkedManifest(StagedTree staged, InstallPlanItem item, string? obstacle)
    {
        if (obstacle is null)
        {
            return null;
        }

        environment.Log.Warn($"{item.Id}: '{obstacle}' is a link, so the catalog's entry is used as the manifest, as in Codex.");
        var file = item.Origin.Fallback!.ToFile();
        var path = RelativePath.Parse(file.Path);
        if (environment.Files.Kind(path.UnderRoot(staged.TreePath)) == FileKind.File)
        {
            environment.Files.DeleteFile(path.UnderRoot(staged.TreePath));
        }

        staged.TryAddFile(path, file.Content);
        return file;
    }

    private void DemandVersion(InstallPlanItem item, PluginManifest manifest, PluginFiles source)
    {
        var install = request.Intent as InstallIntent.Install;
        var isOther = install?.Version is { } exact
            && !string.Equals(manifest.Version ?? PluginVersion.Local.Value, exact.Value, StringComparison.Ordinal);
        if (isOther || install?.Range?.Contains(manifest.Version) == false)
        {
            var wanted = install!.Version?.Value ?? install.Range!.Text;
            throw new PluginMarketException(
                MarketErrorCode.VersionNotFound,
                $"The source of '{item.Id}' has version {(manifest.Version is null ? "(none)" : manifest.Version)}, not {wanted}. "
                    + $"{AdviceFor(source.Provenance)}",
                item.Id.ToString());
        }
    }

    private static Remedy AdviceFor(Provenance provenance) => provenance switch
    {
        PackageProvenance => Remedy.Do($"Use the version of the package that the catalog's entry names."),
        FolderProvenance => Remedy.Do($"Use the version that the folder has."),
        _ => Remedy.Use(OperationOption.Ref, $"name a branch, tag or commit that has it"),
    };

    private static bool IsRemoved(ReceiptFile file, PluginManifest manifest) =>
        manifest.Dialect != "Agent" && file.Path.StartsWith(MigratedCommands.Folder + "/", StringComparison.Ordinal);

    // Codex empties the folder of migrated commands at every install, so what a source ships there never reaches the cache.
    private (IReadOnlyList<GeneratedFile> Files, bool Changed) AddGenerated(StagedTree staged, FolderTree tree, PluginManifest manifest,
        GeneratedFile? generatedManifest, GeneratedFile? replacement)
    {
        var changed = false;
        if (manifest.Dialect != "Agent" && tree.Find(MigratedCommands.Folder) is { Kind: TreeEntryKind.Directory })
        {
            environment.Files.DeleteTreeNoFollow(RelativePath.Parse(MigratedCommands.Folder).UnderRoot(staged.TreePath));
            changed = true;
        }

        List<GeneratedFile> files = replacement is null ? [] : [replacement];
        var commands = MigratedCommands.Generate(tree, manifest, environment.Limits);
        foreach (var file in generatedManifest is null ? commands : [generatedManifest, .. commands])
        {
            if (staged.TryAddFile(RelativePath.Parse(file.Path), file.Content))
            {
                files.Add(file);
            }
        }

        return ([.. files.OrderBy(file => file.Path, StringComparer.Ordinal)], changed || files.Count > 0);
    }
}
