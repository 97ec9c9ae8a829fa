using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation.Decision;

/// <summary>The sentence of each reason code.</summary>
internal sealed class ReasonText(InstallPlanItem item)
{
    internal Message Of(string code, PluginVersion? before, PluginVersion? now, string? commit, Hold? hold) => code switch
    {
        ReasonCode.UpdateAvailable => $"Its source has other bytes than what is installed. "
            + $"{Remedy.Run(Operation.UpdatePlugin.On($"{item.Id}"), $"take them")}",
        ReasonCode.ChangedOutside => $"Its installed files were changed after it was installed; its source has the recorded ones. "
            + $"{Remedy.Run(Operation.RepairPlugin.On($"{item.Id}"), $"put them back")}",
        ReasonCode.ChangedOutsideReview => $"Another program installed the bytes of its source, and no one has accepted what they can do. "
            + $"{Remedy.Run(Operation.UpdatePlugin.On($"{item.Id}"), $"accept them")}",
        ReasonCode.Held => $"It is held{(hold?.Note is null ? "" : $" ({hold.Note})")}.",
        ReasonCode.FolderRenamed => $"Its cache folder was renamed from '{before}' to '{now}'; no byte changed.",
        ReasonCode.ProvenanceRecorded => $"Its bytes were there already; their origin is recorded now.",
        ReasonCode.CommitMoved => $"Its bytes did not change; they come from commit {commit ?? "(none)"} now.",
        ReasonCode.NothingLoaded => $"It contains nothing that Codex loads. "
            + $"{Remedy.Run(Operation.CheckManifest, $"see what Codex ignores")}",
        ReasonCode.Enabled => $"It was enabled.",
        ReasonCode.Disabled => $"It was disabled.",
        ReasonCode.LeftDisabled => $"It is disabled and was left so. {Remedy.Use(OperationOption.Enable, $"turn it on")}",
        ReasonCode.NotRefreshed => (Message)($"Compared with the snapshot of marketplace '{item.Id.Marketplace}' of "
            + $"{item.Catalog?.SnapshotOn:yyyy-MM-dd HH:mm:ss} UTC. ")
            + $"{Remedy.Use(OperationOption.Refresh, $"compare with its source")}",
        ReasonCode.NoLongerListed =>
            $"The catalog of marketplace '{item.Id.Marketplace}' does not list it any more, so it has no source to compare with.",
        _ => $"{code}",
    };
}
