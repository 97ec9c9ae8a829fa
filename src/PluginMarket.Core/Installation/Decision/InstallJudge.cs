namespace PluginMarket.Installation.Decision;

/// <summary>Decides what becomes of one plugin. Pure: facts in, decision out.
/// <c>InstallDecisionTests</c> has the table of all of them.</summary>
internal static class InstallJudge
{
    internal static InstallDecision Decide(InstallFacts facts)
    {
        if (facts.Intent is InstallIntent.Update or InstallIntent.RestoreLock { OnlyInstalled: true } && !facts.IsInstalled)
        {
            return new InstallDecision.Refuse(MarketErrorCode.PluginNotInstalled);
        }

        if (facts.Approval is { } verdict && OfApproval(facts, verdict) is { } settled)
        {
            return settled;
        }

        if (facts.Staged is not { } staged)
        {
            return new InstallDecision.Refuse(MarketErrorCode.SourceUnreachable);
        }

        if (facts.Installed is not { } installed)
        {
            return Publish(facts, staged, "Installed");
        }

        return installed.Bytes == BytesMatch.Different ? Replace(facts, installed, staged) : Keep(facts, installed, staged);
    }

    // The file alone decides, and it decides about what is installed: that it approves nothing of a plugin is an answer too.
    private static InstallDecision? OfApproval(InstallFacts facts, ApprovalVerdict verdict) => verdict switch
    {
        ApprovalVerdict.NotListed => new InstallDecision.Refuse(MarketErrorCode.CapabilityNotAccepted),
        ApprovalVerdict.SnapshotOlder => new InstallDecision.Refuse(MarketErrorCode.UpdateChangedSinceReview, ReasonCode.NotRefreshed),
        ApprovalVerdict.Neither => new InstallDecision.Refuse(MarketErrorCode.UpdateChangedSinceReview),
        ApprovalVerdict.Misdescribed => new InstallDecision.Refuse(MarketErrorCode.CapabilityNotAccepted),
        ApprovalVerdict.Installed when facts.Intent is InstallIntent.RestoreLock or InstallIntent.Repair =>
            new InstallDecision.Refuse(MarketErrorCode.UpdateChangedSinceReview),
        ApprovalVerdict.Installed => Finish(facts, [], []),
        ApprovalVerdict.Both when facts.Staged is null => Finish(facts, [], []),
        _ => null,
    };

    private static InstallDecision Replace(InstallFacts facts, InstalledFacts installed, StagedFacts staged)
    {
        // Files without a key are not installed: an earlier run was killed before it turned them on, or somebody removed the key.
        if (facts.Enabled is null && facts.Intent is not InstallIntent.Repair)
        {
            return facts.IsHeld ? OfHold(facts) : Publish(facts, staged, "Installed");
        }

        if (!facts.Intent.MayReplace && !facts.IsPromised)
        {
            // What differs is named: the source from what is recorded, or the installed files from it.
            return new InstallDecision.Skip(installed is { IsChangedOutside: true, Record: not (RecordState.Stale or RecordState.Missing) }
                ? ReasonCode.ChangedOutside : ReasonCode.UpdateAvailable);
        }

        // What somebody changed is not a version to come back to.
        return Gate(facts, staged) ?? Publish(facts, staged, "Updated", keep: facts.Intent is not InstallIntent.Repair);
    }

    private static InstallDecision Keep(InstallFacts facts, InstalledFacts installed, StagedFacts staged)
    {
        var isPinned = facts.Intent is InstallIntent.RestoreLock or InstallIntent.Repair;
        if (installed.IsChangedOutside && facts.IsInstalled && !isPinned
            && (facts.Intent is InstallIntent.Update || staged.BringsCapability))
        {
            return TakeOver(facts, installed, staged);
        }

        if (facts.Intent is InstallIntent.Repair repair)
        {
            return repair.FilesDiffer
                ? Publish(facts, staged, "Updated")
                : Finish(facts, [new InstallStep.Record()], [ReasonCode.ProvenanceRecorded]);
        }

        var steps = FolderSteps(facts, installed, staged);
        if (installed.Bytes == BytesMatch.SameSource && (steps.Count > 0 || facts.Intent.IsReinstall))
        {
            return facts.IsHeld ? OfHold(facts) : Publish(facts, staged, facts.IsInstalled ? "Updated" : "Installed");
        }

        return Finish(facts, steps, Notes(facts, installed, steps));
    }

    // The bytes came in without us, as by Codex's refresh: a record of them would say that somebody had accepted them.
    private static InstallDecision TakeOver(InstallFacts facts, InstalledFacts installed, StagedFacts staged)
    {
        if (!facts.Intent.MayReplace && !facts.IsPromised)
        {
            return new InstallDecision.Skip(ReasonCode.ChangedOutsideReview);
        }

        var moves = FolderSteps(facts, installed, staged).Where(step => step is not InstallStep.Record);
        return Gate(facts, staged) ?? Finish(facts, [.. moves, new InstallStep.Record()], [ReasonCode.ProvenanceRecorded]);
    }

    // What has to hold before other bytes count as decided: no hold, no way back without a message, nothing new that nobody accepted.
    private static InstallDecision? Gate(InstallFacts facts, StagedFacts staged)
    {
        // A repair brings back what is held.
        if (facts.IsHeld && facts.Intent is not InstallIntent.Repair)
        {
            return OfHold(facts);
        }

        if (staged.IsDowngrade || staged.IsHistoryRewritten)
        {
            return new InstallDecision.Refuse(MarketErrorCode.DowngradeRefused);
        }

        return staged.HasUnaccepted ? new InstallDecision.Refuse(MarketErrorCode.CapabilityNotAccepted) : null;
    }

    // A hold is a state that somebody chose: only who names the plugin is told that it is in the way.
    private static InstallDecision OfHold(InstallFacts facts) =>
        facts.IsNamed ? new InstallDecision.Refuse(MarketErrorCode.PluginHeld) : new InstallDecision.Skip(ReasonCode.Held);

    private static List<InstallStep> FolderSteps(InstallFacts facts, InstalledFacts installed, StagedFacts staged)
    {
        var steps = new List<InstallStep>();
        var mayMove = facts.Intent is not InstallIntent.Install || facts.Intent.IsReinstall || facts.IsPromised;
        if (installed.Folder != staged.Folder && mayMove && !facts.IsHeld)
        {
            steps.Add(new InstallStep.MoveFolder(staged.Folder));
        }
        else if (installed.HasOtherVersions)
        {
            steps.Add(new InstallStep.RemoveOthers());
        }

        if (steps is [InstallStep.MoveFolder, ..] || NeedsRecord(facts, installed))
        {
            steps.Add(new InstallStep.Record());
        }

        return steps;
    }

    private static bool NeedsRecord(InstallFacts facts, InstalledFacts installed) => installed.Record switch
    {
        _ when facts.Enabled is null => true,
        RecordState.Stale => true,
        RecordState.OtherCommit => facts.Intent is not InstallIntent.Install || facts.Intent.IsReinstall,
        RecordState.OtherSource or RecordState.Missing => facts.Intent.IsReinstall || facts.Intent is InstallIntent.RestoreLock,
        _ => false,
    };

    private static List<string> Notes(InstallFacts facts, InstalledFacts installed, List<InstallStep> steps)
    {
        var notes = new List<string>();
        if (steps.Exists(step => step is InstallStep.MoveFolder))
        {
            notes.Add(ReasonCode.FolderRenamed);
        }

        if (facts.IsInstalled && NeedsRecord(facts, installed) && installed.Record != RecordState.Stale)
        {
            var isMoved = installed.Record == RecordState.OtherCommit && facts.Intent is not InstallIntent.RestoreLock;
            notes.Add(isMoved ? ReasonCode.CommitMoved : ReasonCode.ProvenanceRecorded);
        }

        return notes;
    }

    private static InstallDecision.Do Publish(InstallFacts facts, StagedFacts staged, string status, bool keep = false) =>
        Finish(facts, [new InstallStep.Publish(staged.Folder, keep), new InstallStep.Record()], [], status);

    // The configuration is written last. On or off is what was asked for; else what is installed stays as it is, and what is new comes on.
    private static InstallDecision.Do Finish(InstallFacts facts, IReadOnlyList<InstallStep> steps, IReadOnlyList<string> notes,
        string status = "Unchanged")
    {
        var wanted = Wanted(facts);
        var turns = wanted is { } on && facts.Enabled != on;
        var isNew = facts.Enabled is null && turns;
        var enabled = wanted ?? facts.Enabled;
        var isPublished = steps.Any(step => step is InstallStep.Publish);
        var isLeft = enabled == false && wanted is null && facts.Intent is (InstallIntent.Install or InstallIntent.RestoreLock);
        return new InstallDecision.Do(status == "Unchanged" && isNew ? "Installed" : status,
            turns ? [.. steps, new InstallStep.Enable(wanted!.Value)] : steps)
        {
            ReasonCodes =
            [
                .. notes,
                .. turns && !isNew ? [wanted == true ? ReasonCode.Enabled : ReasonCode.Disabled] : Array.Empty<string>(),
                .. isLeft ? [ReasonCode.LeftDisabled] : Array.Empty<string>(),
            ],
            Enabled = enabled,
            RestartRequired = (isPublished && (enabled == true || facts.Enabled == true))
                || (turns && (wanted == true || facts.Enabled == true)),
        };
    }

    private static bool? Wanted(InstallFacts facts) => facts.Intent.Wanted switch
    {
        Activation.On => true,
        Activation.Off => false,
        Activation.OnWhereNamed when facts.IsNamed && !facts.Intent.IsReinstall => true,
        _ when facts.Enabled is null && facts.Intent is not InstallIntent.Repair => true,
        _ => null,
    };
}
