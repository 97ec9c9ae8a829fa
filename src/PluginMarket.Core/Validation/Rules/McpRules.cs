using System.Text.RegularExpressions;
using PluginMarket.Json;
using PluginMarket.Manifests;

namespace PluginMarket.Validation.Rules;

/// <summary>MCP servers.</summary>
internal static partial class McpRules
{
    internal static readonly CheckRule[] All =
    [
        new("PM0601", Severity.Error, "An MCP server is dropped")
        {
            Why = "Codex reads a server's fields by its own names and types: a command or a url, and only the fields that belong to it. "
                + "It drops a server with an error and keeps the others.",
            Kinds = ["McpServerDropped"],
            Bad = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"args\": \"server.js\" }"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"args\": [\"server.js\"] }"),
        },
        new("PM0602", Severity.Error, "The MCP file is ignored")
        {
            Why = "The file is an object of servers, or an object whose mcpServers is one. "
                + "Codex ignores anything else, and the plugin has no servers.",
            Kinds = ["McpIgnored"],
            Bad = SampleText.Manifest("", ".mcp.json", "\"none\"\n"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\" }"),
        },
        new("PM0603", Severity.Warning, "The transport is not known")
        {
            Why = "Codex knows stdio, http, streamable_http and streamable-http. It ignores any other value and uses command or url; "
                + "a server that speaks only sse is not reached.",
            Kinds = ["McpTransportUnknown"],
            Bad = SampleText.Mcp("\"demo\": { \"type\": \"sse\", \"url\": \"https://example.org/mcp\" }"),
            Good = SampleText.Mcp("\"demo\": { \"type\": \"http\", \"url\": \"https://example.org/mcp\" }"),
        },
        new("PM0604", Severity.Warning, "headers is ignored")
        {
            Why = "Claude's name for the field is headers, Codex's is http_headers. "
                + "Codex ignores headers without a message, and calls the server without them.",
            Suggestion = "Write \"http_headers\".",
            Kinds = ["McpHeaders"],
            Bad = SampleText.Mcp("\"demo\": { \"url\": \"https://example.org/mcp\", \"headers\": { \"X-Team\": \"demo\" } }"),
            Good = SampleText.Mcp("\"demo\": { \"url\": \"https://example.org/mcp\", \"http_headers\": { \"X-Team\": \"demo\" } }"),
        },
        new("PM0605", Severity.Warning, "A variable is not expanded")
        {
            Why = "Codex expands ${PLUGIN_ROOT} and ${CLAUDE_PLUGIN_ROOT} in hooks only. "
                + "In an MCP server's command, args, env and url the text is used literally, and the program is not found.",
            Suggestion = "Set \"cwd\" to \".\" and write paths relative to the plugin.",
            Kinds = ["McpVariable"],
            Bad = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"args\": [\"${CLAUDE_PLUGIN_ROOT}/server.js\"] }"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"args\": [\"server.js\"], \"cwd\": \".\" }"),
        },
        new("PM0606", Severity.Warning, "callbackPort is ignored")
        {
            Why = "Codex reads the client id from oauth and ignores the port.",
            Kinds = ["McpCallbackPort"],
            Bad = SampleText.Mcp(
                "\"demo\": { \"url\": \"https://example.org/mcp\", \"oauth\": { \"clientId\": \"demo\", \"callbackPort\": 8080 } }"),
            Good = SampleText.Mcp("\"demo\": { \"url\": \"https://example.org/mcp\", \"oauth\": { \"clientId\": \"demo\" } }"),
        },
        new("PM0607", Severity.Information, "The MCP file has no servers")
        {
            Why = "Codex reads an empty object and finds no server.",
            Plugin = static (plugin, report) =>
            {
                foreach (var file in (string[])[McpReader.DefaultFile, AgentMcpReader.File])
                {
                    if (plugin.Reading.Documents.TryGetValue(file, out var json)
                        && (json.Root["mcpServers"] ?? json.Root) is { Kind: JsonKind.Object, Members.Count: 0 } map)
                    {
                        report.Value(file, map, "The file lists no server.", "Remove it.");
                    }
                }
            },
            Bad = SampleText.Manifest("", ".mcp.json", "{ \"mcpServers\": {} }\n"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\" }"),
        },
        new("PM0608", Severity.Warning, "An MCP server over plain http")
        {
            Why = "Anyone on the network path can read and change the data in both directions, tokens included.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (server, definition) in Servers(plugin))
                {
                    if (definition["url"] is { Kind: JsonKind.String } url && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var uri)
                        && uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
                    {
                        report.Value(plugin.PathOf(url), url, $"The server \"{server.Name}\" is reached over plain http.", "Use https.");
                    }
                }
            },
            Bad = SampleText.Mcp("\"demo\": { \"url\": \"http://mcp.example.org\" }"),
            Good = SampleText.Mcp("\"demo\": { \"url\": \"https://mcp.example.org\" }"),
        },
        new("PM0609", Severity.Warning, "A working folder or program outside the plugin")
        {
            Why = "Codex joins a relative cwd to the plugin's folder and accepts '..'. "
                + "The files outside the plugin differ from machine to machine.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (server, definition) in Servers(plugin))
                {
                    foreach (var field in (string[])["cwd", "command"])
                    {
                        if (definition[field] is { Kind: JsonKind.String } path
                            && path.GetString().Split('/', '\\').Contains("..", StringComparer.Ordinal))
                        {
                            report.Value(plugin.PathOf(path), path, $"\"{field}\" of the server \"{server.Name}\" leaves the plugin.");
                        }
                    }
                }
            },
            Bad = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"cwd\": \"../shared\" }"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"cwd\": \"shared\" }"),
        },
        new("PM0610", Severity.Information, "A package is run in its newest version")
        {
            Why = "npx, uvx and the like fetch a package and run it. Without a version, the reviewed code may not be the code that runs.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (server, definition) in Servers(plugin))
                {
                    if (definition["command"]?.AsString() is "npx" or "uvx" or "bunx" or "pnpx"
                        && definition["args"]?.Items.FirstOrDefault(item => item.AsString() is { Length: > 0 } text && text[0] != '-') is
                            { } package && !HasVersion().IsMatch(package.GetString()))
                    {
                        report.Value(plugin.PathOf(package), package, $"The server \"{server.Name}\" runs the newest version of "
                            + $"{package.GetString()}.", "Add the version, as in name@1.2.3.");
                    }
                }
            },
            Bad = SampleText.Mcp("\"demo\": { \"command\": \"npx\", \"args\": [\"-y\", \"demo-server\"] }"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"npx\", \"args\": [\"-y\", \"demo-server@1.2.3\"] }"),
        },
        new("PM0611", Severity.Warning, "A program of the plugin does not exist")
        {
            Why = "A command or first argument that begins with './' is relative to cwd. "
                + "If the plugin does not have the file, the server does not start.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (server, definition) in Servers(plugin))
                {
                    var folder = definition["cwd"]?.AsString() is "." or "./" or null ? "" : null;
                    foreach (var value in folder is null || definition["cwd"] is null
                        ? [] : new[] { definition["command"] }.Concat(definition["args"]?.Items.Take(1) ?? []).OfType<JsonValue>())
                    {
                        if (value.AsString() is { } text && PluginPath.Normalise(text, out _) is { Length: > 0 } path
                            && plugin.Tree.Find(path) is null)
                        {
                            report.Value(plugin.PathOf(value), value,
                                $"The server \"{server.Name}\" needs \"{path}\", which the plugin does not have.");
                        }
                    }
                }
            },
            Bad = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"args\": [\"./server.js\"], \"cwd\": \".\" }"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"args\": [\"server.js\"], \"cwd\": \".\" }"),
        },
        new("PM0612", Severity.Warning, "An unknown key of a server that looks like a known one")
        {
            Why = "Codex ignores unknown keys of a server without a message: misspelled arguments are not passed, "
                + "a misspelled variable is not set.",
            Plugin = static (plugin, report) =>
            {
                foreach (var (_, definition) in Servers(plugin))
                {
                    ManifestFieldRules.Misspelt(plugin.PathOf(definition), definition, McpFormat.Fields, report);
                }
            },
            Bad = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"arg\": [\"server.js\"] }"),
            Good = SampleText.Mcp("\"demo\": { \"command\": \"node\", \"args\": [\"server.js\"] }"),
        },
    ];

    internal static IEnumerable<(McpServer Server, JsonValue Definition)> Servers(PluginSubject plugin) =>
        (plugin.Manifest?.McpServers ?? []).Where(server => server.Definition is not null).Select(server => (server, server.Definition!));

    [GeneratedRegex("(?<=.)@[^/]|==|://|^[./]")]
    private static partial Regex HasVersion();
}
