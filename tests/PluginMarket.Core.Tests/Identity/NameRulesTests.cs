using PluginMarket.Identity;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed class NameRulesTests
{
    [Theory]
    [InlineData("con")]
    [InlineData("NUL.txt")]
    [InlineData("aux.")]
    [InlineData("COM1")]
    [InlineData("lpt9.tar.gz")]
    [InlineData("COM¹")]
    [InlineData("CONIN$")]
    [InlineData("con .txt")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData("a. .")]
    [InlineData(" a")]
    [InlineData("...")]
    [InlineData("1.0.")]
    [InlineData("SKILL.md:evil")]
    [InlineData(".git::$INDEX_ALLOCATION")]
    [InlineData("GIT~1")]
    [InlineData("PLUGIN~12.TXT")]
    [InlineData("a\\b")]
    [InlineData("a/b")]
    [InlineData("a*b")]
    [InlineData("a?b")]
    [InlineData("a|b")]
    [InlineData("a\"b")]
    [InlineData("a<b")]
    [InlineData("a\nb")]
    [InlineData("a\u0000b")]
    [InlineData("a\u009bb")]
    [InlineData("a\u202eb")]
    [InlineData("a\u200bb")]
    [InlineData("a\ufffdb")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public void Names_unsafe_on_some_system_are_found_on_every_system(string segment) =>
        Assert.NotNull(NameRules.CheckPortability(segment));

    [Theory]
    [InlineData("SKILL.md")]
    [InlineData(".mcp.json")]
    [InlineData("console")]
    [InlineData("com10")]
    [InlineData("a b.txt")]
    [InlineData("~")]
    [InlineData("~1")]
    [InlineData("a~b")]
    [InlineData("a.b~1")]
    [InlineData("été")]
    [InlineData("日本語.md")]
    [InlineData("[a]{b}(c)'d&e,f;g=h!i#j@k$l%m^n`o")]
    [InlineData("1.0.0-rc.1+build")]
    public void Names_safe_everywhere_are_fine(string segment)
    {
        // Go's rule, which this one follows, takes a bare "~1" for a short name as well.
        var problem = NameRules.CheckPortability(segment);
        Assert.True(segment == "~1" ? problem is not null : problem is null, problem);
    }

    [Theory]
    [InlineData(".git", true)]
    [InlineData(".GIT", true)]
    [InlineData(".g\u200cit", true)]
    [InlineData(".git ", true)]
    [InlineData(".git...", true)]
    [InlineData(".git::$INDEX_ALLOCATION", true)]
    [InlineData("GIT~1", true)]
    [InlineData(".\ufeffGit", true)]
    [InlineData(".github", false)]
    [InlineData(".gitignore", false)]
    [InlineData("git", false)]
    [InlineData("x.git", false)]
    public void Every_spelling_of_the_git_folder_is_known(string segment, bool isGit) =>
        Assert.Equal(isGit, NameRules.IsGitFolder(segment));

    [Fact]
    public void Reserved_marketplaces_are_known_by_exact_spelling_and_by_looks()
    {
        Assert.True(NameRules.IsReservedMarketplace("openai-curated"));
        Assert.False(NameRules.IsReservedMarketplace("OpenAI-Curated"));
        Assert.Null(NameRules.FindReservedLookalike("openai-curated"));
        Assert.Equal("openai-curated", NameRules.FindReservedLookalike("openai_curated"));
        Assert.Equal("openai-curated", NameRules.FindReservedLookalike("OpenAI-Curated"));
        Assert.Equal("workspace-shared-with-me", NameRules.FindReservedLookalike("workspace.shared_with-me"));
        Assert.Null(NameRules.FindReservedLookalike("corp-tools"));
    }

    [Theory]
    [InlineData("Hooks", "hooks")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("İ", "i")]
    [InlineData("\u00e9", "e\u0301")]
    [InlineData("\u00c9", "e\u0301")]
    [InlineData("ﬁle", "FILE")]
    [InlineData("Σας", "ΣΑΣ")]
    [InlineData("\u212a", "k")]
    [InlineData("\u212b", "å")]
    [InlineData("ſ", "S")]
    [InlineData("A\uFFFE", "a\uFFFE")]
    public void Names_that_are_one_on_some_system_have_one_key(string left, string right) =>
        Assert.Equal(NameRules.FoldKey(left), NameRules.FoldKey(right));

    [Theory]
    [InlineData("a", "b")]
    [InlineData("e", "\u00e9")]
    [InlineData("a-b", "a_b")]
    public void Different_names_have_different_keys(string left, string right) =>
        Assert.NotEqual(NameRules.FoldKey(left), NameRules.FoldKey(right));
}
