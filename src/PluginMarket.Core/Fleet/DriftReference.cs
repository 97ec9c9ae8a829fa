using PluginMarket.Identity;

namespace PluginMarket.Fleet;

/// <summary>Something that homes are compared with.</summary>
internal abstract class DriftReference
{
    private protected DriftReference(string name) => Name = name;

    /// <summary>How reports call it.</summary>
    internal string Name { get; }

    /// <summary>How a home that was read differs from it.</summary>
    internal abstract IEnumerable<Difference> Compare(PluginInventory inventory);
}

/// <summary>A desired state.</summary>
internal sealed class StateReference(MarketEnvironment environment, DesiredState state) : DriftReference(state.ToString())
{
    private readonly Lazy<IReadOnlyList<ExpectedMarketplace>> _marketplaces = new(() => ExpectedMarketplace.AllOf(state, environment));
    private readonly Lazy<IReadOnlyList<PluginId>> _defaults = new(() => DefaultPlugins.Of(environment, state.Defaults));

    internal override IEnumerable<Difference> Compare(PluginInventory inventory) => StateComparison.Compare(
        ExpectedHome.Of(state, _marketplaces.Value, MachineFacts.Of(inventory), _defaults.Value), inventory);
}

/// <summary>A lock file: its plugins in its bytes, and no others.</summary>
internal sealed class LockReference : DriftReference
{
    private readonly IReadOnlyDictionary<string, DesiredPlugin> _wanted;

    internal LockReference(PluginLockFile file)
        : base(Path.GetFileName(file.Path)) =>
        _wanted = file.Entries.ToDictionary(entry => entry.Id, entry => new DesiredPlugin(entry.PluginId) { Locked = entry },
            StringComparer.Ordinal);

    internal override IEnumerable<Difference> Compare(PluginInventory inventory)
    {
        var there = inventory.Plugins.ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        var listed = _wanted.Values.SelectMany(wanted => OfPlugin(wanted, there.GetValueOrDefault(wanted.Id.ToString())));
        var unlisted = inventory.Plugins
            .Where(plugin => !_wanted.ContainsKey(plugin.Id) && !IsCodexOwn(plugin))
            .Select(plugin => new Difference(DriftKind.Unexpected, plugin.Id, "(none)", StateComparison.Shown(plugin)));
        return listed.Concat(unlisted).Concat(StateComparison.OfSurroundings(inventory));
    }

    internal static bool IsCodexOwn(PluginInventoryPlugin plugin) =>
        PluginId.TryParse(plugin.Id, out var id, out _) && NameRules.IsReservedMarketplace(id.Marketplace.Value);

    // A lock file says nothing of holds, and that its plugins are on.
    private static IEnumerable<Difference> OfPlugin(DesiredPlugin wanted, PluginInventoryPlugin? there) =>
        there is { Held: true } ? StateComparison.Compare(wanted with { Hold = there.HoldNote ?? "" }, there)
            : StateComparison.Compare(wanted, there);
}

/// <summary>The inventory of a home that is as it should be.</summary>
internal sealed class InventoryReference(PluginInventory reference) : DriftReference(reference.ComputerName)
{
    internal override IEnumerable<Difference> Compare(PluginInventory inventory)
    {
        var there = inventory.Plugins.ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        var wanted = reference.Plugins.ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        return OfTools(inventory)
            .Concat(OfMarketplaces(inventory))
            .Concat(wanted.Values.SelectMany(plugin => OfPlugin(plugin, there.GetValueOrDefault(plugin.Id))))
            .Concat(inventory.Plugins.Where(plugin => !wanted.ContainsKey(plugin.Id) && !LockReference.IsCodexOwn(plugin))
                .Select(plugin => new Difference(DriftKind.Unexpected, plugin.Id, "(none)", StateComparison.Shown(plugin))))
            .Concat(StateComparison.OfSurroundings(inventory));
    }

    private IEnumerable<Difference> OfTools(PluginInventory inventory)
    {
        if (reference.ToolVersion is { } tool && inventory.ToolVersion is { } otherTool && tool != otherTool)
        {
            yield return new Difference(DriftKind.ToolVersion, inventory.ComputerName, tool, otherTool);
        }

        if (reference.CodexVersion is { } codex && inventory.CodexVersion is { } otherCodex && codex != otherCodex)
        {
            yield return new Difference(DriftKind.CodexVersion, inventory.ComputerName, codex, otherCodex);
        }
    }

    private IEnumerable<Difference> OfMarketplaces(PluginInventory inventory)
    {
        if (reference.Marketplaces is not { } wanted)
        {
            return [];
        }

        var expected = wanted.Select(market => new ExpectedMarketplace(
            new DesiredMarketplace(market.Name) { Ref = market.Ref, SparsePaths = market.SparsePaths }, market.SourceType, market.Source));
        var state = new DesiredState("reference", "0") { Path = "", Digest = "", Unlisted = UnlistedRule.Ignore };
        return StateComparison.Compare(new ExpectedHome(state, [.. expected], []), inventory)
            .Where(difference => difference.Kind is not (DriftKind.StateOutdated or DriftKind.Duplicate or DriftKind.PolicyViolation
                or DriftKind.Blocked or DriftKind.Advisory));
    }

    private static List<Difference> OfPlugin(PluginInventoryPlugin wanted, PluginInventoryPlugin? there)
    {
        if (there is null)
        {
            return [new Difference(DriftKind.Missing, wanted.Id, StateComparison.Shown(wanted), "(none)")];
        }

        return !PluginId.TryParse(wanted.Id, out var id, out _) || !wanted.IsInstalled ? [] : OfInstalled(id, wanted, there);
    }

    private static List<Difference> OfInstalled(PluginId id, PluginInventoryPlugin wanted, PluginInventoryPlugin there)
    {
        var demand = new DesiredPlugin(id)
        {
            Version = wanted.Version is { } version && VersionRange.TryParse(version, out var range) ? range : null,
            Commit = wanted.Commit,
            TreeHash = wanted.TreeHash,
            Enabled = wanted.EffectiveEnabled,
            Hold = wanted.Held ? wanted.HoldNote ?? "" : null,
        };
        // What Codex would replace in the reference too is not a difference from it.
        var differences = StateComparison.Compare(demand, there)
            .Where(difference => difference.Kind != DriftKind.Refreshable || wanted.HeldAgainstCodex != false).ToList();
        if (there.IsInstalled && there.TreeHash != wanted.TreeHash && wanted.Capabilities is { } may && there.Capabilities is { } can
            && !can.AsSpan().SequenceEqual(may))
        {
            differences.Add(new Difference(DriftKind.Capability, wanted.Id, $"{may.Length} capabilities", $"{can.Length} capabilities"));
        }

        return differences;
    }
}
