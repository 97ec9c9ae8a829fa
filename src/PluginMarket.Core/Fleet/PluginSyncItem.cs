using PluginMarket.Installation;
using PluginMarket.Messages;

namespace PluginMarket;

/// <summary>One step of applying a desired state to a home: planned, or done.</summary>
/// <remarks>Texts are escaped for a terminal and free of secrets.</remarks>
public sealed record PluginSyncItem
{
    private PluginMarketException? _failure;

    /// <summary>The plugin's name, or that of the marketplace.</summary>
    public required string Name { get; init; }

    /// <summary>The marketplace's name.</summary>
    public required string Marketplace { get; init; }

    /// <summary><c>plugin@marketplace</c>, or the name of the marketplace.</summary>
    public required string Id { get; init; }

    /// <summary><c>AddMarketplace</c>, <c>SetMarketplace</c>, <c>Release</c>, <c>Install</c>, <c>Update</c>, <c>Enable</c>,
    /// <c>Disable</c>, <c>Hold</c>, <c>Uninstall</c>, <c>RemoveMarketplace</c> or <c>None</c>.</summary>
    public required string Planned { get; init; }

    /// <summary>What the state wants; null where it wants nothing.</summary>
    public string? Expected { get; init; }

    /// <summary>What was there before; null where nothing was.</summary>
    public string? Actual { get; init; }

    /// <summary><c>Installed</c>, <c>Updated</c> (installed bytes changed), <c>Changed</c>, <c>Removed</c>, <c>Unchanged</c>,
    /// <c>Skipped</c>, <c>Failed</c> or <c>WhatIf</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What is behind the status, as an identifier; null where the status says it all.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>The same as sentences; null where there is nothing to say.</summary>
    public string? Reason => Said?.ToString();

    /// <summary>The manifest's version that is active now, or of what was removed.</summary>
    public string? Version { get; init; }

    /// <summary>The version that was active before.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>The digest of the source's files.</summary>
    public string? TreeHash { get; init; }

    /// <summary>The commit that the files came from.</summary>
    public string? Commit { get; init; }

    /// <summary>The plugin's folder in the cache.</summary>
    public string? Path { get; init; }

    /// <summary>What differs in what the plugin can do; null where nothing was compared.</summary>
    public CapabilityChange[]? CapabilityChange { get; init; }

    /// <summary>Whether a running Codex has to be restarted to see the change.</summary>
    public bool RestartRequired { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The error id of a failure, else null.</summary>
    public string? Error { get; init; }

    /// <summary>The state, as <c>id@revision</c>.</summary>
    public required string State { get; init; }

    /// <summary>The computer it happened on.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The account it happened under.</summary>
    public required string UserName { get; init; }

    /// <summary>The agent's home, absolute.</summary>
    public required string CodexHome { get; init; }

    /// <summary>The failure behind <see cref="Error"/>, else null; a method, so that it is not carried to other computers.</summary>
    public PluginMarketException? GetFailure() => _failure;

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    internal Message? GetReason() => Said;

    internal Message? Said { get; init; }

    /// <summary>What the installer said; null where it was not asked.</summary>
    internal PluginOperationResult? Result { get; init; }

    /// <summary>The item as commands have it that know nothing of plans.</summary>
    internal PluginOperationResult ToResult()
    {
        var result = (Result ?? new PluginOperationResult
        {
            Name = Name,
            Marketplace = Marketplace,
            Action = Planned is "None" ? "Install" : Planned,
            Status = Status,
            ComputerName = ComputerName,
            UserName = UserName,
            CodexHome = CodexHome,
        }) with
        {
            Status = Status is "Changed" ? Result?.Status ?? "Unchanged" : Status,
            ReasonCode = ReasonCode,
            Said = Said,
        };
        return _failure is null ? result : result.Failed(_failure);
    }

    /// <summary>Whether something was changed, or would be.</summary>
    internal bool IsChange => Planned != "None" && Status is not ("Unchanged" or "Skipped" or "Failed");

    internal PluginSyncItem Failed(PluginMarketException failure) =>
        (this with
        {
            Status = "Failed",
            ReasonCode = failure.Code.ToString(),
            Said = failure.Said,
            Error = failure.Code.ToString(),
        }).With(failure);

    private PluginSyncItem With(PluginMarketException failure)
    {
        _failure = failure;
        return this;
    }
}
