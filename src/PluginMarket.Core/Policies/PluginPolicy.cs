namespace PluginMarket;

/// <summary>One layer of policy that has a say on this computer, or would have.</summary>
public sealed class PluginPolicy
{
    /// <summary><c>Machine</c>, <c>Codex</c>, <c>State</c> or <c>Command</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>Its id; null where it has none or cannot be read.</summary>
    public string? Id { get; init; }

    /// <summary>Its revision; null where it has none or cannot be read.</summary>
    public string? Revision { get; init; }

    /// <summary><c>Audit</c> or <c>Enforce</c>; null where it cannot be read.</summary>
    public string? Mode { get; init; }

    /// <summary><c>Active</c>, <c>Expired</c> (it goes on enforcing), <c>Unreadable</c> (all is refused) or <c>Absent</c>.</summary>
    public required string State { get; init; }

    /// <summary>Its rules; null where it cannot be read.</summary>
    public PluginPolicyRule[]? Rules { get; init; }

    /// <summary>How many exceptions it has; null where it cannot be read.</summary>
    public int? Exceptions { get; init; }

    /// <summary>The digest of the file; null where it was not read.</summary>
    public string? Digest { get; init; }

    /// <summary>Who signed it; null, because this version reads no signatures.</summary>
    public string? Signer { get; init; }

    /// <summary>The file, or the folder where one would be, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Why it cannot be read; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Whom to ask, as its author wrote it.</summary>
    public string? Contact { get; init; }

    /// <summary>When its author says that it ends.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The id, or the layer.</summary>
    public override string ToString() => Id ?? Layer;
}

/// <summary>One rule of a policy.</summary>
public sealed class PluginPolicyRule
{
    /// <summary>Its id, unique in its policy.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about: <c>marketplace</c>, <c>source</c>, <c>plugin</c>, <c>pin</c>, <c>capability</c>, <c>approval</c>,
    /// <c>age</c>, <c>content</c>, <c>option</c> or <c>tool</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>allow</c>, <c>deny</c> or <c>require</c>.</summary>
    public required string Effect { get; init; }

    /// <summary><c>Audit</c> or <c>Enforce</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Why, as its author wrote it.</summary>
    public string? Reason { get; init; }

    /// <summary>The page about it.</summary>
    public string? HelpUri { get; init; }

    /// <summary>The policy it is in.</summary>
    public required string Policy { get; init; }

    /// <summary>The layer of that policy.</summary>
    public required string Layer { get; init; }

    /// <summary>The file, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Its line in the file; null in a file of Codex.</summary>
    public int? Line { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;
}

/// <summary>What the policies say of one plugin or marketplace.</summary>
public sealed class PluginPolicyResult
{
    /// <summary>The plugin, <c>plugin@marketplace</c>; or the marketplace.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether it is allowed; null where that is not known, or a policy cannot be read.</summary>
    public bool? IsAllowed { get; init; }

    /// <summary><c>Allowed</c>, <c>Audited</c>, <c>Denied</c> or <c>Unknown</c>.</summary>
    public required string Effect { get; init; }

    /// <summary>The rule that decides; null where none forbids it.</summary>
    public string? Rule { get; init; }

    /// <summary>The layer that decides; null where none forbids it.</summary>
    public string? Layer { get; init; }

    /// <summary>Why; null where nothing forbids it.</summary>
    public string? Reason { get; init; }

    /// <summary>What each layer says: all that forbids it, and with <c>-All</c> what allows it too.</summary>
    public PluginPolicyVerdict[] Verdicts { get; init; } = [];

    /// <summary>The failure that a command would end with; null where it would not.</summary>
    internal PluginMarketException? GetFailure() => Failure;

    internal PluginMarketException? Failure { get; init; }

    /// <summary>Subject and effect.</summary>
    public override string ToString() => $"{Subject}: {Effect}";
}

/// <summary>What one rule of one layer says of a plugin or a marketplace.</summary>
public sealed class PluginPolicyVerdict
{
    /// <summary><c>Allowed</c>, <c>Audited</c>, <c>Denied</c> or <c>Unknown</c>.</summary>
    public required string Effect { get; init; }

    /// <summary>The rule; null where a layer says it without one.</summary>
    public string? Rule { get; init; }

    /// <summary>The layer.</summary>
    public required string Layer { get; init; }

    /// <summary>The policy's id, or the name of its file.</summary>
    public required string Policy { get; init; }

    /// <summary>The file, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The rule's line in the file.</summary>
    public int? Line { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When the exception ends that lifts the rule; null where none does.</summary>
    public DateTimeOffset? ExceptionExpires { get; init; }

    /// <summary>Rule and effect.</summary>
    public override string ToString() => $"{Rule}: {Effect}";
}
