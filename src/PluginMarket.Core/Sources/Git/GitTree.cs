namespace PluginMarket;

/// <summary>The files of one commit, read from the store of a <see cref="GitStore"/>; usable until that is disposed.</summary>
public sealed class GitTree : FileTree
{
    internal GitTree(string commit)
    {
        Commit = commit;
    }

    /// <summary>The commit, full id.</summary>
    public string Commit { get; }

    /// <summary>Entries of the wanted part that were left out because of their names (<c>.git</c> and the like, or not UTF-8), escaped.</summary>
    public IReadOnlyList<string> LeftOut => throw new NotImplementedException();

    /// <inheritdoc/>
    public override IReadOnlyList<TreeEntry> Entries => throw new NotImplementedException();

    /// <inheritdoc/>
    public override Stream Open(TreeEntry entry) => throw new NotImplementedException();
}
