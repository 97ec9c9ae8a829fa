using PluginMarket.Files;
using PluginMarket.Sources.Git;

namespace PluginMarket.Sources;

/// <summary>The catalog that names a source: what it may name, and where its relative paths start. Made once for each
/// marketplace, from its location.</summary>
/// <param name="MarketplaceRoot">The absolute folder that relative paths and URLs start from.</param>
/// <param name="Origin">Who wrote the catalog, as far as it decides which hosts and folders it may name.</param>
internal sealed record SourceContext(string MarketplaceRoot, SourceOrigin Origin)
{
    /// <summary>Whether the catalog came over the network; such a catalog may not name paths of this machine (contract 8).</summary>
    public bool IsFromNetwork => Origin.IsNetwork();

    /// <summary>Whether a local path may do without <c>./</c>, as in Cursor's catalogs (contract 1.5).</summary>
    public bool AllowsBarePaths { get; init; }

    /// <summary>What the root is a snapshot of; null where it is not a snapshot.</summary>
    internal SnapshotState? Snapshot { get; init; }

    /// <summary>The context of a lock file or a receipt: whoever names it vouches for what it names.</summary>
    internal static SourceContext OfRecord(string root) => new(root, SourceOrigin.User);
}

/// <summary>What is known of a snapshot of a git marketplace.</summary>
/// <param name="Url">Its repository; null where that is not known.</param>
/// <param name="Commit">The full commit; null where that is not known.</param>
/// <param name="SparsePaths">The sparse paths; empty for all.</param>
/// <param name="LeftOut">Paths of the commit that the snapshot does not have.</param>
internal sealed record SnapshotState(GitUrl? Url, string? Commit, IReadOnlyList<string> SparsePaths, IReadOnlyList<LeftOutEntry> LeftOut)
{
    /// <summary>The file that records in the snapshot's root what it is of. It is not the author's.</summary>
    internal const string RecordName = ".codex-marketplace-install.json";

    /// <summary>When the author of the commit says that it was made; null where the snapshot does not record it.</summary>
    internal DateTimeOffset? CommittedOn { get; init; }

    /// <summary>A snapshot of which only that is known.</summary>
    internal static SnapshotState Unknown { get; } = new(null, null, [], []);

    /// <summary>The files of the commit that the snapshot has.</summary>
    internal TreeSelection Selection => TreeSelection.OfSparsePaths(SparsePaths);
}
