namespace PluginMarket.Interop.Tests.Answers;

/// <summary>What <c>/etc/codex</c> decides: requirements.toml, managed_config.toml and the system's config.toml.</summary>
internal static class RequirementAnswers
{
    private const string Restricted = "[marketplaces]\nrestrict_to_allowed_sources = true\n";

    private static readonly string[] Asked =
    [
        "acme/m", "https://github.com/acme/m.git", "https://GitHub.com/acme/m", "git@github.com:acme/m.git",
        "ssh://git@github.com/acme/m.git", "https://github.example.com/acme/m", "http://github.com/acme/m", "https://github.com:443/acme/m",
    ];

    public static IReadOnlyList<CodexAnswer> All { get; } =
    [
        Allowed("allowed-https", "source = \"git\"\nurl = \"https://github.com/acme/m\""),
        Allowed("allowed-scp", "source = \"git\"\nurl = \"git@github.com:acme/m.git\""),
        Allowed("allowed-short", "source = \"git\"\nurl = \"acme/m\""),
        Allowed("allowed-host", "source = \"host_pattern\"\nhost_pattern = \"github\""),
        Allowed("allowed-anchored-host", "source = \"host_pattern\"\nhost_pattern = '^github\\.com$'"),
        Rule("allowed-nothing", "a restriction without any rule", Restricted),
        Rule("rule-without-url", "a git rule without a url", Restricted + "[marketplaces.allowed_sources.a]\nsource = \"git\"\n"),
        Rule("rule-bad-pattern", "a host pattern that is not a regular expression",
            Restricted + "[marketplaces.allowed_sources.a]\nsource = \"host_pattern\"\nhost_pattern = \"(\"\n"),
        Rule("rule-unknown-key", "an unknown key in `[marketplaces]`", Restricted + "x = 1\n"),
        Rule("default-plugins", "`[plugins._default] enabled = false`", "[plugins._default]\nenabled = false\n"),
        Servers("identity-command", "the identity of one server by its command",
            "[plugins.\"alpha@corp\".mcp_servers.one.identity]\ncommand = \"x\"\n"),
        Servers("identity-url", "the identity of one server by its url",
            "[plugins.\"alpha@corp\".mcp_servers.two.identity]\nurl = \"https://a.example/mcp\"\n"),
        Servers("servers-empty", "an empty `[mcp_servers]`", "[mcp_servers]\n"),
        Servers("servers-all", "nothing", "# nothing\n"),
        Hooks("hooks-all", "nothing", "# nothing\n"),
        Hooks("hooks-managed", "`allow_managed_hooks_only = true`", "allow_managed_hooks_only = true\n"),
        new("managed-off", "`enabled = false` of an installed plugin in managed_config.toml: `list`, then `add`", scene =>
        {
            scene.Install("alpha");
            scene.Administer("managed_config.toml", "[plugins.\"alpha@corp\"]\nenabled = false\n");
            return $"{Installed(scene)}; {scene.Say(scene.Run("plugin", "add", "alpha@corp"))}; {Installed(scene)}";
        }),
        new("system-on", "`enabled = true` of a plugin that is not installed in the system's config.toml: `list`", scene =>
        {
            scene.Install();
            scene.Administer("config.toml", "[plugins.\"alpha@corp\"]\nenabled = true\n");
            return Installed(scene);
        }),
    ];

    private static CodexAnswer Allowed(string id, string rule) =>
        new(id, $"which of {Asked.Length} spellings the rule `{rule.Replace("\n", ", ", StringComparison.Ordinal)}` lets pass", scene =>
        {
            scene.Administer("requirements.toml", $"{Restricted}[marketplaces.allowed_sources.a]\n{rule}\n");
            // Nothing is fetched: every address leads to a folder that is not there.
            File.WriteAllText(Path.Join(scene.Side.Home, ".gitconfig"), $"[url \"file://{scene["nothing"]}/\"]\n\tinsteadOf = "
                + $"https://\n\tinsteadOf = http://\n\tinsteadOf = ssh://\n\tinsteadOf = git@github.com:\n");
            return string.Join(" ", Asked.Where(source => !scene.Run("plugin", "marketplace", "add", source).Error
                .Contains("not allowed by requirements", StringComparison.Ordinal)).Select(source => $"`{source}`"));
        });

    private static CodexAnswer Rule(string id, string situation, string requirements) =>
        new(id, situation + ": `list`, then `marketplace add`", scene =>
        {
            scene.Install("alpha");
            scene.Administer("requirements.toml", requirements);
            scene.Write("second/.agents/plugins/marketplace.json", """{"name":"second","plugins":[]}""");
            var list = scene.Run("plugin", "list", "--json");
            return $"{(list.ExitCode == 0 ? Installed(scene) : scene.Say(list))}; "
                + $"{scene.Say(scene.Run("plugin", "marketplace", "add", scene["second"]))}";
        });

    private static CodexAnswer Servers(string id, string situation, string requirements) =>
        new(id, $"requirements.toml with {situation}: which servers of two plugins are on", scene =>
        {
            scene.Write("corp/alpha/.mcp.json",
                """{"mcpServers":{"one":{"command":"x","args":["1"]},"two":{"url":"https://a.example/mcp"}}}""");
            scene.Write("corp/beta/.mcp.json", """{"mcpServers":{"three":{"command":"x"}}}""");
            scene.Install("alpha", "beta");
            scene.Administer("requirements.toml", requirements);
            var servers = scene.Run("mcp", "list", "--json").Json().EnumerateArray().Where(
                server => server.GetProperty("enabled").GetBoolean()).Select(server => server.GetProperty("name").GetString()).ToList();
            return servers.Count == 0 ? "none" : string.Join(" ", servers);
        });

    private static CodexAnswer Hooks(string id, string situation, string requirements) =>
        new(id, $"requirements.toml with {situation}: how many of a plugin's two hooks there are", scene =>
        {
            scene.Write("corp/alpha/hooks/hooks.json",
                """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"},{"type":"command","command":"false"}]}]}}""");
            scene.Install("alpha");
            scene.Administer("requirements.toml", requirements);
            return scene.Ask("hooks/list").GetProperty("data").EnumerateArray().Sum(folder => folder.GetProperty("hooks").GetArrayLength())
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        });

    private static string Installed(AnswerScene scene)
    {
        var items = scene.Run("plugin", "list", "--available", "--json").Json().EnumerateObject()
            .SelectMany(list => list.Value.EnumerateArray()).Where(item => item.GetProperty("name").GetString() == "alpha").Select(item =>
                $"{item.GetProperty("name").GetString()} {(item.GetProperty("installed").GetBoolean() ? "installed" : "not installed")} "
                    + $"{(item.GetProperty("enabled").GetBoolean() ? "on" : "off")}").ToList();
        return items.Count == 0 ? "nothing is listed" : string.Join(", ", items);
    }
}
