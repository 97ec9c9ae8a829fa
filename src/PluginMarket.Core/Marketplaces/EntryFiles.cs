namespace PluginMarket;

/// <summary>The files of a catalog entry that lies in its marketplace's own folder.</summary>
public static class EntryFiles
{
    /// <summary>The folder of a local entry, absolute, links not resolved.</summary>
    public static string FolderOf(MarketplaceCatalog catalog, LocalSource source) => source.Path.UnderRoot(catalog.Root);

    /// <summary>The name a manifest without one gets: the folder's (contract 2.2).</summary>
    public static string DefaultName(MarketplaceCatalog catalog, LocalSource source) => Path.GetFileName(FolderOf(catalog, source));

    /// <summary>Walks a local entry's folder.</summary>
    /// <remarks>The folder may be a link whose target lies inside the marketplace (promise 8). What snapshots add to a root of their own is left out.</remarks>
    /// <exception cref="PluginMarketException">SourceUnreachable for a missing folder, PathEscapesRoot, LimitExceeded.</exception>
    public static FileTree Read(MarketEnvironment environment, MarketplaceCatalog catalog, LocalSource source)
    {
        var folder = FolderOf(catalog, source);
        try
        {
            var tree = FolderTree.Read(folder, environment.Files, TreeLimits.Plugin(environment.Limits), within: catalog.Root);
            return source.Path.IsRoot && tree.HasFile(SnapshotMetadata.FileName) ? new WithoutMetadata(tree) : tree;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PluginMarketException(
                MarketErrorCode.SourceUnreachable,
                $"The plugin's folder '{DisplayText.Escape(folder)}' cannot be read: {DisplayText.Escape(problem.Message)}",
                folder,
                problem);
        }
    }

    private sealed class WithoutMetadata(FileTree tree) : FileTree
    {
        public override IReadOnlyList<TreeEntry> Entries { get; } = [.. tree.Entries.Where(entry => entry.Path != SnapshotMetadata.FileName)];

        public override Stream Open(TreeEntry entry) => tree.Open(entry);

        public override string ReadLink(TreeEntry entry) => tree.ReadLink(entry);
    }
}
