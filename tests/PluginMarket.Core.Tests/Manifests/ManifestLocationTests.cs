using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>Contract 2.1: where the manifest is looked for.</summary>
[Trait("Category", "Fast")]
public sealed class ManifestLocationTests
{
    private const string Agent = """{"$schema":"https://agent-plugins.org/schemas/1.0.0/plugin.schema.json","name":"agent"}""";

    [Theory]
    [InlineData("codex claude cursor", "Codex")]
    [InlineData("claude cursor", "Claude")]
    [InlineData("cursor", "Cursor")]
    public void The_first_folder_with_a_manifest_wins(string present, string dialect)
    {
        var tree = new PluginTree();
        foreach (var name in present.Split(' '))
        {
            tree.Add($".{name}-plugin/plugin.json", $$"""{"name":"{{name}}"}""");
        }

        var manifest = tree.ReadManifest();
        Assert.Equal((dialect, dialect.ToLowerInvariant()), (manifest.Dialect, manifest.Name));
    }

    [Fact]
    public void An_agent_manifest_in_the_root_wins_over_all_folders() =>
        Assert.Equal("Agent", PluginTree.WithManifest("""{"name":"x"}""").Add("plugin.json", Agent).ReadManifest().Dialect);

    [Theory]
    [InlineData("""{"name":"root"}""")]
    [InlineData("""{"$schema":"https://example.org/x","name":"root"}""")]
    [InlineData("""{"$schema":5,"name":"root"}""")]
    [InlineData("broken")]
    [InlineData("[]")]
    [InlineData("\uFEFF" + Agent)]
    public void A_root_manifest_of_another_format_is_ignored(string text) =>
        Assert.Equal("x", PluginTree.WithManifest("""{"name":"x"}""").Add("plugin.json", text).ReadManifest().Name);

    [Fact]
    public void Another_version_of_the_agent_format_is_refused_without_looking_further()
    {
        var problem = PluginTree.WithManifest("""{"name":"x"}""")
            .Add("plugin.json", """{"$schema":"https://agent-plugins.org/schemas/2.0.0/plugin.schema.json","name":"x"}""").Read().Refusal;
        Assert.Equal(("/p/plugin.json", "/$schema"), (problem!.File, problem.JsonPointer));
    }

    [Theory]
    [InlineData("plugin.json", nameof(TreeEntryKind.SymbolicLink))]
    [InlineData("plugin.json", nameof(TreeEntryKind.Directory))]
    [InlineData("plugin.json", nameof(TreeEntryKind.Other))]
    [InlineData(".codex-plugin", nameof(TreeEntryKind.SymbolicLink))]
    [InlineData(".codex-plugin", nameof(TreeEntryKind.File))]
    [InlineData(".codex-plugin/plugin.json", nameof(TreeEntryKind.SymbolicLink))]
    [InlineData(".codex-plugin/plugin.json", nameof(TreeEntryKind.Directory))]
    public void A_link_or_folder_at_the_path_of_a_manifest_ends_the_search(string path, string kind)
    {
        var reading = new PluginTree().Add(".claude-plugin/plugin.json", """{"name":"x"}""")
            .AddEntry(path, Enum.Parse<TreeEntryKind>(kind)).Read();
        Assert.Equal(MarketErrorCode.ManifestInvalid, reading.Refusal!.Code);
        Assert.Equal("/p/" + path, reading.Refusal.File);
    }

    [Fact]
    public void An_empty_folder_falls_through() =>
        Assert.Equal("Claude", new PluginTree().AddEntry(".codex-plugin", TreeEntryKind.Directory)
            .Add(".claude-plugin/plugin.json", """{"name":"x"}""").ReadManifest().Dialect);

    [Fact]
    public void A_broken_winner_is_not_skipped()
    {
        var problem = PluginTree.WithManifest("{\n  \"name\": \"x\",\n}").Add(".claude-plugin/plugin.json", """{"name":"x"}""")
            .Read().Refusal!;
        Assert.Equal(3, problem.Line);
        Assert.Equal("/p/.codex-plugin/plugin.json", problem.File);
        Assert.DoesNotContain("/p/", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_manifest_at_all_is_a_problem_of_the_folder()
    {
        var failure = Assert.Throws<PluginMarketException>(() => new PluginTree().AddSkill("skills/a").Read().GetManifest());
        Assert.Equal((MarketErrorCode.ManifestInvalid, "/p"), (failure.Code, failure.Target));
    }
}
