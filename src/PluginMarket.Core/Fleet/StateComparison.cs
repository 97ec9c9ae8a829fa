using PluginMarket.Identity;
using PluginMarket.Messages;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;

namespace PluginMarket.Fleet;

/// <summary>A marketplace that a state wants, as a home would have it.</summary>
/// <param name="Wanted">What the state says.</param>
/// <param name="SourceType"><c>local</c> or <c>git</c>; null for any.</param>
/// <param name="Source">The source as an inventory spells it; null for any.</param>
internal sealed record ExpectedMarketplace(DesiredMarketplace Wanted, string? SourceType, string? Source)
{
    /// <summary>The marketplaces of a state, which are the same for every home.</summary>
    /// <param name="state">The state.</param>
    /// <param name="environment">How sources are read.</param>
    internal static IReadOnlyList<ExpectedMarketplace> AllOf(DesiredState state, MarketEnvironment environment) =>
    [
        .. state.Marketplaces.Select(wanted =>
        {
            var source = wanted.Exist ? MarketplaceExpectation.SourceOf(wanted, environment, state.Folder) : null;
            return new ExpectedMarketplace(source is null ? wanted : wanted with { Ref = (source as GitMarketplaceSource)?.Ref },
                source?.SourceType, source?.Description);
        }),
    ];
}

/// <summary>A state as it counts for one home.</summary>
/// <param name="State">The state.</param>
/// <param name="Marketplaces">Its marketplaces.</param>
/// <param name="Plugins">The variants that count there, and what the catalogs mark as installed by default.</param>
internal sealed record ExpectedHome(DesiredState State, IReadOnlyList<ExpectedMarketplace> Marketplaces,
    IReadOnlyList<DesiredPlugin> Plugins)
{
    /// <summary>The state for one home.</summary>
    /// <param name="state">The state.</param>
    /// <param name="marketplaces">Its marketplaces.</param>
    /// <param name="machine">The home's machine.</param>
    /// <param name="defaults">The plugins of its marketplaces that are installed by default.</param>
    internal static ExpectedHome Of(DesiredState state, IReadOnlyList<ExpectedMarketplace> marketplaces, MachineFacts machine,
        IReadOnlyList<PluginId> defaults)
    {
        var plugins = state.PluginsOn(machine).ToList();
        plugins.AddRange(defaults.Where(id => !plugins.Exists(plugin => plugin.Id == id)).Select(id => new DesiredPlugin(id)));
        return new ExpectedHome(state, marketplaces, plugins);
    }
}

/// <summary>Compares a home with a state: the one comparison that planning, applying and reporting share. Pure.</summary>
internal static class StateComparison
{
    private const string Nothing = "(none)";

    /// <summary>Every difference, sorted by subject, marketplaces first.</summary>
    internal static IReadOnlyList<Difference> Compare(ExpectedHome expected, PluginInventory inventory) =>
    [
        .. OfState(expected.State, inventory),
        .. OfMarketplaces(expected, inventory).OrderBy(difference => difference.Subject, StringComparer.Ordinal),
        .. OfPlugins(expected, inventory).OrderBy(difference => difference.Subject, StringComparer.Ordinal),
    ];

    /// <summary>The differences of one plugin from what is wanted of it.</summary>
    internal static IEnumerable<Difference> Compare(DesiredPlugin wanted, PluginInventoryPlugin? there)
    {
        var id = wanted.Id.ToString();
        if (!wanted.Exist)
        {
            return there is null ? [] : [new Difference(DriftKind.Unexpected, id, Nothing, Shown(there))];
        }

        return there is null || !there.IsInstalled
            ? [new Difference(DriftKind.Missing, id, Describe(wanted), there is null ? Nothing : there.State)]
            : OfInstalled(wanted, there);
    }

    /// <summary>Whether a home has the bytes of a lock file's entry, and the right to them.</summary>
    internal static IEnumerable<Difference> OfBytes(DesiredPlugin wanted, PluginInventoryPlugin there)
    {
        var (id, locked) = (wanted.Id.ToString(), wanted.Locked);
        var isModified = there.Integrity == "Changed";
        var (version, digest) = (wanted.Version?.Text ?? locked?.Version, wanted.TreeHash ?? locked?.TreeHash);
        var isRight = digest is not null && digest == there.TreeHash && there.Integrity is not null;
        if (wanted.Version?.Contains(there.Version) == false
            || (locked is not null && wanted.Version is null && locked.Version != there.Version))
        {
            yield return new Difference(DriftKind.Version, id, version ?? Nothing, there.Version ?? Nothing);
        }
        else if (wanted.Commit is not null && there.Commit is not null && wanted.Commit != there.Commit)
        {
            yield return new Difference(DriftKind.Commit, id, wanted.Commit, there.Commit);
        }
        else if (digest is not null && digest != there.TreeHash && !isModified && there.TreeHash is not null)
        {
            yield return new Difference(DriftKind.Content, id, digest, there.TreeHash);
        }

        if (isModified)
        {
            yield return new Difference(DriftKind.Modified, id, digest ?? "(as recorded)", there.TreeHash ?? "(unreadable)");
        }
        else if ((there.Integrity != "Intact" && !isRight) || (wanted.Commit is not null && there.Commit is null)
            || (digest is not null && there.TreeHash is null))
        {
            yield return new Difference(DriftKind.Unverified, id, digest ?? wanted.Commit ?? "(a record)",
                there.Integrity ?? "(not compared)");
        }

        if (!isRight && locked is not null && there.Capabilities is { } can
            && !can.ToHashSet(StringComparer.Ordinal).SetEquals(locked.Capabilities.Select(capability => capability.Hash)))
        {
            yield return new Difference(DriftKind.Capability, id, $"{locked.Capabilities.Length} capabilities",
                $"{can.Length} capabilities");
        }

        if (there.HeldAgainstCodex == false && wanted.NamesBytes)
        {
            yield return new Difference(DriftKind.Refreshable, id, "held against Codex", "Codex replaces it");
        }
    }

    /// <summary>Whether the policies and blocks of the machine allow what is there, and whether it is there twice.</summary>
    internal static IEnumerable<Difference> OfSurroundings(PluginInventory inventory)
    {
        foreach (var plugin in inventory.Plugins.Where(plugin => plugin.IsAllowed == false))
        {
            yield return new Difference(DriftKind.PolicyViolation, plugin.Id, "allowed", "not allowed");
        }

        foreach (var plugin in inventory.Plugins.Where(plugin => plugin is { IsInstalled: true, EffectiveEnabled: true }))
        {
            if (Array.Find(inventory.Blocks, block => IsBlocked(plugin, block)) is { } block)
            {
                yield return new Difference(DriftKind.Blocked, plugin.Id, $"blocked by {block.Id}", "enabled");
            }
        }

        foreach (var plugin in inventory.Plugins.Where(plugin => plugin is { IsInstalled: true, Advisories.Length: > 0 }))
        {
            yield return new Difference(DriftKind.Advisory, plugin.Id, "not affected", string.Join(", ", plugin.Advisories));
        }

        foreach (var same in inventory.Plugins.Where(plugin => plugin is { IsInstalled: true, TreeHash: not null })
            .GroupBy(plugin => plugin.TreeHash, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            foreach (var plugin in same.Skip(1))
            {
                yield return new Difference(DriftKind.Duplicate, plugin.Id, "one id", $"the bytes of {same.First().Id}");
            }
        }
    }

    private static bool IsBlocked(PluginInventoryPlugin plugin, PluginInventoryBlock block) => block.Value == block.Target switch
    {
        "treeHash" => plugin.TreeHash,
        "commit" => plugin.Commit,
        "plugin" => plugin.Id,
        _ => null,
    };

    /// <summary>How reports show a plugin that is there.</summary>
    internal static string Shown(PluginInventoryPlugin plugin) => plugin.Version ?? plugin.TreeHash ?? plugin.State;

    private static IEnumerable<Difference> OfState(DesiredState state, PluginInventory inventory)
    {
        if (inventory.StateId is { } id && (id != state.Id || inventory.StateRevision != state.Revision))
        {
            yield return new Difference(DriftKind.StateOutdated, inventory.ComputerName, state.ToString(),
                $"{id}@{inventory.StateRevision}");
        }
    }

    private static IEnumerable<Difference> OfMarketplaces(ExpectedHome expected, PluginInventory inventory)
    {
        if (inventory.Marketplaces is not { } registered)
        {
            return expected.Marketplaces.Select(
                market => new Difference(DriftKind.Unverified, market.Wanted.Name, "registered", "(not reported)"));
        }

        var listed = expected.Marketplaces.Select(market => market.Wanted.Name).ToHashSet(StringComparer.Ordinal);
        var unlisted = expected.State.UnlistedMarketplaces == UnlistedRule.Ignore ? []
            : registered.Where(there => !listed.Contains(there.Name) && !NameRules.IsReservedMarketplace(there.Name))
                .Select(there => new Difference(DriftKind.MarketplaceUnexpected, there.Name, Nothing, there.Source));
        return expected.Marketplaces
            .SelectMany(market => OfMarketplace(market, Array.Find(registered, there => there.Name == market.Wanted.Name)))
            .Concat(unlisted);
    }

    private static IEnumerable<Difference> OfMarketplace(ExpectedMarketplace market, PluginInventoryMarketplace? there)
    {
        var (wanted, name) = (market.Wanted, market.Wanted.Name);
        if (!wanted.Exist)
        {
            return there is null ? [] : [new Difference(DriftKind.MarketplaceUnexpected, name, Nothing, there.Source)];
        }

        if (there is null)
        {
            return [new Difference(DriftKind.MarketplaceMissing, name, market.Source ?? "registered", Nothing)];
        }

        if (market.Source is { } source && (source != there.Source || market.SourceType != there.SourceType))
        {
            return [new Difference(DriftKind.MarketplaceSource, name, source, there.Source)];
        }

        if (market.Source is not null && (wanted.Ref != there.Ref
            || !wanted.SparsePaths.Select(DisplayText.Escape).SequenceEqual(there.SparsePaths, StringComparer.Ordinal)))
        {
            return [new Difference(DriftKind.MarketplaceRef, name, Place(wanted.Ref, wanted.SparsePaths),
                Place(there.Ref, there.SparsePaths))];
        }

        if (there.State != "Readable")
        {
            return [new Difference(DriftKind.MarketplaceUnreadable, name, "readable", there.State)];
        }

        return wanted.Ref is { } pin && GitReference.IsFullId(pin) && there.Commit is { } commit && commit != pin
            ? [new Difference(DriftKind.MarketplaceRef, name, pin, commit)] : [];
    }

    private static string Place(string? reference, IReadOnlyList<string> sparsePaths) =>
        (reference ?? "default branch") + (sparsePaths.Count == 0 ? "" : $" ({string.Join(", ", sparsePaths)})");

    private static IEnumerable<Difference> OfPlugins(ExpectedHome expected, PluginInventory inventory)
    {
        var there = inventory.Plugins.ToDictionary(plugin => plugin.Id, StringComparer.Ordinal);
        var listed = expected.Plugins.Select(plugin => plugin.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        var unlisted = expected.State.Unlisted == UnlistedRule.Ignore ? []
            : inventory.Plugins.Where(plugin => !listed.Contains(plugin.Id) && IsUnwanted(expected.State, plugin))
                .Select(plugin => new Difference(DriftKind.Unexpected, plugin.Id,
                    expected.State.Unlisted == UnlistedRule.Disable ? "disabled" : Nothing, Shown(plugin)));
        return expected.Plugins.SelectMany(plugin => Compare(plugin, there.GetValueOrDefault(plugin.Id.ToString()))).Concat(unlisted)
            .Concat(OfSurroundings(inventory));
    }

    private static bool IsUnwanted(DesiredState state, PluginInventoryPlugin plugin) =>
        !(PluginId.TryParse(plugin.Id, out var id, out _) && state.IsProtected(id))
        && (state.Unlisted != UnlistedRule.Disable || plugin.EffectiveEnabled);

    private static IEnumerable<Difference> OfInstalled(DesiredPlugin wanted, PluginInventoryPlugin there)
    {
        var id = wanted.Id.ToString();
        foreach (var difference in OfBytes(wanted, there))
        {
            yield return difference;
        }

        if (wanted.Enabled != there.EffectiveEnabled)
        {
            yield return new Difference(wanted.Enabled ? DriftKind.Disabled : DriftKind.Enabled, id, OnOff(wanted.Enabled),
                OnOff(there.EffectiveEnabled));
        }

        if ((wanted.Hold is not null) != there.Held || (wanted.Hold is { } note && note != (there.HoldNote ?? "")))
        {
            yield return new Difference(DriftKind.Hold, id, OfHold(wanted.Hold is not null, wanted.Hold),
                OfHold(there.Held, there.HoldNote));
        }
    }

    private static string OnOff(bool isOn) => isOn ? "enabled" : "disabled";

    private static string OfHold(bool isHeld, string? note) => !isHeld ? "not held" : string.IsNullOrEmpty(note) ? "held" : $"held: {note}";

    private static string Describe(DesiredPlugin wanted) =>
        wanted.Version?.Text ?? wanted.Locked?.Version ?? wanted.Commit ?? wanted.TreeHash ?? "installed";
}
