namespace PluginMarket.Policies;

/// <summary>What one policy file says.</summary>
internal sealed record PolicyDocument
{
    internal required string Id { get; init; }

    internal required string Revision { get; init; }

    internal DateTimeOffset? Issued { get; init; }

    internal DateTimeOffset? Expires { get; init; }

    /// <summary>Whom to ask; shown in every refusal.</summary>
    internal string? Contact { get; init; }

    /// <summary>Whether it only reports.</summary>
    internal bool IsAudit { get; init; }

    internal required IReadOnlyList<PolicyRule> Rules { get; init; }

    internal required IReadOnlyList<PolicyException> Exceptions { get; init; }
}

/// <summary>Lifts rules of its own file for exact bytes of one plugin, for a time.</summary>
/// <param name="Rules">The ids of the rules.</param>
/// <param name="Plugin">The plugin.</param>
internal sealed record PolicyException(IReadOnlyList<string> Rules, PluginId Plugin)
{
    internal string? TreeHash { get; init; }

    internal string? Commit { get; init; }

    internal string? Version { get; init; }

    internal required DateTimeOffset Expires { get; init; }

    internal required string Reason { get; init; }

    internal required string ApprovedBy { get; init; }

    /// <summary>Whether it is for a subject; unknown where the bytes are not known yet.</summary>
    internal Answer IsFor(PolicySubject subject)
    {
        if (!Plugin.Equals(subject.Plugin))
        {
            return Answer.No;
        }

        var answer = TreeHash is null ? Answer.Yes : subject.TreeHash.Is(hash => hash == TreeHash);
        And(Commit is null ? Answer.Yes : subject.Commit.Is(commit => commit == Commit));
        And(Version is null ? Answer.Yes : subject.Version.Is(version => version == Version));
        return answer;

        void And(Answer other) => answer = other < answer ? other : answer;
    }
}
