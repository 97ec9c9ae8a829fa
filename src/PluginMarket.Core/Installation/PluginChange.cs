using PluginMarket.Cache;
using PluginMarket.Home;
using PluginMarket.Messages;

namespace PluginMarket.Installation;

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
    internal sealed record State(PluginId Id, ConfiguredPlugin? Configured, PluginVersion? Active, string? ManifestVersion);

    /// <summary>What the change did.</summary>
    internal sealed record Change(string Status, string? ReasonCode = null, bool? Enabled = null, bool RestartRequired = false)
    {
        /// <summary>The version that is active now, where the change made another one so.</summary>
        internal PluginVersion? Version { get; init; }

        /// <summary>What its manifest says.</summary>
        internal string? ManifestVersion { get; init; }

        /// <summary>The reason as a sentence.</summary>
        internal Message? Reason { get; init; }

        internal string? TreeHash { get; init; }

        internal IReadOnlyList<Capability>? Capabilities { get; init; }

        internal IReadOnlyList<CapabilityChange>? Changes { get; init; }
    }

    /// <summary>Fails where <see cref="RunAsync"/> would for what can be known without changing anything.</summary>
    internal State Demand()
    {
        var state = Look();
        _environment.Home.State.DemandUsable();
        _environment.Home.State.DemandSound(state.Id);
        return state;
    }

    internal async Task<PluginOperationResult> RunAsync(Func<State, Change> change, CancellationToken cancellationToken)
    {
        var started = _environment.Time.GetTimestamp();
        State? state = null;
        try
        {
            // Named wrongly, or managed: nothing in the home is touched, not even made.
            Look();
            _environment.Home.Recover();
            using var held = await _environment.Home.State.LockAsync(cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            state = Look();
            _environment.Home.State.DemandSound(state.Id);
            return Result(state, change(state), started);
        }
        catch (PluginMarketException failure)
        {
            return Failed(state, failure, started);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failed(state, new PluginMarketException(MarketErrorCode.HomeNotWritable, $"'{_reference.Id}' could not be changed: "
                + $"{failure} {Remedy.Do($"Check the home's folders, then run the command again.")}", _reference.Id, failure), started);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Failed(state, InternalFault.From(fault, _reference.Id), started);
        }
    }

    /// <summary>Says what the change would come to, with the failures that are known before anything is done.</summary>
    /// <param name="plan">Asks what the change asks, and gives what would come of it.</param>
    internal PluginOperationResult Preview(Func<State, Change> plan)
    {
        var started = _environment.Time.GetTimestamp();
        State? state = null;
        try
        {
            state = Demand();
            var planned = plan(state);
            return Result(state, planned with
            {
                Status = "WhatIf",
                ReasonCode = planned.ReasonCode ?? planned.Status,
                Reason = planned.Reason ?? $"It would be {planned.Status}.",
            }, started);
        }
        catch (PluginMarketException failure)
        {
            return Failed(state, failure, started);
        }
    }

    private State Look()
    {
        var layers = ConfigurationLayers.Read(_environment);
        var id = InstalledReference.Resolve(_environment, _reference, layers, Cache, RemainsOf);
        layers.DemandUserPlugin(id.ToString(), removing: _action == UninstallAction);
        var installed = InstalledCopy.Find(_environment, Cache, _environment.Home.Receipts, id);
        return new State(id, layers.FindPlugin(id.ToString()), installed?.Version, installed?.ManifestVersion);
    }

    // The receipt goes last: one without its plugin tells of an uninstallation that was killed.
    private bool RemainsOf(PluginId id) => _action == UninstallAction && _environment.Home.Receipts.Exists(id);

    // A change that failed half-way may have done something: what is there now is told, not what was there before.
    private PluginOperationResult Failed(State? state, PluginMarketException failure, long started)
    {
        var now = state;
        try
        {
            now = state is null ? null : state with
            {
                Configured = ConfigurationLayers.Read(_environment).FindPlugin(state.Id.ToString()),
                Active = Cache.ActiveVersion(state.Id),
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            now = state! with { Configured = null };
        }

        return Result(now, new Change("Failed", Enabled: now?.Configured?.UserEnabled), started).Failed(failure);
    }

    private PluginOperationResult Result(State? state, Change change, long started)
    {
        var active = change.Version ?? state?.Active;
        return PluginResult.Of(_environment, _action, _reference.Name.Value,
            (state?.Id.Marketplace ?? _reference.Marketplace)?.Value, change.Status) with
        {
            ReasonCode = change.ReasonCode,
            Said = change.Reason,
            Version = change.ManifestVersion ?? state?.ManifestVersion,
            CacheVersion = active?.Value,
            PreviousVersion = state?.ManifestVersion,
            PreviousCacheVersion = state?.Active?.Value,
            Path = active is not null && change.Status != "Removed" ? Cache.Layout.VersionPath(state!.Id, active) : null,
            TreeHash = change.TreeHash,
            Capabilities = change.Capabilities is null ? null : [.. change.Capabilities],
            CapabilityChange = change.Changes is null ? null : [.. change.Changes],
            Enabled = change.Enabled,
            RestartRequired = change.RestartRequired,
            Duration = _environment.Time.GetElapsedTime(started),
        };
    }
}
