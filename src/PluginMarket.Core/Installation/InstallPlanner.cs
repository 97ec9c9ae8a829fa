namespace PluginMarket;

/// <summary>Turns references into plan items: reads the catalogs on disk and decides, fetches and changes nothing.</summary>
internal sealed class InstallPlanner
{
    private readonly MarketEnvironment _environment;
    private readonly InstallRequest _request;
    private readonly MarketplaceView _view;
    private readonly PluginCache _cache;
    private readonly Dictionary<string, MarketplaceView> _viewsByPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CatalogMark> _marks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _commits = new(StringComparer.Ordinal);

    internal InstallPlanner(MarketEnvironment environment, InstallRequest request)
    {
        _environment = environment;
        _request = request;
        _view = MarketplaceView.Open(environment);
        _cache = environment.Home.Cache;
    }

    internal InstallPlan Plan(CancellationToken cancellationToken)
    {
        var items = new List<InstallPlanItem>();
        var failures = new List<PluginOperationResult>();
        var seen = new HashSet<PluginId>();
        var pinned = _request.Pinned.Concat(_request.LockFile?.Entries.Select(entry => new PinnedPlugin(entry)) ?? []).ToList();
        var wanted = _request.References.Concat(_request.Default ? Defaults() : []).Select(reference => (reference, Pinned: (PinnedPlugin?)null));
        foreach (var (reference, bytes) in wanted.Concat(pinned.Select(bytes => (bytes.Reference, (PinnedPlugin?)bytes))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var item = bytes is null ? Resolve(reference) : Resolve(bytes);
                if (seen.Add(item.Id))
                {
                    items.Add(item);
                }
            }
            catch (PluginMarketException failure)
            {
                failures.Add(Fail(reference, failure));
            }
        }

        if (_request.Default)
        {
            failures.AddRange(_view.Failures.Select(failure => Fail(null, failure)));
        }

        return new InstallPlan(_request, items, failures);
    }

    /// <summary>The item of a plugin as the catalogs have it now; for the second look under the home's lock.</summary>
    internal InstallPlanItem Resolve(PluginReference reference)
    {
        ReferenceCheck.DemandThisHome(reference, _environment);
        var marketplace = Find(reference, reference.Marketplace ?? _request.Marketplace);
        var entry = InstallationDecision.Demand(marketplace.Catalog, marketplace.Name, reference.Name.Value);
        var id = new PluginId(reference.Name, marketplace.Catalog.ValidName!);
        _view.Layers.DemandUserPlugin(id.ToString());
        DemandInstallable(id, entry.Source!);
        if (_request.Update)
        {
            DemandInstalled(id);
        }

        var location = marketplace.Location;
        var (source, host) = Describe(entry.Source!, marketplace.Catalog.Root);
        return new InstallPlanItem
        {
            Id = id,
            SourceType = entry.Source!.Kind,
            Source = source,
            Host = host,
            Ref = _request.Sha ?? _request.Ref ?? entry.Source.Repository?.Sha ?? entry.Source.Repository?.Ref,
            InstalledVersion = _view.Layers.FindPlugin(id.ToString()) is null ? null : _cache.ActiveVersion(id)?.Value,
            Installation = entry.Installation,
            Authentication = entry.Authentication,
            CatalogPath = marketplace.Catalog.CatalogPath,
            MarketplaceRoot = marketplace.Catalog.Root,
            RequiresTrust = location.RequiresTrust,
            IsTrusted = _request.TrustMarketplace,
            IsUpdate = _request.Update,
            Reference = reference,
            Marketplace = marketplace,
            Entry = entry,
            Mark = MarkOf(marketplace),
            CatalogCommit = CommitOf(location),
        };
    }

    /// <summary>The item of a plugin whose bytes are known. Unless the request is frozen, the catalog must still offer it.</summary>
    internal InstallPlanItem Resolve(PinnedPlugin pinned)
    {
        var entry = pinned.Entry;
        var item = _request.Frozen ? OfEntry(entry) : Resolve(pinned.Reference);
        if (item.IsFromCatalog && !pinned.IsRemote)
        {
            return item with { Pinned = pinned };
        }

        var (source, host) = pinned.IsRemote ? Describe(pinned.Source, "") : (DisplayText.Escape(entry.Source), null);
        return item with { Pinned = pinned, SourceType = entry.SourceType, Source = source, Host = host, Ref = entry.Commit };
    }

    private InstallPlanItem OfEntry(PluginLockEntry entry)
    {
        var id = entry.PluginId;
        if (NameRules.IsReservedMarketplace(id.Marketplace.Value))
        {
            throw new PluginMarketException(MarketErrorCode.NameReserved, $"'{id}' belongs to a marketplace of the agent's own, whose plugins only the agent installs. Take it out of the lock file.", id.ToString());
        }

        if ((NameRules.FindPortabilityProblem(id.Plugin.Value) ?? NameRules.FindPortabilityProblem(id.Marketplace.Value)) is { } problem)
        {
            throw new PluginMarketException(MarketErrorCode.NameInvalid, $"'{id}' cannot be installed: its name {problem}.", id.ToString());
        }

        _view.Layers.DemandUserPlugin(id.ToString());
        if (!_view.Marketplaces.Any(open => open.Name == id.Marketplace.Value) && _view.Layers.FindMarketplace(id.Marketplace.Value) is null)
        {
            _environment.Log.Warn($"{id}: this home has no marketplace '{id.Marketplace}'. Codex loads the plugin but does not list it; register the marketplace with Add-PluginMarketplace.");
        }

        return new InstallPlanItem
        {
            Id = id,
            SourceType = entry.SourceType,
            Source = DisplayText.Escape(entry.Source),
            InstalledVersion = _view.Layers.FindPlugin(id.ToString()) is null ? null : _cache.ActiveVersion(id)?.Value,
            Installation = "AVAILABLE",
            Authentication = "ON_INSTALL",
            CatalogPath = DisplayText.Escape(entry.LockFile),
            MarketplaceRoot = "",
            Reference = new PluginReference { Name = id.Plugin, Marketplace = id.Marketplace },
        };
    }

    // Many items come from one catalog: each is looked at once.
    private CatalogMark MarkOf(OpenMarketplace marketplace)
    {
        if (!_marks.TryGetValue(marketplace.Catalog.CatalogPath, out var mark))
        {
            _marks[marketplace.Catalog.CatalogPath] = mark = CatalogMark.Take(_environment, marketplace);
        }

        return mark;
    }

    private string? CommitOf(MarketplaceLocation location)
    {
        if (!location.IsSnapshot)
        {
            return null;
        }

        if (!_commits.TryGetValue(location.Root, out var commit))
        {
            _commits[location.Root] = commit = SnapshotCommit.Read(_environment, location.Root);
        }

        return commit;
    }

    private static (string Source, string? Host) Describe(PluginSource source, string root) => source.Match<(string, string?)>(
        local => (DisplayText.Escape(local.FolderIn(root)), null),
        git => (source.Description, git.Url.IsFile ? null : DisplayText.Escape(git.Url.Host)),
        npm => (npm.Description, npm.Registry is { } registry ? DisplayText.Escape(new Uri(registry).Host) : null));

    private void DemandInstalled(PluginId id)
    {
        if (_view.Layers.FindPlugin(id.ToString()) is null || _cache.ActiveVersion(id) is null)
        {
            throw new PluginMarketException(MarketErrorCode.PluginNotInstalled, $"'{id}' is not installed. Install it with Install-Plugin.", id.ToString());
        }
    }

    private void DemandInstallable(PluginId id, PluginSource source)
    {
        if (source is NpmSource && (_request.Ref ?? _request.Sha) is not null)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{id}' is an npm package and has no ref or commit. Leave out -Ref and -Sha; the catalog's entry says which version is taken.", id.ToString());
        }

        if (source is LocalSource && (_request.Ref ?? _request.Sha) is not null)
        {
            throw new PluginMarketException(MarketErrorCode.SourceInvalid, $"'{id}' is a folder of its marketplace and has no ref or commit of its own. Leave out -Ref and -Sha, or set them for the marketplace.", id.ToString());
        }
    }

    private IEnumerable<PluginReference> Defaults() =>
        from marketplace in _view.Marketplaces
        where !marketplace.Location.RequiresTrust && marketplace.Catalog.ValidName is not null
        from entry in marketplace.Catalog.Entries
        where entry is { IsListed: true, Installation: "INSTALLED_BY_DEFAULT", ValidName: not null }
        select new PluginReference { Name = entry.ValidName!, Marketplace = marketplace.Catalog.ValidName };

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
                $"The catalog '{DisplayText.Escape(path)}' calls itself '{found.Name}' now, not '{marketplace}'. List its plugins again with Find-Plugin.",
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
            ?? throw (_view.Failures.FirstOrDefault(failure => string.Equals(failure.Target, marketplace.Value, StringComparison.Ordinal)) ?? NoSuchMarketplace(marketplace.Value));
    }

    private PluginMarketException NoSuchMarketplace(string marketplace)
    {
        var nearest = NearestName.Find(marketplace, _view.Marketplaces.Select(open => open.Name));
        return new PluginMarketException(
            MarketErrorCode.MarketplaceNotFound,
            $"There is no marketplace '{marketplace}'." + (nearest is null ? " Register it with Add-PluginMarketplace." : $" Did you mean '{nearest}'?"),
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
            var list = string.Join(" and ", places.Select(open => $"{name}@{open.Name} ({DisplayText.Escape(open.Catalog.CatalogPath)})"));
            throw new PluginMarketException(MarketErrorCode.PluginNameAmbiguous, $"More than one marketplace has a plugin '{name}': {list}. Name one of them.", name);
        }

        var elsewhere = located.FirstOrDefault()?.Marketplace;
        var nearest = NearestName.Find(name, _view.Marketplaces.SelectMany(open => open.Catalog.Entries).Where(entry => entry.IsListed).Select(entry => entry.Name).Distinct(StringComparer.Ordinal));
        var next = elsewhere is not null ? $" The catalog '{DisplayText.Escape(elsewhere.Catalog.CatalogPath)}', which is not registered, has one: name it as {name}@{elsewhere.Name}."
            : nearest is not null ? $" Did you mean '{nearest}'?"
            : " List what there is with Find-Plugin.";
        var unread = _view.Failures.Count > 0 ? $" Not all marketplaces could be read: {_view.Failures[0].Message}" : "";
        throw new PluginMarketException(MarketErrorCode.PluginNotFound, $"No marketplace has a plugin '{name}'.{next}{unread}", name);
    }

    private PluginOperationResult Fail(PluginReference? reference, PluginMarketException failure) => new PluginOperationResult
    {
        Name = reference?.Name.Value ?? "",
        Marketplace = reference is null ? failure.Target : (reference.Marketplace ?? _request.Marketplace)?.Value,
        Action = _request.ActionName,
        Status = "Failed",
        Reason = failure.Message,
        Error = failure.Code.ToString(),
        ComputerName = Origin.ComputerName,
        UserName = Origin.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
    }.WithFailure(failure);
}
