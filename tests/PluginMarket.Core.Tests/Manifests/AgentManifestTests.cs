using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.3: the Agent Plugin format.</summary>
[Trait("Category", "Fast")]
public sealed class AgentManifestTests
{
    private const string Schema = "\"$schema\":\"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json\"";
    private const string McpSchema = "\"$schema\":\"https://agent-plugins.org/schemas/1.0.0/mcp.schema.json\"";

    private static PluginTree Tree(string fields) => new PluginTree().Add("plugin.json", $"{{{Schema}{fields}}}");

    [Theory]
    [InlineData("")]
    [InlineData(",\"name\":\"AP\"")]
    [InlineData(",\"name\":\"a_b\"")]
    [InlineData(",\"name\":\"a--b\"")]
    [InlineData(",\"name\":\"a..b\"")]
    [InlineData(",\"name\":\"-a\"")]
    [InlineData(",\"name\":\"a-\"")]
    [InlineData(",\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    [InlineData(",\"name\":\"a\",\"version\":5")]
    [InlineData(",\"name\":\"a\",\"version\":null")]
    [InlineData(",\"name\":\"a\",\"description\":null")]
    [InlineData(",\"name\":\"a\",\"keywords\":null")]
    [InlineData(",\"name\":\"a\",\"homepage\":5")]
    [InlineData(",\"name\":\"a\",\"license\":5")]
    [InlineData(",\"name\":\"a\",\"repository\":5")]
    [InlineData(",\"name\":\"a\",\"author\":null")]
    [InlineData(",\"name\":\"a\",\"author\":\"x\"")]
    [InlineData(",\"name\":\"a\",\"author\":{\"email\":5}")]
    [InlineData(",\"name\":\"a\",\"extensions\":{\"com.openai\":{\"interface\":5}}")]
    public void A_wrong_field_refuses_the_manifest(string fields) => Assert.NotNull(Tree(fields).Read().Refusal);

    [Theory]
    [InlineData("\"name\":5")]
    [InlineData("\"version\":5")]
    [InlineData("\"description\":5")]
    [InlineData("\"keywords\":\"x\"")]
    [InlineData("\"apps\":{}")]
    [InlineData("\"interface\":{\"displayName\":5}")]
    public void A_wrong_type_in_the_extension_or_the_overlay_refuses_the_manifest(string member)
    {
        Assert.NotNull(Tree($",\"name\":\"a\",\"extensions\":{{\"com.openai\":{{{member}}}}}").Read().Refusal);
        Assert.NotNull(Tree(",\"name\":\"a\"").Add(".codex-plugin/plugin.json", $"{{{member}}}").Read().Refusal);
        Assert.Null(Tree(",\"name\":\"a\"").Add(".claude-plugin/plugin.json", $"{{{member}}}").Read().Refusal);
        Assert.Null(Tree(",\"name\":\"a\",\"extensions\":{\"com.openai\":{}}").Add(".codex-plugin/plugin.json", $"{{{member}}}")
            .Read().Refusal);
    }

    [Theory]
    [InlineData("", "{", null)]
    [InlineData("", "{\"interface\":{\"displayName\":\"O\"}}", "O ")]
    [InlineData(",\"extensions\":{\"com.openai\":5}", "{\"interface\":{\"displayName\":\"O\"}}", "O ")]
    [InlineData(",\"extensions\":{\"com.openai\":{\"interface\":{\"category\":\"E\"}}}", "{\"interface\":{\"displayName\":\"O\"}}", " E")]
    [InlineData(",\"extensions\":{\"com.openai\":{}}", "{\"interface\":{\"displayName\":\"O\"}}", "a Other")]
    public void The_interface_is_that_of_the_extension_or_of_the_overlay(string fields, string overlay, string? expected)
    {
        var shown = Tree(",\"name\":\"a\"" + fields).Add(".codex-plugin/plugin.json", overlay).Read().Manifest?.Interface;
        Assert.Equal(expected, shown is null ? null : $"{shown.DisplayName} {shown.Category}");
    }

    [Fact]
    public void Without_an_interface_the_manifest_gives_one()
    {
        var shown = Tree(",\"name\":\"a\",\"description\":\" D. \",\"author\":{\"name\":\"Ann\"},\"homepage\":\"https://example.org\"")
            .ReadManifest().Interface!;
        Assert.Equal(("a", "D.", "D.", "Ann", "Other", "https://example.org"),
            (shown.DisplayName, shown.ShortDescription, shown.LongDescription, shown.DeveloperName, shown.Category, shown.WebsiteUrl));
    }

    [Theory]
    [InlineData("", "1.0.0", "1.0.0")]
    [InlineData(",\"version\":\"\"", "1.0.0", "1.0.0")]
    [InlineData(",\"version\":\"  1.5 \"", "1.5", "1.5")]
    [InlineData(",\"version\":\"1.0/2\"", "1.0/2", "agent-plugins-ab4a4a7b8623b7a8d446258b")]
    [InlineData(",\"version\":\"..\"", "..", "agent-plugins-5ec1f7e700f37c3d0b2981d0")]
    public void A_version_that_is_not_a_folder_name_gets_one_by_its_hash(string field, string version, string folder)
    {
        var manifest = Tree(",\"name\":\"a.b-1\"" + field).ReadManifest();
        Assert.Equal((version, folder), (manifest.Version, manifest.InstallVersion));
    }

    [Fact]
    public void Only_its_own_places_hold_components()
    {
        var manifest = Tree(
            ",\"name\":\"a\",\"hooks\":{},\"skills\":5,\"extensions\":{\"com.openai\":{\"interface\":{\"displayName\":\"D\"}}}")
            .AddSkill("skills/n").AddSkill("skills").AddSkill("skills/n/deep").AddSkill("skills/.hidden")
            .Add(".mcp.json", """{"x":{"command":"c"}}""")
            .Add("hooks/hooks.json", """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"c"}]}]}}""")
            .Add(".app.json", """{"apps":{"a":{"id":"i"}}}""").Add("commands/c.md", "---\ndescription: d\n---\nx").ReadManifest();
        Assert.Equal(["Skill"], manifest.Components);
        Assert.Equal("a:n", Assert.Single(manifest.Skills).Id);
        Assert.Equal("D", manifest.Interface!.DisplayName);
        Assert.Empty(MigratedCommands.Generate(new PluginTree().Add("commands/c.md", "---\ndescription: d\n---\nx"), manifest));
    }

    [Theory]
    [InlineData("{\"type\":\"stdio\",\"command\":\"c\",\"args\":[\"a\"],\"env\":{\"A\":\"b\"}}", true)]
    [InlineData("{\"type\":\"stdio\",\"command\":\"./bin/x\",\"cwd\":\"./sub\"}", true)]
    [InlineData("{\"type\":\"streamable-http\",\"url\":\"https://y\",\"headers\":{\"Q\":\"1\"}}", true)]
    [InlineData("{\"command\":\"c\"}", false)]
    [InlineData("{\"type\":\"http\",\"url\":\"https://y\"}", false)]
    [InlineData("{\"type\":\"sse\",\"url\":\"https://y\"}", false)]
    [InlineData("{\"type\":\"stdio\",\"command\":\"c\",\"cwd\":\"sub\"}", false)]
    [InlineData("{\"type\":\"stdio\",\"command\":\"c\",\"other\":1}", false)]
    [InlineData("{\"type\":\"stdio\",\"command\":\"${PLUGIN_ROOT}/x\"}", false)]
    public void Its_servers_follow_a_closed_schema(string server, bool loaded)
    {
        var manifest = Tree(",\"name\":\"a\"").Add("mcp.json", $"{{{McpSchema},\"mcpServers\":{{\"m\":{server}}}}}").ReadManifest();
        Assert.Equal(loaded, manifest.McpServers.Length == 1);
        Assert.Equal(loaded ? 0 : 1, manifest.Warnings.Length);
    }

    [Fact]
    public void A_server_file_of_another_schema_is_ignored() =>
        Assert.Empty(Tree(",\"name\":\"a\"").Add("mcp.json", """{"mcpServers":{"m":{"type":"stdio","command":"c"}}}""")
            .ReadManifest().McpServers);
}
