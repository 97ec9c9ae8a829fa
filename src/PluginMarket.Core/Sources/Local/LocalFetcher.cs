using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources.Local;

/// <summary>Opens plugins that are in their marketplace's own folder.</summary>
internal sealed class LocalFetcher(MarketEnvironment environment)
{
    /// <summary>Opens a folder as it is there; nothing is started and nothing written. What <see cref="OpenAsync"/>
    /// gives may differ in line ends.</summary>
    /// <param name="source">The folder.</param>
    /// <param name="context">The catalog that names it.</param>
    /// <param name="limits">The caps; those of a plugin where null.</param>
    /// <exception cref="PluginMarketException">SourceUnreachable, PathEscapesRoot, LimitExceeded.</exception>
    internal PluginFiles Open(LocalSource source, SourceContext context, TreeLimits? limits = null)
    {
        var root = context.MarketplaceRoot;
        var folder = source.FolderIn(root);
        try
        {
            var tree = environment.Home.ReadSource(folder, limits ?? TreeLimits.Plugin(environment.Limits), root);
            var below = Path.GetRelativePath(tree.Within!, tree.Root).Replace('\\', '/');
            var path = below == "." ? null : below;
            return new PluginFiles(context.Snapshot is not null && path is null ? AuthorTree.Of(tree) : tree, tree)
            {
                DisplayRoot = folder,
                DefaultName = source.DefaultNameIn(root),
                NotInTree = context.Snapshot is { } snapshot ? [.. LeftOutEntry.Below(Folder(path), snapshot.LeftOut)] : [],
                CommittedOn = context.Snapshot?.CommittedOn,
                Provenance = new FolderProvenance(folder)
                {
                    Part = context.Snapshot is { Url: { } url, Commit: { } commit } of ? new MarketplacePart(url.ToString(), path, commit)
                    {
                        SparsePaths = of.Selection.IsWhole(Folder(path)) ? [] : of.SparsePaths,
                    } : null,
                },
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (LeftOutBySparseList(source, context) is { } message)
            {
                throw new PluginMarketException(MarketErrorCode.SourceUnreachable, message, folder, problem) { File = folder };
            }

            throw new PluginMarketException(
                MarketErrorCode.SourceUnreachable,
                $"The plugin's folder '{folder}' cannot be read: {problem}. "
                    + $"{(context.Snapshot is null ? null : Remedy.Run(Operation.UpdateMarketplace, $"update the marketplace"))}"
                    + $"{Remedy.Do($"Ask the owner of the catalog to add the folder.")}",
                folder,
                problem)
            { File = folder };
        }
    }

    /// <summary>Opens a folder; where git checked it out, in the bytes of its commit: on the disk it has the line ends and filters of its
    /// user, which the commit has nowhere.</summary>
    internal async Task<PluginFiles> OpenAsync(LocalSource source, SourceContext context, Func<GitStore> git,
        CancellationToken cancellationToken)
    {
        var folder = Open(source, context);
        if (folder.Provenance.Part is not { } part || !IsCheckedOut(context.MarketplaceRoot))
        {
            return folder;
        }

        return await OpenCommittedAsync(folder, part, context, git, cancellationToken).ConfigureAwait(false)
            ?? new PluginFiles(folder.Tree, folder.Folder)
            {
                DisplayRoot = folder.DisplayRoot,
                DefaultName = folder.DefaultName,
                NotInTree = folder.NotInTree,
                Provenance = folder.Provenance with { Part = null },
            };
    }

    /// <summary>The state of a folder, or of the commit from which <see cref="OpenAsync"/> would take it.</summary>
    /// <inheritdoc cref="Open"/>
    internal SourceState StateOf(LocalSource source, SourceContext context)
    {
        var folder = Open(source, context);
        return new SourceState(folder.Provenance,
            folder.Provenance.Part is not null && IsCheckedOut(context.MarketplaceRoot) ? null : folder.Folder);
    }

    // The list is the user's own: neither an update nor the owner of the marketplace changes what it leaves out.
    private Message? LeftOutBySparseList(LocalSource source, SourceContext context)
    {
        if (context.Snapshot is not { SparsePaths.Count: > 0 } snapshot || snapshot.Selection.IsWhole(source.Path)
            || environment.Files.Kind(source.FolderIn(context.MarketplaceRoot)) != FileKind.Missing)
        {
            return null;
        }

        return $"The folder '{source.Path.Value}' is not in the snapshot of the marketplace, because its sparse list "
            + $"({string.Join(", ", snapshot.SparsePaths)}) leaves it out. {Remedy.Do($"Remove the marketplace, and use "
                + $"{Operation.AddMarketplace.With(OperationOption.Sparse.Of(source.Path.Value))} with the folders that you need, or "
                + $"without a sparse list.")}";
    }

    private async Task<PluginFiles?> OpenCommittedAsync(PluginFiles folder, MarketplacePart part, SourceContext context, Func<GitStore> git,
        CancellationToken cancellationToken)
    {
        var shown = DisplayText.Escape(folder.DisplayRoot);
        try
        {
            var selection = context.Snapshot!.Selection;
            var repository = await git().OpenAsync(Path.Join(context.MarketplaceRoot, ".git"), part.Commit, selection, cancellationToken)
                .ConfigureAwait(false);
            var (tree, notInTree) = GitFetcher.Part(repository, Folder(part.Path));
            if (tree.Entries.Any())
            {
                return new PluginFiles(tree)
                {
                    DisplayRoot = folder.DisplayRoot,
                    DefaultName = folder.DefaultName,
                    NotInTree = notInTree,
                    Provenance = folder.Provenance,
                };
            }

            environment.Log.Warn($"'{shown}' is not in the commit {part.Commit} of its marketplace. Its files are read from the folder.");
        }
        catch (PluginMarketException problem) when (problem.Code is MarketErrorCode.HomeNotWritable or MarketErrorCode.HomeWritableByOthers
            or MarketErrorCode.DiskFull)
        {
            // Whoever only checks a plugin need not write anything.
            environment.Log.Detail($"'{shown}' is read from its folder: {problem}");
        }
        catch (PluginMarketException problem)
        {
            environment.Log.Warn($"'{shown}' could not be compared with the commit {part.Commit} of its marketplace: "
                + $"{problem} Its files are read from the folder.");
        }

        return null;
    }

    private bool IsCheckedOut(string root) => environment.Files.Kind(Path.Join(root, ".git")) == FileKind.Directory;

    private static RelativePath Folder(string? path) => path is null ? RelativePath.Root : RelativePath.OfTreeEntry(path);
}
