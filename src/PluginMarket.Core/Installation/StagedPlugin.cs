namespace PluginMarket;

/// <summary>A plugin as it would lie in the cache: written, read back, checked and measured, but not yet visible to anybody.</summary>
internal sealed class StagedPlugin : IDisposable
{
    internal required StagedTree Tree { get; init; }

    internal required PluginManifest Manifest { get; init; }

    /// <summary>The folder name of contract 3.3: the manifest's version, else <c>local</c>.</summary>
    internal required PluginVersion ManifestFolder { get; init; }

    /// <summary>The digest of the source tree.</summary>
    internal required string TreeHash { get; init; }

    /// <summary>The digest of everything that would lie in the cache, generated files included.</summary>
    internal required string ContentHash { get; init; }

    internal required IReadOnlyList<GeneratedFile> Generated { get; init; }

    /// <summary>The source's files that lie in the cache, and those that count in the digest but do not.</summary>
    internal required IReadOnlyList<ReceiptFile> Files { get; init; }

    internal required IReadOnlyList<string> RemovedFiles { get; init; }

    internal required IReadOnlyList<Capability> Capabilities { get; init; }

    internal required IReadOnlyList<string> LeftOut { get; init; }

    internal required FetchedSource Origin { get; init; }

    /// <summary>Whether the branch it was taken from no longer leads to the commit that is installed; null where that was not asked or could not be told.</summary>
    internal bool? IsHistoryRewritten { get; set; }

    public void Dispose() => Tree.Dispose();
}

/// <summary>The files of one source, and what is known of where they came from.</summary>
/// <param name="Files">The plugin's own tree.</param>
/// <param name="DisplayRoot">What its root is called in messages.</param>
/// <param name="DefaultName">The name of a manifest without one.</param>
/// <param name="Location">The folder, the URL without user information, or the name of the npm package.</param>
/// <param name="Path">The folder in the repository, or null.</param>
/// <param name="Ref">The branch, tag or commit asked for.</param>
/// <param name="Commit">The full commit, or null for a source without commits.</param>
/// <param name="Engine">The git engine, or null for a source without git.</param>
/// <param name="LeftOut">Entries that reading left out already.</param>
internal sealed record FetchedSource(
    FileTree Files,
    string DisplayRoot,
    string DefaultName,
    string Location,
    string? Path,
    string? Ref,
    string? Commit,
    string? Engine,
    IReadOnlyList<string> LeftOut)
{
    /// <summary>The URL of the git marketplace that the files are a part of, without user information; null for every other source.</summary>
    internal string? CatalogUrl { get; init; }

    /// <summary>The folder of <see cref="Files"/> in that marketplace, links resolved; null for its root.</summary>
    internal string? CatalogPath { get; init; }

    /// <summary>The version, tarball digest and stated registry of an npm package; null for every other source.</summary>
    internal string? PackageVersion { get; init; }

    internal string? Integrity { get; init; }

    internal string? Registry { get; init; }
}
