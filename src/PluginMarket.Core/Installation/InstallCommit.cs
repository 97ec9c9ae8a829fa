using PluginMarket.Cache;
using PluginMarket.Home;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>The part of an installation that runs under the home's lock: gather what is there now, decide, and carry the decision out
/// (docs/reliability.md, steps 6 to 12).</summary>
internal sealed class InstallCommit
{
    private readonly MarketEnvironment _environment;
    private readonly InstallRequest _request;
    private readonly InstallPlanItem _item;
    private readonly StagedPlugin? _staged;
    private readonly PendingSwitches? _switches;
    private readonly PluginCache _cache;
    private readonly ReceiptStore _receipts;
    private readonly string _id;

    /// <param name="environment">The outside world.</param>
    /// <param name="request">The conditions.</param>
    /// <param name="item">The plugin.</param>
    /// <param name="staged">What its source has; null where that could not be had, which only an approval of
    /// what is installed makes up for.</param>
    /// <param name="switches">Takes what is to be turned on or off, for one change of the configuration; null where that is done
    /// here.</param>
    internal InstallCommit(MarketEnvironment environment, InstallRequest request, InstallPlanItem item, StagedPlugin? staged,
        PendingSwitches? switches)
    {
        _environment = environment;
        _request = request;
        _item = item;
        _staged = staged;
        _switches = switches;
        _cache = environment.Home.Cache;
        _receipts = environment.Home.Receipts;
        _id = item.Id.ToString();
    }

    /// <summary>Does it, or returns null where the catalog, or its registration, is no longer what the staged tree was made from.</summary>
    internal PluginOperationResult? Run(TimeSpan before)
    {
        var started = _environment.Time.GetTimestamp();
        var layers = ConfigurationLayers.Read(_environment);
        if (_item.Catalog is { } catalog && !IsCurrent(_environment, catalog, layers))
        {
            return null;
        }

        Demand(_environment, _item.Id, layers);
        new InstallPolicy(_environment, _request).Publish(_item, _staged);
        var state = new InstallState(_environment, _request, _item, _staged, _cache, _receipts, layers);
        var result = InstallJudge.Decide(state.Facts) switch
        {
            InstallDecision.Refuse refusal => state.Refused(refusal),
            InstallDecision.Skip skip => state.Skipped(skip),
            InstallDecision.Do work => state.Done(work, CarryOut(work, state)),
            _ => throw new InvalidOperationException("A decision of an unknown kind."),
        };
        return result with { Duration = before + _environment.Time.GetElapsedTime(started) };
    }

    /// <summary>Whether the catalog, and its registration, are what the item was planned from.</summary>
    internal static bool IsCurrent(MarketEnvironment environment, CatalogOrigin catalog, ConfigurationLayers layers) =>
        CatalogMark.Take(environment, catalog.Marketplace) == catalog.Mark && IsStillRegistered(catalog, layers);

    private static bool IsStillRegistered(CatalogOrigin catalog, ConfigurationLayers layers) =>
        catalog.Marketplace.Location.Configured is not { } then
        || (layers.FindMarketplace(then.Name) is { } now && now.SourceType == then.SourceType && now.Source == then.Source);

    /// <summary>Fails where a plugin must not be installed, whatever its source has.</summary>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ManagedByAdministrator"/>,
    /// <see cref="MarketErrorCode.NameInvalid"/>, <see cref="MarketErrorCode.HomeWritableByOthers"/>,
    /// <see cref="MarketErrorCode.PathEscapesRoot"/></exception>
    internal static void Demand(MarketEnvironment environment, PluginId id, ConfigurationLayers layers)
    {
        layers.DemandUserPlugin(id.ToString());
        var cache = environment.Home.Cache;
        if (cache.FindNameConflict(id) is { } other)
        {
            throw new PluginMarketException(
                MarketErrorCode.NameInvalid,
                $"'{id}' would share a folder with the installed '{other}' wherever letter case is ignored. "
                    + $"{Remedy.Run(Operation.UninstallPlugin.On($"{other}"), $"uninstall that plugin first")}",
                id.ToString());
        }

        cache.DemandUnshared(id);
    }

    /// <summary>Fails where a step could not be carried out for what the home is, before the first one is.</summary>
    /// <exception cref="PluginMarketException">What forbids it.</exception>
    internal static void Demand(MarketEnvironment environment, PluginId id, IReadOnlyList<InstallStep> steps)
    {
        if (steps.Any(step => step is InstallStep.Publish or InstallStep.MoveFolder or InstallStep.RemoveOthers))
        {
            environment.Home.Cache.DemandChangeable(id);
        }

        if (steps.OfType<InstallStep.Enable>().FirstOrDefault() is { } turn)
        {
            // The configuration is written last: one that cannot be edited must not be found out after the files have changed.
            AgentConfiguration.Open(environment).DemandPluginSettable(id, turn.On);
        }
    }

    private static bool IsOfStaged(InstallStep step) => step is InstallStep.Publish or InstallStep.MoveFolder;

    // The folder that is active afterwards.
    private PluginVersion? CarryOut(InstallDecision.Do work, InstallState state)
    {
        var active = state.Installed?.Version;
        var (oldFolder, oldVersion, oldReceipt) = (active, state.Installed?.ManifestVersion, state.Installed?.Receipt);
        Demand(_environment, _item.Id, work.Steps);
        var isKept = false;
        foreach (var step in work.Steps)
        {
            switch (step)
            {
                case InstallStep.Publish publish:
                    _cache.Publish(_staged!.Tree, _item.Id, active = publish.Folder);
                    isKept = publish.Keep;
                    break;
                case InstallStep.MoveFolder move:
                    _cache.Publish(_staged!.Tree, _item.Id, active = move.Folder);
                    break;
                case InstallStep.RemoveOthers:
                    RemoveOthers(state.Installed!);
                    break;
                case InstallStep.Record:
                    var isUpdate = state.Installed is not null && work.Status == "Updated" && _item.Intent is not InstallIntent.Repair;
                    _receipts.Write(state.Receipt(active!, work.Steps.Any(IsOfStaged)), isUpdate ? "Update" : _item.Intent.ActionName);
                    break;
                case InstallStep.Enable enable:
                    var pending = _switches ?? new PendingSwitches(_environment);
                    var version = active;
                    pending.Add(_item.Id, enable.On, work.Steps.Any(other => other is InstallStep.Record) ? null
                        : () => PluginActivation.Note(_environment, _item.Id, version, enable.On));
                    if (_switches is null)
                    {
                        pending.Write();
                    }

                    break;
            }
        }

        if (isKept && oldFolder is not null)
        {
            Keep(oldFolder, oldVersion, oldReceipt);
        }

        return active;
    }

    // The new version is in place already: what cannot be kept is a pity, not a failure.
    private void Keep(PluginVersion replaced, string? manifestVersion, Receipt? receipt)
    {
        if (_request.KeepVersion == 0 || _staged!.Tree.ReplacedPath != _cache.Layout.VersionPath(_item.Id, replaced))
        {
            return;
        }

        var store = _environment.Home.Kept;
        try
        {
            store.Keep(_staged.Tree, _item.Id, replaced, manifestVersion, receipt);
            store.Prune(_item.Id, _request.KeepVersion);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Warn($"{_id}: the replaced version {replaced} could not be kept: {problem}");
        }
    }

    private void RemoveOthers(InstalledCopy installed)
    {
        var state = _environment.Home.State;
        foreach (var other in installed.OtherVersions)
        {
            if (state.MoveToTrash(_cache.Layout.VersionPath(_item.Id, other)) is { } trash)
            {
                state.Delete(trash);
            }
        }
    }
}
