namespace PluginMarket;

/// <summary>What stands between a plugin and the machine: approval policy, sandbox, hooks, and the trust in each hook, with the
/// layer that each value comes from.</summary>
/// <remarks>Read from configuration files alone: what a running agent was told on its command line, or by a cloud policy, is not in it.
/// Nothing of it is ever written.</remarks>
public sealed class PluginSecurityContext
{
    /// <summary>The <c>approval_policy</c> as configured; <c>granular</c> for a table; null where no layer sets it, so that
    /// the agent's own default holds.</summary>
    public string? ApprovalPolicy { get; init; }

    /// <summary>Where it comes from: <c>System</c>, <c>User</c>, <c>Project</c>, <c>Managed</c> or <c>Default</c>.</summary>
    public required string ApprovalPolicySource { get; init; }

    /// <summary>The approval policies that requirements.toml allows; null where it says nothing.</summary>
    public string[]? AllowedApprovalPolicies { get; init; }

    /// <summary>The <c>sandbox_mode</c> as configured; null where no layer sets it.</summary>
    public string? SandboxMode { get; init; }

    /// <summary>Where it comes from.</summary>
    public required string SandboxModeSource { get; init; }

    /// <summary>The sandbox modes that requirements.toml allows; null where it says nothing.</summary>
    public string[]? AllowedSandboxModes { get; init; }

    /// <summary>Whether plugins are on at all.</summary>
    public bool PluginsEnabled { get; init; }

    /// <summary>Where that comes from: a layer, <c>Requirements</c> or <c>Default</c>.</summary>
    public required string PluginsEnabledSource { get; init; }

    /// <summary>Whether hooks of plugins may run at all, once they are trusted.</summary>
    public bool HooksAllowed { get; init; }

    /// <summary>Where that comes from: a layer, <c>Requirements</c> or <c>Default</c>.</summary>
    public required string HooksAllowedSource { get; init; }

    /// <summary>Every hook of every installed plugin, sorted by plugin and key.</summary>
    public PluginHookTrust[] Hooks { get; init; } = [];

    /// <summary>How many of them have no approval.</summary>
    public int UntrustedHooks => Hooks.Count(hook => hook.Trust == "Untrusted");

    /// <summary>The configuration files that were read, from the lowest layer to the highest.</summary>
    public string[] ConfigurationFiles { get; init; } = [];

    /// <summary>The administrator's requirements.toml, or null where there is none.</summary>
    public string? RequirementsFile { get; init; }

    /// <summary>The computer this object was made on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account this object was made under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The home.</summary>
    public override string ToString() => CodexHome;
}

/// <summary>One hook of an installed plugin and what the agent's user said of it.</summary>
public sealed class PluginHookTrust
{
    /// <summary><c>plugin@marketplace</c>.</summary>
    public required string Plugin { get; init; }

    /// <summary>The event.</summary>
    public required string Event { get; init; }

    /// <summary><c>Approved</c> (an approval is recorded; whether it still fits the hook's bytes only the agent tells, and asks again if
    /// not), <c>Untrusted</c> (none is: the agent asks before the hook runs) or <c>Disabled</c> (switched off by itself).</summary>
    public required string Trust { get; init; }

    /// <summary>Where that comes from: a layer, or <c>Default</c>.</summary>
    public required string TrustSource { get; init; }

    /// <summary>The command line it runs, or the prompt it sends.</summary>
    public string? Command { get; init; }

    /// <summary>The agent's key of the hook: <c>plugin@marketplace:file:event:group:index</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The approved <c>trusted_hash</c>, or null.</summary>
    public string? TrustedHash { get; init; }

    /// <summary>The approved <c>trusted_content_hash</c>, or null.</summary>
    public string? TrustedContentHash { get; init; }

    /// <summary>Whether the plugin itself loads.</summary>
    public bool PluginEnabled { get; init; }

    /// <summary>The key.</summary>
    public override string ToString() => Key;
}
