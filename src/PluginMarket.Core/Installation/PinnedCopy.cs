using PluginMarket.Cache;
using PluginMarket.Home;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Answers without a fetch where the recorded bytes are in place already: restoring again costs no network.</summary>
internal sealed class PinnedCopy(MarketEnvironment environment, InstallRequest request)
{
    private readonly PluginCache _cache = environment.Home.Cache;
    private readonly ReceiptStore _receipts = environment.Home.Receipts;

    /// <summary>The result of a plugin that needs nothing, or null.</summary>
    internal PluginOperationResult? FindInPlace(InstallPlanItem item)
    {
        var entry = item.Pinned!.Entry;
        var layers = ConfigurationLayers.Read(environment);
        if (item.Intent is not InstallIntent.RestoreLock { Reinstall: false }
            || request.Approvals is not null
            || InstalledCopy.Find(environment, _cache, _receipts, item.Id) is not { OtherVersions.Count: 0, Receipt: { } receipt } installed
            || receipt.Version != installed.Version
            || !item.Pinned.IsRecordedBy(receipt)
            || installed.ManifestVersion != entry.Version
            || installed.Version.Value != (installed.InstallVersion ?? PluginVersion.Local.Value)
            || !new IntegrityCheck(environment).Check(item.Id, entry).IsIntact)
        {
            return null;
        }

        var configured = layers.FindPlugin(item.Id.ToString());
        var decision = InstallJudge.Decide(new InstallFacts
        {
            Intent = item.Intent,
            Installed = new InstalledFacts(installed.Version, BytesMatch.Identical),
            Enabled = configured is null ? null : configured.UserEnabled ?? configured.Enabled,
            IsPromised = true,
            Staged = new StagedFacts(installed.Version),
        });
        if (decision is not InstallDecision.Do { Steps.Count: 0 } done)
        {
            return null;
        }

        var text = new ReasonText(item);
        return PluginResult.Of(environment, item, done.Status) with
        {
            ReasonCode = done.ReasonCodes.Count == 0 ? null : done.ReasonCodes[0],
            Said = done.ReasonCodes.Count == 0 ? null
                : Message.Sentences(done.ReasonCodes.Select(code => text.Of(code, installed.Version, installed.Version, null, null))),
            Version = entry.Version,
            CacheVersion = installed.Version.Value,
            PreviousVersion = entry.Version,
            PreviousCacheVersion = installed.Version.Value,
            Path = _cache.Layout.VersionPath(item.Id, installed.Version),
            TreeHash = entry.TreeHash,
            Commit = entry.Commit,
            Capabilities = [.. installed.Capabilities],
            Enabled = done.Enabled,
        };
    }
}
