using PluginMarket.Files;
using PluginMarket.Json;

namespace PluginMarket.Manifests;

/// <summary>Reads the <c>mcp.json</c> of the Agent Plugin format (contract 2.3): a closed schema,
/// servers that cannot leave the plugin.</summary>
internal static class AgentMcpReader
{
    internal const string File = "mcp.json";

    internal static (List<McpServer> Loaded, List<McpServer> PassedOver) Read(PluginPass reading)
    {
        var found = (Loaded: new List<McpServer>(), PassedOver: new List<McpServer>());
        if (reading.Tree.Find(File) is not { Kind: TreeEntryKind.File } file
            || reading.ReadCompanion(file, "McpIgnored")?.Root is not { } root)
        {
            return found;
        }

        if (root["$schema"]?.AsString() != ManifestLocation.AgentMcpSchema || root["mcpServers"] is not { Kind: JsonKind.Object } map)
        {
            reading.Warn("McpIgnored", root,
                $"Codex ignores this file: it must have \"$schema\": \"{ManifestLocation.AgentMcpSchema}\" and an object \"mcpServers\".");
            return found;
        }

        foreach (var member in map.Members.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            var finding = Check(member.Value);
            var server = McpReader.Make(member, File);
            if (finding is null)
            {
                found.Loaded.Add(server);
                continue;
            }

            reading.Warn("McpServerDropped", member.Value, $"Codex drops the MCP server \"{member.Name}\": {finding}.");
            if (member.Value.Kind == JsonKind.Object)
            {
                found.PassedOver.Add(server);
            }
        }

        return found;
    }

    private static string? Check(JsonValue server)
    {
        switch (server["type"]?.AsString())
        {
            case "stdio":
                return FindUnknown(server, "type", "command", "args", "env", "cwd") ?? McpFormat.Check(server, out _)
                    ?? CheckCommand(server);
            case "streamable-http":
                return FindUnknown(server, "type", "url", "headers") ?? McpFormat.Check(server, out _);
            case "sse":
                return "its transport sse is not supported";
            default:
                return "its \"type\" must be stdio or streamable-http";
        }
    }

    private static string? FindUnknown(JsonValue server, params string[] known) =>
        server.Members.FirstOrDefault(m => !known.Contains(m.Name, StringComparer.Ordinal)) is { } unknown
            ? $"\"{unknown.Name}\" is not known here" : null;

    private static string? CheckCommand(JsonValue server)
    {
        var command = server["command"]!.GetString();
        var bare = command.Length > 0 && !command.Contains('/', StringComparison.Ordinal)
            && !command.Contains('\\', StringComparison.Ordinal) && !command.Contains('$', StringComparison.Ordinal);
        if (!bare && PluginPath.Normalise(command, out _) is null)
        {
            return "its command must be a program's bare name or a path that starts with './'";
        }

        var folder = server["cwd"]?.AsString();
        return folder is null || folder.StartsWith("./", StringComparison.Ordinal) || folder.StartsWith("${PLUGIN_ROOT}",
            StringComparison.Ordinal) || folder.StartsWith("${PLUGIN_DATA}", StringComparison.Ordinal)
            ? null
            : "its cwd must start with './', ${PLUGIN_ROOT} or ${PLUGIN_DATA}";
    }
}
