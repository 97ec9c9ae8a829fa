namespace PluginMarket;

/// <summary>Whether a receipt speaks of the bytes of a tree, whatever folder they lie in: Codex's refresh lays them under another version (contract 8).</summary>
internal static class ReceiptMatch
{
    /// <summary>Compares the digest of a tree, without the files that installing added, with the recorded one; reads every file.</summary>
    /// <exception cref="IOException">A file cannot be read or changed its length meanwhile.</exception>
    internal static bool IsOf(Receipt receipt, FileTree tree)
    {
        var generated = receipt.GeneratedFiles.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return TreeDigest.Compute(tree, file => !generated.Contains(file.Path)) == receipt.TreeHash;
    }
}
