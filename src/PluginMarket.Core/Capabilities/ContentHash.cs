using System.Security.Cryptography;
using PluginMarket.Files;

namespace PluginMarket.Capabilities;

/// <summary>The digests of a tree's files, each file read once.</summary>
internal sealed class ContentHash(FileTree tree)
{
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

    private byte[] Of(string path)
    {
        if (!_known.TryGetValue(path, out var digest))
        {
            using var stream = tree.Open(tree.Find(path)!);
            digest = SHA256.HashData(stream);
            _known.Add(path, digest);
        }

        return digest;
    }
}
