namespace PluginMarket;

/// <summary>What has to hold before the bytes of an installed plugin are replaced: no hold, no way back in silence, and nothing new that nobody accepted (threat G1 to G4).</summary>
internal sealed class ReplacementGate(InstallRequest request, PluginId plugin, StagedPlugin staged)
{
    private readonly string _id = plugin.ToString();

    internal void DemandNotHeld(MarketEnvironment environment)
    {
        if (environment.Home.Holds.Find(plugin) is { } hold)
        {
            throw Held(hold);
        }
    }

    internal static PluginMarketException Held(Hold hold) =>
        new(MarketErrorCode.PluginHeld, $"'{hold.Id}' is held{(hold.Note is null ? "" : $" ({hold.Note})")}. Let it go with Unlock-Plugin.", hold.Id.ToString());

    internal void DemandNoDowngrade(InstalledCopy installed)
    {
        if (request.AllowDowngrade)
        {
            return;
        }

        if (PluginVersion.TryParse(installed.ManifestVersion, out var old, out _)
            && PluginVersion.TryParse(staged.Manifest.Version, out var fresh, out _)
            && PluginVersion.Compare(fresh, old) < 0)
        {
            throw new PluginMarketException(MarketErrorCode.DowngradeRefused, $"'{_id}' is installed in version {old}; its source holds the lower version {fresh}. Use -AllowDowngrade to go back.", _id);
        }

        if (staged.IsHistoryRewritten == true)
        {
            throw new PluginMarketException(
                MarketErrorCode.DowngradeRefused,
                $"The history that '{_id}' comes from was rewritten: the installed commit {installed.Receipt?.Commit ?? installed.Receipt?.CatalogCommit} is no ancestor of what is there now. Find out why, then use -AllowDowngrade.",
                _id);
        }
    }

    internal void DemandAccepted(IReadOnlyList<CapabilityChange> changes)
    {
        if (request.Approvals is not null)
        {
            DemandApproved(changes);
            return;
        }

        Refuse(CapabilityDifference.Unaccepted(changes, request.AcceptCapability), open => $"Accept it with -AcceptCapability {string.Join(", ", open.Select(change => change.Component).Distinct(StringComparer.Ordinal))}.");
    }

    /// <summary>The approvals file accepts these bytes, and of what they can do what it lists.</summary>
    internal void DemandApproved(IReadOnlyList<CapabilityChange> changes)
    {
        var file = DisplayText.Escape(request.Approvals!.Path);
        if (request.Approvals.Find(plugin) is not { } approval)
        {
            throw new PluginMarketException(MarketErrorCode.CapabilityNotAccepted, $"'{_id}' is not approved in '{file}'. Review it with Get-PluginUpdate, then use Approve-Plugin.", _id);
        }

        if (approval.TreeHash != staged.TreeHash)
        {
            throw new PluginMarketException(
                MarketErrorCode.UpdateChangedSinceReview,
                $"The source of '{_id}' is not what was approved in '{file}': it has the digest {staged.TreeHash}, not {approval.TreeHash}. Review and approve it again.",
                _id);
        }

        var accepted = approval.Capabilities.Select(record => (record.Component, record.Hash)).ToHashSet();
        Refuse([.. CapabilityDifference.Gated(changes).Where(change => !accepted.Contains((change.Component, change.After!)))], _ => $"The approval in '{file}' does not list it.");
    }

    private void Refuse(IReadOnlyList<CapabilityChange> open, Func<IReadOnlyList<CapabilityChange>, string> remedy)
    {
        if (open.Count > 0)
        {
            var list = string.Join("; ", open.Take(5).Select(change => change.Detail is null ? change.ToString() : $"{change} ({change.Detail})")) + (open.Count > 5 ? $"; and {open.Count - 5} more" : "");
            throw new PluginMarketException(MarketErrorCode.CapabilityNotAccepted, $"The new files of '{_id}' bring what the installed ones do not: {list}. {remedy(open)}", _id);
        }
    }
}
