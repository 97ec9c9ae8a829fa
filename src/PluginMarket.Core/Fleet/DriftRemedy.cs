using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>What helps against each kind of drift.</summary>
internal static class DriftRemedy
{
    internal static Remedy? Of(Difference difference) => difference.Kind switch
    {
        DriftKind.Missing or DriftKind.Version or DriftKind.Commit or DriftKind.Content or DriftKind.Capability
            or DriftKind.StateOutdated or DriftKind.MarketplaceMissing or DriftKind.MarketplaceSource or DriftKind.MarketplaceRef =>
            Remedy.Run(Operation.Sync, $"apply the desired state"),
        DriftKind.Modified => Remedy.Run(Operation.RepairPlugin.On(difference.Subject), $"restore the recorded bytes"),
        DriftKind.Unverified => Remedy.Run(Operation.InstallPlugin.On(difference.Subject).With(OperationOption.Reinstall), $"record it"),
        DriftKind.Unexpected => Remedy.Run(Operation.UninstallPlugin.On(difference.Subject), $"remove it"),
        DriftKind.Disabled => Remedy.Run(Operation.EnablePlugin.On(difference.Subject), $"turn it on"),
        DriftKind.Enabled => Remedy.Run(Operation.Sync, $"turn it off"),
        DriftKind.Hold => Remedy.Run(Operation.Sync, $"set the hold"),
        DriftKind.MarketplaceUnreadable => Remedy.Run(Operation.UpdateMarketplace.On(difference.Subject), $"fetch it"),
        DriftKind.MarketplaceUnexpected => Remedy.Run(Operation.RemoveMarketplace.On(difference.Subject), $"remove it"),
        DriftKind.NoReport => Remedy.Do($"Check that the machine runs, and that it can deliver its report."),
        DriftKind.StaleReport or DriftKind.BrokenReport => Remedy.Do($"Run the inventory on that machine again."),
        DriftKind.HomeUnreadable => Remedy.Run(Operation.CheckEnvironment, $"find out why on that machine"),
        DriftKind.PolicyMissing or DriftKind.PolicyOutdated => Remedy.Do($"Deliver the policy to that machine."),
        DriftKind.ChannelExpired => Remedy.Do($"Publish a new edition of the channel."),
        DriftKind.Blocked or DriftKind.Advisory => Remedy.Run(Operation.UninstallPlugin.On(difference.Subject), $"remove it"),
        DriftKind.PolicyViolation => Remedy.Run(Operation.UninstallPlugin.On(difference.Subject), $"remove it"),
        DriftKind.Refreshable => Remedy.Run(Operation.SetMarketplace.With(OperationOption.Sha), $"pin its marketplace"),
        DriftKind.Duplicate => Remedy.Run(Operation.UninstallPlugin.On(difference.Subject), $"remove it"),
        _ => null,
    };
}
