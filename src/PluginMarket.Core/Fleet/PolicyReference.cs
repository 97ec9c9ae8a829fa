using PluginMarket.Inventory;
using PluginMarket.Policies;
using PluginMarket.Policies.Rules;

namespace PluginMarket.Fleet;

/// <summary>A policy: in force on the machine, and kept by what is installed there.</summary>
internal sealed class PolicyReference : DriftReference
{
    private const string Nothing = "(none)";
    private readonly PolicyGate _gate;
    private readonly PolicyLayer _layer;
    private readonly ReportedPolicySubject _subjects;
    private readonly IReadOnlyList<(PluginRule Rule, string Pattern)> _required;

    private PolicyReference(MarketEnvironment environment, PolicyGate gate, PolicyLayer layer)
        : base($"{layer.Document!.Id}@{layer.Document.Revision}")
    {
        (_gate, _layer, _subjects) = (gate, layer, new ReportedPolicySubject(environment));
        _required =
        [
            .. layer.Document.IsAudit ? [] : layer.Document.Rules.OfType<PluginRule>()
                .Where(rule => rule is { Effect: RuleEffect.Require, IsAudit: false })
                .SelectMany(rule => rule.Patterns.Select(pattern => (rule, pattern))),
        ];
    }

    /// <summary>Reads a policy.</summary>
    /// <exception cref="PluginMarketException">PolicyUnreadable.</exception>
    internal static PolicyReference Read(MarketEnvironment environment, string path)
    {
        var gate = PolicyGate.OfFile(environment, path);
        return new PolicyReference(environment, gate, gate.Layers[0]);
    }

    internal override IEnumerable<Difference> Compare(PluginInventory inventory)
    {
        var isInForce = inventory.Policies?.Any(policy => policy.Digest == _layer.Digest && policy.State != "Unreadable") == true;
        Difference[] judged =
            [.. inventory.Plugins.Where(plugin => plugin.IsInstalled).SelectMany(plugin => Judge(plugin, inventory, isInForce))];
        return OfPresence(inventory, isInForce)
            .Concat(judged)
            .Concat(OfRequired(inventory))
            .Concat(StateComparison.OfSurroundings(inventory).Where(difference =>
                difference.Kind != DriftKind.PolicyViolation || !judged.Any(other => other.Subject == difference.Subject)));
    }

    private IEnumerable<Difference> OfPresence(PluginInventory inventory, bool isInForce)
    {
        if (isInForce)
        {
            yield break;
        }

        if (inventory.Policies is not { } policies)
        {
            yield return new Difference(DriftKind.Unverified, inventory.ComputerName, $"policy {Name}", "(not reported)");
            yield break;
        }

        var other = Array.Find(policies, policy => policy.Id == _layer.Document!.Id && policy.State != "Unreadable");
        yield return other is null
            ? new Difference(DriftKind.PolicyMissing, inventory.ComputerName, Name,
                Array.Exists(policies, policy => policy.State == "Unreadable") ? "(unreadable)" : Nothing)
            : new Difference(DriftKind.PolicyOutdated, inventory.ComputerName, Name,
                other.Revision == _layer.Document!.Revision ? $"{other} with the digest {other.Digest}" : $"{other}");
    }

    // What an inventory does not tell, the machine itself has judged where the same policy is in force.
    private IEnumerable<Difference> Judge(PluginInventoryPlugin plugin, PluginInventory inventory, bool isInForce)
    {
        if (!PluginId.TryParse(plugin.Id, out var id, out _))
        {
            yield break;
        }

        var decision = _gate.Judge(PolicyStage.Publish, _subjects.Of(id, plugin, inventory));
        if (decision.Effect == PolicyEffect.Denied)
        {
            yield return new Difference(DriftKind.PolicyViolation, plugin.Id, "allowed", $"refused by {decision.RuleId}");
        }
        else if (decision.Effect is PolicyEffect.Unknown or PolicyEffect.Unreadable && !(isInForce && plugin.IsAllowed is not null))
        {
            yield return new Difference(DriftKind.Unverified, plugin.Id, $"allowed by {decision.RuleId}", "(not reported)");
        }
    }

    private IEnumerable<Difference> OfRequired(PluginInventory inventory) =>
        from required in _required
        let glob = required.Pattern.Split('@')
        where !inventory.Plugins.Any(plugin => plugin.IsInstalled && PluginId.TryParse(plugin.Id, out var id, out _)
            && new PolicyGlob(glob[0]).Matches(id.Plugin.Value) && new PolicyGlob(glob[1]).Matches(id.Marketplace.Value))
        select new Difference(DriftKind.Missing, required.Pattern, $"required by {required.Rule.Id}", Nothing);
}
