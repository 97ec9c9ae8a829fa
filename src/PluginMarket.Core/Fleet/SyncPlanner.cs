using PluginMarket.Messages;

namespace PluginMarket.Fleet;

/// <summary>What a step of a plan does, in the order in which a plan does it.</summary>
internal enum SyncOperation
{
    AddMarketplace,
    SetMarketplace,
    Release,
    Install,
    Update,
    Enable,
    Disable,
    Hold,
    Uninstall,
    RemoveMarketplace,

    /// <summary>Nothing: it is as it should be, or it is left alone for a reason.</summary>
    None,
}

/// <summary>How far applying a state may go.</summary>
internal sealed record SyncOptions
{
    /// <summary>Whether only what is missing or different is put in place, and nothing is removed.</summary>
    public bool AddsOnly { get; init; }

    /// <summary>Whether what the state does not list is removed where its rule says so.</summary>
    public bool RemoveUnlisted { get; init; }

    /// <summary>How many plugins may be removed; null for the usual limit.</summary>
    public int? MaximumRemoval { get; init; }

    /// <summary>Whether plugins whose origin is not recorded are removed too.</summary>
    public bool Force { get; init; }
}

/// <summary>One step.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Subject">The plugin or the marketplace.</param>
internal sealed record SyncStep(SyncOperation Operation, string Subject)
{
    /// <summary>The plugin; null for a marketplace.</summary>
    public PluginId? Id { get; init; }

    /// <summary>What is wanted of the plugin; null where the state does not list it.</summary>
    public DesiredPlugin? Plugin { get; init; }

    /// <summary>What is wanted of the marketplace; null where the state does not list it.</summary>
    public ExpectedMarketplace? Marketplace { get; init; }

    public string? Expected { get; init; }

    public string? Actual { get; init; }

    /// <summary>Why it is left alone though it is not as it should be; null where it is not.</summary>
    public string? SkippedBecause { get; init; }

    /// <summary>Whether the recorded bytes are put back, rather than others taken from the source.</summary>
    public bool IsRepair { get; init; }

    /// <summary>Whether the plugin is held now.</summary>
    public bool IsHeld { get; init; }

    /// <summary>What it does, as a question before it says it.</summary>
    internal string Description => Operation switch
    {
        SyncOperation.AddMarketplace => $"Add marketplace from {Expected}",
        SyncOperation.SetMarketplace => $"Change marketplace to {Expected}",
        SyncOperation.RemoveMarketplace => "Remove marketplace",
        SyncOperation.Install => "Install plugin" + Wanted,
        SyncOperation.Update when IsRepair => "Repair plugin",
        SyncOperation.Update => "Replace plugin" + Wanted,
        SyncOperation.Enable => "Enable plugin",
        SyncOperation.Disable => "Disable plugin",
        SyncOperation.Hold => "Hold plugin",
        SyncOperation.Release => "Release the hold of plugin",
        SyncOperation.Uninstall => "Uninstall plugin",
        _ => "Leave alone",
    };

    private string Wanted => Plugin is { Version: null, Locked: null, Commit: null, TreeHash: null } ? "" : $" ({Expected})";
}

/// <summary>What applying a state to a home comes to.</summary>
/// <param name="Home">The state as it counts there.</param>
/// <param name="Steps">The steps in their order.</param>
/// <param name="Refusal">Why nothing of it must be done; null where it may be.</param>
internal sealed record SyncPlan(ExpectedHome Home, IReadOnlyList<SyncStep> Steps, PluginMarketException? Refusal)
{
    /// <summary>The steps that change something.</summary>
    internal IEnumerable<SyncStep> Changes => Steps.Where(step => step is { Operation: not SyncOperation.None, SkippedBecause: null });
}

/// <summary>Turns differences into steps. Pure: the state and the inventory in, the plan out.</summary>
internal static class SyncPlanner
{
    private const int FewRemovals = 5;

    /// <summary>What applying would do.</summary>
    internal static SyncPlan Plan(ExpectedHome expected, PluginInventory inventory, SyncOptions options)
    {
        var differences = StateComparison.Compare(expected, inventory).ToLookup(difference => difference.Subject, StringComparer.Ordinal);
        var steps = new List<SyncStep>();
        var plugins = expected.Plugins.ToDictionary(plugin => plugin.Id.ToString(), StringComparer.Ordinal);
        var marketplaces = expected.Marketplaces.ToDictionary(market => market.Wanted.Name, StringComparer.Ordinal);
        var names = (inventory.Marketplaces ?? []).Select(there => there.Name).Concat(marketplaces.Keys)
            .Distinct(StringComparer.Ordinal);
        foreach (var name in names)
        {
            steps.Add(OfMarketplace(name, marketplaces.GetValueOrDefault(name), [.. differences[name]], expected.State, options));
        }

        foreach (var id in inventory.Plugins.Select(plugin => plugin.Id).Concat(plugins.Keys).Distinct(StringComparer.Ordinal))
        {
            steps.AddRange(OfPlugin(id, plugins.GetValueOrDefault(id), Array.Find(inventory.Plugins, plugin => plugin.Id == id),
                [.. differences[id]], expected.State, options));
        }

        var counted = steps.Where(step => step.Operation != SyncOperation.None || step.SkippedBecause is not null
            || step.Plugin is not null || step.Marketplace is not null);
        SyncStep[] ordered = [.. counted.OrderBy(step => step.Operation).ThenBy(step => step.Subject, StringComparer.Ordinal)];
        return new SyncPlan(expected, ordered, RefusalOf(ordered, inventory, options));
    }

    private static SyncStep OfMarketplace(string name, ExpectedMarketplace? wanted, Difference[] differences, DesiredState state,
        SyncOptions options)
    {
        var found = Array.Find(differences, difference => Names(difference.Kind));
        var step = new SyncStep(SyncOperation.None, name)
        {
            Marketplace = wanted,
            Expected = found?.Expected ?? wanted?.Source,
            Actual = found is null ? wanted?.Source : found.Actual,
        };
        return found?.Kind switch
        {
            null => step,
            DriftKind.MarketplaceMissing => step with { Operation = SyncOperation.AddMarketplace },
            DriftKind.MarketplaceUnexpected => OfRemoval(step, SyncOperation.RemoveMarketplace, wanted is not null,
                state.UnlistedMarketplaces, options),
            _ => step with { Operation = SyncOperation.SetMarketplace },
        };
    }

    private static bool Names(DriftKind kind) => kind is DriftKind.MarketplaceMissing or DriftKind.MarketplaceUnexpected
        or DriftKind.MarketplaceSource or DriftKind.MarketplaceRef or DriftKind.MarketplaceUnreadable;

    private static SyncStep OfRemoval(SyncStep step, SyncOperation operation, bool isListed, UnlistedRule rule, SyncOptions options) =>
        options.AddsOnly ? step with { SkippedBecause = SkipCode.AddsOnly }
            : !isListed && rule == UnlistedRule.Report ? step with { SkippedBecause = SkipCode.NotListed }
            : !isListed && !options.RemoveUnlisted ? step with { SkippedBecause = SkipCode.RemovalNotRequested }
            : step with { Operation = operation };

    private static IEnumerable<SyncStep> OfPlugin(string id, DesiredPlugin? wanted, PluginInventoryPlugin? there, Difference[] differences,
        DesiredState state, SyncOptions options)
    {
        var step = new SyncStep(SyncOperation.None, id)
        {
            Id = PluginId.TryParse(id, out var parsed, out _) ? parsed : null,
            Plugin = wanted,
            IsHeld = there?.Held == true,
            Actual = there is null ? null : StateComparison.Shown(there),
            Expected = wanted is { Exist: true } ? wanted.Version?.Text ?? wanted.Locked?.Version ?? "installed" : null,
        };
        if (Of(DriftKind.Unexpected) is { } unexpected)
        {
            yield return OfUnexpected(step with { Expected = unexpected.Expected, Actual = unexpected.Actual }, there!, state, options);
            yield break;
        }

        if (wanted is not { Exist: true })
        {
            yield return step;
            yield break;
        }

        var isDone = true;
        foreach (var needed in Needed())
        {
            isDone = false;
            yield return needed;
        }

        if (isDone)
        {
            yield return step;
        }

        Difference? Of(params DriftKind[] kinds) => Array.Find(differences, difference => kinds.Contains(difference.Kind));

        SyncStep As(SyncOperation operation, Difference difference) =>
            step with { Operation = operation, Expected = difference.Expected, Actual = difference.Actual };

        IEnumerable<SyncStep> Needed()
        {
            if (Of(DriftKind.Missing) is { } missing)
            {
                yield return As(SyncOperation.Install, missing);
                if (wanted.Hold is { } note)
                {
                    yield return step with { Operation = SyncOperation.Hold, Expected = $"held: {note}", Actual = "not held" };
                }

                yield break;
            }

            if (Of(DriftKind.Version, DriftKind.Commit, DriftKind.Content) is { } other)
            {
                yield return As(SyncOperation.Update, other);
            }
            else if (Of(DriftKind.Modified) is { } modified)
            {
                yield return As(SyncOperation.Update, modified) with { IsRepair = true };
            }
            else if (Of(DriftKind.Unverified) is { } unverified)
            {
                yield return As(SyncOperation.Update, unverified);
            }

            if (Of(DriftKind.Disabled, DriftKind.Enabled) is { } turned)
            {
                yield return As(wanted.Enabled ? SyncOperation.Enable : SyncOperation.Disable, turned);
            }

            if (Of(DriftKind.Hold) is { } held)
            {
                yield return As(wanted.Hold is null ? SyncOperation.Release : SyncOperation.Hold, held);
            }
        }
    }

    private static SyncStep OfUnexpected(SyncStep step, PluginInventoryPlugin there, DesiredState state, SyncOptions options)
    {
        if (step.Plugin is null && state.Unlisted == UnlistedRule.Disable)
        {
            return options.AddsOnly ? step with { SkippedBecause = SkipCode.AddsOnly } : step with { Operation = SyncOperation.Disable };
        }

        if (step.Id is null || state.IsProtected(step.Id))
        {
            return step with { SkippedBecause = SkipCode.Protected };
        }

        var removal = OfRemoval(step, SyncOperation.Uninstall, step.Plugin is not null, state.Unlisted, options);
        return removal.Operation == SyncOperation.Uninstall && there.Provenance == "None" && there.IsInstalled && !options.Force
            ? step with { SkippedBecause = nameof(MarketErrorCode.ProvenanceUnknown) } : removal;
    }

    // A state that was cut short must not empty a home.
    private static PluginMarketException? RefusalOf(SyncStep[] steps, PluginInventory inventory, SyncOptions options)
    {
        var removals = steps.Count(step => step.Operation == SyncOperation.Uninstall);
        var limit = options.MaximumRemoval ?? Math.Max(FewRemovals, inventory.Plugins.Length / 4);
        return removals <= limit ? null : new PluginMarketException(MarketErrorCode.RemovalLimitExceeded,
            $"The state would remove {removals} of {inventory.Plugins.Length} plugins, and at most {limit} may be removed at once. "
                + $"Nothing was changed. {Remedy.Use(OperationOption.MaximumRemoval.Of($"{removals}"), $"allow it")}",
            inventory.CodexHome);
    }
}

/// <summary>Why a step is left out.</summary>
internal static class SkipCode
{
    /// <summary>The state does not list it, and only reports that.</summary>
    internal const string NotListed = nameof(NotListed);

    /// <summary>The state would have it removed, and the caller did not allow removals.</summary>
    internal const string RemovalNotRequested = nameof(RemovalNotRequested);

    /// <summary>The caller only adds.</summary>
    internal const string AddsOnly = nameof(AddsOnly);

    /// <summary>The state protects it, or it is Codex's own.</summary>
    internal const string Protected = nameof(Protected);

    /// <summary>An earlier step failed, so nothing is removed.</summary>
    internal const string EarlierFailure = nameof(EarlierFailure);

    /// <summary>The sentence of each.</summary>
    internal static Message TextOf(string code) => code switch
    {
        NotListed => $"The desired state does not list it.",
        RemovalNotRequested => $"The desired state does not list it. {Remedy.Use(OperationOption.RemoveUnlisted, $"remove it")}",
        AddsOnly => $"The desired state does not want it, and this command removes nothing. {Remedy.Run(Operation.Sync, $"remove it")}",
        Protected => $"It is protected by the desired state, or belongs to one of Codex's own marketplaces.",
        EarlierFailure => $"An earlier step failed, so nothing is removed. {Remedy.Do($"Fix the failure, then run the command again.")}",
        nameof(MarketErrorCode.ProvenanceUnknown) =>
            $"Its origin is not recorded, because another tool installed it. {Remedy.Use(OperationOption.Force, $"remove it")}",
        _ => $"{code}",
    };
}
