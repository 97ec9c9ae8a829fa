using System.Globalization;

namespace PluginMarket;

/// <summary>The sentence of each reason code.</summary>
internal sealed class ReasonText(InstallPlanItem item)
{
    internal string Of(string code, PluginVersion? before, PluginVersion? now, string? commit, Hold? hold) => code switch
    {
        ReasonCode.UpdateAvailable => "Its source has other bytes. Use Update-Plugin, or -Reinstall, to take them.",
        ReasonCode.ChangedOutsideReview => "Another program put the bytes of its source there, and nobody has accepted what they can do. Use Update-Plugin, or -Reinstall, to accept them.",
        ReasonCode.Held => $"It is held{(hold?.Note is null ? "" : $" ({hold.Note})")}.",
        ReasonCode.FolderRenamed => $"Its cache folder was renamed from '{before}' to '{now}'; no byte changed.",
        ReasonCode.ProvenanceRecorded => "Its bytes were there already; where they come from is recorded now.",
        ReasonCode.CommitMoved => $"Its bytes did not change; they come from commit {commit ?? "(none)"} now.",
        ReasonCode.Enabled => "It was turned on.",
        ReasonCode.Disabled => "It was turned off.",
        ReasonCode.LeftDisabled => "It is turned off and was left so. Use -Enable to turn it on.",
        ReasonCode.NotRefreshed => string.Create(
            CultureInfo.InvariantCulture,
            $"Compared with the snapshot of marketplace '{item.Id.Marketplace}' of {item.Catalog?.SnapshotOn:yyyy-MM-dd HH:mm:ss} UTC. Use -Refresh to ask its source."),
        ReasonCode.NoLongerListed => $"The catalog of marketplace '{item.Id.Marketplace}' does not list it any more, so it has no source to compare with.",
        _ => code,
    };
}
