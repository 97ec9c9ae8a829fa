namespace PluginMarket;

/// <summary>One change of one installed plugin: recover, lock, do it, and turn a failure into a result.</summary>
internal sealed class PluginChange
{
    internal const string UninstallAction = "Uninstall";

    private readonly MarketEnvironment _environment;
    private readonly PluginReference _reference;
    private readonly string _action;

    internal PluginChange(MarketEnvironment environment, PluginReference reference, string action)
    {
        _environment = environment;
        _reference = reference;
        _action = action;
        Cache = environment.Home.Cache;
    }

    internal PluginCache Cache { get; }

    /// <summary>What is known before the change.</summary>
    internal sealed record State(PluginId Id, ConfiguredPlugin? Configured, PluginVersion? Active);

    /// <summary>What the change did.</summary>
    internal sealed record Change(string Status, string? Reason = null, bool? Enabled = null, bool RestartRequired = false)
    {
        /// <summary>The version that is active now, where the change made another one so.</summary>
        internal PluginVersion? Version { get; init; }

        internal string? TreeHash { get; init; }

        internal IReadOnlyList<Capability>? Capabilities { get; init; }

        internal IReadOnlyList<CapabilityChange>? Changes { get; init; }
    }

    /// <summary>Fails where <see cref="RunAsync"/> would for what can be known without changing anything.</summary>
    internal State Demand() => Look();

    internal async Task<PluginOperationResult> RunAsync(Func<State, Change> change, CancellationToken cancellationToken)
    {
        var started = _environment.Time.GetTimestamp();
        State? state = null;
        try
        {
            // Named wrongly, or managed: nothing in the home is touched, not even made.
            Look();
            MarketplaceRecovery.Run(_environment);
            using var held = await _environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            state = Look();
            return Result(state, change(state), started);
        }
        catch (PluginMarketException failure)
        {
            return Failed(state, failure, started);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(state, new PluginMarketException(MarketErrorCode.HomeNotWritable, $"'{_reference.Id}' could not be changed: {DisplayText.Escape(failure.Message)} Check the home's folders, then run the command again.", _reference.Id, failure), started);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Failed(state, InternalFault.From(fault, _reference.Id), started);
        }
    }

    private State Look()
    {
        var layers = ConfigurationLayers.Read(_environment);
        var id = InstalledReference.Resolve(_environment, _reference, layers, Cache, RemainsOf);
        layers.DemandUserPlugin(id.ToString(), removing: _action == UninstallAction);
        return new State(id, layers.FindPlugin(id.ToString()), Cache.ActiveVersion(id));
    }

    // The receipt goes last: one without its plugin tells of an uninstallation that was killed.
    private bool RemainsOf(PluginId id) => _action == UninstallAction && _environment.Home.Receipts.Exists(id);

    private PluginOperationResult Failed(State? state, PluginMarketException failure, long started) =>
        Result(state, new Change("Failed", failure.Message, state?.Configured?.UserEnabled), started, failure.Code.ToString()).WithFailure(failure);

    private PluginOperationResult Result(State? state, Change change, long started, string? error = null) => new()
    {
        Name = _reference.Name.Value,
        Marketplace = (state?.Id.Marketplace ?? _reference.Marketplace)?.Value,
        Action = _action,
        Status = change.Status,
        Reason = change.Reason,
        Version = (change.Version ?? state?.Active)?.Value,
        PreviousVersion = state?.Active?.Value,
        Path = (change.Version ?? state?.Active) is { } active && change.Status != "Removed" ? Cache.Layout.VersionPath(state!.Id, active) : null,
        TreeHash = change.TreeHash,
        Capabilities = change.Capabilities is null ? null : [.. change.Capabilities],
        CapabilityChange = change.Changes is null ? null : [.. change.Changes],
        Enabled = change.Enabled,
        RestartRequired = change.RestartRequired,
        Duration = _environment.Time.GetElapsedTime(started),
        Error = error,
        ComputerName = Origin.ComputerName,
        UserName = Origin.UserName,
        CodexHome = DisplayText.Escape(_environment.CodexHome),
    };
}
