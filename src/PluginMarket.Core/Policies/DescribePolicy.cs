using PluginMarket.Messages;

namespace PluginMarket.Policies;

/// <summary>Makes the objects users see of layers and decisions.</summary>
internal static class DescribePolicy
{
    internal static PluginPolicy Of(PolicyLayer layer, DateTimeOffset now) => new()
    {
        Layer = layer.Kind.ToString(),
        Id = layer.Document?.Id,
        Revision = Shown(layer.Document?.Revision),
        Mode = layer.Document is { } document ? document.IsAudit ? "Audit" : "Enforce" : layer is { Codex: null, Managed: null } ? null
            : "Enforce",
        State = layer.StateAt(now),
        Rules = layer.Problem is not null ? null : [.. RulesOf(layer)],
        Exceptions = layer.Problem is not null ? null : layer.Document?.Exceptions.Count ?? 0,
        Digest = layer.Digest,
        Path = DisplayText.Escape(layer.Path),
        Problem = layer.Problem?.Message,
        Contact = Shown(layer.Document?.Contact),
        Expires = layer.Document?.Expires,
    };

    internal static IEnumerable<PluginPolicyRule> RulesOf(PolicyLayer layer)
    {
        foreach (var source in layer.Codex?.Sources ?? [])
        {
            yield return new PluginPolicyRule
            {
                Id = DisplayText.Escape(source.Key),
                Kind = "marketplace",
                Effect = "allow",
                Mode = "Enforce",
                Policy = layer.Name,
                Layer = layer.Kind.ToString(),
                Path = DisplayText.Escape(layer.Path),
            };
        }

        foreach (var plugin in layer.Managed?.Plugins ?? [])
        {
            yield return new PluginPolicyRule
            {
                Id = DisplayText.Escape(CodexKillSwitch.RuleOf(plugin)),
                Kind = "plugin",
                Effect = "deny",
                Mode = "Enforce",
                Policy = layer.Name,
                Layer = layer.Kind.ToString(),
                Path = DisplayText.Escape(layer.Path),
            };
        }

        foreach (var rule in layer.Document?.Rules ?? [])
        {
            yield return new PluginPolicyRule
            {
                Id = rule.Id,
                Kind = rule.Kind,
                Effect = rule.Effect.ToString().ToLowerInvariant(),
                Mode = layer.Document!.IsAudit || rule.IsAudit ? "Audit" : "Enforce",
                Reason = Shown(rule.Reason),
                HelpUri = Shown(rule.HelpUri),
                Policy = layer.Name,
                Layer = layer.Kind.ToString(),
                Path = DisplayText.Escape(layer.Path),
                Line = rule.Line,
            };
        }
    }

    /// <summary>What is said of a subject.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="all">Whether what allows it is told too.</param>
    internal static PluginPolicyResult Of(PolicyDecision decision, bool all)
    {
        var stands = decision.Effect != PolicyEffect.Allowed;
        return new PluginPolicyResult
        {
            Subject = (decision.Subject.Plugin?.ToString() ?? decision.Subject.Name)
                + (decision.Subject.ComputerName is { } computer ? $" of {DisplayText.Escape(computer)}" : ""),
            IsAllowed = decision.IsAllowed,
            Effect = EffectOf(decision.Effect),
            Rule = decision.RuleId,
            Layer = stands ? decision.Worst!.Layer.Kind.ToString() : null,
            Reason = stands ? Sentence(decision.Worst!.Explain(decision.Subject)) : null,
            Verdicts = [.. decision.Verdicts.Where(verdict => all || verdict.Effect != PolicyEffect.Allowed)
                .Select(verdict => Of(verdict, decision.Subject))],
            Failure = decision.RefusalAt(PolicyStage.Publish),
        };
    }

    private static PluginPolicyVerdict Of(PolicyVerdict verdict, PolicySubject subject) => new()
    {
        Effect = EffectOf(verdict.Effect),
        Rule = verdict.RuleId,
        Layer = verdict.Layer.Kind.ToString(),
        Policy = verdict.Layer.Name,
        Path = DisplayText.Escape(verdict.Layer.Path),
        Line = verdict.Rule?.Line,
        Reason = verdict.Lifted is { } lifted
            ? $"Lifted by an exception of {DisplayText.Escape(lifted.ApprovedBy)}: {DisplayText.Escape(lifted.Reason)}"
            : verdict.Effect == PolicyEffect.Allowed ? "Nothing in this layer stands against it."
            : Sentence(verdict.Explain(subject)),
        ExceptionExpires = verdict.Lifted?.Expires,
    };

    private static string EffectOf(PolicyEffect effect) => (effect == PolicyEffect.Unreadable ? PolicyEffect.Unknown : effect).ToString();

    private static string Sentence(Message reason)
    {
        var text = reason.StatementIn(Face.PowerShell);
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static string? Shown(string? text) => text is null ? null : DisplayText.Escape(text);
}
