using System.Text;
using PluginMarket.Files;
using PluginMarket.Manifests;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.4: skills, each row as Codex 0.169 loaded it.</summary>
[Trait("Category", "Fast")]
public sealed class SkillTests
{
    private static PluginManifest Read(string head) =>
        PluginTree.WithManifest("""{"name":"x"}""").AddSkill("skills/f", head).ReadManifest();

    [Theory]
    [InlineData("description: use a: b and c: d", "use a: b and c: d")]
    [InlineData("description: >\n  one\n  two\n\n  three", "one two three")]
    [InlineData("description: 5", "5")]
    [InlineData("description: 12.50", "12.50")]
    [InlineData("description: true", "true")]
    [InlineData("description: \"  x \\n y  \"", "x y")]
    [InlineData("description: foo # bar", "foo")]
    [InlineData("description: x: y # note", "x: y")]
    [InlineData("description: @foo", "@foo")]
    [InlineData("description: `foo`", "`foo`")]
    [InlineData("description: {x} foo", "{x} foo")]
    [InlineData("description: [draft] foo", "[draft] foo")]
    [InlineData("description: [a, b", "[a, b")]
    [InlineData("description: {a: b}", "{a: b}")]
    [InlineData("description: [a: b]", "[a: b]")]
    [InlineData("description: [a] [b]", "[a] [b]")]
    [InlineData("description: a\nmetadata:", "a")]
    [InlineData("description: a\nmetadata: # nothing", "a")]
    [InlineData("description: a\nmetadata:\n  short-description:", "a")]
    [InlineData("description: {a: b}\nmetadata:\n  x: [1]", "{a: b}")]
    [InlineData("description: !foo bar", "bar")]
    [InlineData("description: %a: b", "%a: b")]
    [InlineData("description: it's a: b", "it's a: b")]
    [InlineData("description:\tx: y", "x: y")]
    [InlineData("description: see https://x.y/z", "see https://x.y/z")]
    [InlineData("\"description\": a: b", "a: b")]
    [InlineData("description : a: b", "a: b")]
    [InlineData("description: a\nargument-hint: [a] [b]", "a")]
    [InlineData("description: a\nother: b: c", "a")]
    [InlineData("description: a\nlist:\n  - x: y: z", "a")]
    [InlineData("description: |\n  Note: use a: b\nother: @x", "Note: use a: b")]
    [InlineData("description: &x foo\nother: *x", "foo")]
    [InlineData("Description: a\ndescription: b", "b")]
    [InlineData("# c\ndescription: foo", "foo")]
    [InlineData("? description\n: foo", "foo")]
    [InlineData("description: a\nhint: \"[x]\n/y [z]\"\nother: b", "a")]
    public void Descriptions_are_read_as_Codex_reads_them(string head, string description) =>
        Assert.Equal(description, Assert.Single(Read(head).Skills).Description);

    [Theory]
    [InlineData("description: foo:")]
    [InlineData("description: \"foo\": bar")]
    [InlineData("description: \"a\" b")]
    [InlineData("description: *foo")]
    [InlineData("description: %foo")]
    [InlineData("description: - foo")]
    [InlineData("description: | a: b")]
    [InlineData("description: one\n  two: three\n  four")]
    [InlineData("description: a\ndescription: b")]
    [InlineData("description: [a, b]")]
    [InlineData("description: {}")]
    [InlineData("description: {a: b,\n  c: d}")]
    [InlineData("description: {a: b}\nmetadata: {x: y}")]
    [InlineData("description: a\nmetadata: null")]
    [InlineData("description: a\nmetadata: \"\"")]
    [InlineData("description: a\n[x]: y")]
    [InlineData("description: \"\"")]
    [InlineData("description: ~")]
    [InlineData("name: foo")]
    [InlineData("description: a\nmetadata: foo")]
    [InlineData("description: a\nmetadata: {short-description: q}\nother: @x")]
    [InlineData("- a\n- b")]
    [InlineData("description: foo\n...\nbar")]
    [InlineData("description: d\nname: 01234567890123456789012345678901234567890123456789012345678901234")]
    public void What_Codex_cannot_read_is_left_out_with_a_warning(string head)
    {
        var manifest = Read(head);
        Assert.Empty(manifest.Skills);
        Assert.Equal(("SkillIgnored", "/p/skills/f/SKILL.md"), (Assert.Single(manifest.Warnings).Kind, manifest.Warnings[0].File));
    }

    [Theory]
    [InlineData("description: d", "f")]
    [InlineData("name: \"  \"\ndescription: d", "f")]
    [InlineData("name: N 8!\ndescription: d", "N 8!")]
    [InlineData("name: \"a\\tb  c\"\ndescription: d", "a b c")]
    [InlineData("name: 5\ndescription: d", "5")]
    [InlineData("name: x: y\ndescription: d", "x: y")]
    public void The_folder_names_a_skill_without_a_name(string head, string name) =>
        Assert.Equal("x:" + name, Assert.Single(Read(head).Skills).Id);

    [Theory]
    [InlineData("---\r\nname: n\r\ndescription: d\r\n---\r\n", true)]
    [InlineData("---  \ndescription: d\n  ---", true)]
    [InlineData("  ---\ndescription: d\n---\n", true)]
    [InlineData("\uFEFF---\ndescription: d\n---\n", false)]
    [InlineData("\n---\ndescription: d\n---\n", false)]
    [InlineData("----\ndescription: d\n----\n", false)]
    [InlineData("---\ndescription: d\n", false)]
    [InlineData("---\n---\n", false)]
    [InlineData("hello", false)]
    public void The_head_stands_between_two_lines_of_dashes(string text, bool loaded) =>
        Assert.Equal(loaded ? 1 : 0,
            PluginTree.WithManifest("""{"name":"x"}""").Add("skills/f/SKILL.md", text).ReadManifest().Skills.Length);

    [Fact]
    public void A_file_that_is_not_UTF8_is_left_out() =>
        Assert.Empty(PluginTree.WithManifest("""{"name":"x"}""").Add("skills/f/SKILL.md", [.. "---\ndescription: d\n---\n"u8, 0xFF])
            .ReadManifest().Skills);

    [Theory]
    [InlineData("skills", "skills")]
    [InlineData("skills/node_modules/x", "x")]
    [InlineData("skills/1/2/3/4/5/6", "6")]
    [InlineData("skills/1/2/3/4/5/6/7", null)]
    [InlineData("skills/.hidden/x", null)]
    [InlineData("elsewhere/x", null)]
    public void Skills_are_found_where_Codex_finds_them(string folder, string? name) =>
        Assert.Equal(name, PluginTree.WithManifest("""{"name":"x"}""").AddSkill(folder).ReadManifest().Skills.SingleOrDefault()?.Name);

    [Fact]
    public void Another_case_of_the_file_name_and_links_are_not_skills() =>
        Assert.Empty(PluginTree.WithManifest("""{"name":"x"}""").Add("skills/a/skill.md", "---\ndescription: d\n---\n")
            .AddEntry("skills/b/SKILL.md", TreeEntryKind.SymbolicLink).ReadManifest().Skills);

    [Theory]
    [InlineData("interface:\n  display_name: \"Disp  x\"\n  default_prompt: dp\npolicy:\n  allow_implicit_invocation: false\n", "Disp x", false, true)]
    [InlineData("interface:\n  display_name: 5\n", "5", true, true)]
    [InlineData("interface: foo\n", null, true, true)]
    [InlineData("policy:\n  allow_implicit_invocation: \"no\"\n", null, true, true)]
    [InlineData("interface:\n  default_prompt: a: b\n", null, true, true)]
    [InlineData("policy:\n  products: [CHATGPT]\n", null, true, false)]
    [InlineData("policy:\n  products: [CODEX]\n", null, true, true)]
    public void Its_metadata_file_counts_only_as_a_whole(string yaml, string? displayName, bool allowImplicit, bool loaded)
    {
        var skill = PluginTree.WithManifest("""{"name":"x"}""").AddSkill("skills/f").Add("skills/f/agents/openai.yaml", yaml)
            .ReadManifest().Skills.SingleOrDefault();
        Assert.Equal(loaded, skill is not null);
        Assert.Equal((displayName, allowImplicit), (skill?.DisplayName, skill?.AllowImplicitInvocation ?? true));
    }

    [Fact]
    public void Short_description_and_license_are_kept_and_hidden_text_is_marked()
    {
        var manifest = Read("description: a\u200Bb\nlicense: MIT\nmetadata:\n  short-description: sd");
        var skill = Assert.Single(manifest.Skills);
        Assert.Equal(("sd", "MIT", "a\\u{200B}b"), (skill.ShortDescription, skill.License, skill.Description));
        Assert.True(skill.HasHiddenText && manifest.HasHiddenText);
    }

    [Theory]
    [InlineData("name: x\n\tdescription: y", "there is a tab")]
    [InlineData("name: \"x", "not closed")]
    [InlineData("name: 'x", "not closed")]
    [InlineData("name: \"\\q\"", "escape")]
    [InlineData("name: x\ndescription: [a, b", "'[' or '{'")]
    [InlineData("name: x\ndescription: {a: b", "'[' or '{'")]
    [InlineData("name: x\n  description: y", "")]
    [InlineData("name: *nowhere", "unknown anchor")]
    [InlineData("name: x\n- y", "")]
    [InlineData("name: %x", "")]
    [InlineData("name: !<x", "")]
    public void A_mistake_in_YAML_is_told_in_our_own_words(string yaml, string words)
    {
        Assert.Null(YamlText.Parse(yaml, out var problem, out var line));

        Assert.InRange(line, 1, 3);
        Assert.Contains(words, problem, StringComparison.Ordinal);
        foreach (var foreign in new[] { "While ", "did not find", "found ", "Expected", "not allowed in this context", "scanning",
            "parsing" })
        {
            Assert.DoesNotContain(foreign, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Deep_and_endless_YAML_ends()
    {
        Assert.Empty(Read("description: d\nx:\n  " + string.Concat(Enumerable.Repeat("- ", 5000)) + "a").Skills);
        var bomb = new StringBuilder("description: d\na0: &a0 [x, x]\n");
        for (var i = 1; i < 40; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");
        }

        Assert.Single(Read(bomb.ToString().TrimEnd()).Skills);
    }
}
