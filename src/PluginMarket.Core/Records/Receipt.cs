using PluginMarket.Sources;

namespace PluginMarket.Records;

/// <summary>What is known of one installed plugin: written when it is installed, outside its tree (docs/security.md).</summary>
/// <remarks>A record, not evidence: the account that owns the home can write it. Texts are raw; no URL
/// in it carries user information.</remarks>
internal sealed record Receipt
{
    /// <summary>The plugin.</summary>
    public required PluginId Id { get; init; }

    /// <summary>The folder name in the cache.</summary>
    public required PluginVersion Version { get; init; }

    /// <summary>The manifest's own version, or null where it has none.</summary>
    public string? ManifestVersion { get; init; }

    /// <summary><c>local</c>, <c>git</c>, <c>git-subdir</c> or <c>npm</c>.</summary>
    public required string SourceType { get; init; }

    /// <summary>Where the files came from; as a part of a git marketplace, what leads to the same bytes on any machine.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>The full commit the files came from: their own, or else that of the marketplace's snapshot; null where neither is
    /// known.</summary>
    public string? AnyCommit => Provenance.OwnCommit ?? CatalogCommit;

    /// <summary>When the author of the commit says that it was made; null where that was not known.</summary>
    public DateTimeOffset? CommittedOn { get; init; }

    /// <summary>The digest of the source tree, without generated files.</summary>
    public required string TreeHash { get; init; }

    /// <summary>Files that installing added to the tree, sorted by path.</summary>
    public IReadOnlyList<ReceiptFile> GeneratedFiles { get; init; } = [];

    /// <summary>The source's own files as they are in the cache, sorted by path; null where an older version
    /// of this tool wrote the receipt.</summary>
    public IReadOnlyList<ReceiptFile>? Files { get; init; }

    /// <summary>Files of the source that count in <see cref="TreeHash"/> and that installing took out again, as
    /// Codex does (contract 2.8), sorted.</summary>
    public IReadOnlyList<string> RemovedFiles { get; init; } = [];

    /// <summary>When it was installed, in UTC.</summary>
    public required DateTimeOffset InstalledOn { get; init; }

    /// <summary>The account that installed it.</summary>
    public required string InstalledBy { get; init; }

    /// <summary>The version of this tool that installed it.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The git engine used, or null for a local source.</summary>
    public string? Engine { get; init; }

    /// <summary>The commit of the marketplace's snapshot at that time, where it was known.</summary>
    public string? CatalogCommit { get; init; }

    /// <summary>The state of the source that the files were taken from: where it is the same, so are they. Null where nothing
    /// tells it.</summary>
    public string? SourceStamp { get; init; }

    /// <summary>The state of the folder in the cache right after the files came into it; null where nothing tells it.</summary>
    public string? FolderStamp { get; init; }

    /// <summary>What the tree could do when it was installed, or null in a receipt of a version that did not record it.</summary>
    public IReadOnlyList<CapabilityRecord>? Capabilities { get; init; }
}

/// <summary>One file and the digest of its bytes.</summary>
/// <param name="Path">The path in the plugin, <c>/</c> separated.</param>
/// <param name="Hash"><c>sha256:</c> and 64 hex digits.</param>
/// <param name="Executable">Whether its source marks it as a program.</param>
internal sealed record ReceiptFile(string Path, string Hash, bool Executable = false);
