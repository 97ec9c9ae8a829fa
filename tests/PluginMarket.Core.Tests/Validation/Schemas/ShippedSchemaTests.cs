using System.Text;
using PluginMarket.Json;
using Xunit;

namespace PluginMarket.Core.Tests.Validation.Schemas;

/// <summary>What is reported: the innermost value at fault, its place by our own reader, and a sentence.</summary>
[Trait("Category", "Fast")]
public sealed class ShippedSchemaTests
{
    [Theory]
    [InlineData("Plugin", """{"version": 1}""", "/version", "it must be a string or null, not a number")]
    [InlineData("Plugin", """{"keywords": ["a", 1]}""", "/keywords/1", "it must be a string, not a number")]
    [InlineData("Plugin", """{"interface": {"websiteUrl": "a", "websiteURL": "b"}}""", "/interface", "\"websiteUrl\" and \"websiteURL\" are the same field: keep one of them")]
    [InlineData("Plugin", """{"interface": {"a.b": 1, "logo": true}}""", "/interface/logo", "it must be a string or null, not true or false")]
    [InlineData("Marketplace", """{"name": "m"}""", "", "\"plugins\" is missing")]
    [InlineData("Marketplace", """{"name": "m", "plugins": [{"name": "a", "source": "./a"}, {"name": "b"}]}""", "/plugins/1", "\"source\" is missing")]
    [InlineData("Marketplace", """{"name": "m", "plugins": [{"name": "a", "source": "./a", "policy": {"installation": "NONE"}}]}""", "/plugins/0/policy/installation", "it must be one of AVAILABLE, NOT_AVAILABLE, INSTALLED_BY_DEFAULT or an object")]
    [InlineData("Marketplace", """{"name": "m", "plugins": [{"name": "a", "source": {"source": "git-subdir", "url": "o/r"}}]}""", "/plugins/0/source", "\"path\" is missing")]
    [InlineData("Marketplace", """{"name": "m", "plugins": [{"name": "a", "source": {"source": "npm", "package": 1}}]}""", "/plugins/0/source/package", "it must be a string, not a number")]
    [InlineData("Hooks", """{"$schema": "x", "hooks": {}}""", "/$schema", "\"$schema\" is not known here")]
    [InlineData("Hooks", """{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "c", "timeout": "5"}]}]}}""", "/hooks/Stop/0/hooks/0/timeout", "it must be a whole number or null, not a string")]
    [InlineData("Mcp", """{"mcpServers": {"a/b~c": {"command": "c", "args": [1]}}}""", "/mcpServers/a~1b~0c/args/0", "it must be a string, not a number")]
    [InlineData("App", """{"apps": {"": {"id": 1}}}""", "/apps//id", "it must be a string, not a number")]
    public void A_fault_is_told_with_its_pointer(string kind, string json, string pointer, string text)
    {
        var problem = Assert.Single(Evaluate(kind, json));

        Assert.Equal((pointer, text), (problem.At.Pointer, problem.Text));
    }

    [Fact]
    public void Line_and_column_come_from_the_reader()
    {
        var json = "\uFEFF{\r\n\t\"näme\": \"é\", \"name\": 5,\r\n  \"description\": []\r\n}";

        var problems = Evaluate("Plugin", json);

        Assert.Equal([(2, 23, 2, 24), (3, 18, 3, 20)],
            problems.Select(problem => problem.At.Position).Select(p => (p.Line, p.Column, p.EndLine, p.EndColumn)));
    }

    [Fact]
    public void A_part_of_a_manifest_can_be_judged()
    {
        var root = JsonFile.Parse("""{"name": "p", "mcpServers": {"a": {"command": "c", "url": "u"}}}"""u8.ToArray(), "plugin.json",
            MarketErrorCode.ManifestInvalid).Root;

        var problem = Assert.Single(ShippedSchema.Evaluate(root["mcpServers"]!, SchemaKind.Mcp));

        Assert.Equal("/mcpServers/a/url", problem.At.Pointer);
    }

    [Fact]
    public void Every_fault_of_a_file_is_told_once_in_its_order()
    {
        var pointers = Evaluate("Plugin",
            """{"name": 1, "version": 2, "keywords": {}, "interface": {"logo": 3, "screenshots": "x"}, "apps": 4}""")
            .Select(problem => problem.At.Pointer);

        Assert.Equal(["/name", "/version", "/keywords", "/interface/logo", "/interface/screenshots", "/apps"], pointers);
    }

    private static IReadOnlyList<SchemaFinding> Evaluate(string kind, string json) =>
        ShippedSchema.Evaluate(JsonFile.Parse(Encoding.UTF8.GetBytes(json), "test.json", MarketErrorCode.ManifestInvalid,
            tolerateDuplicates: true).Root, Enum.Parse<SchemaKind>(kind));
}
