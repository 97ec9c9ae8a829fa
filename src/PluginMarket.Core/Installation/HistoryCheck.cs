using PluginMarket.Records;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;

namespace PluginMarket.Installation;

/// <summary>Whether the branch that a plugin was taken from still leads to the commit that is installed (threat G4).</summary>
internal sealed class HistoryCheck(MarketEnvironment environment, InstallRequest request, Func<GitStore> git)
{
    /// <summary>True where the installed commit is not an ancestor of what the same branch leads to now; null where there is nothing to
    /// compare, or it cannot be told.</summary>
    /// <param name="item">The plugin.</param>
    /// <param name="source">What was fetched.</param>
    /// <param name="treeHash">The digest of that: bytes that did not change are not worth a question.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    internal async Task<bool?> IsRewrittenAsync(InstallPlanItem item, PluginFiles source, string treeHash,
        CancellationToken cancellationToken)
    {
        if (!item.Intent.MayReplace || item.Catalog is not { } catalog || item.Pinned is not null
            || !environment.Home.Receipts.TryFind(item.Id, out var receipt, out _) || receipt.TreeHash == treeHash
            || Question(catalog, source, receipt) is not var (url, older, newer, origin) || older == newer)
        {
            return null;
        }

        try
        {
            return !await git().IsAncestorAsync(url, older, newer, origin, cancellationToken).ConfigureAwait(false);
        }
        catch (PluginMarketException failure)
        {
            environment.Log.Warn($"{item.Id}: cannot determine whether its history was rewritten: {failure}");
            return null;
        }
    }

    // What a lock or a repair fetched from the marketplace's repository names its commit as one of its own.
    private static string? CommitOf(Receipt receipt, GitUrl root) => receipt.Provenance switch
    {
        FolderProvenance => receipt.CatalogCommit,
        CommitProvenance own when own.Url == root.ToString() => own.Commit,
        _ => null,
    };

    // Only a branch can be rewritten. Whoever names another tag or commit says himself what is to be there.
    private (GitUrl Url, string Older, string Newer, SourceOrigin Origin)? Question(CatalogOrigin catalog, PluginFiles source,
        Receipt receipt)
    {
        var location = catalog.Marketplace.Location;
        if (catalog.Entry.Source is LocalSource)
        {
            return location is { IsSnapshot: true, Source: GitMarketplaceSource { Url: var root, Ref: var branch } }
                && !GitReference.IsFullId(branch ?? "")
                && CommitOf(receipt, root) is { } old && catalog.Commit is { } current
                ? (root, old, current, SourceOrigin.User)
                : null;
        }

        return catalog.Entry.Source?.Repository is { Url: var url } && request.Revision is (null, null)
            && receipt.Provenance is CommitProvenance { Commit: var older } then
            && source.Provenance is CommitProvenance { Commit: var newer } now && then.Ref == now.Ref && then.Url == now.Url
            && !GitReference.IsFullId(now.Ref ?? "")
            ? (url, older, newer, location.Origin)
            : null;
    }
}
