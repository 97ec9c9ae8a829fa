namespace PluginMarket;

/// <summary>A policy as an agent reads it, and how much of it that format can say.</summary>
public sealed class PluginPolicyExport
{
    /// <summary><c>CodexRequirements</c>, <c>CodexManagedConfig</c> or <c>CodexConfig</c>.</summary>
    public required string Format { get; init; }

    /// <summary>The text, or the part of a file that is ours.</summary>
    public required string Text { get; init; }

    /// <summary>The file that was written; null where none was.</summary>
    public string? Path { get; init; }

    /// <summary>What becomes of each rule.</summary>
    public PluginPolicyCoverage[] Coverage { get; init; } = [];

    /// <summary>The format.</summary>
    public override string ToString() => Format;
}

/// <summary>What becomes of one rule in the format of an agent.</summary>
public sealed class PluginPolicyCoverage
{
    /// <summary>The rule.</summary>
    public required string RuleId { get; init; }

    /// <summary><c>Exact</c>, <c>Tighter</c> (the agent refuses more), <c>Looser</c> (it refuses less) or <c>None</c>.</summary>
    public required string Fidelity { get; init; }

    /// <summary>What the agent does with it.</summary>
    public string? Note { get; init; }

    /// <summary>Rule and fidelity.</summary>
    public override string ToString() => $"{RuleId}: {Fidelity}";
}
