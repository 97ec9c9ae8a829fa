using PluginMarket.Json;

namespace PluginMarket;

/// <summary>One hook handler that Codex loads, once its user trusts it (contract 2.7).</summary>
public sealed class Hook
{
    /// <summary>The event: <c>PreToolUse</c>, <c>Stop</c>, …</summary>
    public required string Event { get; init; }

    /// <summary>The group's matcher, or null for all.</summary>
    public string? Matcher { get; internal init; }

    /// <summary><c>command</c>, <c>mcp_tool</c>, <c>prompt</c> or <c>agent</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The command line, for <c>command</c>; the plugin's folder variables are kept as written.</summary>
    public string? Command { get; internal init; }

    /// <summary>The command line on Windows, where it differs.</summary>
    public string? CommandWindows { get; internal init; }

    /// <summary>The prompt, for <c>prompt</c> and <c>agent</c>.</summary>
    public string? Prompt { get; internal init; }

    /// <summary>The MCP server, for <c>mcp_tool</c>.</summary>
    public string? Server { get; internal init; }

    /// <summary>The tool, for <c>mcp_tool</c>.</summary>
    public string? Tool { get; internal init; }

    /// <summary>Seconds until it is stopped, as Codex applies them.</summary>
    public long Timeout { get; internal init; }

    /// <summary>Whether Codex does not wait for it.</summary>
    public bool Async { get; internal init; }

    /// <summary>What is shown while it runs.</summary>
    public string? StatusMessage { get; internal init; }

    /// <summary><c>file:snake_event:group:index</c>: Codex's key without <c>plugin@marketplace:</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The file, relative to the plugin.</summary>
    public required string File { get; init; }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; internal init; }

    internal JsonValue? Definition { get; init; }

    /// <summary>The key.</summary>
    public override string ToString() => Key;
}
