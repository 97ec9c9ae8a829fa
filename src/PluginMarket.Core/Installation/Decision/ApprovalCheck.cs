using PluginMarket.Capabilities;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation.Decision;

/// <summary>What an approvals file says of one plugin, whose installed and staged bytes are both compared with it.</summary>
internal sealed class ApprovalCheck(ApprovalFile file, PluginId plugin)
{
    private readonly string _id = plugin.ToString();
    private readonly string _file = DisplayText.Escape(file.Path);

    internal PluginApproval? Approval { get; } = file.Find(plugin);

    /// <summary>Compares.</summary>
    /// <param name="installed">What is installed, or null.</param>
    /// <param name="staged">What the source has, or null where it could not be had.</param>
    /// <param name="snapshotOn">Of when the marketplace's snapshot is, where the source is a part of one.</param>
    internal ApprovalVerdict Judge(InstalledCopy? installed, StagedPlugin? staged, DateTimeOffset? snapshotOn)
    {
        if (Approval is null)
        {
            return ApprovalVerdict.NotListed;
        }

        var isSource = staged?.ReviewedHash == Approval.TreeHash;
        var isInstalled = installed?.IsReviewed(Approval.TreeHash) == true;
        if (!isSource && !isInstalled)
        {
            return snapshotOn < Approval.ApprovedOn ? ApprovalVerdict.SnapshotOlder : ApprovalVerdict.Neither;
        }

        var isDescribed = isSource
            ? IsOf(staged!.Manifest.Version, staged.Capabilities) : IsOf(installed!.ManifestVersion, installed.Capabilities);
        return !isDescribed ? ApprovalVerdict.Misdescribed : isSource && isInstalled ? ApprovalVerdict.Both
            : isSource ? ApprovalVerdict.Source : ApprovalVerdict.Installed;
    }

    /// <summary>The failure of a verdict that refuses.</summary>
    internal PluginMarketException Refuse(ApprovalVerdict verdict, StagedPlugin? staged, DateTimeOffset? snapshotOn, string marketplace) =>
        verdict switch
        {
            ApprovalVerdict.NotListed => new(MarketErrorCode.CapabilityNotAccepted, $"'{_id}' is not approved in '{_file}'. {Remedy.Run(
                Operation.ListUpdates.On(_id), $"review it")}{Remedy.Run(Operation.ApprovePlugin.On(_id), $"approve it")}", _id),
            ApprovalVerdict.Misdescribed => new(
                MarketErrorCode.CapabilityNotAccepted,
                $"The approval of '{_id}' in '{_file}' does not list what the approved files can do: its version or capabilities were "
                    + $"edited. {Remedy.Run(Operation.ApprovePlugin.On(_id), $"approve it again after a review")}",
                _id),
            ApprovalVerdict.SnapshotOlder => new(
                MarketErrorCode.UpdateChangedSinceReview,
                $"'{_id}' is not what was approved in '{_file}', "
                    + $"and the snapshot of marketplace '{marketplace}' ({snapshotOn:yyyy-MM-dd HH:mm:ss} UTC) is older than the approval "
                    + $"({Approval!.ApprovedOn:yyyy-MM-dd HH:mm:ss} UTC). "
                    + $"{Remedy.Run(Operation.UpdatePlugin.On(_id).With(OperationOption.Refresh), $"update the snapshot first")}",
                _id),
            _ => new(
                MarketErrorCode.UpdateChangedSinceReview,
                $"The source of '{_id}' is not what was approved in '{_file}': it has the digest {staged?.ReviewedHash ?? "(none)"}, "
                    + $"not {Approval!.TreeHash}. {Remedy.Run(Operation.ApprovePlugin.On(_id), $"approve it again after a review")}",
                _id),
        };

    private bool IsOf(string? version, IReadOnlyList<Capability> capabilities) => Describes(Approval!, version, capabilities);

    /// <summary>Whether what a reader sees of an approval beside the digest is what the files are.</summary>
    /// <remarks>A folder on Windows cannot tell programs, so a script that is listed may be missing.</remarks>
    internal static bool Describes(PluginApproval approval, string? version, IReadOnlyList<Capability> capabilities)
    {
        var there = CapabilityRecord.Of(capabilities.Where(capability => CapabilityDifference.IsGated(capability.Component))).ToHashSet();
        return (approval.Version is null || approval.Version == Shown(version))
            && there.IsSubsetOf(approval.Capabilities)
            && approval.Capabilities.All(record => record.Component == "Script" || there.Contains(record));
    }

    private static string? Shown(string? version) => version is null ? null : DisplayText.Escape(version);
}
