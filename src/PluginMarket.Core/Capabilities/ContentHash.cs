using System.Security.Cryptography;
using PluginMarket.Files;

namespace PluginMarket.Capabilities;

/// <summary>The digests of a tree's files, each file read once.</summary>
/// <param name="tree">The tree.</param>
/// <param name="digests">Digests of its files that were computed already; or null.</param>
internal sealed class ContentHash(FileTree tree, IReadOnlyDictionary<string, string>? digests = null) : IDisposable
{
    private TreeReader? _reader;
    private readonly Dictionary<string, byte[]> _known = new(StringComparer.Ordinal);

    /// <summary>Adds paths and contents of files to a definition.</summary>
    internal DefinitionHash AddTo(DefinitionHash definition, IEnumerable<string> files)
    {
        foreach (var path in files)
        {
            definition.Add(path).Add(Of(path));
        }

        return definition;
    }

    /// <summary>The digest of one file: <c>sha256:</c> and 64 hex digits.</summary>
    internal string Digest(string path) => "sha256:" + Convert.ToHexString(Of(path)).ToLowerInvariant();

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    private byte[] Of(string path)
    {
        if (!_known.TryGetValue(path, out var digest))
        {
            digest = digests?.TryGetValue(path, out var text) == true
                ? Convert.FromHexString(text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1)) : Compute(path);
            _known.Add(path, digest);
        }

        return digest;
    }

    private byte[] Compute(string path)
    {
        using var stream = (_reader ??= tree.OpenReader()).Open(tree.Find(path)!);
        return SHA256.HashData(stream);
    }
}
