using PluginMarket.Identity;
using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>Whether Codex takes one MCP server's definition (contract 2.5).</summary>
internal static class McpFormat
{
    private static readonly string[] HttpOnly = ["url", "bearer_token_env_var", "bearer_token", "http_headers", "env_http_headers",
        "http_headers_helper", "oauth", "oauth_resource"];
    private static readonly string[] StdioOnly = ["args", "env", "env_vars", "cwd", "bearer_token"];
    private static readonly string[] Modes = ["auto", "prompt", "writes", "approve"];
    private static readonly string[] Logins = ["oauth", "chatgpt", "ema_auth"];

    /// <summary>The fields that Codex knows.</summary>
    internal static readonly string[] Fields = [.. HttpOnly.Union(StdioOnly), "command", "type", "name", "auth",
        "default_tools_approval_mode", "disabled_tools", "enabled", "enabled_tools", "environment_id", "experimental_environment",
        "required", "scopes", "startup_timeout_ms", "startup_timeout_sec", "supports_parallel_tool_calls", "tool_timeout_sec", "tools"];

    /// <summary>Why Codex drops the server, or null; <paramref name="at"/> is the value at fault.</summary>
    internal static string? Check(JsonValue server, out JsonValue at)
    {
        at = server;
        if (server.Kind != JsonKind.Object)
        {
            return $"it must be an object, not {ManifestFields.Describe(server)}";
        }

        foreach (var member in server.Members)
        {
            if (member.Value.Kind != JsonKind.Null && CheckType(member.Name, member.Value) is { } finding)
            {
                at = member.Value;
                return $"\"{member.Name}\" {finding}";
            }
        }

        var isStdio = IsSet(server, "command");
        if (!isStdio && !IsSet(server, "url"))
        {
            return "it has neither a command nor a url";
        }

        foreach (var name in isStdio ? HttpOnly : StdioOnly)
        {
            // An oauth that is not an object is taken out before anything checks it.
            if (IsSet(server, name) && (name != "oauth" || server[name]!.Kind == JsonKind.Object))
            {
                at = server[name]!;
                return $"\"{name}\" does not go with a {(isStdio ? "command" : "url")}";
            }
        }

        return null;
    }

    /// <summary>What the author of a server that is dropped meant, or null.</summary>
    /// <param name="server">The server.</param>
    /// <param name="at">The value at fault.</param>
    internal static string? Meant(JsonMember server, JsonValue at)
    {
        var typed = server.Value.Start == at.Start ? at.Members.Select(member => member.Name)
            .FirstOrDefault(name => NearestName.FindTypo(name, ["command", "url"]) is not null) : null;
        return typed is not null ? $"Write \"{NearestName.FindTypo(typed, ["command", "url"])}\" for \"{typed}\"."
            : at.AsString() is { } word && NearestName.FindTypo(word, Logins.Concat(Modes)) is { } meant ? $"Write \"{meant}\"."
            : NearestName.FindTypo(server.Name, ["mcpServers"]) is { } wrapper ? $"Write \"{wrapper}\"." : null;
    }

    private static string NotOneOf(string[] words, JsonValue value) => $"must be one of {string.Join(", ", words)}, not "
        + (value.AsString() is { } text ? $"\"{text}\"" : ManifestFields.Describe(value));

    private static bool IsSet(JsonValue server, string name) => server[name] is { Kind: not JsonKind.Null };

    private static string? CheckType(string name, JsonValue value) => name switch
    {
        "command" or "url" or "cwd" or "bearer_token" or "bearer_token_env_var" or "http_headers_helper" or "experimental_environment"
            or "environment_id" or "oauth_resource" or "name" => value.Kind == JsonKind.String ? null : "must be a string",
        "args" or "enabled_tools" or "disabled_tools" or "scopes" =>
            value.Kind == JsonKind.Array && value.Items.All(i => i.Kind == JsonKind.String) ? null : "must be an array of strings",
        "env" or "http_headers" or "env_http_headers" => value.Kind == JsonKind.Object
            && value.Members.All(m => m.Value.Kind == JsonKind.String) ? null : "must be an object of strings",
        "env_vars" => value.Kind == JsonKind.Array && value.Items.All(IsVariable)
            ? null : "must be an array of names or {name, source} with the source local or remote",
        "enabled" or "required" or "supports_parallel_tool_calls" => value.Kind == JsonKind.Boolean ? null : "must be true or false",
        "startup_timeout_sec" or "tool_timeout_sec" => value.Kind == JsonKind.Number && value.GetDouble() >= 0
            ? null : "must be a number, 0 or more",
        "startup_timeout_ms" => value.Kind == JsonKind.Number && value.TryGetInt64(out _) && value.RawUtf8[0] != '-'
            ? null : "must be a whole number, 0 or more",
        "default_tools_approval_mode" => Modes.Contains(value.AsString(), StringComparer.Ordinal)
            ? null : NotOneOf(Modes, value),
        "auth" => Logins.Contains(value.AsString(), StringComparer.Ordinal) ? null : NotOneOf(Logins, value),
        "tools" => value.Kind == JsonKind.Object && value.Members.All(m => IsTool(m.Value))
            ? null : "must be an object of tools with an approval_mode",
        "oauth" when value.Kind == JsonKind.Object => (value["clientId"] ?? value["client_id"]) is null
            or { Kind: JsonKind.String or JsonKind.Null } ? null : "must have a string as its client id",
        _ => null,
    };

    private static bool IsVariable(JsonValue value) =>
        value.Kind == JsonKind.String
        || (value.Kind == JsonKind.Object
            && value["name"]?.Kind == JsonKind.String
            && value["source"] is null or { Kind: JsonKind.Null } or { Kind: JsonKind.String }
            && value["source"]?.AsString() is null or "local" or "remote"
            && value.Members.All(m => m.Name is "name" or "source"));

    private static bool IsTool(JsonValue value) =>
        value.Kind == JsonKind.Object && (value["approval_mode"] is null or { Kind: JsonKind.Null }
            || Modes.Contains(value["approval_mode"]!.AsString(), StringComparer.Ordinal));
}
