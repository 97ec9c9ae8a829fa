using PluginMarket.Messages;

namespace PluginMarket.Policies;

/// <summary>What all layers together say of a subject.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Verdicts">What each layer says, in the order of the layers.</param>
internal sealed record PolicyDecision(PolicySubject Subject, IReadOnlyList<PolicyVerdict> Verdicts)
{
    /// <summary>The verdict that decides; null where no layer has a say.</summary>
    internal PolicyVerdict? Worst { get; } = Verdicts.MaxBy(verdict => verdict.Effect);

    /// <summary>The worst effect.</summary>
    internal PolicyEffect Effect => Worst?.Effect ?? PolicyEffect.Allowed;

    /// <summary>Whether it is allowed; null where that is not known.</summary>
    internal bool? IsAllowed => Effect switch
    {
        PolicyEffect.Denied => false,
        PolicyEffect.Unknown or PolicyEffect.Unreadable => null,
        _ => true,
    };

    /// <summary>The id of the rule that refuses, or would.</summary>
    internal string? RuleId => Effect == PolicyEffect.Allowed ? null : Worst?.RuleId;

    /// <summary>The failure that the decision is at a stage; null where there is none.</summary>
    internal PluginMarketException? RefusalAt(PolicyStage stage) => Effect switch
    {
        PolicyEffect.Denied => Refusal(Subject, Worst!),
        PolicyEffect.Unreadable => Unreadable(Subject, Worst!),
        PolicyEffect.Unknown when stage == PolicyStage.Publish => Refusal(Subject, Worst!),
        _ => null,
    };

    internal static PluginMarketException Refusal(PolicySubject subject, PolicyVerdict verdict)
    {
        var (layer, rule) = (verdict.Layer, verdict.Rule);
        var place = rule is null ? (Message)$"{layer.Path}" : $"{layer.Path}, line {rule.Line}";
        var help = rule?.HelpUri is { } uri ? Remedy.Do($"See {uri}.") : null;
        return new PluginMarketException(
            MarketErrorCode.PolicyDenied,
            $"{subject.Name} is refused by {verdict.RuleId ?? "a rule"} of {layer.Name} ({place}): {verdict.Explain(subject)}. "
                + $"{Remedy.Do($"Ask {layer.Document?.Contact ?? "your administrator"}.")}{help}",
            subject.Plugin?.ToString() ?? subject.Name)
        {
            File = layer.Path,
            Line = rule?.Line,
            Column = rule?.Column,
        };
    }

    // The failure of the file, and what was not done because of it.
    private static PluginMarketException Unreadable(PolicySubject subject, PolicyVerdict verdict)
    {
        var problem = verdict.Layer.Problem!;
        return new PluginMarketException(MarketErrorCode.PolicyUnreadable,
            $"{subject.Name} is refused because a policy cannot be read: {problem}", verdict.Layer.Path, problem)
        {
            File = problem.File ?? verdict.Layer.Path,
            Line = problem.Line,
            Column = problem.Column,
        };
    }
}
