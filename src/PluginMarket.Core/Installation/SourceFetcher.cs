namespace PluginMarket;

/// <summary>Brings the files of a plan item within reach: a folder of its marketplace, a commit of a repository, or a package of npm.</summary>
internal sealed class SourceFetcher(MarketEnvironment environment, InstallRequest request, GitStore? git, NpmStore? npm)
{
    /// <summary>Codex clones a repository into a folder whose name is made up, so that a manifest without a name never fits.</summary>
    private const string CloneName = "plugin-source";

    /// <summary>And it reads a package in the folder that npm's tarballs have.</summary>
    private const string PackageName = "package";

    /// <summary>Tells the store what will be asked for, so that one fetch serves every plugin of a repository.</summary>
    internal void Announce(InstallPlanItem item)
    {
        switch (item.FetchedFrom)
        {
            case GitSource source:
                git!.Announce(source.Url, TreeSelection.All);
                break;
            case GitSubdirectorySource source:
                git!.Announce(source.Url, TreeSelection.Below(source.Path));
                break;
        }
    }

    /// <exception cref="PluginMarketException">What kept the files away; the plugin is its target, but for a home that cannot take them.</exception>
    internal async Task<FetchedSource> FetchAsync(InstallPlanItem item, CancellationToken cancellationToken)
    {
        var id = item.Id.ToString();
        try
        {
            return await FetchFromAsync(item, cancellationToken).ConfigureAwait(false);
        }
        catch (PluginMarketException failure) when (failure.Target != id && failure.Code is not (MarketErrorCode.DiskFull or MarketErrorCode.HomeNotWritable))
        {
            throw new PluginMarketException(failure.Code, $"The files of '{id}' could not be fetched: {failure.Message}", id, failure) { File = failure.File, Line = failure.Line, Column = failure.Column };
        }
    }

    private Task<FetchedSource> FetchFromAsync(InstallPlanItem item, CancellationToken cancellationToken) => item.FetchedFrom switch
    {
        LocalSource local => FetchFolderAsync(item, local, cancellationToken),
        GitSource source => FetchGitAsync(item, source.Url, RelativePath.Root, source.Ref, source.Sha, cancellationToken),
        GitSubdirectorySource source => FetchGitAsync(item, source.Url, source.Path, source.Ref, source.Sha, cancellationToken),
        NpmSource source => FetchNpmAsync(item, source, cancellationToken),
        _ => throw new PluginMarketException(MarketErrorCode.SourceNotSupported, $"'{item.Id}' has a source that cannot be installed.", item.Id.ToString()),
    };

    private async Task<FetchedSource> FetchFolderAsync(InstallPlanItem item, LocalSource source, CancellationToken cancellationToken)
    {
        var folder = ReadFolder(item, source);
        if (folder.CatalogUrl is null || item.CatalogCommit is not { } commit || !CommittedFolder.IsAt(environment, item.SourceRoot))
        {
            return folder;
        }

        var path = folder.CatalogPath is null ? RelativePath.Root : RelativePath.Parse(folder.CatalogPath);
        if (await CommittedFolder.FindAsync(environment, git!, item.SourceRoot, commit, path, item.Id.ToString(), "What is recorded is the folder.", cancellationToken).ConfigureAwait(false) is { } committed)
        {
            return folder with { Files = committed.Files, LeftOut = LeftOut(committed.Repository, path) };
        }

        return folder with { CatalogUrl = null, CatalogPath = null };
    }

    private FetchedSource ReadFolder(InstallPlanItem item, LocalSource source)
    {
        var root = item.SourceRoot;
        var folder = source.Path.UnderRoot(root);
        try
        {
            var tree = FolderTree.Read(folder, environment.Files, environment.Limits, within: root);
            return new FetchedSource(tree, folder, source.Path.IsRoot ? Path.GetFileName(root) : source.Path.Name, folder, null, null, null, null, [])
            {
                CatalogUrl = item.IsFromCatalog ? CatalogUrlOf(item.Marketplace.Location) : null,
                CatalogPath = tree.Root == environment.Files.RealPath(root) ? null : Path.GetRelativePath(environment.Files.RealPath(root), tree.Root).Replace('\\', '/'),
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(
                MarketErrorCode.SourceUnreachable,
                $"The folder of '{item.Id}' cannot be read: {DisplayText.Escape(problem.Message).TrimEnd('.')}. Update the marketplace, or ask its owner.",
                item.Id.ToString(),
                problem)
            { File = folder };
        }
    }

    private async Task<FetchedSource> FetchGitAsync(InstallPlanItem item, GitUrl url, RelativePath path, string? reference, string? sha, CancellationToken cancellationToken)
    {
        if ((request.Ref ?? request.Sha) is not null)
        {
            (reference, sha) = (request.Ref, request.Sha);
        }

        var origin = OriginOf(item);
        var revision = await git!.ResolveAsync(url, reference, sha, origin, cancellationToken).ConfigureAwait(false);
        var repository = await git!.FetchAsync(url, revision.Commit, TreeSelection.Below(path), origin, cancellationToken).ConfigureAwait(false);
        var tree = repository.Subtree(path);
        if (!tree.Entries.Any())
        {
            throw new PluginMarketException(
                MarketErrorCode.SourceUnreachable,
                $"Commit {revision.Commit} of {url} has no folder '{DisplayText.Escape(path.Value)}', from which '{item.Id}' is to come. Ask the owner of the catalog.",
                item.Id.ToString());
        }

        return new FetchedSource(
            tree,
            path.IsRoot ? url.ToString() : $"{url} {DisplayText.Escape(path.Value)}",
            path.IsRoot ? CloneName : path.Name,
            url.ToString(),
            path.IsRoot ? null : path.Value,
            sha ?? reference,
            revision.Commit,
            git.Engine,
            LeftOut(repository, path))
        {
            // A relative URL of the catalog means the snapshot itself, which is of the same commit (contract 3.8).
            CatalogUrl = item.IsFromCatalog && url.IsMarketplaceFolder && url.Value == item.Marketplace.Catalog.Root ? CatalogUrlOf(item.Marketplace.Location) : null,
            CatalogPath = path.IsRoot ? null : path.Value,
        };
    }

    private static string[] LeftOut(GitTree repository, RelativePath path)
    {
        var prefix = path.IsRoot ? "" : path.Value + "/";
        return [.. repository.LeftOut.Where(left => left.StartsWith(prefix, StringComparison.Ordinal)).Select(left => left[prefix.Length..])];
    }

    private async Task<FetchedSource> FetchNpmAsync(InstallPlanItem item, NpmSource source, CancellationToken cancellationToken)
    {
        var package = await npm!.FetchAsync(source, OriginOf(item), cancellationToken).ConfigureAwait(false);
        return new FetchedSource(package.Files, source.Description, PackageName, source.Package, null, null, null, null, [])
        {
            PackageVersion = package.Version,
            Integrity = package.Integrity,
            Registry = source.Registry,
        };
    }

    // Whoever names a lock file vouches for what it names.
    private static SourceOrigin OriginOf(InstallPlanItem item) => item.Pinned is null ? OriginOf(item.Marketplace.Location) : SourceOrigin.User;

    private static string? CatalogUrlOf(MarketplaceLocation location) => location is { IsSnapshot: true, Source: GitMarketplaceSource { Url: var url } } ? url.ToString() : null;

    /// <summary>Who named the source: decides which hosts and folders it may name (design 4 C4, C5).</summary>
    internal static SourceOrigin OriginOf(MarketplaceLocation location) => location switch
    {
        { Source: GitMarketplaceSource { Url: var url } } => url.IsFile ? SourceOrigin.LocalCatalog : url.IsPrivate ? SourceOrigin.PrivateCatalog : SourceOrigin.PublicCatalog,
        { IsRemote: true } => SourceOrigin.PublicCatalog,
        _ => SourceOrigin.LocalCatalog,
    };
}
