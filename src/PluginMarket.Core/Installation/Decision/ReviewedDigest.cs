using System.Text;
using PluginMarket.Files;
using PluginMarket.Manifests;
using PluginMarket.Records;

namespace PluginMarket.Installation.Decision;

/// <summary>The digest that a review or an approval names: it covers everything that decides what gets installed.</summary>
internal static class ReviewedDigest
{
    /// <summary>The tree's own digest; where the manifest is made from the catalog's entry, one over both.</summary>
    /// <param name="treeHash">The digest of the source tree.</param>
    /// <param name="manifestHash">The digest of the generated manifest, or null for a plugin with one of its own.</param>
    internal static string Of(string treeHash, string? manifestHash) =>
        manifestHash is null
            ? treeHash : TreeDigest.OfBytes(Encoding.UTF8.GetBytes($"{treeHash}\n{FallbackManifest.ManifestPath}\n{manifestHash}\n"));

    internal static string Of(string treeHash, IEnumerable<ReceiptFile> generated) =>
        Of(treeHash, generated.FirstOrDefault(file => file.Path == FallbackManifest.ManifestPath)?.Hash);
}
