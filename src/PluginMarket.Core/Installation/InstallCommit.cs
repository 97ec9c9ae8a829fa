namespace PluginMarket;

/// <summary>The part of an installation that runs under the home's lock: decide by what is on disk now, publish, record, turn on (design 4 section 2, steps 6 to 12).</summary>
internal sealed class InstallCommit
{
    private readonly MarketEnvironment _environment;
    private readonly InstallRequest _request;
    private readonly InstallPlanItem _item;
    private readonly StagedPlugin _staged;
    private readonly PluginCache _cache;
    private readonly ReceiptStore _receipts;
    private readonly string _id;

    internal InstallCommit(MarketEnvironment environment, InstallRequest request, InstallPlanItem item, StagedPlugin staged)
    {
        _environment = environment;
        _request = request;
        _item = item;
        _staged = staged;
        _cache = new PluginCache(environment);
        _receipts = new ReceiptStore(environment);
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
        var configured = layers.FindPlugin(_id);
        var installed = InstalledCopy.Find(_environment, _cache, _receipts, _item.Id);
        var outcome = installed is null ? Publish(configured, "Installed") : Replace(installed, configured);
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

    private Outcome Replace(InstalledCopy installed, ConfiguredPlugin? configured)
    {
        var target = Target();
        if (installed.IsSameAs(_staged))
        {
            var isAside = installed.Version != target && (_request.Reinstall || _item.Pinned is not null);
            return isAside || (_request.Reinstall && _item.Pinned is not null) ? Publish(configured, "Updated") : Finish(installed, configured);
        }

        // Files without a key are not installed: an earlier run was killed before it turned them on, or somebody removed the key.
        if (configured is null)
        {
            return Publish(null, "Installed");
        }

        var changes = CapabilityDifference.Compare(installed.Capabilities, _staged.Capabilities);
        if (!_request.Reinstall && _request.Ref is null && _request.Sha is null && _item.Pinned is null)
        {
            return new Outcome("Skipped", "UpdateAvailable", installed.Version, configured.Enabled, false) { Changes = changes };
        }

        DemandNoDowngrade(installed);
        if (_item.Pinned is null)
        {
            DemandAccepted(changes);
        }

        return Publish(configured, "Updated") with { Changes = changes };
    }

    private void DemandNoDowngrade(InstalledCopy installed)
    {
        if (!_request.AllowDowngrade
            && PluginVersion.TryParse(installed.ManifestVersion, out var old, out _)
            && PluginVersion.TryParse(_staged.Manifest.Version, out var fresh, out _)
            && PluginVersion.Compare(fresh, old) < 0)
        {
            throw new PluginMarketException(MarketErrorCode.DowngradeRefused, $"'{_id}' is installed in version {old}; its source holds the lower version {fresh}. Use -AllowDowngrade to go back.", _id);
        }
    }

    private void DemandAccepted(IReadOnlyList<CapabilityChange> changes)
    {
        var open = CapabilityDifference.Unaccepted(changes, _request.AcceptCapability);
        if (open.Count > 0)
        {
            var list = string.Join("; ", open.Take(5).Select(change => change.Detail is null ? change.ToString() : $"{change} ({change.Detail})")) + (open.Count > 5 ? $"; and {open.Count - 5} more" : "");
            var kinds = string.Join(", ", open.Select(change => change.Component).Distinct(StringComparer.Ordinal));
            throw new PluginMarketException(MarketErrorCode.CapabilityNotAccepted, $"The new files of '{_id}' bring what the installed ones do not: {list}. Accept it with -AcceptCapability {kinds}.", _id);
        }
    }

    private Outcome Publish(ConfiguredPlugin? configured, string status)
    {
        var version = Target();
        _cache.Publish(_staged.Tree, _item.Id, version);
        WriteReceipt(version, status == "Updated" && !_request.IsRepair ? "Update" : _request.ActionName);
        Enable();
        return new Outcome(status, null, version, !_request.Disabled, !_request.Disabled || configured?.Enabled == true);
    }

    // The right bytes are there. What a killed run left undone is done now; whatever is as it should be is not touched.
    private Outcome Finish(InstalledCopy installed, ConfiguredPlugin? configured)
    {
        var state = new StateFolder(_environment);
        foreach (var other in installed.OtherVersions)
        {
            if (state.MoveToTrash(_cache.Layout.VersionPath(_item.Id, other)) is { } trash)
            {
                state.Delete(trash);
            }
        }

        // Pinned bytes that were in place with a right receipt never come here (PinnedCopy).
        if (configured is null || _item.Pinned is not null || (installed.Receipt is { } receipt && (receipt.TreeHash != _staged.TreeHash || receipt.Version != installed.Version)))
        {
            WriteReceipt(installed.Version, _request.ActionName);
        }

        var changed = Enable();
        return configured is null
            ? new Outcome("Installed", null, installed.Version, !_request.Disabled, !_request.Disabled)
            : changed
                ? new Outcome("Updated", _request.Disabled ? "Disabled" : "Enabled", installed.Version, !_request.Disabled, true)
                : new Outcome("Unchanged", null, installed.Version, !_request.Disabled, false);
    }

    private bool Enable() => AgentConfiguration.Open(_environment).SetPluginEnabled(_item.Id, !_request.Disabled);

    private PluginVersion Target()
    {
        if (_item.Pinned is { } pinned)
        {
            return pinned.Folder ?? _staged.ManifestFolder;
        }

        // Where bytes are promised the folder is the manifest's version: Codex's refresh replaces a plugin whose folder differs from it.
        var isPromised = _item.Reference.TreeHash is { Length: > 0 };
        return _item.Entry.Source is LocalSource && !isPromised && CacheRule() == CacheVersionRule.Local ? PluginVersion.Local : _staged.ManifestFolder;
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
        Source = _staged.Origin.Location,
        SourcePath = _staged.Origin.Path,
        Ref = _staged.Origin.Ref,
        Commit = _staged.Origin.Commit,
        TreeHash = _staged.TreeHash,
        GeneratedFiles = [.. _staged.Generated.Select(file => new ReceiptFile(file.Path, TreeDigest.OfBytes(file.Content)))],
        Files = _staged.Files,
        RemovedFiles = _staged.RemovedFiles,
        InstalledOn = _environment.Time.GetUtcNow(),
        InstalledBy = Origin.UserName,
        ToolVersion = Origin.ToolVersion,
        Engine = _staged.Origin.Engine,
        CatalogCommit = _item.CatalogCommit,
        CatalogUrl = _staged.Origin.CatalogUrl,
        CatalogPath = _staged.Origin.CatalogPath,
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
        Commit = _staged.Origin.Commit ?? _item.CatalogCommit,
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
