namespace PluginMarket;

/// <summary>One thing that was checked: how it is, and what to do where it is not in order.</summary>
/// <remarks>Texts are escaped for a terminal; no secret is in any of them.</remarks>
public sealed class EnvironmentCheck
{
    /// <summary>What was checked: <c>Version</c>, <c>Codex</c>, <c>Git</c>, <c>Npm</c>, <c>Home</c>, <c>Configuration</c>, <c>Lock</c>,
    /// <c>Marketplace</c>, <c>Connection</c>, <c>StoredSecret</c>, <c>LocalPlugin</c>, <c>Leftover</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>Passed</c>, <c>Information</c>, <c>Warning</c> (it works, but not well or not safely) or
    /// <c>Failed</c> (commands fail).</summary>
    public required string Status { get; init; }

    /// <summary>What was found.</summary>
    public required string Message { get; init; }

    /// <summary>What to do; null where there is nothing to do.</summary>
    public string? Fix { get; init; }

    /// <summary>The file, folder, marketplace or plugin it is about; null where it is about none, or about several.</summary>
    public string? Target { get; init; }

    /// <summary>The files or plugin ids it is about, where that is one or more of many that were checked.</summary>
    public string[] Subjects { get; init; } = [];

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home this object belongs to, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>Name and status.</summary>
    public override string ToString() => $"{Name}: {Status}";
}
