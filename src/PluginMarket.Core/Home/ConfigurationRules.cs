using PluginMarket.Messages;
using PluginMarket.Toml;

namespace PluginMarket.Home;

/// <summary>What Codex refuses in its whole configuration although every value has its type: settings that exclude
/// each other or name what does not exist. The layers are judged together, since one may complete another.</summary>
internal static class ConfigurationRules
{
    private const string Servers = "mcp_servers";
    private const string Provider = "model_provider";
    private const string Providers = "model_providers";
    private const string Profile = "profile";

    // The one built-in provider of which a configuration may change something.
    private const string Changeable = "amazon-bedrock";

    private static readonly string[] BuiltIn = ["openai", "ollama", "lmstudio"];
    private static readonly string[] OfAddress = ["url", "bearer_token_env_var", "http_headers", "env_http_headers", "oauth_resource"];
    private static readonly string[] OfCommand = ["args", "env", "env_vars", "cwd"];

    /// <summary>The top-level keys that the rules are about.</summary>
    internal static IReadOnlyList<string> Keys { get; } = [Servers, Provider, Providers, Profile];

    /// <summary>Checks the merged configuration.</summary>
    /// <param name="files">The files that were merged, in ascending order.</param>
    /// <param name="merged">Their tables, merged; at least <see cref="Keys"/> of them.</param>
    /// <exception cref="PluginMarketException"><see cref="MarketErrorCode.ConfigInvalid"/> with the last file that
    /// has the setting, and its line and column.</exception>
    internal static void Demand(IReadOnlyList<TomlFile> files, TomlTable merged)
    {
        if (Check(merged) is var (path, refusal))
        {
            var file = files.Last(candidate => candidate.Find(path) is not null);
            throw file.FailureAt(
                MarketErrorCode.ConfigInvalid,
                $"{refusal}. Codex refuses the whole configuration because of it. {Remedy.Do($"Change or remove it.")}",
                file.OffsetOf(path));
        }
    }

    /// <summary>The first setting that is refused, and why; null where there is none.</summary>
    internal static (string[] Path, Message Refusal)? Check(TomlTable merged)
    {
        if (merged.TryGetValue(Profile, out _))
        {
            return ([Profile], $"'profile' is no longer supported");
        }

        foreach (var (name, value) in merged.Table(Servers) ?? [])
        {
            if (value is TomlTable server && CheckServer(server) is { } refusal)
            {
                return ([Servers, name], $"The MCP server '{name}' {refusal}");
            }
        }

        foreach (var (name, value) in merged.Table(Providers) ?? [])
        {
            if (BuiltIn.Contains(name))
            {
                return ([Providers, name], $"The built-in model provider '{name}' cannot be defined again");
            }

            if (value is TomlTable provider && name != Changeable && CheckProvider(provider) is { } refusal)
            {
                return ([Providers, name], $"The model provider '{name}' {refusal}");
            }
        }

        return merged.Text(Provider) is { } chosen && !BuiltIn.Append(Changeable).Contains(chosen)
            && merged.Table(Providers)?.ContainsKey(chosen) != true
            ? ([Provider], $"There is no model provider '{chosen}'")
            : null;
    }

    private static Message? CheckServer(TomlTable server)
    {
        var (isCommand, isAddress) = (server.ContainsKey("command"), server.ContainsKey("url"));
        if (!isCommand && !isAddress)
        {
            return $"has neither 'command' nor 'url'";
        }

        return (isCommand ? OfAddress : OfCommand).Append("bearer_token").FirstOrDefault(server.ContainsKey) is { } key
            ? (Message)$"has '{key}', which does not go with '{(isCommand ? "command" : "url")}'" : null;
    }

    private static Message? CheckProvider(TomlTable provider) =>
        string.IsNullOrEmpty(provider.Text("name")) ? $"has no name"
        : provider.Text("wire_api") is { } format and not "responses" ? (Message)$"has the format '{format}'; only 'responses' is supported"
        : null;
}
