using System.Text;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Answers without staging where neither the source nor the installed folder has changed since they were compared: installing
/// again writes nothing, and reads no more than what the result says.</summary>
/// <remarks>It answers only what staging would answer with no step to carry out; everything else is left to staging.
/// <c>Test-PluginIntegrity</c> reads every byte.</remarks>
internal sealed class UnchangedPlugin(InstallRun run)
{
    private readonly MarketEnvironment _environment = run.Environment;

    /// <summary>What a receipt records of the source: its state, and all else that decides which bytes come of it.</summary>
    /// <param name="environment">The outside world.</param>
    /// <param name="item">The plugin.</param>
    /// <param name="source">The state of its source.</param>
    internal static string? StampOf(MarketEnvironment environment, InstallPlanItem item, string? source) =>
        source is null ? null : TreeDigest.OfBytes(Encoding.UTF8.GetBytes(string.Join('\0', source, Origin.ToolVersion,
            environment.Limits, item.Origin.Fallback is { } fallback ? Encoding.UTF8.GetString(fallback.ToFile().Content) : "")));

    /// <summary>The result of a plugin that is as it was installed, from a source that is as it was; else null.</summary>
    internal PluginOperationResult? Find(InstallPlanItem item)
    {
        if (!IsPlain(item) || item.Catalog is not { } catalog || !PolicyGate.Open(_environment).IsSilent)
        {
            return null;
        }

        var home = _environment.Home;
        var layers = ConfigurationLayers.Read(_environment);
        if (InstalledCopy.Find(_environment, home.Cache, home.Receipts, item.Id) is not
            { OtherVersions.Count: 0, Receipt: { SourceStamp: { } source, FolderStamp: { } folder } receipt } installed
            || receipt.Version != installed.Version
            || (item.Intent is InstallIntent.Update && !IsLaidOutAsUpdated(item, installed.Version, receipt))
            || installed.Stamp != folder
            || StampOf(_environment, item, run.StateOf(item)?.Stamp()) != source
            || !InstallCommit.IsCurrent(_environment, catalog, layers))
        {
            return null;
        }

        InstallCommit.Demand(_environment, item.Id, layers);
        var (configured, hold) = (layers.FindPlugin(item.Id.ToString()), home.Holds.Find(item.Id));
        var decision = InstallJudge.Decide(new InstallFacts
        {
            Intent = item.Intent,
            Installed = new InstalledFacts(installed.Version, BytesMatch.Identical),
            Enabled = configured is null ? null : configured.UserEnabled ?? configured.Enabled,
            IsHeld = hold is not null,
            IsNamed = !item.Reference.IsListed,
            Staged = new StagedFacts(installed.Version),
        });
        return decision is not InstallDecision.Do { Steps.Count: 0 } done ? null : PluginResult.Of(_environment, item, done.Status) with
        {
            ReasonCode = done.ReasonCodes.Count == 0 ? null : done.ReasonCodes[0],
            Said = done.ReasonCodes.Count == 0 ? null : Message.Sentences(done.ReasonCodes.Select(
                code => new ReasonText(item).Of(code, installed.Version, installed.Version, receipt.Provenance.OwnCommit, hold))),
            Version = receipt.ManifestVersion,
            CacheVersion = installed.Version.Value,
            PreviousVersion = receipt.ManifestVersion,
            PreviousCacheVersion = installed.Version.Value,
            Path = home.Cache.Layout.VersionPath(item.Id, installed.Version),
            TreeHash = receipt.TreeHash,
            Commit = receipt.Provenance.OwnCommit ?? item.Catalog?.Commit,
            Capabilities = [.. installed.RecordedCapabilities],
            Enabled = done.Enabled,
            RestartRequired = done.RestartRequired,
            LeftOut = [],
            SnapshotOn = item.IsPart ? catalog.SnapshotOn : null,
        };
    }

    // An update moves a folder that is not named as the plugin's version, unless it is that of a local one.
    private static bool IsLaidOutAsUpdated(InstallPlanItem item, PluginVersion folder, Receipt receipt) =>
        (item.IsPart && folder == PluginVersion.Local) || folder.Value == receipt.ManifestVersion;

    // Nobody promised certain bytes, asks for a version, or wants to know about more than the catalog's entry as it is.
    private bool IsPlain(InstallPlanItem item) =>
        item.Intent is InstallIntent.Update or InstallIntent.Install { Reinstall: false, Version: null, Range: null }
        && item is { Pinned: null, RequiresTrust: false, Reference.TreeHash: null } && run.Request.Approvals is null;
}
