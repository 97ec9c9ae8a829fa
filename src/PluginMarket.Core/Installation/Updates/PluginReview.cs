using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;

namespace PluginMarket.Installation.Updates;

/// <summary>Checks what a source has now, and makes the approval of exactly that.</summary>
internal sealed class PluginReview
{
    private readonly MarketEnvironment _environment;

    /// <summary>Works with the catalogs of one home; nothing is installed.</summary>
    public PluginReview(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Approves what the source of a plugin contains now, or, where the reference carries the digest of what was
    /// reviewed, that and nothing else.</summary>
    /// <param name="reference">The plugin; a bare name must fit one entry.</param>
    /// <param name="note">Why, or null.</param>
    /// <param name="git">How git may be used.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.UpdateChangedSinceReview"/>, and every failure of finding,
    /// fetching and checking a plugin.</exception>
    public async Task<PluginApproval> ApproveAsync(PluginReference reference, string? note = null, GitOptions? git = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var request = new InstallRequest { References = [reference], Git = git ?? GitOptions.Default };
        var item = new InstallPlanner(_environment, request).Resolve(reference);
        var run = new InstallRun(_environment, request, [item], isReading: true);
        await using (run.ConfigureAwait(false))
        {
            using var staged = await run.StageAsync(item, cancellationToken).ConfigureAwait(false);
            InstallItem.DemandReviewed(item, staged);
            if (new InstallPolicy(_environment, request).JudgeApproved(item, staged).RefusalAt(PolicyStage.Publish) is { } refusal)
            {
                _environment.Log.Warn($"{refusal} The approval does not change that.");
            }

            return new PluginApproval
            {
                Name = item.Id.Plugin.Value,
                Marketplace = item.Id.Marketplace.Value,
                Version = staged.Manifest.Version,
                TreeHash = staged.ReviewedHash,
                Commit = staged.Origin.Provenance.OwnCommit ?? item.Catalog?.Commit,
                Capabilities =
                    [.. CapabilityRecord.Of(staged.Capabilities.Where(capability => CapabilityDifference.IsGated(capability.Component)))],
                ApprovedBy = Origin.UserName,
                ApprovedOn = _environment.Time.GetUtcNow(),
                Note = note is null ? null : DisplayText.Escape(note),
            };
        }
    }

    /// <summary>Writes an approval into a file, and into the history of the home that it was given in.</summary>
    /// <param name="path">The file, absolute; made where it is missing.</param>
    /// <param name="approval">The approval.</param>
    /// <param name="cancellationToken">Stops waiting for the file's turn.</param>
    /// <exception cref="PluginMarketException">As for <see cref="ApprovalFile.AddAsync"/>.</exception>
    public async Task<bool> WriteAsync(string path, PluginApproval approval, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(approval);
        if (!await ApprovalFile.AddAsync(_environment, path, approval, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        // A build machine may approve without a home, or beside one that it cannot write.
        if (AgentHome.Open(_environment).Exists)
        {
            try
            {
                using var held = await _environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
                _environment.Home.Note(HistoryRecord.Of(PluginId.Parse(approval.Id), "Approve", approval.ApprovedOn, null, null) with
                {
                    ManifestVersion = approval.Version,
                    TreeHash = approval.TreeHash,
                    Commit = approval.Commit,
                    Note = approval.Note ?? DisplayText.Escape(path),
                });
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
            {
                _environment.Log.Warn($"The approval is written, but the history of '{_environment.CodexHome}' is not: {problem}");
            }
        }

        return true;
    }

    /// <summary>Finds the entry that a plugin's folder is the source of, in the catalog of the folder around it.</summary>
    /// <param name="folder">The folder, absolute.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.PluginNotFound"/>, and what is wrong with the
    /// catalog.</exception>
    public PluginReference FindEntryOf(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var reader = new MarketplaceCatalogReader(_environment);
        for (var root = Path.TrimEndingDirectorySeparator(folder); !string.IsNullOrEmpty(root); root = Path.GetDirectoryName(root))
        {
            if (reader.FindCatalog(root) is null)
            {
                continue;
            }

            var catalog = reader.Read(root, false);
            var entry = catalog.Entries.FirstOrDefault(entry => entry is { IsListed: true, ValidName: not null, Source: LocalSource local }
                && string.Equals(Path.TrimEndingDirectorySeparator(local.FolderIn(catalog.Root)),
                    Path.TrimEndingDirectorySeparator(folder), LocalPaths.Comparison));
            if (entry is not null && catalog.ValidName is { } marketplace)
            {
                return new PluginReference { Name = entry.ValidName!, Marketplace = marketplace, CatalogPath = catalog.CatalogPath };
            }
        }

        var shown = DisplayText.Escape(folder);
        throw new PluginMarketException(MarketErrorCode.PluginNotFound, $"No catalog above '{shown}' lists that folder as the source of a "
            + $"plugin. {Remedy.Do($"Add the folder to a catalog first: an approval names plugin and marketplace.")}", shown);
    }
}
