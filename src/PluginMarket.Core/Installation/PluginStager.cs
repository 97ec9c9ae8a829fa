namespace PluginMarket;

/// <summary>Writes a fetched source into staging as the cache would hold it, and checks the written copy, never the source (design 4 section 2, steps 3 to 5).</summary>
internal sealed class PluginStager(MarketEnvironment environment, InstallRequest request)
{
    internal StagedPlugin Stage(InstallPlanItem item, FetchedSource source, CancellationToken cancellationToken)
    {
        var staged = StagedTree.Create(environment);
        try
        {
            return Fill(staged, item, source, cancellationToken);
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    private StagedPlugin Fill(StagedTree staged, InstallPlanItem item, FetchedSource source, CancellationToken cancellationToken)
    {
        var written = Write(staged, item, source);
        var leftOut = source.LeftOut.Concat(written.LeftOut.Select(left => left.Path)).Order(StringComparer.Ordinal).ToList();
        ReportLeftOut(item, leftOut);
        var replacement = ReplaceLinkedManifest(staged, item, source);
        cancellationToken.ThrowIfCancellationRequested();

        var limits = TreeLimits.Plugin(environment.Limits);
        var tree = staged.Read(limits);
        var reading = ManifestReader.Read(tree, source.DisplayRoot, source.DefaultName, item.Fallback, environment.Limits);
        var manifest = reading.Manifest ?? throw Refuse(item, reading.Problem!);
        var folder = Check(item, manifest, source);
        var files = new List<ReceiptFile>();
        var treeHash = TreeDigest.Compute(
            tree,
            entry => entry.Path != replacement?.Path,
            (entry, hash) => files.Add(new ReceiptFile(entry.Path, hash, (source.Files.Find(entry.Path) ?? entry).Executable)));
        var capabilities = CapabilityReader.Read(tree, manifest);
        var generated = AddGenerated(staged, tree, manifest, reading.GeneratedManifest, replacement);
        cancellationToken.ThrowIfCancellationRequested();
        staged.Sync();
        return new StagedPlugin
        {
            Tree = staged,
            Manifest = manifest,
            ManifestFolder = folder,
            TreeHash = treeHash,
            ContentHash = generated.Changed ? TreeDigest.Compute(staged.Read(limits)) : treeHash,
            Generated = generated.Files,
            Files = [.. files.Where(file => file.Path != replacement?.Path && !IsRemoved(file, manifest))],
            RemovedFiles = [.. files.Where(file => IsRemoved(file, manifest)).Select(file => file.Path)],
            Capabilities = capabilities,
            LeftOut = leftOut,
            Origin = source,
        };
    }

    private TreeWriteResult Write(StagedTree staged, InstallPlanItem item, FetchedSource source)
    {
        try
        {
            return staged.Write(source.Files, TreeWriteOptions.Plugin(environment.Limits));
        }
        catch (PluginMarketException failure) when (failure.Code is MarketErrorCode.NameInvalid or MarketErrorCode.PathEscapesRoot or MarketErrorCode.LimitExceeded)
        {
            throw new PluginMarketException(failure.Code, $"'{item.Id}' cannot be installed: {failure.Message}", item.Id.ToString(), failure) { File = failure.Target };
        }
    }

    private void ReportLeftOut(InstallPlanItem item, List<string> leftOut)
    {
        if (leftOut.Count == 0)
        {
            return;
        }

        var list = string.Join(", ", leftOut.Take(5)) + (leftOut.Count > 5 ? $" and {leftOut.Count - 5} more" : "");
        if (request.Strict)
        {
            throw new PluginMarketException(MarketErrorCode.PathEscapesRoot, $"'{item.Id}' holds links, nested repositories or devices, which never enter the cache: {list}. Install it without -Strict to leave them out.", item.Id.ToString());
        }

        environment.Log.Warn($"{item.Id}: left out, because links, nested repositories and devices never enter the cache: {list}.");
    }

    // Something that is no regular file in the manifest's place ends Codex's search. Of a link it then says that there is no manifest,
    // and the entry's own takes the place of whatever stands behind it (contract 2.1, 1.8); anything else it refuses.
    private GeneratedFile? ReplaceLinkedManifest(StagedTree staged, InstallPlanItem item, FetchedSource source)
    {
        if (ManifestReader.FindObstacle(source.Files, source.DisplayRoot, environment.Limits) is not { } obstacle)
        {
            return null;
        }

        if (item.Fallback is not { } fallback || source.Files.Find(obstacle) is not { Kind: TreeEntryKind.SymbolicLink })
        {
            throw new PluginMarketException(
                MarketErrorCode.ManifestInvalid,
                $"'{item.Id}' cannot be installed: '{DisplayText.Escape(obstacle)}' is a link or not what it must be. Make it a regular file in a real folder.",
                item.Id.ToString())
            {
                File = obstacle,
            };
        }

        environment.Log.Warn($"{item.Id}: '{DisplayText.Escape(obstacle)}' is a link, so the catalog's entry serves as the manifest, as with Codex.");
        var file = fallback.ToFile();
        var path = RelativePath.Parse(file.Path);
        if (environment.Files.Kind(path.UnderRoot(staged.TreePath)) == FileKind.File)
        {
            environment.Files.DeleteFile(path.UnderRoot(staged.TreePath));
        }

        staged.TryAddFile(path, file.Content);
        return file;
    }

    private static PluginMarketException Refuse(InstallPlanItem item, ManifestProblem problem) =>
        new(problem.Code, $"'{item.Id}' cannot be installed: {(problem.Line is { } line ? FormattableString.Invariant($"{problem.File}({line},{problem.Column}): ") : "")}{problem.Message}", item.Id.ToString()) { File = problem.File, Line = problem.Line, Column = problem.Column };

    private PluginVersion Check(InstallPlanItem item, PluginManifest manifest, FetchedSource source)
    {
        var id = item.Id.ToString();
        if (!string.Equals(manifest.Name, item.Id.Plugin.Value, StringComparison.Ordinal))
        {
            throw new PluginMarketException(
                MarketErrorCode.ManifestNameMismatch,
                $"The manifest of '{id}' names the plugin '{DisplayText.Escape(manifest.Name)}'; catalog and manifest must agree. Ask the owner of the catalog.",
                id);
        }

        if (!PluginVersion.TryParse(manifest.InstallVersion, out var version, out var problem))
        {
            throw new PluginMarketException(MarketErrorCode.ManifestInvalid, $"'{id}' cannot be installed: {problem}", id);
        }

        if (NameRules.FindPortabilityProblem(version.Value) is { } unsafeName)
        {
            throw new PluginMarketException(MarketErrorCode.NameInvalid, $"'{id}' cannot be installed: its version '{version}' {unsafeName}.", id);
        }

        if (request.Version is { } wanted && !string.Equals(manifest.Version ?? PluginVersion.Local.Value, wanted.Value, StringComparison.Ordinal))
        {
            throw new PluginMarketException(
                MarketErrorCode.VersionNotFound,
                $"The source of '{id}' holds version {(manifest.Version is null ? "(none)" : DisplayText.Escape(manifest.Version))}, not {wanted}. {(source.PackageVersion is null ? "Name a ref or commit that holds it with -Ref or -Sha" : "Which version of the package is taken stands in the catalog's entry")}.",
                id);
        }

        return version;
    }

    private static bool IsRemoved(ReceiptFile file, PluginManifest manifest) =>
        manifest.Dialect != "Agent" && file.Path.StartsWith(MigratedCommands.Folder + "/", StringComparison.Ordinal);

    // Codex empties the folder of migrated commands at every install, so what a source ships there never reaches the cache.
    private (IReadOnlyList<GeneratedFile> Files, bool Changed) AddGenerated(StagedTree staged, FolderTree tree, PluginManifest manifest, GeneratedFile? generatedManifest, GeneratedFile? replacement)
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
