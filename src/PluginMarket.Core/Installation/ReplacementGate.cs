using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>What forbids replacing an installed plugin, and how that is said: a hold, a way back without a message, and anything new that
/// nobody accepted (threat G1 to G4).</summary>
internal static class ReplacementGate
{
    internal static PluginMarketException Held(Hold hold) =>
        new(MarketErrorCode.PluginHeld, $"'{hold.Id}' is held{(hold.Note is null ? "" : $" ({hold.Note})")}. "
            + $"{Remedy.Run(Operation.ResumeUpdate.On(hold.Id.ToString()), $"release it")}", hold.Id.ToString());

    internal static bool IsDowngrade(InstalledCopy installed, StagedPlugin staged) =>
        PluginVersion.TryParse(installed.ManifestVersion, out var old, out _)
        && PluginVersion.TryParse(staged.Manifest.Version, out var fresh, out _)
        && PluginVersion.Compare(fresh, old) < 0;

    internal static PluginMarketException Downgrade(string id, InstalledCopy installed, StagedPlugin staged) =>
        IsDowngrade(installed, staged)
            ? new(
                MarketErrorCode.DowngradeRefused,
                $"'{id}' is installed in version {installed.ManifestVersion}; its source has the lower version {staged.Manifest.Version}. "
                    + $"{Remedy.Use(OperationOption.AllowDowngrade, $"install it")}",
                id)
            : new(
                MarketErrorCode.DowngradeRefused,
                $"The history that '{id}' comes from was rewritten: the installed commit {installed.Receipt?.AnyCommit} is not "
                    + $"an ancestor of the current commit. "
                    + $"{Remedy.Do($"Use {OperationOption.AllowDowngrade} after you have found out why.")}",
                id);

    internal static PluginMarketException Unaccepted(string id, IReadOnlyList<CapabilityChange> open)
    {
        var list = string.Join("; ",
            open.Take(5).Select(change => change.Detail is null ? change.ToString() : $"{change} ({change.Detail})"))
            + (open.Count > 5 ? $"; and {open.Count - 5} more" : "");
        var kinds = string.Join(", ", open.Select(change => change.Component).Distinct(StringComparer.Ordinal));
        return new(MarketErrorCode.CapabilityNotAccepted, $"The new files of '{id}' have capabilities that the installed ones do not: "
            + $"{list}. {Remedy.Do($"Use {OperationOption.AcceptCapability} {kinds} to accept them.")}", id);
    }
}
