using PluginMarket.Files;
using PluginMarket.Installation.Decision;
using PluginMarket.Manifests;
using PluginMarket.Records;
using PluginMarket.Sources;

namespace PluginMarket.Installation;

/// <summary>A plugin as it would be in the cache: written, read back, checked and measured, but not yet visible to anybody.</summary>
internal sealed class StagedPlugin : IDisposable
{
    internal required StagedTree Tree { get; init; }

    internal required PluginManifest Manifest { get; init; }

    /// <summary>The folder name of contract 3.3: the manifest's version, else <c>local</c>.</summary>
    internal required PluginVersion ManifestFolder { get; init; }

    /// <summary>The digest of the source tree.</summary>
    internal required string TreeHash { get; init; }

    /// <summary>The digest that a review or an approval names.</summary>
    internal string ReviewedHash => ReviewedDigest.Of(
        TreeHash,
        Generated.FirstOrDefault(file => file.Path == FallbackManifest.ManifestPath) is { } manifest
            ? TreeDigest.OfBytes(manifest.Content) : null);

    /// <summary>The digest of everything that would be in the cache, generated files included.</summary>
    internal required string ContentHash { get; init; }

    internal required IReadOnlyList<GeneratedFile> Generated { get; init; }

    /// <summary>The source's files that are in the cache, and those that count in the digest but do not.</summary>
    internal required IReadOnlyList<ReceiptFile> Files { get; init; }

    internal required IReadOnlyList<string> RemovedFiles { get; init; }

    internal required IReadOnlyList<Capability> Capabilities { get; init; }

    /// <summary>What of the source is not in the tree, and what is there in another form than its author has it.</summary>
    internal required IReadOnlyList<string> LeftOut { get; init; }

    internal required PluginFiles Origin { get; init; }

    /// <summary>The state of the source and of the staged folder; null where nothing tells it.</summary>
    internal required string? SourceStamp { get; init; }

    /// <inheritdoc cref="SourceStamp"/>
    internal required string? FolderStamp { get; init; }

    /// <summary>Whether the branch it was taken from no longer leads to the commit that is installed; null where that was
    /// not asked or could not be told.</summary>
    internal bool? IsHistoryRewritten { get; set; }

    public void Dispose() => Tree.Dispose();
}
