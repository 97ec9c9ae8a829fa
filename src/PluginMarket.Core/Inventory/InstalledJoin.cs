using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Home;
using PluginMarket.Identity;
using PluginMarket.Manifests;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Policies;
using PluginMarket.Records;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Inventory;

/// <summary>One plugin id of a home: what configuration, cache, catalogs and records say of it together.</summary>
internal sealed class InstalledJoin
{
    private readonly MarketEnvironment _environment;
    private readonly MarketplaceView _view;
    private readonly PluginId _id;
    private readonly CachedPlugin? _cached;
    private readonly ConfiguredPlugin? _configured;
    private readonly OpenMarketplace? _marketplace;
    private readonly MarketplaceEntry? _entry;

    internal InstalledJoin(MarketEnvironment environment, MarketplaceView view, PluginId id, CachedPlugin? cached)
    {
        _environment = environment;
        _view = view;
        _id = id;
        _cached = cached;
        _configured = view.Layers.FindPlugin(id.ToString());
        var located = view.Locate(id.Plugin.Value, id.Marketplace.Value);
        _entry = located.FirstOrDefault(found => found.Entry.IsListed)?.Entry;
        _marketplace = (located.Count > 0 ? located[0].Marketplace : null)
            ?? view.Marketplaces.FirstOrDefault(open => open.Name == id.Marketplace.Value);
        State = FindState();
    }

    /// <summary>What <see cref="InstalledPlugin.State"/> says.</summary>
    internal string State { get; }

    internal InstalledPlugin Describe(InstalledPluginRequest request, Dictionary<string, string?> commits, string toolVersion,
        CodexRefresh refresh, PolicyGate gate)
    {
        var includeHash = request.IncludeHash;
        var path = _cached is null ? null : _environment.Home.Cache.Layout.VersionPath(_id, _cached.Active);
        var stamped = _cached is null || includeHash ? null : request.Stamps?.FindStamped(_id, _cached.Active);
        var receipt = stamped is null ? FindReceipt() : stamped.Receipt;
        var isReadable = path is not null && (stamped is null || !gate.IsSilent);
        var tree = isReadable ? ReadTree(path!, includeHash) : null;
        var isRecorded = receipt is not null;
        // A record of other bytes says nothing of those that load; reading them all is only worth it where there is doubt, or
        // where their digest is asked for.
        if (receipt is not null && _cached is not null && (includeHash || receipt.Version.Value != _cached.Active.Value)
            && !IsOf(receipt, tree))
        {
            receipt = null;
        }

        var manifest = tree is null ? null : ReadManifest(tree, path!);
        var inferred = receipt is null && path is not null ? SnapshotCommit.ReadRepository(_environment, path) : null;
        var judgement = _cached is null || _configured is null || request.Stamps is not null
            ? null : refresh.Judge(_id, _cached.Active.Value,
                receipt?.Provenance.OwnCommit ?? (receipt?.Provenance as PackageProvenance)?.Version ?? inferred);
        var hold = _environment.Home.Holds.Find(_id);
        var decision = gate.Judge(PolicyStage.Publish, gate.IsSilent ? new PolicySubject(_id.ToString())
            : PluginPolicySubject.OfInstalled(_environment, gate, _view.Layers, _id, tree, manifest, receipt, null));
        return new InstalledPlugin
        {
            Name = _id.Plugin.Value,
            Version = stamped is null ? manifest?.Version : stamped.Receipt.ManifestVersion,
            Components = manifest?.Components,
            CacheVersion = _cached?.Active.Value,
            Marketplace = _id.Marketplace.Value,
            Enabled = _configured?.UserEnabled,
            Commit = receipt is null ? inferred : receipt.Provenance.OwnCommit,
            State = State,
            Id = _id.ToString(),
            Path = path,
            SourceType = receipt?.SourceType ?? _entry?.Source?.Kind,
            CachedVersions = _cached is null ? []
                : [_cached.Active.Value, .. _cached.Versions.Where(version => version != _cached.Active).Select(version => version.Value)],
            InstalledOn = receipt?.InstalledOn,
            InstalledBy = receipt is null ? null : DisplayText.Escape(receipt.InstalledBy),
            CatalogCommit = CatalogCommit(commits),
            TreeHash = receipt?.TreeHash ?? (includeHash && tree is not null ? Hash(tree) : null),
            Provenance = receipt is not null ? "Recorded" : inferred is not null ? "Inferred" : "None",
            Integrity = !includeHash || path is null ? null : receipt is not null ? "Intact" : isRecorded ? "Changed" : "NotRecorded",
            Held = hold is not null,
            HoldNote = hold?.Note,
            HeldAgainstCodex = judgement?.IsHeld,
            HeldBecause = judgement?.Reason,
            EffectiveEnabled = _cached is not null && _view.Layers.IsEffectivelyEnabled(_id.ToString()) && IsUsedByCodex(gate),
            IsAllowedByPolicy = decision.IsAllowed,
            PolicyRule = decision.RuleId,
            ConfigurationSource = _configured?.Layer.ToString(),
            CollectedOn = _environment.Time.GetUtcNow(),
            ToolVersion = toolVersion,
            ComputerName = Environment.MachineName,
            UserName = _environment.UserName,
            CodexHome = _environment.CodexHome,
        };
    }

    // Codex loads nothing of a marketplace that its own restriction rules out.
    private bool IsUsedByCodex(PolicyGate gate) => gate.Codex is not { } restriction
        || NameRules.IsReservedMarketplace(_id.Marketplace.Value)
        || (MarketplacePolicy.Of(_environment, _view.Layers, _id.Marketplace.Value, null) is { } facts && restriction.Allows(facts));

    private string FindState()
    {
        if (_configured is null)
        {
            return "NotConfigured";
        }

        if (_cached is null)
        {
            return "NotCached";
        }

        // What nothing lists any more is told so whether it is on or off: Enabled says that, and no state else would say this.
        return FindLoss() ?? (_view.Layers.IsEffectivelyEnabled(_id.ToString()) ? "Installed" : "Disabled");
    }

    private string? FindLoss()
    {
        if (_entry is not null || NameRules.IsReservedMarketplace(_id.Marketplace.Value))
        {
            return null;
        }

        if (_marketplace is not null)
        {
            return "Orphaned";
        }

        // One that is configured but cannot be read now is not gone.
        return _view.Layers.FindMarketplace(_id.Marketplace.Value) is not null ? null : "MarketplaceRemoved";
    }

    private string? CatalogCommit(Dictionary<string, string?> commits)
    {
        if (_marketplace?.Location is not { IsSnapshot: true } location)
        {
            return null;
        }

        if (!commits.TryGetValue(location.Root, out var commit))
        {
            commits[location.Root] = commit = SnapshotCommit.Read(_environment, location.Root);
        }

        return commit;
    }

    private Receipt? FindReceipt()
    {
        _environment.Home.Receipts.TryFind(_id, out var receipt, out var failure);
        if (failure is not null)
        {
            _environment.Log.Warn(failure.Said);
        }

        return receipt;
    }

    private FolderTree? ReadTree(string path, bool includeHash)
    {
        try
        {
            return FolderTree.ReadInstalled(path, _environment.Files, _environment.Limits);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            Action<Message> tell = includeHash ? _environment.Log.Warn : _environment.Log.Detail;
            tell($"The files of '{_id}' cannot be read: {problem}");
            return null;
        }
    }

    private PluginManifest? ReadManifest(FolderTree tree, string path)
    {
        try
        {
            return ManifestReader.Read(tree, path, _id.Plugin.Value, null, _environment.Limits).Manifest;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Detail($"The manifest of '{_id}' cannot be read: {problem}");
            return null;
        }
    }

    private bool IsOf(Receipt receipt, FolderTree? tree)
    {
        try
        {
            return tree is not null && ReceiptMatch.IsOf(receipt, tree);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _environment.Log.Warn($"The files of '{_id}' cannot be compared with their record: {problem}");
            return false;
        }
    }

    private string? Hash(FolderTree tree)
    {
        try
        {
            return TreeDigest.Compute(tree);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _environment.Log.Warn($"The digest of '{_id}' cannot be computed: {problem}");
            return null;
        }
    }
}
