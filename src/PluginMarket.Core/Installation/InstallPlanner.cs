using PluginMarket.Cache;
using PluginMarket.Files;
using PluginMarket.Identity;
using PluginMarket.Installation.Decision;
using PluginMarket.Inventory;
using PluginMarket.Marketplaces;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;

namespace PluginMarket.Installation;

/// <summary>Turns references into plan items: reads the catalogs on disk and decides, fetches and changes nothing.</summary>
internal sealed class InstallPlanner
{
    private readonly MarketEnvironment _environment;
    private readonly InstallRequest _request;
    private readonly MarketplaceView _view;
    private readonly PluginCache _cache;
    private readonly Dictionary<string, MarketplaceView> _viewsByPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CatalogMark> _marks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string? Commit, DateTimeOffset? On)> _snapshots = new(StringComparer.Ordinal);

    internal InstallPlanner(MarketEnvironment environment, InstallRequest request)
    {
        _environment = environment;
        _request = request;
        _view = MarketplaceView.Open(environment);
        _cache = environment.Home.Cache;
    }

    /// <param name="cancellationToken">Stops reading.</param>
    /// <param name="asksPolicy">Whether what a policy refuses is settled; else it is planned as everything else.</param>
    internal InstallPlan Plan(CancellationToken cancellationToken, bool asksPolicy = false)
    {
        var policy = asksPolicy ? new InstallPolicy(_environment, _request) : null;
        var items = new List<InstallPlanItem>();
        var settled = new List<PluginOperationResult>();
        var seen = new HashSet<PluginId>();
        var pinned = _request.Intent switch
        {
            InstallIntent.RestoreLock restore => restore.Entries.Select(entry => new PinnedPlugin(entry)),
            InstallIntent.Repair repair => [repair.Pinned],
            _ => [],
        };
        var wanted = _request.References.Concat(_request.Intent is InstallIntent.Install { Default: true } ? Defaults() : [])
            .Select(reference => (reference, Pinned: (PinnedPlugin?)null));
        foreach (var (reference, bytes) in wanted.Concat(pinned.Select(bytes => (bytes.Reference, (PinnedPlugin?)bytes))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var item = bytes is null ? Resolve(reference) : Resolve(bytes);
                policy?.Admit(item);
                if (seen.Add(item.Id))
                {
                    items.Add(item);
                }
            }
            catch (PluginMarketException failure)
            {
                settled.Add(Settle(reference, failure));
            }
        }

        if (_request.Intent is InstallIntent.Install { Default: true })
        {
            settled.AddRange(_view.Failures.Select(failure => Settle(null, failure)));
        }

        return new InstallPlan(_request, items, settled);
    }

    /// <summary>The item of a plugin as the catalogs have it now; for the second look under the home's lock.</summary>
    internal InstallPlanItem Resolve(PluginReference reference)
    {
        ReferenceCheck.DemandThisHome(reference, _environment);
        if (_request.IsUpdate && reference.PluginId is { } installed)
        {
            // What is not installed is told so, wherever it might come from.
            DemandInstalled(installed);
        }

        var marketplace = Find(reference, reference.Marketplace ?? _request.Marketplace);
        var entry = InstallationDecision.Demand(marketplace.Catalog, marketplace.Name, reference.Name.Value);
        var id = new PluginId(reference.Name, marketplace.Catalog.ValidName!);
        if (_request.Intent is not InstallIntent.Install { OnlyReads: true })
        {
            _view.Layers.DemandUserPlugin(id.ToString());
        }

        DemandInstallable(id, entry.Source!);
        if (_request.IsUpdate)
        {
            DemandInstalled(id);
        }

        var location = marketplace.Location;
        var (source, host) = Describe(entry.Source!, marketplace.Catalog.Root);
        var origin = new CatalogOrigin(marketplace, entry, MarkOf(marketplace))
        {
            Commit = SnapshotOf(location).Commit,
            SnapshotOn = SnapshotOf(location).On,
        };
        var active = Active(id);
        return new InstallPlanItem(_request.Intent, reference, origin)
        {
            Id = id,
            SourceType = entry.Source!.Kind,
            Source = source,
            Host = host,
            Ref = _request.Revision.Sha ?? _request.Revision.Ref ?? entry.Source.Repository?.Sha ?? entry.Source.Repository?.Ref,
            InstalledVersion = ShownVersion(id, active),
            InstalledFolder = active,
            RenamedFolder = RenamedFolder(id, active, reference.TreeHash is { Length: > 0 } || _request.Approvals is not null
                || (_request.IsUpdate && entry.Source is not LocalSource)),
            Installation = entry.Installation,
            Authentication = entry.Authentication,
            CatalogPath = marketplace.Catalog.CatalogPath,
            MarketplaceRoot = marketplace.Catalog.Root,
            RequiresTrust = location.RequiresTrust,
            IsTrusted = _request.TrustMarketplace,
        };
    }

    /// <summary>The item of a plugin whose bytes are known. Unless the request is frozen, the catalog must still offer it.</summary>
    internal InstallPlanItem Resolve(PinnedPlugin pinned)
    {
        var entry = pinned.Entry;
        var id = entry.PluginId;
        if (_request.Intent is InstallIntent.RestoreLock { OnlyInstalled: true })
        {
            DemandInstalled(id);
        }

        if (_request.IsFrozen)
        {
            DemandRestorable(id);
        }

        var listed = _request.IsFrozen ? null : Resolve(pinned.Reference);
        var origin = new RecordedOrigin(pinned, listed?.Catalog);
        var (source, host) = pinned.IsRemote ? Describe(pinned.Source, "") : (DisplayText.Escape(entry.Source), null);
        var active = Active(id);
        var isFolder = listed is not null && !pinned.IsRemote;
        return new InstallPlanItem(_request.Intent, pinned.Reference, origin)
        {
            Id = id,
            SourceType = isFolder ? listed!.SourceType : entry.SourceType,
            Source = isFolder ? listed!.Source : source,
            Host = isFolder ? listed!.Host : host,
            Ref = isFolder ? listed!.Ref : entry.Commit,
            InstalledVersion = ShownVersion(id, active),
            InstalledFolder = active,
            RenamedFolder = active is not null && (pinned.Folder?.Value ?? entry.Version ?? PluginVersion.Local.Value) is var folder
                && folder != active.Value && !IsHeld(id) ? folder : null,
            Installation = listed?.Installation ?? "AVAILABLE",
            Authentication = listed?.Authentication ?? "ON_INSTALL",
            CatalogPath = listed?.CatalogPath ?? DisplayText.Escape(entry.LockFile),
            MarketplaceRoot = listed?.MarketplaceRoot ?? "",
            RequiresTrust = listed?.RequiresTrust ?? false,
            IsTrusted = _request.TrustMarketplace,
        };
    }

    private void DemandRestorable(PluginId id)
    {
        if (NameRules.IsReservedMarketplace(id.Marketplace.Value))
        {
            throw new PluginMarketException(MarketErrorCode.NameReserved, $"'{id}' belongs to one of Codex's own marketplaces, "
                + $"whose plugins only Codex installs. {Remedy.Do($"Remove it from the lock file.")}", id.ToString());
        }

        if ((NameRules.CheckPortability(id.Plugin.Value) ?? NameRules.CheckPortability(id.Marketplace.Value)) is { } finding)
        {
            throw new PluginMarketException(MarketErrorCode.NameInvalid, $"'{id}' cannot be installed: its name {finding}. "
                + $"{Remedy.Do($"Ask the owner of the catalog for another name.")}", id.ToString());
        }

        _view.Layers.DemandUserPlugin(id.ToString());
        if (!_view.Marketplaces.Any(open => open.Name == id.Marketplace.Value)
            && _view.Layers.FindMarketplace(id.Marketplace.Value) is null)
        {
            _environment.Log.Warn($"This home has no marketplace '{id.Marketplace}'. Codex loads its plugins but does not list them. "
                + $"{Remedy.Run(Operation.AddMarketplace, $"register the marketplace")}");
        }
    }

    private PluginVersion? Active(PluginId id) => _view.Layers.FindPlugin(id.ToString()) is null ? null : _cache.ActiveVersion(id);

    private bool IsHeld(PluginId id) => _environment.Home.Holds.Find(id) is not null;

    // What the manifest says; only its own files tell, and a folder called by the version is as good.
    private string? ShownVersion(PluginId id, PluginVersion? active) =>
        active is null ? null : active != PluginVersion.Local ? active.Value
            : InstalledCopy.ManifestVersionOf(_environment, id, active) ?? active.Value;

    private string? RenamedFolder(PluginId id, PluginVersion? active, bool isPromised) =>
        isPromised && active == PluginVersion.Local && !IsHeld(id) && ShownVersion(id, active) is var version && version != active.Value
            ? version : null;

    // Many items come from one catalog: each is checked once.
    private CatalogMark MarkOf(OpenMarketplace marketplace)
    {
        if (!_marks.TryGetValue(marketplace.Catalog.CatalogPath, out var mark))
        {
            _marks[marketplace.Catalog.CatalogPath] = mark = CatalogMark.Take(_environment, marketplace);
        }

        return mark;
    }

    private (string? Commit, DateTimeOffset? On) SnapshotOf(MarketplaceLocation location)
    {
        if (!location.IsSnapshot)
        {
            return default;
        }

        if (!_snapshots.TryGetValue(location.Root, out var snapshot))
        {
            _snapshots[location.Root] = snapshot = (SnapshotCommit.Read(_environment, location.Root),
                MarketplaceDescription.SnapshotOn(_environment, location));
        }

        return snapshot;
    }

    private static (string Source, string? Host) Describe(PluginSource source, string root) => source.Match<(string, string?)>(
        local => (DisplayText.Escape(local.FolderIn(root)), null),
        git => (source.Description, git.Url.IsFile ? null : DisplayText.Escape(git.Url.Host)),
        npm => (npm.Description, npm.Registry is { } registry ? DisplayText.Escape(new Uri(registry).Host) : null));

    private void DemandInstalled(PluginId id)
    {
        if (_view.Layers.FindPlugin(id.ToString()) is null || _cache.ActiveVersion(id) is null)
        {
            throw new PluginMarketException(MarketErrorCode.PluginNotInstalled,
                $"'{id}' is not installed. {Remedy.Run(Operation.InstallPlugin.On(id.ToString()))}", id.ToString());
        }
    }

    private void DemandInstallable(PluginId id, PluginSource source)
    {
        if (source is NpmSource && _request.Revision is not (null, null))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{id}' is an npm package and has no ref or commit. {Remedy.Do(
                $"Remove {OperationOption.Ref} and {OperationOption.Sha}: the catalog's entry names the version.")}", id.ToString());
        }

        if (source is LocalSource && _request.Revision is not (null, null))
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid,
                $"'{id}' is a folder of its marketplace and has no ref or commit of its own. {Remedy.Do(
                    $"Remove {OperationOption.Ref} and {OperationOption.Sha}, or set them for the marketplace.")}", id.ToString());
        }
    }

    private IEnumerable<PluginReference> Defaults() =>
        from marketplace in _view.Marketplaces
        where !marketplace.Location.RequiresTrust && marketplace.Catalog.ValidName is not null
        from entry in marketplace.Catalog.Entries
        where entry is { IsListed: true, Installation: "INSTALLED_BY_DEFAULT", ValidName: not null }
        select new PluginReference { Name = entry.ValidName!, Marketplace = marketplace.Catalog.ValidName, IsListed = true };

    private OpenMarketplace Find(PluginReference reference, MarketplaceName? marketplace)
    {
        if (reference.CatalogPath is { Length: > 0 } path)
        {
            return FindByPath(reference, marketplace, path);
        }

        return marketplace is null ? FindByPlugin(reference) : FindByName(reference, marketplace);
    }

    private OpenMarketplace FindByPath(PluginReference reference, MarketplaceName? marketplace, string path)
    {
        var found = _view.Marketplaces.FirstOrDefault(open => string.Equals(open.Catalog.CatalogPath, path, LocalPaths.Comparison));
        if (found is null)
        {
            if (!_viewsByPath.TryGetValue(path, out var view))
            {
                _viewsByPath[path] = view = MarketplaceView.Open(_environment, [path]);
            }

            found = view.Marketplaces.Count > 0 ? view.Marketplaces[0] : throw view.Failures[0];
        }

        return marketplace is null || string.Equals(found.Name, marketplace.Value, StringComparison.Ordinal)
            ? found
            : throw new PluginMarketException(
                MarketErrorCode.MarketplaceNameMismatch,
                $"The catalog '{path}' calls itself '{found.Name}' now, not '{marketplace}'. "
                    + $"{Remedy.Run(Operation.FindPlugin, $"list its plugins again")}",
                reference.Id);
    }

    private OpenMarketplace FindByName(PluginReference reference, MarketplaceName marketplace)
    {
        var located = _view.Locate(reference.Name.Value, marketplace.Value);
        if (located.Count > 0)
        {
            return located[0].Marketplace;
        }

        // A catalog of that name without the plugin gives the better message; one that cannot be read is the reason itself.
        return _view.Marketplaces.FirstOrDefault(open => string.Equals(open.Name, marketplace.Value, StringComparison.Ordinal))
            ?? throw (_view.Failures.FirstOrDefault(failure => string.Equals(failure.Target, marketplace.Value, StringComparison.Ordinal))
                ?? NoSuchMarketplace(marketplace.Value));
    }

    private PluginMarketException NoSuchMarketplace(string marketplace)
    {
        var nearest = NearestName.Find(marketplace, _view.Marketplaces.Select(open => open.Name));
        return new PluginMarketException(
            MarketErrorCode.MarketplaceNotFound,
            $"There is no marketplace '{marketplace}'. "
                + $"{Remedy.DidYouMean(nearest) ?? Remedy.Run(Operation.AddMarketplace, $"register it")}",
            marketplace);
    }

    // A bare name means what the user trusts already: a catalog of the current repository has to be named.
    private OpenMarketplace FindByPlugin(PluginReference reference)
    {
        var name = reference.Name.Value;
        var located = _view.Locate(name).Where(found => !found.Entry.IsHidden).ToList();
        var trusted = located.Where(found => !found.Marketplace.Location.RequiresTrust).ToList();
        var usable = trusted.Where(found => found.Entry.IsListed).ToList();
        var places = (usable.Count > 0 ? usable : trusted).Select(found => found.Marketplace).Distinct().ToList();
        if (places.Count == 1)
        {
            return places[0];
        }

        if (places.Count > 1)
        {
            var list = string.Join(" and ", places.Select(open => $"{name}@{open.Name} ({open.Catalog.CatalogPath})"));
            throw new PluginMarketException(MarketErrorCode.PluginNameAmbiguous,
                $"More than one marketplace has a plugin '{name}': {list}. {Remedy.Do($"Choose one of them.")}", name);
        }

        var elsewhere = located.FirstOrDefault()?.Marketplace;
        var nearest = NearestName.Find(name, _view.Marketplaces.SelectMany(open => open.Catalog.Entries).Where(entry => entry.IsListed)
            .Select(entry => entry.Name).Distinct(StringComparer.Ordinal));
        var next = elsewhere is not null
            ? Remedy.Do(
                $"Use {name}@{elsewhere.Name} for the plugin of the catalog '{elsewhere.Catalog.CatalogPath}', which is not registered.")
            : _view.Marketplaces.Select(open => InstallationDecision.Renamed(open.Catalog, name)).FirstOrDefault(hint => hint is not null)
                ?? Remedy.DidYouMean(nearest) ?? (_view.Marketplaces.Count == 0
                ? Remedy.Run(Operation.AddMarketplace, $"register a marketplace")
                : Remedy.Run(Operation.FindPlugin, $"list the plugins"));
        Message unread = _view.Failures.Count > 0 ? (Message)$" Not all marketplaces could be read: {_view.Failures[0]}" : $"";
        throw new PluginMarketException(MarketErrorCode.PluginNotFound, $"No marketplace has a plugin '{name}'.{unread} {next}", name);
    }

    // What a pattern or a listing chose and nothing offers any more is a row of the answer and not a failure; what was named is a failure.
    private PluginOperationResult Settle(PluginReference? reference, PluginMarketException failure)
    {
        var marketplace = reference is null ? failure.Target : (reference.Marketplace ?? _request.Marketplace)?.Value;
        var result = PluginResult.Of(_environment, _request.Intent.ActionName, reference?.Name.Value ?? "", marketplace, "Skipped");
        if (reference is not { IsListed: true, PluginId: { } id } || !_request.IsUpdate || SourceLoss.CodeOf(failure.Code) is not { } code)
        {
            return result.Failed(failure);
        }

        if (code == ReasonCode.NotCached && _view.Layers.FindPlugin(id.ToString()) is null)
        {
            code = ReasonCode.NotConfigured;
        }

        var active = _cache.ActiveVersion(id);
        return result with
        {
            ReasonCode = code,
            Said = failure.Said,
            Version = ShownVersion(id, active),
            CacheVersion = active?.Value,
            Path = active is null ? null : _cache.Layout.VersionPath(id, active),
            Enabled = _view.Layers.FindPlugin(id.ToString())?.Enabled,
        };
    }
}
