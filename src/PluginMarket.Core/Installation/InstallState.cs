using PluginMarket.Cache;
using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Records;
using PluginMarket.Sources;

namespace PluginMarket.Installation;

/// <summary>One plugin as it is now: what of it goes into the decision, and into what is said and recorded afterwards.</summary>
internal sealed class InstallState
{
    private readonly MarketEnvironment _environment;
    private readonly InstallRequest _request;
    private readonly InstallPlanItem _item;
    private readonly StagedPlugin? _staged;
    private readonly PluginCache _cache;
    private readonly Hold? _hold;
    private readonly ApprovalCheck? _approval;
    private readonly IReadOnlyList<CapabilityChange> _changes;
    private readonly string _id;

    internal InstallState(
        MarketEnvironment environment,
        InstallRequest request,
        InstallPlanItem item,
        StagedPlugin? staged,
        PluginCache cache,
        ReceiptStore receipts,
        ConfigurationLayers layers)
    {
        _environment = environment;
        _request = request;
        _item = item;
        _staged = staged;
        _cache = cache;
        _id = item.Id.ToString();
        _hold = environment.Home.Holds.Find(item.Id);
        _approval = request.Approvals is null ? null : new ApprovalCheck(request.Approvals, item.Id);
        Installed = InstalledCopy.Find(environment, cache, receipts, item.Id);
        _changes = staged is null ? [] : CapabilityDifference.Compare(Installed?.Reviewed ?? [], staged.Capabilities);
        var configured = layers.FindPlugin(_id);
        Facts = new InstallFacts
        {
            Intent = item.Intent,
            Installed = Installed is null ? null : Describe(Installed),
            Enabled = configured is null ? null : configured.UserEnabled ?? configured.Enabled,
            IsHeld = _hold is not null,
            IsNamed = !item.Reference.IsListed,
            IsPromised = item.IsPromised || request.Approvals is not null,
            Staged = staged is null ? null : Describe(staged),
            Approval = _approval?.Judge(configured is null ? null : Installed, staged, SnapshotOn),
        };
    }

    internal InstallFacts Facts { get; }

    internal InstalledCopy? Installed { get; }

    // One that was brought up to date just now is not old, however long ago it changed.
    private DateTimeOffset? SnapshotOn => _item.Intent is InstallIntent.Update { IsRefreshed: true } ? null : _item.Catalog?.SnapshotOn;

    internal PluginOperationResult Refused(InstallDecision.Refuse refusal) =>
        PluginResult.Of(_environment, _item, "Failed").Failed(Explain(refusal), refusal.ReasonCode) with { Enabled = Facts.Enabled };

    private PluginMarketException Explain(InstallDecision.Refuse refusal) => refusal.Error switch
    {
        MarketErrorCode.PluginNotInstalled => new(refusal.Error,
            $"'{_id}' is not installed any more. {Remedy.Run(Operation.InstallPlugin.On(_id))}", _id),
        MarketErrorCode.PluginHeld => ReplacementGate.Held(_hold!),
        MarketErrorCode.DowngradeRefused => ReplacementGate.Downgrade(_id, Installed!, _staged!),
        _ when _approval is not null => _approval.Refuse(Facts.Approval!.Value, _staged, SnapshotOn, _item.Id.Marketplace.Value),
        _ => ReplacementGate.Unaccepted(_id, CapabilityDifference.Unaccepted(_changes, _request.AcceptCapability)),
    };

    internal PluginOperationResult Skipped(InstallDecision.Skip skip) => FromInstalled("Skipped") with
    {
        ReasonCode = skip.ReasonCode,
        Said = Say([skip.ReasonCode], Installed?.Version),
        Enabled = Facts.Enabled,
        CapabilityChange = [.. _changes],
    };

    /// <summary>The result of a decision that was carried out.</summary>
    /// <param name="work">The decision.</param>
    /// <param name="active">The folder that is active now.</param>
    internal PluginOperationResult Done(InstallDecision.Do work, PluginVersion? active)
    {
        var isAsStaged = _staged is not null
            && (Facts.Installed?.Bytes == BytesMatch.Identical || work.Steps.Any(step => step is InstallStep.Publish));
        var codes = work.Status == "Unchanged" && IsFromOldSnapshot ? [.. work.ReasonCodes, ReasonCode.NotRefreshed] : work.ReasonCodes;
        if (work.Status is "Installed" or "Updated" && _staged?.Manifest.Components is [])
        {
            codes = [.. codes, ReasonCode.NothingLoaded];
        }

        return (isAsStaged ? FromStaged(work.Status, active!) : FromInstalled(work.Status)) with
        {
            ReasonCode = codes.Count == 0 ? null : codes[0],
            Said = codes.Count == 0 ? null : Say(codes, active),
            Enabled = work.Enabled,
            RestartRequired = work.RestartRequired,
            CapabilityChange = work.Status == "Updated" ? [.. _changes] : null,
        };
    }

    /// <summary>The result of a decision that is not carried out: what it would be is its reason.</summary>
    internal PluginOperationResult Planned(InstallDecision.Do work)
    {
        var active = work.Steps.Select(step => step switch
        {
            InstallStep.Publish publish => publish.Folder,
            InstallStep.MoveFolder move => move.Folder,
            _ => null,
        }).FirstOrDefault(folder => folder is not null) ?? Installed?.Version;
        return Done(work, active) with
        {
            Status = "WhatIf",
            ReasonCode = work.ReasonCodes.Count > 0 ? work.ReasonCodes[0] : work.Status,
            Said = $"It would be {work.Status}.",
        };
    }

    /// <summary>The record of what is staged.</summary>
    /// <param name="folder">The folder that is active now.</param>
    /// <param name="isPublished">Whether that is the staged one; else it is one with the same bytes.</param>
    internal Receipt Receipt(PluginVersion folder, bool isPublished) => new()
    {
        Id = _item.Id,
        Version = folder,
        ManifestVersion = _staged!.Manifest.Version,
        SourceType = _item.SourceType,
        Provenance = Provenance,
        TreeHash = _staged.TreeHash,
        GeneratedFiles = [.. _staged.Generated.Select(file => new ReceiptFile(file.Path, TreeDigest.OfBytes(file.Content)))],
        Files = _staged.Files,
        RemovedFiles = _staged.RemovedFiles,
        InstalledOn = _environment.Time.GetUtcNow(),
        InstalledBy = Origin.UserName,
        ToolVersion = Origin.ToolVersion,
        Engine = _staged.Origin.Engine,
        CommittedOn = _staged.Origin.CommittedOn,
        CatalogCommit = _item.Catalog?.Commit,
        SourceStamp = _staged.SourceStamp,
        FolderStamp = isPublished ? _staged.FolderStamp : Installed?.StampToRecord,
        Capabilities = CapabilityRecord.Of(_staged.Capabilities),
    };

    private Provenance Provenance => _staged!.Origin.Provenance;

    // Where an approvals file decides, the snapshot's age does not matter.
    private bool IsFromOldSnapshot =>
        _item.Intent is InstallIntent.Update { IsRefreshed: false } && _item.IsPart && SnapshotOn is not null && _request.Approvals is null;

    private Message Say(IEnumerable<string> codes, PluginVersion? active)
    {
        var text = new ReasonText(_item);
        return Message.Sentences(
            codes.Select(code => text.Of(code, Installed?.Version, active, _staged?.Origin.Provenance.OwnCommit, _hold)));
    }

    private PluginOperationResult FromStaged(string status, PluginVersion active) => Base(status) with
    {
        Version = _staged!.Manifest.Version,
        CacheVersion = active.Value,
        Path = _cache.Layout.VersionPath(_item.Id, active),
        TreeHash = _staged.TreeHash,
        Commit = Provenance.OwnCommit ?? _item.Catalog?.Commit,
        Capabilities = [.. _staged.Capabilities],
    };

    // What stays is described as it is, not as its source would have it.
    private PluginOperationResult FromInstalled(string status) => Base(status) with
    {
        Version = Installed?.ManifestVersion,
        CacheVersion = Installed?.Version.Value,
        Path = Installed is null ? null : _cache.Layout.VersionPath(_item.Id, Installed.Version),
        TreeHash = Installed?.SourceHash,
        Commit = Installed?.Receipt?.AnyCommit,
        Capabilities = [.. Installed?.Capabilities ?? []],
    };

    private PluginOperationResult Base(string status) => PluginResult.Of(_environment, _item, status) with
    {
        PreviousVersion = Installed?.ManifestVersion,
        PreviousCacheVersion = Installed?.Version.Value,
        LeftOut = _staged is null ? null : [.. _staged.LeftOut],
        SnapshotOn = _item.IsPart ? _item.Catalog?.SnapshotOn : null,
    };

    private InstalledFacts Describe(InstalledCopy installed) =>
        new(installed.Version, _staged is null ? BytesMatch.Different : installed.Compare(_staged))
        {
            IsChangedOutside = installed.IsChangedOutside,
            HasOtherVersions = installed.OtherVersions.Count > 0,
            Record = Compare(installed.Receipt, installed.Version),
        };

    private StagedFacts Describe(StagedPlugin staged) => new(Target(staged))
    {
        IsDowngrade = !_request.AllowDowngrade && Installed is not null && ReplacementGate.IsDowngrade(Installed, staged),
        IsHistoryRewritten = !_request.AllowDowngrade && staged.IsHistoryRewritten == true,
        BringsCapability = CapabilityDifference.Gated(_changes).Any(),

        // A lock accepts what it lists, and nothing else came this far; an approvals file has its own verdict.
        HasUnaccepted = _item.Pinned is null && _approval is null
            && CapabilityDifference.Unaccepted(_changes, _request.AcceptCapability).Count > 0,
    };

    private RecordState Compare(Receipt? receipt, PluginVersion active)
    {
        if (receipt is null || _staged is null)
        {
            return RecordState.Missing;
        }

        if (receipt.TreeHash != _staged.TreeHash || receipt.Version != active)
        {
            return RecordState.Stale;
        }

        if (!IsSameSource(receipt))
        {
            return RecordState.OtherSource;
        }

        return receipt.Provenance.OwnCommit == Provenance.OwnCommit || (_item.IsPart && _item.Pinned is null)
            ? RecordState.Right : RecordState.OtherCommit;
    }

    // Whoever installs again what another tool put there wants it known from where it comes.
    private bool IsSameSource(Receipt receipt) =>
        receipt.SourceType == _item.SourceType && receipt.Provenance.Place == Provenance.Place;

    private PluginVersion Target(StagedPlugin staged)
    {
        if (_item.Pinned is { } pinned)
        {
            return pinned.Folder ?? staged.ManifestFolder;
        }

        if (!_item.IsPart || _item.IsPromised || _request.Approvals is not null)
        {
            return staged.ManifestFolder;
        }

        var isLocal = _item.Intent is InstallIntent.Install install
            ? CacheRule(install) == CacheVersionRule.Local : Installed?.Version == PluginVersion.Local;
        return isLocal ? PluginVersion.Local : staged.ManifestFolder;
    }

    private CacheVersionRule CacheRule(InstallIntent.Install install) =>
        install.CacheVersion
        ?? (_environment.Variables.TryGetValue("PLUGINMARKET_CACHE_VERSION", out var text)
            && string.Equals(text, "manifest", StringComparison.OrdinalIgnoreCase)
            ? CacheVersionRule.Manifest
            : CacheVersionRule.Local);
}
