namespace PluginMarket;

/// <summary>Answers without a fetch where the recorded bytes are in place already: restoring again costs no network.</summary>
internal sealed class PinnedCopy(MarketEnvironment environment, InstallRequest request)
{
    /// <summary>The result of a plugin that needs nothing, or null.</summary>
    internal PluginOperationResult? FindInPlace(InstallPlanItem item, TimeSpan duration)
    {
        var cache = environment.Home.Cache;
        var entry = item.Pinned!.Entry;
        if (request.Reinstall || cache.Versions(item.Id) is not [var version] || !IsRecorded(item, version)
            || ConfigurationLayers.Read(environment).FindPlugin(item.Id.ToString())?.UserEnabled != !request.Disabled
            || !new IntegrityCheck(environment).Check(item.Id, entry).IsIntact)
        {
            return null;
        }

        var path = cache.Layout.VersionPath(item.Id, version);
        var tree = FolderTree.Read(path, environment.Files, environment.Limits);
        if (ManifestReader.Read(tree, path, item.Id.Plugin.Value, null, environment.Limits).Manifest is not { } manifest || manifest.Version != entry.Version || version.Value != manifest.InstallVersion)
        {
            return null;
        }

        return new PluginOperationResult
        {
            Name = entry.Name,
            Marketplace = entry.Marketplace,
            Action = request.ActionName,
            Status = "Unchanged",
            Version = version.Value,
            PreviousVersion = version.Value,
            ManifestVersion = entry.Version,
            Path = path,
            TreeHash = entry.TreeHash,
            SourceType = item.SourceType,
            Source = item.Source,
            Commit = entry.Commit,
            Authentication = item.Authentication,
            Capabilities = [.. CapabilityReader.Read(tree, manifest)],
            Enabled = !request.Disabled,
            Duration = duration,
            ComputerName = Origin.ComputerName,
            UserName = Origin.UserName,
            CodexHome = DisplayText.Escape(environment.CodexHome),
        };
    }

    private bool IsRecorded(InstallPlanItem item, PluginVersion version) =>
        environment.Home.Receipts.TryFind(item.Id, out var receipt, out _) && receipt.Version == version && item.Pinned!.IsRecordedBy(receipt);
}
