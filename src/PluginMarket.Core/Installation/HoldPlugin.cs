using PluginMarket.Cache;
using PluginMarket.Installation.Decision;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Holds installed plugins at the version they have, and releases them.</summary>
internal sealed class HoldPlugin
{
    private const string HoldAction = "Hold";
    private const string ReleaseAction = "Release";

    private readonly MarketEnvironment _environment;

    /// <summary>Works on one home.</summary>
    public HoldPlugin(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Holds one plugin; a failure is a result. Its cache folder gets its manifest's version as its name: a folder called
    /// <c>local</c> is replaced by Codex's next refresh.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="note">Why, or null; a hold that is there gets the new note.</param>
    /// <param name="cancellationToken">Stops waiting for the home's lock.</param>
    public Task<PluginOperationResult> HoldAsync(PluginReference reference, string? note = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, HoldAction);
        return change.RunAsync(state => Hold(change.Cache, state, note), cancellationToken);
    }

    /// <summary>Releases one plugin; a failure is a result.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="note">Why, for the history, or null.</param>
    /// <param name="cancellationToken">Stops waiting for the home's lock.</param>
    public Task<PluginOperationResult> ReleaseAsync(PluginReference reference, string? note = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return new PluginChange(_environment, reference, ReleaseAction).RunAsync(state => Release(state, note), cancellationToken);
    }

    /// <summary>Says what holding one plugin would come to, and changes nothing.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    public PluginOperationResult PreviewHold(PluginReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, HoldAction);
        return change.Preview(state =>
        {
            DemandCached(state);
            var folder = FolderAfterHold(change.Cache, state);
            if (folder is not null)
            {
                change.Cache.DemandChangeable(state.Id);
            }

            var outcome = Outcome(_environment.Home.Holds.Find(state.Id) is null, state, folder);
            return folder is null ? outcome : outcome with
            {
                Reason = $"It would be held, and its cache folder would be renamed from '{state.Active}' to '{folder}'.",
            };
        });
    }

    /// <summary>Says what releasing one plugin would come to, and changes nothing.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    public PluginOperationResult PreviewRelease(PluginReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return new PluginChange(_environment, reference, ReleaseAction).Preview(Released);
    }

    /// <summary>The name that holding a plugin gives its cache folder, or null where the folder keeps its name.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <exception cref="PluginMarketException">What also forbids holding it.</exception>
    public string? FolderAfterHold(PluginReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, HoldAction);
        var state = change.Demand();
        DemandCached(state);
        return FolderAfterHold(change.Cache, state)?.Value;
    }

    private PluginVersion? FolderAfterHold(PluginCache cache, PluginChange.State state) =>
        state.Active == PluginVersion.Local
        && InstalledCopy.Find(_environment, cache, _environment.Home.Receipts, state.Id)?.InstallVersion is { } version
        && version != PluginVersion.Local.Value && PluginVersion.TryParse(version, out var folder, out _) ? folder : null;

    private static void DemandCached(PluginChange.State state)
    {
        if (state.Active is null)
        {
            throw new PluginMarketException(MarketErrorCode.PluginNotInstalled, $"'{state.Id}' has no cached version to hold. "
                + $"{Remedy.Run(Operation.InstallPlugin.On(state.Id.ToString()))}", state.Id.ToString());
        }
    }

    private static PluginChange.Change Outcome(bool isChange, PluginChange.State state, PluginVersion? moved) => moved is null
        ? new PluginChange.Change("Unchanged", isChange ? ReasonCode.Held : null, state.Configured?.Enabled)
        : new PluginChange.Change("Unchanged", ReasonCode.FolderRenamed, state.Configured?.Enabled)
        {
            Version = moved,
            Reason = $"It is held now, and its cache folder was renamed from '{state.Active}' to '{moved}'.",
        };

    private PluginChange.Change Released(PluginChange.State state) =>
        new("Unchanged", _environment.Home.Holds.Find(state.Id) is null ? null : ReasonCode.Released, state.Configured?.Enabled);

    private PluginChange.Change Hold(PluginCache cache, PluginChange.State state, string? note)
    {
        DemandCached(state);
        var store = _environment.Home.Holds;
        var before = store.Find(state.Id);
        var moved = Relay(cache, state.Id, state.Active!);
        if (before is null || (note is not null && before.Note != DisplayText.Escape(note)))
        {
            Note(state, HoldAction, moved, note);
            store.Write(state.Id, note);
        }
        else if (moved is null)
        {
            return Outcome(false, state, null);
        }

        return Outcome(true, state, moved);
    }

    private PluginChange.Change Release(PluginChange.State state, string? note)
    {
        var store = _environment.Home.Holds;
        var outcome = Released(state);
        if (outcome.ReasonCode is not null)
        {
            Note(state, ReleaseAction, null, note);
            store.Remove(state.Id);
        }

        return outcome;
    }

    // The hold is a file that is there or not: who set it, who took it away, and why, only the history keeps.
    private void Note(PluginChange.State state, string action, PluginVersion? moved, string? note)
    {
        _environment.Home.Receipts.TryFind(state.Id, out var receipt, out _);
        _environment.Home.History.Append(
            HistoryRecord.Of(state.Id, action, _environment.Time.GetUtcNow(), moved ?? state.Active, receipt) with { Note = note });
    }

    private PluginVersion? Relay(PluginCache cache, PluginId id, PluginVersion active)
    {
        if (active != PluginVersion.Local)
        {
            return null;
        }

        var placement = new TreePlacement(_environment, cache, id);
        using var placed = placement.Stage(cache.Layout.VersionPath(id, active), null);
        if (placed.Version == active)
        {
            return null;
        }

        _environment.Home.Receipts.TryFind(id, out var receipt, out _);
        placement.Publish(placed, receipt, "Rename");
        return placed.Version;
    }
}
