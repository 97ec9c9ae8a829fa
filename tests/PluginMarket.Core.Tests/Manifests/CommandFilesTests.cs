using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Which Markdown files of a plugin become skills (contract 2.8).</summary>
[Trait("Category", "Fast")]
public sealed class CommandFilesTests
{
    [Theory]
    [InlineData("null", "sub-y x")]
    [InlineData("\"./prompts\"", "a sub-c")]
    [InlineData("\"./prompts/a.md\"", "a")]
    [InlineData("\"./prompts/a.md/\"", "a")]
    [InlineData("[\"./prompts/a.md\",\"./commands/x.md\"]", "a x")]
    [InlineData("[\"./prompts\",\"./prompts/sub/c.md\"]", "a c sub-c")]
    [InlineData("[\"./prompts/a.md\",\"././prompts//a.md\"]", "a")]
    [InlineData("[\"./prompts/a.md\",\"prompts\"]", "a")]
    [InlineData("\"./folder.md\"", "e")]
    [InlineData("[\"./commands/x.md\",\"./other/x.md\"]", "")]
    [InlineData("[\"./prompts/a.md\",5]", "")]
    [InlineData("[]", "")]
    [InlineData("\"\"", "")]
    [InlineData("\"./\"", "")]
    [InlineData("\"commands\"", "")]
    [InlineData("\"./commands/../prompts\"", "")]
    [InlineData("\"./none\"", "")]
    [InlineData("\"./prompts/note.txt\"", "")]
    [InlineData("{\"a\":\"./prompts/a.md\"}", "")]
    [InlineData("5", "")]
    public void Commands_names_exactly_what_becomes_a_skill(string commands, string expected)
    {
        var tree = Tree($$"""{"name":"x","commands":{{commands}}}""");
        var manifest = tree.ReadManifest();
        Assert.Equal(expected, string.Join(' ', manifest.Commands.Select(skill => skill.Name["source-command-".Length..])));
        Assert.Equal(
            manifest.Commands.Select(skill => skill.File),
            MigratedCommands.Generate(tree, manifest).Select(file => file.Path));
    }

    [Fact]
    public void A_skill_says_which_file_it_comes_from() =>
        Assert.Equal(["prompts/a.md", "prompts/sub/c.md"],
            Tree("""{"name":"x","commands":"./prompts"}""").ReadManifest().Commands.Select(skill => skill.MigratedFrom));

    private static PluginTree Tree(string manifest)
    {
        var tree = PluginTree.WithManifest(manifest).Add("prompts/note.txt", "x");
        foreach (var path in (string[])["commands/x.md", "commands/sub/y.md", "prompts/a.md", "prompts/sub/c.md", "other/x.md",
            "folder.md/e.md", "prompts/README.md"])
        {
            tree.Add(path, "---\ndescription: d\n---\nDo it.\n");
        }

        return tree;
    }
}
