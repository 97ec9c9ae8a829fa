using PluginMarket.Messages;

namespace PluginMarket.Policies;

/// <summary>What a rule does with what it fits.</summary>
internal enum RuleEffect
{
    /// <summary>Only what a rule of the group fits is allowed.</summary>
    Allow,
    /// <summary>What it fits is refused.</summary>
    Deny,
    /// <summary>What it applies to has to satisfy it.</summary>
    Require,
}

/// <summary>One rule of a policy; each kind is its own class.</summary>
internal abstract class PolicyRule
{
    private protected PolicyRule(PolicyReader.Item item)
    {
        Id = item.Demand("id");
        Kind = item.Demand("kind");
        Effect = item.Demand("effect") switch { "allow" => RuleEffect.Allow, "deny" => RuleEffect.Deny, _ => RuleEffect.Require };
        IsAudit = item.Text("mode") is not null;
        Reason = item.Text("reason");
        HelpUri = item.Text("helpUri");
        Line = item.Line;
        Column = item.Column;
    }

    /// <summary>Unique in its layer.</summary>
    internal string Id { get; }

    /// <summary>The kind, as it is written.</summary>
    internal string Kind { get; }

    internal RuleEffect Effect { get; }

    /// <summary>Whether it only reports though its layer enforces.</summary>
    internal bool IsAudit { get; }

    internal string? Reason { get; }

    internal string? HelpUri { get; }

    internal int Line { get; }

    internal int Column { get; }

    /// <summary>The first stage at which it can be decided.</summary>
    internal virtual PolicyStage Stage => PolicyStage.Admit;

    /// <summary>Whether its meaning depends on the disk beside its file.</summary>
    internal virtual bool NamesOtherFiles => false;

    /// <summary>Whether it is about a subject at all.</summary>
    internal virtual bool Concerns(PolicySubject subject) => subject.Plugin is not null;

    /// <summary>Whether an <c>allow</c> or <c>deny</c> rule fits, and whether a <c>require</c> rule is satisfied.</summary>
    internal abstract Answer Fits(PolicySubject subject, DateTimeOffset now);

    /// <summary>Whether one of the rules of a group that allows fits; the group is of this rule's kind.</summary>
    internal virtual Answer FitsAny(IReadOnlyList<PolicyRule> group, PolicySubject subject, DateTimeOffset now) =>
        group.Select(rule => rule.Fits(subject, now)).Max();

    /// <summary>What of the subject the rule refuses, as it follows a colon.</summary>
    internal abstract Message Explain(PolicySubject subject);

    private protected bool Allows => Effect == RuleEffect.Allow;
}
