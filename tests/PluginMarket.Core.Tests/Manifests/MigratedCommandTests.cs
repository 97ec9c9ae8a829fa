using System.Text;
using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.8: the skills made of commands, byte for byte as Codex 0.169 made them.</summary>
[Trait("Category", "Fast")]
public sealed class MigratedCommandTests
{
    private static IReadOnlyList<GeneratedFile> Generate(params (string Path, string Text)[] commands)
    {
        var tree = PluginTree.WithManifest("""{"name":"x"}""");
        foreach (var (path, text) in commands)
        {
            tree.Add("commands/" + path, text);
        }

        var manifest = tree.ReadManifest();
        var files = MigratedCommands.Generate(tree, manifest);
        Assert.Equal(files.Select(f => f.Path), manifest.Commands.Select(c => c.File));
        return files;
    }

    [Fact]
    public void The_skill_is_what_Codex_writes()
    {
        var file = Assert.Single(Generate(("Foo_Bar.md", "---\ndescription: \"He said \\\"hi\\\" \\\\ ok\"\n---\n\n  Body here\n\n")));
        Assert.Equal(".codex-plugin/migrated-command-skills/source-command-foo-bar/SKILL.md", file.Path);
        Assert.Equal(
            """
            ---
            name: "source-command-foo-bar"
            description: "He said \"hi\" \\ ok"
            ---

            # source-command-foo-bar

            Use this skill when the user asks to run the migrated source command `Foo_Bar`.

            ## Command Template

            Body here

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(file.Content));
    }

    [Theory]
    [InlineData("sub/a.b.md", "---\r\ndescription: multi\r\n---\r\nBody\r\nline2", "source-command-sub-a-b", "command `sub-a.b`", "Body\r\nline2\n")]
    [InlineData("num.md", "---\ndescription: 12.50\n---\n", "source-command-num", "description: \"12.5\"", "No command template body was found.\n")]
    [InlineData("fold.md", "---\ndescription: >\n  folded text\n  here\n---\nx", "source-command-fold", "description: \"folded text here\"", "\nx\n")]
    [InlineData("lit.md", "---\ndescription: |\n  lit\n  two\n---\nx", "source-command-lit", "description: \"lit\ntwo\"", "\nx\n")]
    [InlineData("ok2.md", "---\ndescription: args\nargument-hint: [foo]\nallowed-tools: Bash(git:*), Read\n---\nx user@host", "source-command-ok2", "description: \"args\"", "\nx user@host\n")]
    public void Its_parts_are_rendered_as_Codex_renders_them(string path, string text, string name, string part, string end)
    {
        var file = Assert.Single(Generate((path, text)));
        var rendered = Encoding.UTF8.GetString(file.Content);
        Assert.Equal($"{MigratedCommands.Folder}/{name}/SKILL.md", file.Path);
        Assert.Contains(part, rendered, StringComparison.Ordinal);
        Assert.EndsWith(end, rendered, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.md", "no head")]
    [InlineData("a.md", "---\ndescription: use a: b\n---\nx")]
    [InlineData("a.md", "---\ndescription: \"\"\n---\nx")]
    [InlineData("a.md", "---\ndescription: [a]\n---\nx")]
    [InlineData("a.md", "---\ndescription: d\n---\nx $ARGUMENTS")]
    [InlineData("a.md", "---\ndescription: d\n---\nx $1")]
    [InlineData("a.md", "---\ndescription: d\n---\n{{x}}")]
    [InlineData("a.md", "---\ndescription: d\n---\n!`ls`")]
    [InlineData("a.md", "---\ndescription: d\n---\nsee @file")]
    [InlineData("README.md", "---\ndescription: d\n---\nx")]
    [InlineData("a.txt", "---\ndescription: d\n---\nx")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.md", "---\ndescription: d\n---\nx")]
    public void A_command_that_Codex_skips_does_not_become_a_skill(string path, string text) => Assert.Empty(Generate((path, text)));

    [Fact]
    public void The_whole_skill_has_at_most_4000_bytes()
    {
        var overhead = Assert.Single(Generate(("long.md", "---\ndescription: long\n---\ny"))).Content.Length - 1;
        Assert.Equal(4000,
            Assert.Single(Generate(("long.md", "---\ndescription: long\n---\n" + new string('y', 4000 - overhead)))).Content.Length);
        Assert.Empty(Generate(("long.md", "---\ndescription: long\n---\n" + new string('y', 4001 - overhead))));
    }

    [Fact]
    public void Two_commands_of_one_name_both_stay_out() =>
        Assert.Empty(Generate(("sub-x.md", "---\ndescription: d\n---\none"), ("sub/x.md", "---\ndescription: d\n---\ntwo")));

    [Fact]
    public void One_file_that_is_not_UTF8_stops_all_of_them() =>
        Assert.Empty(PluginTree.WithManifest("{}").Add("commands/a.md", "---\ndescription: d\n---\nx").Add("commands/b.md", [0xFF])
            .ReadManifest().Commands);
}
