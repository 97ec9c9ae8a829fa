using PluginMarket.Messages;

namespace PluginMarket.Policies;

/// <summary>Who a layer comes from.</summary>
internal enum PolicyLayerKind
{
    /// <summary>The administrator of this computer.</summary>
    Machine,
    /// <summary>Codex's own <c>requirements.toml</c>.</summary>
    Codex,
    /// <summary>A desired state.</summary>
    State,
    /// <summary>The command.</summary>
    Command,
}

/// <summary>One file that has a say. Each is judged alone.</summary>
/// <param name="Kind">Who it comes from.</param>
/// <param name="Path">The file; the folder where a file is missing.</param>
internal sealed record PolicyLayer(PolicyLayerKind Kind, string Path)
{
    /// <summary>What it says; null where it cannot be read, or is in another format.</summary>
    internal PolicyDocument? Document { get; init; }

    /// <summary>What Codex's own file says; null for every other.</summary>
    internal CodexRestriction? Codex { get; init; }

    /// <summary>What Codex's managed configuration turns off; null for every other file.</summary>
    internal CodexKillSwitch? Managed { get; init; }

    /// <summary>Why it cannot be read.</summary>
    internal PluginMarketException? Problem { get; init; }

    /// <summary>The digest of the file.</summary>
    internal string? Digest { get; init; }

    /// <summary>Whether its meaning depends on the disk beside it: on digests of files, and on where folders lead.</summary>
    internal bool NamesOtherFiles => Document?.Rules.Any(rule => rule.NamesOtherFiles) == true;

    /// <summary>What a message calls it.</summary>
    internal string Name => Document?.Id ?? System.IO.Path.GetFileName(Path);

    /// <summary><c>Active</c>, <c>Expired</c>, <c>Unreadable</c> or <c>Absent</c>.</summary>
    internal string StateAt(DateTimeOffset now) =>
        Problem is not null ? "Unreadable" : Document is null && Codex is null && Managed is null ? "Absent"
            : Document?.Expires < now ? "Expired" : "Active";

    /// <summary>What the layer says of a subject: its worst verdict first, one at least.</summary>
    internal IReadOnlyList<PolicyVerdict> Judge(PolicyStage stage, PolicySubject subject, DateTimeOffset now)
    {
        if (Problem is not null)
        {
            return [new PolicyVerdict(this, null, PolicyEffect.Unreadable)];
        }

        if (Codex is not null)
        {
            return [Codex.Judge(this, subject)];
        }

        if (Managed is not null)
        {
            return [Managed.Judge(this, subject)];
        }

        return Document is null ? [] : new LayerJudge(this, Document, now).Judge(stage, subject);
    }
}

/// <summary>What one rule says of a subject.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Rule">The rule; null where the layer says it without one.</param>
/// <param name="Effect">What it says.</param>
internal sealed record PolicyVerdict(PolicyLayer Layer, PolicyRule? Rule, PolicyEffect Effect)
{
    /// <summary>The id of the rule.</summary>
    internal string? RuleId { get; init; } = Rule?.Id;

    /// <summary>Whether an exception would have lifted the rule, had it not expired.</summary>
    internal bool IsExceptionExpired { get; init; }

    /// <summary>The exception that lifted the rule.</summary>
    internal PolicyException? Lifted { get; init; }

    /// <summary>Why, where no rule says it.</summary>
    internal Message? Finding { get; init; }

    /// <summary>Why, as it follows a colon.</summary>
    internal Message Explain(PolicySubject subject)
    {
        var why = Finding ?? (Effect == PolicyEffect.Unreadable ? Layer.Problem!.Said
            : Rule is null ? (Message)$"no rule stands against it" : Rule.Explain(subject));
        var doubt = Effect == PolicyEffect.Unknown && Finding is null ? (Message)$" (what the rule asks for is not known)" : $"";
        var lapsed = IsExceptionExpired ? (Message)$" (ExceptionExpired: its exception has ended)" : $"";
        var reason = Rule?.Reason is { } text ? (Message)$". {text}" : $"";
        return $"{why}{doubt}{lapsed}{reason}";
    }
}

/// <summary>The verdict of one policy document.</summary>
internal sealed class LayerJudge(PolicyLayer layer, PolicyDocument document, DateTimeOffset now)
{
    internal IReadOnlyList<PolicyVerdict> Judge(PolicyStage stage, PolicySubject subject)
    {
        List<PolicyVerdict>? verdicts = null;
        Dictionary<string, List<PolicyRule>>? groups = null;
        foreach (var rule in document.Rules)
        {
            if (rule.Stage > stage || !rule.Concerns(subject))
            {
                continue;
            }

            if (rule.Effect == RuleEffect.Allow)
            {
                groups ??= new Dictionary<string, List<PolicyRule>>(StringComparer.Ordinal);
                if (!groups.TryGetValue(rule.Kind, out var group))
                {
                    groups[rule.Kind] = group = [];
                }

                group.Add(rule);
                continue;
            }

            var answer = rule.Fits(subject, now);
            Add(rule, rule.IsAudit, rule.Effect == RuleEffect.Deny
                ? answer : answer == Answer.Yes ? Answer.No : answer == Answer.No ? Answer.Yes : Answer.Unknown);
        }

        foreach (var group in groups?.Values ?? Enumerable.Empty<List<PolicyRule>>())
        {
            var answer = group[0].FitsAny(group, subject, now);
            Add(group[0], group.TrueForAll(rule => rule.IsAudit),
                answer == Answer.Yes ? Answer.No : answer == Answer.No ? Answer.Yes : Answer.Unknown);
        }

        return verdicts is null ? [new PolicyVerdict(layer, null, PolicyEffect.Allowed)]
            : [.. verdicts.OrderByDescending(verdict => verdict.Effect)];

        void Add(PolicyRule rule, bool isAudit, Answer refused)
        {
            if (refused != Answer.No)
            {
                (verdicts ??= []).Add(Lift(rule, isAudit, refused, subject));
            }
        }
    }

    // A refusal that an exception may lift, once the bytes are known, is not one yet.
    private PolicyVerdict Lift(PolicyRule rule, bool isAudit, Answer refused, PolicySubject subject)
    {
        var isExpired = false;
        var effect = refused == Answer.Yes ? PolicyEffect.Denied : PolicyEffect.Unknown;
        foreach (var exception in document.Exceptions.Where(one => one.Rules.Contains(rule.Id)))
        {
            var isFor = exception.IsFor(subject);
            if (isFor == Answer.No || now < document.Issued)
            {
                continue;
            }

            if (exception.Expires <= now)
            {
                isExpired |= isFor == Answer.Yes;
            }
            else if (isFor == Answer.Yes)
            {
                return new PolicyVerdict(layer, rule, PolicyEffect.Allowed) { Lifted = exception };
            }
            else
            {
                effect = PolicyEffect.Unknown;
            }
        }

        return new PolicyVerdict(layer, rule, document.IsAudit || isAudit ? PolicyEffect.Audited : effect)
        {
            IsExceptionExpired = isExpired,
        };
    }
}
