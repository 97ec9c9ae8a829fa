using System.Text;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Messages;

namespace PluginMarket.Records;

/// <summary>One cached tree beside its receipt, its lock entry, or both.</summary>
/// <param name="tree">The tree as it is.</param>
/// <param name="record">The receipt, where it is of the bytes demanded.</param>
/// <param name="locked">The lock's entry, or null.</param>
/// <param name="generate">What installing would generate from this tree now.</param>
internal sealed class TreeComparison(FolderTree tree, Receipt? record, PluginLockEntry? locked, Func<IReadOnlyList<GeneratedFile>> generate)
{
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, string>> _renderings = new(
        () => generate().ToDictionary(file => file.Path, file => TreeDigest.OfBytes(file.Content), StringComparer.Ordinal));

    // The mark of programs exists only there.
    private static readonly bool HasExecutableMark = !OperatingSystem.IsWindows();

    /// <summary>The digest of the tree without generated files, after <see cref="Run"/>.</summary>
    internal string? TreeHash { get; private set; }

    internal void Run(IntegrityFindings findings)
    {
        var generated = Generated();
        TreeHash = TreeDigest.Compute(tree, entry => !generated.ContainsKey(entry.Path), (entry, hash) => _hashes[entry.Path] = hash);
        CompareGenerated(generated, findings);
        if (record?.Files is { } files)
        {
            CompareFiles(files, generated, findings);
        }

        CompareExecutables(findings);
        foreach (var other in tree.Entries.Where(
            entry => entry.Kind is not (TreeEntryKind.File or TreeEntryKind.Directory) && !findings.Modified.Contains(entry.Path)))
        {
            findings.Unexpected.Add(other.Path);
        }

        var expected = locked?.TreeHash ?? record!.TreeHash;
        if (TreeHash != expected && !findings.AnyFile && !IsReduced)
        {
            findings.Reasons.Add(record?.Files is null
                ? (Message)$"Its files have the digest {TreeHash}, not {expected}; which of them differ is not recorded."
                : $"Its receipt is at odds with itself: the files it names have the digest {TreeHash}, not {expected}.");
        }
    }

    // Files of the source that installing took out count in the digest, but are not here to be read.
    private bool IsReduced => record is { RemovedFiles.Count: > 0, Files: not null };

    /// <summary>Paths that are not of the source, each with its recorded digest; null where only the rendering tells it.</summary>
    private Dictionary<string, string?> Generated()
    {
        var generated = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (record is not null)
        {
            // An edited receipt may name a file twice.
            foreach (var file in record.GeneratedFiles)
            {
                generated[file.Path] = file.Hash;
            }

            return generated;
        }

        generated = tree.Files.Where(IsMigrated).ToDictionary(file => file.Path, string? (_) => null, StringComparer.Ordinal);
        if (locked?.GeneratedManifest is { } manifest)
        {
            generated[FallbackManifest.ManifestPath] = TreeDigest.OfBytes(Encoding.UTF8.GetBytes(manifest));
        }

        return generated;
    }

    private void CompareGenerated(Dictionary<string, string?> generated, IntegrityFindings findings)
    {
        foreach (var (path, hash) in generated)
        {
            if (tree.Find(path) is not { } entry)
            {
                findings.Missing.Add(path);
            }
            else if (entry.Kind != TreeEntryKind.File
                || (_hashes[path] != hash && _renderings.Value.GetValueOrDefault(path) != _hashes[path]))
            {
                (hash is null ? findings.Unexpected : findings.Modified).Add(path);
            }
        }
    }

    private void CompareFiles(IReadOnlyList<ReceiptFile> files, Dictionary<string, string?> generated, IntegrityFindings findings)
    {
        foreach (var file in files)
        {
            if (tree.Find(file.Path) is not { } entry)
            {
                findings.Missing.Add(file.Path);
            }
            else if (entry.Kind != TreeEntryKind.File || _hashes[file.Path] != file.Hash
                || (HasExecutableMark && entry.Executable != file.Executable))
            {
                findings.Modified.Add(file.Path);
            }
        }

        var known = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in tree.Files.Where(entry => !known.Contains(entry.Path) && !generated.ContainsKey(entry.Path)))
        {
            if (!IsMigrated(entry) || _renderings.Value.GetValueOrDefault(entry.Path) != _hashes[entry.Path])
            {
                findings.Unexpected.Add(entry.Path);
            }
        }
    }

    private void CompareExecutables(IntegrityFindings findings)
    {
        if (locked is not null && HasExecutableMark)
        {
            var marked = tree.Files.Where(file => file.Executable).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
            marked.SymmetricExceptWith(locked.ExecutableFiles);
            findings.Modified.UnionWith(marked.Where(tree.HasFile));
        }
    }

    private static bool IsMigrated(TreeEntry entry) => entry.Path.StartsWith(MigratedCommands.Folder + "/", StringComparison.Ordinal);
}
