namespace PluginMarket.Files;

/// <summary>Opens many files of one tree, one after the other; to be disposed when they are read.</summary>
/// <param name="tree">The tree.</param>
internal class TreeReader(FileTree tree) : IDisposable
{
    /// <summary>Whether several threads may open files at once.</summary>
    internal virtual bool IsShared => false;

    /// <inheritdoc cref="FileTree.Open"/>
    internal virtual Stream Open(TreeEntry entry) => tree.Open(entry);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what is open.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
