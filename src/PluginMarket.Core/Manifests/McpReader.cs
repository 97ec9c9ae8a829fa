using PluginMarket.Files;
using PluginMarket.Json;
using PluginMarket.Messages;

namespace PluginMarket.Manifests;

/// <summary>Reads MCP servers (contract 2.5). One bad server is dropped, the others stay.</summary>
internal static class McpReader
{
    internal const string DefaultFile = ".mcp.json";
    private const string DroppedServer = "McpServerDropped";

    internal static (List<McpServer> Loaded, List<McpServer> PassedOver) Read(PluginPass reading, JsonValue? value)
    {
        var found = (Loaded: new List<McpServer>(), PassedOver: new List<McpServer>());
        switch (value?.Kind)
        {
            case JsonKind.Object:
                ReadMap(reading, value, reading.ManifestPath, found);
                return found;
            case JsonKind.String when PluginPath.Read(reading, value, "mcpServers") is { } path:
                ReadFile(reading, path, value, found);
                return found;
            case JsonKind.String or JsonKind.Null or null:
                break;
            default:
                reading.Warn("FieldIgnored", value, $"Codex ignores \"mcpServers\": it must be a path or an object, "
                    + $"not {ManifestFields.Describe(value)}.", "ComponentFieldType");
                break;
        }

        ReadFile(reading, DefaultFile, null, found);
        return found;
    }

    private static void ReadFile(PluginPass reading, string path, JsonValue? named,
        (List<McpServer> Loaded, List<McpServer> PassedOver) found)
    {
        if (reading.Tree.Find(path) is not { Kind: TreeEntryKind.File } file)
        {
            if (named is not null)
            {
                reading.Warn("McpIgnored", named, $"The plugin has no file \"{path}\", and so no MCP servers.", "NamedFileMissing");
            }

            return;
        }

        if (reading.ReadCompanion(file, "McpIgnored", TypedManifestKeys.OfMcp)?.Root is { } root)
        {
            ReadMap(reading, root, path, found);
        }
    }

    private static void ReadMap(PluginPass reading, JsonValue root, string path, (List<McpServer> Loaded, List<McpServer> PassedOver) found)
    {
        // Codex takes [{…}] for {"mcpServers": {…}}, field by field; so must we, or a server could hide that way.
        var map = root["mcpServers"] is { Kind: JsonKind.Object } wrapped ? wrapped
            : root is { Kind: JsonKind.Array, Items: [{ Kind: JsonKind.Object } only] } ? only : root;
        if (map.Kind != JsonKind.Object)
        {
            reading.Warn("McpIgnored", root, $"Codex ignores this file: it must be an object, not {ManifestFields.Describe(root)}.");
            return;
        }

        foreach (var member in map.Members.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            var finding = McpFormat.Check(member.Value, out var at);
            if (finding is not null)
            {
                reading.Warn(DroppedServer, at, $"Codex drops the MCP server \"{member.Name}\": {finding}.",
                    suggestion: McpFormat.Meant(member, at));
                if (member.Value.Kind == JsonKind.Object && (member.Value["command"] ?? member.Value["url"]) is not null)
                {
                    found.PassedOver.Add(Make(member, path));
                }

                continue;
            }

            WarnIgnoredFields(reading, member);
            found.Loaded.Add(Make(member, path));
        }
    }

    private static void WarnIgnoredFields(PluginPass reading, JsonMember member)
    {
        var server = member.Value;
        if (server["type"]?.AsString() is { } type and not ("stdio" or "http" or "streamable_http" or "streamable-http"))
        {
            reading.Warn("McpTransportUnknown", server["type"]!,
                $"Codex does not know the transport \"{type}\" of \"{member.Name}\" and goes by its command or url.");
        }

        foreach (var headers in server.Members.Where(one => one.Name is "headers" or "header"))
        {
            reading.Warn("FieldIgnored", headers.Value,
                $"Codex ignores \"{headers.Name}\" of \"{member.Name}\": it reads \"http_headers\".", "McpHeaders", atKey: true);
        }

        if (server["oauth"]?["callbackPort"] is { } port)
        {
            reading.Warn("FieldIgnored", port, $"Codex ignores \"callbackPort\" of \"{member.Name}\".", "McpCallbackPort", atKey: true);
        }

        foreach (var text in (server["args"]?.Items ?? []).Prepend(server["command"] ?? server["url"]).OfType<JsonValue>()
            .Concat((server["env"]?.Members ?? []).Select(m => m.Value)))
        {
            if (text.AsString() is { } value && (value.Contains("${PLUGIN_ROOT}", StringComparison.Ordinal)
                || value.Contains("${CLAUDE_PLUGIN_ROOT}", StringComparison.Ordinal)))
            {
                reading.Warn("McpVariable", text, $"Codex does not expand variables in \"{member.Name}\": this text is used unchanged.");
            }
        }
    }

    internal static McpServer Make(JsonMember member, string path)
    {
        var server = member.Value;
        var command = server["command"]?.AsString();
        return new McpServer
        {
            Name = DisplayText.Escape(member.Name),
            Transport = command is not null ? "stdio" : "http",
            Command = ManifestFields.Escaped(command),
            Arguments = ManifestFields.Escaped((server["args"]?.Items ?? []).Select(i => i.AsString()).OfType<string>()),
            Url = command is null && server["url"]?.AsString() is { } url ? DisplayText.Escape(MaskUserInformation(url)) : null,
            WorkingDirectory = ManifestFields.Shown(server["cwd"]),
            EnvironmentNames = Names(
                Keys(server["env"]),
                (server["env_vars"]?.Items ?? []).Select(i => i.AsString() ?? i["name"]?.AsString()).OfType<string>(),
                (server["env_http_headers"]?.Members ?? []).Select(m => m.Value.AsString()).OfType<string>(),
                server["bearer_token_env_var"]?.AsString() is { } token ? [token] : []),
            HeaderNames = Names(Keys(server["http_headers"]), Keys(server["env_http_headers"]),
                path == AgentMcpReader.File ? Keys(server["headers"]) : []),
            BearerTokenVariable = ManifestFields.Shown(server["bearer_token_env_var"]),
            HeadersHelper = server["http_headers_helper"] is { Kind: not JsonKind.Null } helper
                ? DisplayText.Escape(helper.AsString() ?? helper.ToJson()) : null,
            Enabled = server["enabled"] is not { Kind: JsonKind.Boolean } enabled || enabled.GetBoolean(),
            File = DisplayText.Escape(path),
            Line = server.Position.Line,
            Definition = server,
        };
    }

    private static IEnumerable<string> Keys(JsonValue? map) => map?.Members.Select(m => m.Name) ?? [];

    private static string[] Names(params IEnumerable<string>[] sets) =>
        [.. sets.SelectMany(s => s).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(DisplayText.Escape)];

    private static string MaskUserInformation(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var end = scheme < 0 ? -1 : url.IndexOfAny(['/', '?', '#'], scheme + 3);
        var at = scheme < 0 ? -1 : url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1);
        return at <= scheme + 2 ? url : string.Concat(url.AsSpan(0, scheme + 3), "***", url.AsSpan(at));
    }
}
