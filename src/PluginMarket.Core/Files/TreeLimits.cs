namespace PluginMarket.Files;

/// <summary>The caps that hold for one kind of tree.</summary>
/// <param name="SegmentBytes">UTF-8 bytes of one name.</param>
/// <param name="PathBytes">UTF-8 bytes of one path below the root.</param>
/// <param name="Depth">Levels of names in one path.</param>
/// <param name="Files">Entries of each kind.</param>
/// <param name="FileBytes">Bytes of one file.</param>
/// <param name="TotalBytes">Bytes of all files.</param>
internal sealed record TreeLimits(int SegmentBytes, int PathBytes, int Depth, int Files, long FileBytes, long TotalBytes)
{
    /// <summary>The caps of one plugin's tree.</summary>
    public static TreeLimits Plugin(Limits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new TreeLimits(limits.SegmentBytes, limits.PathBytes, limits.Depth, limits.PluginFiles,
            limits.FileBytes, limits.PluginBytes);
    }

    /// <summary>The caps of one marketplace's tree: a plugin's caps on names hold below a few folders of the catalog's own.</summary>
    public static TreeLimits Marketplace(Limits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new TreeLimits(limits.SegmentBytes, limits.PathBytes * 2, limits.Depth * 2, limits.MarketplaceFiles,
            limits.MarketplaceBytes, limits.MarketplaceBytes);
    }
}
