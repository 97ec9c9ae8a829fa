namespace PluginMarket;

/// <summary>The part of an installation that runs under the home's lock: decide by what is on disk now, publish, record, turn on (docs/reliability.md, steps 6 to 12).</summary>
internal sealed class InstallCommit
{
    private readonly MarketEnvironment _environment;
    private readonly InstallRequest _request;
    private readonly InstallPlanItem _item;
    private readonly StagedPlugin _staged;
    private readonly PluginCache _cache;
    private readonly ReceiptStore _receipts;
    private readonly ReplacementGate _gate;
    private readonly string _id;

    internal InstallCommit(MarketEnvironment environment, InstallRequest request, InstallPlanItem item, StagedPlugin staged)
    {
        _environment = environment;
        _request = request;
        _item = item;
        _staged = staged;
        _cache = environment.Home.Cache;
        _receipts = environment.Home.Receipts;
        _gate = new ReplacementGate(request, item.Id, staged);
        _id = item.Id.ToString();
    }

    /// <summary>Does it, or returns null where the catalog, or its registration, is no longer what the staged tree was made from.</summary>
    internal PluginOperationResult? Run(TimeSpan before)
    {
        var started = _environment.Time.GetTimestamp();
        var layers = ConfigurationLayers.Read(_environment);
        if (_item.IsFromCatalog && (CatalogMark.Take(_environment, _item.Marketplace) != _item.Mark || !IsStillRegistered(layers)))
        {
            return null;
        }

        layers.DemandUserPlugin(_id);
        DemandOwnFolder();
        _cache.DemandUnshared(_item.Id);
        var configured = layers.FindPlugin(_id);
        var installed = InstalledCopy.Find(_environment, _cache, _receipts, _item.Id);
        if (_request.Update && (installed is null || configured is null))
        {
            throw new PluginMarketException(MarketErrorCode.PluginNotInstalled, $"'{_id}' is not installed any more.", _id);
        }

        var outcome = installed is null ? Add(configured) : Replace(installed, configured);
        return Result(outcome, installed, before + _environment.Time.GetElapsedTime(started));
    }

    private bool IsStillRegistered(ConfigurationLayers layers) =>
        _item.Marketplace.Location.Configured is not { } then
        || (layers.FindMarketplace(then.Name) is { } now && now.SourceType == then.SourceType && now.Source == then.Source);

    private void DemandOwnFolder()
    {
        if (_cache.FindNameConflict(_item.Id) is { } other)
        {
            throw new PluginMarketException(
                MarketErrorCode.NameInvalid,
                $"'{_id}' would share a folder with '{DisplayText.Escape(other)}', which is installed, wherever letter case is ignored. Uninstall that one first.",
                _id);
        }
    }

    private Outcome Add(ConfiguredPlugin? configured)
    {
        if (_request.Approvals is not null)
        {
            _gate.DemandApproved(CapabilityDifference.Compare([], _staged.Capabilities));
        }

        return Publish(null, configured, "Installed");
    }

    private Outcome Replace(InstalledCopy installed, ConfiguredPlugin? configured)
    {
        var target = Target(installed);
        var changes = new Lazy<IReadOnlyList<CapabilityChange>>(() => CapabilityDifference.Compare(installed.Reviewed, _staged.Capabilities));
        if (installed.IsSameAs(_staged))
        {
            if (installed.IsChangedOutside && configured is not null && _item.Pinned is null && (_request.Update || CapabilityDifference.Gated(changes.Value).Any()))
            {
                return TakeOver(installed, configured, changes.Value);
            }

            if (_request.Reinstall && _request.Approvals is not null && installed.Receipt is null)
            {
                // What another tool put there nobody has accepted yet.
                _gate.DemandApproved(CapabilityDifference.Compare([], _staged.Capabilities));
            }

            var isMoved = installed.Version != target && (_request.Reinstall || IsPromised || _request.Update);
            return isMoved || (_request.Reinstall && (_item.Pinned is not null || !installed.IsIdenticalTo(_staged))) ? Publish(installed, configured, "Updated", keep: false) : Finish(installed, configured);
        }

        // Files without a key are not installed: an earlier run was killed before it turned them on, or somebody removed the key.
        if (configured is null)
        {
            return Add(null);
        }

        if (!MayReplace)
        {
            return Skip(installed, configured, changes.Value);
        }

        Demand(installed, changes.Value);

        // What somebody changed is no version to come back to.
        return Publish(installed, configured, "Updated", keep: !_request.IsRepair) with { Changes = changes.Value };
    }

    private bool MayReplace => _request.Update || _request.Reinstall || _request.Ref is not null || _request.Sha is not null || _item.Pinned is not null;

    // The bytes came in without us, as by Codex's refresh: a record of them would say that somebody had accepted them.
    private Outcome TakeOver(InstalledCopy installed, ConfiguredPlugin configured, IReadOnlyList<CapabilityChange> changes)
    {
        if (!MayReplace)
        {
            return Skip(installed, configured, changes);
        }

        Demand(installed, changes);
        return Publish(installed, configured, "Updated", keep: false) with { Reason = "ChangedOutsideReview", Changes = changes };
    }

    private static Outcome Skip(InstalledCopy installed, ConfiguredPlugin configured, IReadOnlyList<CapabilityChange> changes) =>
        new("Skipped", "UpdateAvailable", installed.Version, configured.Enabled, false) { Changes = changes };

    private void Demand(InstalledCopy installed, IReadOnlyList<CapabilityChange> changes)
    {
        // A repair brings back what is held.
        if (!_request.IsRepair)
        {
            _gate.DemandNotHeld(_environment);
        }

        _gate.DemandNoDowngrade(installed);

        // A lock file accepts what it lists, and nothing else came this far; an approvals file is asked all the same.
        if (_item.Pinned is null || _request.Approvals is not null)
        {
            _gate.DemandAccepted(changes);
        }
    }

    private Outcome Publish(InstalledCopy? installed, ConfiguredPlugin? configured, string status, bool keep = false)
    {
        DemandEnable();
        var version = Target(installed);
        var oldVersion = installed?.ManifestVersion;
        _cache.Publish(_staged.Tree, _item.Id, version);
        WriteReceipt(version, status == "Updated" && !_request.IsRepair ? "Update" : _request.ActionName);
        if (_request.Update)
        {
            Keep(keep ? installed : null, oldVersion);
            return new Outcome(status, null, version, configured!.Enabled, configured.Enabled);
        }

        Enable();
        Keep(keep ? installed : null, oldVersion);
        return new Outcome(status, null, version, !_request.Disabled, !_request.Disabled || configured?.Enabled == true);
    }

    // The new version stands already: what cannot be kept is a pity, not a failure.
    private void Keep(InstalledCopy? replaced, string? manifestVersion)
    {
        if (replaced is null || _request.KeepVersion == 0 || _staged.Tree.ReplacedPath != _cache.Layout.VersionPath(_item.Id, replaced.Version))
        {
            return;
        }

        var store = _environment.Home.Kept;
        try
        {
            store.Keep(_staged.Tree, _item.Id, replaced.Version, manifestVersion, replaced.Receipt);
            store.Prune(_item.Id, _request.KeepVersion);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Warn($"{_id}: the replaced version {replaced.Version} could not be kept: {DisplayText.Escape(problem.Message)}");
        }
    }

    // The right bytes are there. What a killed run left undone is done now; whatever is as it should be is not touched.
    private Outcome Finish(InstalledCopy installed, ConfiguredPlugin? configured)
    {
        DemandEnable();
        if (installed.OtherVersions.Count > 0)
        {
            _cache.DemandChangeable(_item.Id);
        }

        var state = _environment.Home.State;
        foreach (var other in installed.OtherVersions)
        {
            if (state.MoveToTrash(_cache.Layout.VersionPath(_item.Id, other)) is { } trash)
            {
                state.Delete(trash);
            }
        }

        // Pinned bytes that were in place with a right receipt never come here (PinnedCopy).
        var isCommitMoved = _request.Update && _item.Entry.Source is not LocalSource && installed.Receipt?.Commit is { } commit && commit != Provenance.OwnCommit;
        var isRecordedNow = _request.Reinstall && _item.Pinned is null && configured is not null && !IsRecorded(installed.Receipt);
        if (configured is null || isCommitMoved || isRecordedNow || _item.Pinned is not null || (installed.Receipt is { } receipt && (receipt.TreeHash != _staged.TreeHash || receipt.Version != installed.Version)))
        {
            WriteReceipt(installed.Version, _request.ActionName);
        }

        if (_request.Update)
        {
            return isCommitMoved
                ? new Outcome("Updated", "CommitMoved", installed.Version, configured!.Enabled, false)
                : new Outcome("Unchanged", null, installed.Version, configured!.Enabled, false);
        }

        var changed = Enable();
        return configured is null
            ? new Outcome("Installed", null, installed.Version, !_request.Disabled, !_request.Disabled)
            : isRecordedNow
                ? new Outcome("Updated", "ProvenanceRecorded", installed.Version, !_request.Disabled, changed)
            : changed
                ? new Outcome("Updated", _request.Disabled ? "Disabled" : "Enabled", installed.Version, !_request.Disabled, true)
                : new Outcome("Unchanged", null, installed.Version, !_request.Disabled, false);
    }

    // Whoever installs again what another tool put there wants it known from where it comes.
    private bool IsRecorded(Receipt? receipt) =>
        receipt is not null
        && (receipt.SourceType, receipt.Source, receipt.SourcePath, receipt.Commit) == (_item.SourceType, Provenance.Location, (Provenance as CommitProvenance)?.Path, Provenance.OwnCommit)
        && (receipt.CatalogUrl, receipt.CatalogPath) == (Provenance.Part?.Url, Provenance.Part?.Path)
        && receipt.CatalogSparsePaths.SequenceEqual(Provenance.Part?.SparsePaths ?? [], StringComparer.Ordinal)
        && (receipt.PackageVersion, receipt.Integrity, receipt.Registry) == (Package?.Version, Package?.Integrity, Package?.Registry);

    private Provenance Provenance => _staged.Origin.Provenance;

    private PackageProvenance? Package => Provenance as PackageProvenance;

    // The configuration is written last: one that cannot be edited must not be found out after the files have changed.
    private void DemandEnable()
    {
        if (!_request.Update)
        {
            AgentConfiguration.Open(_environment).DemandPluginSettable(_item.Id, !_request.Disabled);
        }
    }

    private bool Enable() => AgentConfiguration.Open(_environment).SetPluginEnabled(_item.Id, !_request.Disabled);

    // Where bytes are promised the folder is the manifest's version: Codex's refresh replaces a plugin whose folder differs from it.
    private bool IsPromised => _item.Reference.TreeHash is { Length: > 0 } || _request.Approvals is not null || _item.Pinned is not null;

    private PluginVersion Target(InstalledCopy? installed)
    {
        if (_item.Pinned is { } pinned)
        {
            return pinned.Folder ?? _staged.ManifestFolder;
        }

        if (_item.Entry.Source is not LocalSource || IsPromised)
        {
            return _staged.ManifestFolder;
        }

        var isLocal = _request.Update ? installed?.Version == PluginVersion.Local : CacheRule() == CacheVersionRule.Local;
        return isLocal ? PluginVersion.Local : _staged.ManifestFolder;
    }

    private CacheVersionRule CacheRule() =>
        _request.CacheVersion
        ?? (_environment.Variables.TryGetValue("PLUGINMARKET_CACHE_VERSION", out var text) && string.Equals(text, "manifest", StringComparison.OrdinalIgnoreCase)
            ? CacheVersionRule.Manifest
            : CacheVersionRule.Local);

    private void WriteReceipt(PluginVersion version, string action) => _receipts.Write(Receipt(version), action);

    private Receipt Receipt(PluginVersion version) => new()
    {
        Id = _item.Id,
        Version = version,
        ManifestVersion = _staged.Manifest.Version,
        SourceType = _item.SourceType,
        Source = Provenance.Location,
        SourcePath = (Provenance as CommitProvenance)?.Path,
        Ref = (Provenance as CommitProvenance)?.Ref,
        Commit = Provenance.OwnCommit,
        TreeHash = _staged.TreeHash,
        GeneratedFiles = [.. _staged.Generated.Select(file => new ReceiptFile(file.Path, TreeDigest.OfBytes(file.Content)))],
        Files = _staged.Files,
        RemovedFiles = _staged.RemovedFiles,
        InstalledOn = _environment.Time.GetUtcNow(),
        InstalledBy = Origin.UserName,
        ToolVersion = Origin.ToolVersion,
        Engine = _staged.Origin.Engine,
        CatalogCommit = _item.CatalogCommit,
        CatalogUrl = Provenance.Part?.Url,
        CatalogPath = Provenance.Part?.Path,
        CatalogSparsePaths = Provenance.Part?.SparsePaths ?? [],
        Capabilities = CapabilityRecord.Of(_staged.Capabilities),
        PackageVersion = Package?.Version,
        Integrity = Package?.Integrity,
        Registry = Package?.Registry,
    };

    private PluginOperationResult Result(Outcome outcome, InstalledCopy? installed, TimeSpan duration) => new()
    {
        Name = _item.Id.Plugin.Value,
        Marketplace = _item.Id.Marketplace.Value,
        Action = _request.ActionName,
        Status = outcome.Status,
        Reason = outcome.Reason,
        Version = outcome.Version.Value,
        PreviousVersion = installed?.Version.Value,
        ManifestVersion = outcome.Status == "Skipped" ? installed?.ManifestVersion : _staged.Manifest.Version,
        Path = _cache.Layout.VersionPath(_item.Id, outcome.Version),
        TreeHash = _staged.TreeHash,
        SourceType = _item.SourceType,
        Source = _item.Source,
        Commit = Provenance.OwnCommit ?? _item.CatalogCommit,
        Authentication = _item.Authentication,
        Capabilities = [.. _staged.Capabilities],
        CapabilityChange = outcome.Changes is null ? null : [.. outcome.Changes],
        LeftOut = [.. _staged.LeftOut],
        Enabled = outcome.Enabled,
        RestartRequired = outcome.RestartRequired,
        Duration = duration,
        ComputerName = Origin.ComputerName,
        UserName = Origin.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
    };

    private sealed record Outcome(string Status, string? Reason, PluginVersion Version, bool Enabled, bool RestartRequired)
    {
        internal IReadOnlyList<CapabilityChange>? Changes { get; init; }
    }
}
