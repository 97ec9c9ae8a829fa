using PluginMarket.Cache;
using PluginMarket.Capabilities;
using PluginMarket.Files;
using PluginMarket.Messages;
using PluginMarket.Records;

namespace PluginMarket.Installation;

/// <summary>Brings a kept version of an installed plugin back, and keeps the one it replaces.</summary>
internal sealed class RollBackPlugin
{
    private const string RollbackAction = "Rollback";

    private readonly MarketEnvironment _environment;

    /// <summary>Works on one home.</summary>
    public RollBackPlugin(MarketEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>Rolls one plugin back; a failure is a result.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="version">The kept version wanted, by its manifest's or its folder's name, or by the first digits of its digest; null
    /// for the one that was replaced last.</param>
    /// <param name="cancellationToken">Stops waiting for the home's lock.</param>
    public Task<PluginOperationResult> RollBackAsync(PluginReference reference, PluginVersion? version = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, RollbackAction);
        return change.RunAsync(state => RollBack(change.Cache, state, version), cancellationToken);
    }

    /// <summary>Says what rolling back would come to, and changes nothing.</summary>
    /// <param name="reference">The plugin, exact; a name alone must fit one installed plugin.</param>
    /// <param name="version">The kept version wanted; null for the one that was replaced last.</param>
    public PluginOperationResult Preview(PluginReference reference, PluginVersion? version = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var change = new PluginChange(_environment, reference, RollbackAction);
        return change.Preview(state =>
        {
            if (Wanted(state, version) is not { } kept)
            {
                return new PluginChange.Change("Unchanged", Enabled: state.Configured?.Enabled);
            }

            change.Cache.DemandChangeable(state.Id);
            InstallPolicy.CheckKept(_environment, state.Id, kept.TreePath, kept.Receipt);
            return new PluginChange.Change("Updated", Enabled: state.Configured?.Enabled,
                RestartRequired: state.Configured?.Enabled == true)
            {
                ManifestVersion = kept.ManifestVersion,
                TreeHash = kept.Receipt?.TreeHash,
            };
        });
    }

    // Null where the version wanted is active already.
    private KeptVersion? Wanted(PluginChange.State state, PluginVersion? version)
    {
        if (_environment.Home.Holds.Find(state.Id) is { } hold)
        {
            throw ReplacementGate.Held(hold);
        }

        var store = _environment.Home.Kept;
        return Find(store, state.Id, version)
            ?? (version is not null && (state.Active == version || state.ManifestVersion == version.Value)
                ? null : throw NotKept(store, state.Id, version));
    }

    private PluginChange.Change RollBack(PluginCache cache, PluginChange.State state, PluginVersion? version)
    {
        if (Wanted(state, version) is not { } kept)
        {
            return new PluginChange.Change("Unchanged", Enabled: state.Configured?.Enabled);
        }

        var store = _environment.Home.Kept;
        var installed = InstalledCopy.Find(_environment, cache, _environment.Home.Receipts, state.Id);
        var placement = new TreePlacement(_environment, cache, state.Id);
        using var placed = placement.Stage(kept.TreePath, kept.ContentHash);
        InstallPolicy.DemandKept(_environment, state.Id, placed.Tree.TreePath, kept.Receipt);
        var (oldVersion, oldReceipt) = (installed?.ManifestVersion, installed?.Receipt);
        var changes = CapabilityDifference.Compare(installed?.Capabilities ?? [], placed.Capabilities);
        placement.Publish(placed, kept.Receipt, RollbackAction);
        Exchange(store, placed.Tree, kept,
            installed is not null && placed.Tree.ReplacedPath == cache.Layout.VersionPath(state.Id, installed.Version)
                ? installed.Version : null, oldVersion, oldReceipt);
        return new PluginChange.Change("Updated", Enabled: state.Configured?.Enabled, RestartRequired: state.Configured?.Enabled == true)
        {
            Version = placed.Version,
            ManifestVersion = placed.ManifestVersion,
            TreeHash = kept.Receipt?.TreeHash,
            Capabilities = placed.Capabilities,
            Changes = changes,
        };
    }

    // The version wanted is active already: what cannot be kept, or not be removed, is a pity, not a failure.
    private void Exchange(KeptVersionStore store, StagedTree staged, KeptVersion restored, PluginVersion? replaced, string? manifestVersion,
        Receipt? receipt)
    {
        try
        {
            if (replaced is not null)
            {
                store.Keep(staged, restored.Id, replaced, manifestVersion, receipt);
            }

            store.Remove(restored);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or PluginMarketException)
        {
            _environment.Log.Warn($"{restored.Id}: the replaced version could not be kept: {problem}");
        }
    }

    private static KeptVersion? Find(KeptVersionStore store, PluginId id, PluginVersion? version) =>
        store.List(id).FirstOrDefault(kept => kept.IsReadable && (version is null || kept.Is(version)));

    private static PluginMarketException NotKept(KeptVersionStore store, PluginId id, PluginVersion? version)
    {
        var all = store.List(id).Where(kept => kept.IsReadable).ToList();
        return new PluginMarketException(
            MarketErrorCode.VersionNotFound,
            all.Count == 0
                ? (Message)$"No replaced version of '{id}' is kept. {Remedy.Do($"Use a lock file that has the version you want.")}"
                : $"Version {version} of '{id}' is not kept. "
                    + $"{Remedy.Do($"Choose one of the kept versions: {string.Join(", ", all.Select(kept => kept.Choice))}.")}",
            id.ToString());
    }
}
