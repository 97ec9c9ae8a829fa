using PluginMarket.Files;

namespace PluginMarket.Records;

/// <summary>Whether a receipt speaks of the bytes of a tree, whatever folder they are in: Codex's refresh lays them
/// under another version (contract 8).</summary>
internal static class ReceiptMatch
{
    /// <summary>Compares the digest of a tree, without the files that installing added, with the recorded one; reads every file.</summary>
    /// <exception cref="IOException">A file cannot be read or changed its length in the meantime.</exception>
    internal static bool IsOf(Receipt receipt, FileTree tree)
    {
        var generated = receipt.GeneratedFiles.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (TreeDigest.Compute(tree, file => !generated.Contains(file.Path), (file, hash) => hashes[file.Path] = hash) == receipt.TreeHash)
        {
            return true;
        }

        // The digest counts files of the source that installing took out again: then what is left is compared one by one.
        return receipt is { RemovedFiles.Count: > 0, Files: { } files }
            && hashes.Keys.Count(path => !generated.Contains(path)) == files.Count
            && files.All(file => hashes.GetValueOrDefault(file.Path) == file.Hash);
    }
}
