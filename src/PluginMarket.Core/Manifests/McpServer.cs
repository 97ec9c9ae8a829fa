using PluginMarket.Json;

namespace PluginMarket;

/// <summary>One MCP server that Codex loads (contract 2.5). Values of environment variables and headers are not kept.</summary>
public sealed class McpServer
{
    /// <summary>The key.</summary>
    public required string Name { get; init; }

    /// <summary><c>stdio</c> or <c>http</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The program, for <c>stdio</c>; taken literally, without expansion.</summary>
    public string? Command { get; internal init; }

    /// <summary>Its arguments.</summary>
    public string[] Arguments { get; internal init; } = [];

    /// <summary>The address, for <c>http</c>; user information masked.</summary>
    public string? Url { get; internal init; }

    /// <summary>The working folder as written; null means the session's.</summary>
    public string? WorkingDirectory { get; internal init; }

    /// <summary>Names of the environment variables it is given (<c>env</c>, <c>env_vars</c>, <c>env_http_headers</c>,
    /// <c>bearer_token_env_var</c>), sorted.</summary>
    public string[] EnvironmentNames { get; internal init; } = [];

    /// <summary>Names of the headers it sends (<c>http_headers</c>, <c>env_http_headers</c>), sorted.</summary>
    public string[] HeaderNames { get; internal init; } = [];

    /// <summary>The variable whose value is sent as bearer token.</summary>
    public string? BearerTokenVariable { get; internal init; }

    /// <summary>The program that Codex runs to make headers (<c>http_headers_helper</c>), as written.</summary>
    public string? HeadersHelper { get; internal init; }

    /// <summary>False where the definition switches it off.</summary>
    public bool Enabled { get; internal init; } = true;

    /// <summary>The file of the definition, relative to the plugin.</summary>
    public required string File { get; init; }

    /// <summary>The line of the definition, counted from 1.</summary>
    public int Line { get; internal init; }

    internal JsonValue? Definition { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
