using PluginMarket.Capabilities;
using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class CapabilityReaderTests
{
    private static PluginTree Tree(string command = "node ${PLUGIN_ROOT}/scripts/a.txt", string script = "1", string skill = "d",
        string env = "v") =>
            PluginTree.WithManifest("""{"name":"x"}""")
                .Add("hooks/hooks.json",
                    $$$"""{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"{{{command}}}"},{"type":"prompt","prompt":"p"}]}]}}""")
                .Add(".mcp.json",
                    $$$"""{"m":{"command":"python","args":["./srv/main.py","a b"],"env":{"A":"{{{env}}}"}},"h":{"url":"https://h","http_headers":{"K":"v"}},"bad":{"command":"c","url":"u"}}""")
                .Add(".app.json", """{"apps":{"app":{"id":"connector_1"}}}""")
                .Add("scripts/a.txt", script).Add("srv/main.py", "x").Add("bin/tool", "elf", executable: true).Add("notes.md", "n")
                .AddSkill("skills/s", "description: " + skill).Add("skills/s/reference.md", "r");

    private static IReadOnlyList<Capability> Read(PluginTree tree) => CapabilityReader.Read(tree, tree.ReadManifest());

    [Fact]
    public void Everything_the_tree_can_do_is_listed()
    {
        var found = Read(Tree());
        Assert.Equal(
            [
                "Hook hooks/hooks.json:pre_tool_use:0:0", "Hook hooks/hooks.json:pre_tool_use:0:1", "McpServer bad", "McpServer h",
                "McpServer m", "App app",
                "Script bin/tool", "Script scripts/a.txt", "Script srv/main.py", "Skill s",
            ],
            found.Select(c => c.ToString()));
        Assert.Equal(["Hook hooks/hooks.json:pre_tool_use:0:1", "McpServer bad"], found.Where(c => !c.IsActive).Select(c => c.ToString()));
        var hook = found[0];
        Assert.Equal(("PreToolUse", "Bash", "node ${PLUGIN_ROOT}/scripts/a.txt", 1), (hook.Event, hook.Matcher, hook.Command, hook.Line));
        Assert.Equal(["scripts/a.txt"], hook.Scripts);
        var server = found.Single(c => c.Name == "m");
        Assert.Equal(("python ./srv/main.py \"a b\"", ".mcp.json"), (server.Command, server.File));
        Assert.Equal(["A"], server.Environment);
        Assert.Equal(["srv/main.py"], server.Scripts);
        Assert.Equal(("https://h", "K"), (found.Single(c => c.Name == "h").Url, found.Single(c => c.Name == "h").Headers.Single()));
        Assert.All(found, c => Assert.True(TreeDigest.IsWellFormed(c.Hash)));
    }

    [Theory]
    [InlineData("command", "Hook hooks/hooks.json:pre_tool_use:0:0")]
    [InlineData("script", "Hook hooks/hooks.json:pre_tool_use:0:0;Script scripts/a.txt")]
    [InlineData("skill", "Skill s")]
    [InlineData("env", "McpServer m")]
    public void A_hash_changes_exactly_with_what_it_stands_for(string change, string changed)
    {
        var after = change switch
        {
            "command" => Tree(command: "node ${PLUGIN_ROOT}/scripts/a.txt -x"),
            "script" => Tree(script: "2"),
            "skill" => Tree(skill: "e"),
            _ => Tree(env: "w"),
        };
        Assert.Equal(changed,
            string.Join(';', Read(Tree()).Zip(Read(after)).Where(p => p.First.Hash != p.Second.Hash).Select(p => p.First.ToString())));
    }

    [Fact]
    public void White_space_and_order_of_members_do_not_change_a_hash()
    {
        var one = PluginTree.WithManifest("{}").Add(".mcp.json", """{"m":{"command":"c","args":["a"]}}""");
        var two = PluginTree.WithManifest("{}").Add(".mcp.json", """{ "mcpServers": { "m": { "args": [ "\u0061" ], "command": "c" } } }""");
        Assert.Equal(Read(one).Single().Hash, Read(two).Single().Hash);
    }

    [Theory]
    [InlineData("bash \\\"${CLAUDE_PLUGIN_ROOT}/scripts/a.txt\\\" x")]
    [InlineData("cd $PLUGIN_ROOT/scripts && ./run")]
    [InlineData("sh -c 'cat scripts/a.txt; true'")]
    [InlineData("X=./scripts/../scripts/a.txt")]
    public void A_command_names_files_in_many_ways(string command) => Assert.Equal(["scripts/a.txt"], Read(Tree(command))[0].Scripts);

    [Theory]
    [InlineData("cat ../scripts/a.txt")]
    [InlineData("ls ${PLUGIN_ROOT}")]
    [InlineData("echo scripts/other.txt")]
    public void A_file_outside_the_plugin_is_not_a_script_of_it(string command) => Assert.Empty(Read(Tree(command))[0].Scripts);
}
