using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.5: MCP servers, each row as Codex 0.169 loaded or dropped it.</summary>
[Trait("Category", "Fast")]
public sealed class McpServerTests
{
    private static PluginManifest Read(string file, string manifest = """{"name":"x"}""") =>
        PluginTree.WithManifest(manifest).Add(".mcp.json", file).ReadManifest();

    [Theory]
    [InlineData("""{"command":"c","args":["a"],"env":{"A":"b"},"env_vars":["X",{"name":"Y","source":"local"}],"cwd":"../out","enabled":false}""", "stdio")]
    [InlineData("""{"type":"http","url":"https://x","http_headers":{"H":"v"},"env_http_headers":{"G":"V"},"bearer_token_env_var":"T"}""", "http")]
    [InlineData("""{"url":"https://x","http_headers_helper":"cmd"}""", "http")]
    [InlineData("""{"type":"sse","url":"https://x"}""", "http")]
    [InlineData("""{"type":5,"command":"c"}""", "stdio")]
    [InlineData("""{"command":null,"url":"https://x"}""", "http")]
    [InlineData("""{"command":"c","args":null,"url":null,"enabled":null}""", "stdio")]
    [InlineData("""{"command":"","startup_timeout_sec":5,"tool_timeout_sec":1.5,"startup_timeout_ms":5}""", "stdio")]
    [InlineData("""{"url":"https://x","oauth":{"clientId":"c","callbackPort":5}}""", "http")]
    [InlineData("""{"url":"https://x","oauth":"x"}""", "http")]
    [InlineData("""{"command":"c","tools":{"a":{"approval_mode":"prompt"}},"default_tools_approval_mode":"writes","unknown":1}""", "stdio")]
    public void What_Codex_loads_is_loaded(string server, string transport) =>
        Assert.Equal(("s", transport),
            (Assert.Single(Read($$"""{"s":{{server}}}""").McpServers).Name, Read($$"""{"s":{{server}}}""").McpServers[0].Transport));

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("""{"command":"c","url":"https://x"}""")]
    [InlineData("""{"command":5}""")]
    [InlineData("""{"command":"c","args":"x"}""")]
    [InlineData("""{"command":"c","env":{"A":5}}""")]
    [InlineData("""{"url":"https://x","args":[]}""")]
    [InlineData("""{"url":"https://x","env":{"A":"b"}}""")]
    [InlineData("""{"url":"https://x","cwd":"."}""")]
    [InlineData("""{"url":"https://x","bearer_token":"x"}""")]
    [InlineData("""{"url":"https://x","http_headers_helper":["a"]}""")]
    [InlineData("""{"url":"https://x","auth":"x"}""")]
    [InlineData("""{"url":"https://x","scopes":"x"}""")]
    [InlineData("""{"command":"c","bearer_token_env_var":"x"}""")]
    [InlineData("""{"command":"c","http_headers":{}}""")]
    [InlineData("""{"command":"c","oauth":{"callbackPort":5}}""")]
    [InlineData("""{"command":"c","oauth_resource":"x"}""")]
    [InlineData("""{"command":"c","enabled":5}""")]
    [InlineData("""{"command":"c","startup_timeout_sec":"5"}""")]
    [InlineData("""{"command":"c","startup_timeout_sec":-1}""")]
    [InlineData("""{"command":"c","startup_timeout_ms":5.5}""")]
    [InlineData("""{"command":"c","disabled_tools":5}""")]
    [InlineData("""{"command":"c","env_vars":[{"name":"Y","source":"bad"}]}""")]
    [InlineData("""{"command":"c","env_vars":[{"name":"Y","other":1}]}""")]
    [InlineData("""{"command":"c","tools":5}""")]
    [InlineData("""{"command":"c","tools":{"a":{"approval_mode":"x"}}}""")]
    [InlineData("""{"command":"c","default_tools_approval_mode":"nope"}""")]
    [InlineData("""{"command":"c","name":5}""")]
    public void One_bad_server_is_dropped_and_the_others_stay(string server)
    {
        var manifest = Read($$"""{"good":{"command":"c"},"s":{{server}}}""");
        Assert.Equal("good", Assert.Single(manifest.McpServers).Name);
        Assert.Equal("McpServerDropped", Assert.Single(manifest.Warnings).Kind);
    }

    [Theory]
    [InlineData("""{"mcpServers":{"a":{"command":"c"}},"b":{"command":"c"}}""", "a")]
    [InlineData("""{"a":{"command":"c"},"b":{"command":"c"}}""", "a b")]
    [InlineData("""{"mcp_servers":{"a":{"command":"c"}},"b":{"command":"c"}}""", "b")]
    [InlineData("""{"mcpServers":[],"a":{"command":"c"}}""", "a")]
    [InlineData("""{"mcpServers":null,"a":{"command":"c"}}""", "a")]
    [InlineData("""[{"a":{"command":"c"}}]""", "a")]
    [InlineData("[]", "")]
    [InlineData("\"x\"", "")]
    [InlineData("broken", "")]
    [InlineData("\uFEFF{}", "")]
    public void Both_wrappers_are_read(string file, string names) =>
        Assert.Equal(names, string.Join(' ', Read(file).McpServers.Select(s => s.Name)));

    [Theory]
    [InlineData("\"./a.json\"", "file")]
    [InlineData("\"a.json\"", "default")]
    [InlineData("\"./missing.json\"", "")]
    [InlineData("""{"inline":{"command":"c"}}""", "inline")]
    [InlineData("""{"mcpServers":{"inline":{"command":"c"}}}""", "inline")]
    [InlineData("{}", "")]
    [InlineData("[\"./a.json\"]", "default")]
    [InlineData("5", "default")]
    [InlineData("null", "default")]
    public void The_manifest_may_replace_the_default_file(string value, string names)
    {
        var manifest = PluginTree.WithManifest($$"""{"name":"x","mcpServers":{{value}}}""")
            .Add(".mcp.json", """{"default":{"command":"c"}}""").Add("a.json", """{"file":{"command":"c"}}""").ReadManifest();
        Assert.Equal(names, string.Join(' ', manifest.McpServers.Select(s => s.Name)));
        Assert.All(manifest.McpServers.Where(s => s.Name == "inline"), s => Assert.Equal(".codex-plugin/plugin.json", s.File));
    }

    [Fact]
    public void Names_are_kept_and_secrets_are_not()
    {
        var manifest = Read("""
            {"a":{"command":"c","args":["x"],"env":{"B":"secret-b","A":"secret-a"},"env_vars":["X"]},
             "h":{"url":"https://user:secret@host/p","http_headers":{"H":"secret-h"},"env_http_headers":{"G":"GV"},"bearer_token_env_var":"TOK"}}
            """);
        Assert.Equal(["A", "B", "X"], manifest.McpServers[0].EnvironmentNames);
        Assert.Equal(["GV", "TOK"], manifest.McpServers[1].EnvironmentNames);
        Assert.Equal(["G", "H"], manifest.McpServers[1].HeaderNames);
        Assert.Equal("https://***@host/p", manifest.McpServers[1].Url);
        Assert.Equal((1, 2), (manifest.McpServers[0].Line, manifest.McpServers[1].Line));
        Assert.DoesNotContain("secret", System.Text.Json.JsonSerializer.Serialize(manifest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"s":{"url":"https://x","headers":{}}}""", "/s/headers")]
    [InlineData("""{"s":{"type":"sse","url":"https://x"}}""", "/s/type")]
    [InlineData("""{"s":{"command":"${CLAUDE_PLUGIN_ROOT}/x"}}""", "/s/command")]
    public void A_field_that_Codex_ignores_is_a_warning(string file, string pointer) =>
        Assert.Equal(pointer, Assert.Single(Read(file).Warnings).JsonPointer);

    [Fact]
    public void A_file_that_Codex_reads_and_we_do_not_refuses_the_plugin()
    {
        Assert.Equal(MarketErrorCode.ManifestInvalid,
            PluginTree.WithManifest("{}").Add(".mcp.json", """{"a":{"command":"c"},"a":{"command":"d"}}""").Read().Refusal!.Code);
        Assert.Equal(MarketErrorCode.LimitExceeded, PluginTree.WithManifest("{}")
            .Add(".mcp.json", $$"""{"x":{{new string('[', 100)}}{{new string(']', 100)}}}""").Read().Refusal!.Code);
    }
}
