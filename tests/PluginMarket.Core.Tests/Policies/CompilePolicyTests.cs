using System.Text;
using PluginMarket.Installation;
using PluginMarket.Policies;
using PluginMarket.Toml;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>A policy in the words of Codex, and a policy of what is in use.</summary>
[Trait("Category", "Fast")]
public sealed class CompilePolicyTests : IDisposable
{
    private readonly PolicyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"https://github.com/acme/m\"}]", "Exact", "None", "None")]
    [InlineData("\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"https://github.com/acme/*\"}]", "None", "None", "None")]
    [InlineData("\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"acme/m\",\"refs\":[\"main\"]}]", "Exact", "None", "None")]
    [InlineData("\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"acme/m\",\"refs\":[\"v*\"]}]", "None", "None", "None")]
    [InlineData("\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"host\":\"*.example.com\"}]", "Looser", "None", "None")]
    [InlineData("\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"localRoot\":\"/opt/x\"}]", "Tighter", "None", "None")]
    [InlineData("\"kind\":\"marketplace\",\"effect\":\"deny\",\"match\":[{\"host\":\"h.org\"}]", "None", "None", "None")]
    [InlineData("\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"a@b\"}]", "None", "Exact", "None")]
    [InlineData("\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"tool@*\"}]", "None", "Looser", "None")]
    [InlineData("\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"version\":\"<1.0.0\"}]", "None", "None", "None")]
    [InlineData("\"kind\":\"plugin\",\"effect\":\"require\",\"match\":[{\"plugin\":\"tool@shop\"}]", "None", "Exact", "Exact")]
    [InlineData("\"kind\":\"capability\",\"effect\":\"deny\",\"match\":[{\"component\":[\"Hook\"]}]", "Tighter", "None", "None")]
    [InlineData("\"kind\":\"capability\",\"effect\":\"deny\",\"match\":[{\"component\":[\"Hook\"],\"event\":\"Stop\"}]", "None", "None", "None")]
    [InlineData("\"kind\":\"capability\",\"effect\":\"allow\",\"match\":[{\"component\":[\"McpServer\"],\"program\":\"node\"}]", "None", "None", "None")]
    [InlineData("\"kind\":\"option\",\"effect\":\"deny\",\"options\":[\"Force\"]", "None", "None", "None")]
    [InlineData("\"kind\":\"age\",\"effect\":\"require\",\"minimum\":\"P7D\"", "None", "None", "None")]
    public void Each_rule_says_how_much_of_it_Codex_can_say(string rule, string requirements, string managed, string config)
    {
        _scene.Command(PolicyScene.Document($"{{\"id\":\"R\",{rule}}}"));
        var author = new PolicyAuthor(_scene.Environment);

        var exports = author.Export([PolicyFormat.CodexRequirements, PolicyFormat.CodexManagedConfig, PolicyFormat.CodexConfig], null,
            allowPartial: true);

        Assert.Equal([requirements, managed, config], exports.Select(export => Assert.Single(export.Coverage).Fidelity));
        Assert.All(exports, export => TomlFile.Parse(Encoding.UTF8.GetBytes(export.Text), "x"));
        var isLost = new[] { requirements, managed, config }.All(fidelity => fidelity is "Looser" or "None");
        var failure = Record.Exception(() => author.Export([PolicyFormat.CodexRequirements, PolicyFormat.CodexManagedConfig,
            PolicyFormat.CodexConfig], null, allowPartial: false)) as PluginMarketException;
        Assert.Equal(isLost ? MarketErrorCode.PolicyNotExpressible : null, failure?.Code);
    }

    [Fact]
    public void Two_layers_are_written_as_what_both_allow_and_each_table_once()
    {
        _scene.Command(PolicyScene.Document("{\"id\":\"A\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"acme/M\"},"
            + "{\"url\":\"acme/x\"},{\"localRoot\":\"/opt/a\"}]},{\"id\":\"H\",\"kind\":\"capability\",\"effect\":\"deny\",\"match\":["
            + "{\"component\":[\"Hook\"]}]},{\"id\":\"D\",\"kind\":\"plugin\",\"effect\":\"deny\",\"match\":[{\"plugin\":\"a@b\"}]}"), "one.json");
        _scene.Command(PolicyScene.Document("{\"id\":\"B\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":["
            + "{\"url\":\"https://github.com/acme/m\",\"refs\":[\"main\"]},{\"host\":\"h.org\"}]},"
            + "{\"id\":\"R\",\"kind\":\"plugin\",\"effect\":\"require\",\"match\":[{\"plugin\":\"a@b\"}]}"), "two.json");

        var exports = new PolicyAuthor(_scene.Environment).Export([PolicyFormat.CodexRequirements, PolicyFormat.CodexManagedConfig], null,
            allowPartial: true);

        var marketplaces = TomlFile.Parse(Encoding.UTF8.GetBytes(exports[0].Text), "x").Root.Table("marketplaces")!;
        var sources = marketplaces.Table("allowed_sources")!.Select(pair => (TomlTable)pair.Value).ToList();
        Assert.True(marketplaces.Flag("restrict_to_allowed_sources"));
        Assert.All(sources, source => Assert.Equal("main", source.Text("ref")));
        Assert.Equal(["git@github.com:acme/m", "git@github.com:acme/m.git", "https://github.com/acme/m.git", "ssh://git@github.com/acme/m",
            "ssh://git@github.com/acme/m.git"],
            sources.Select(source => source.Text("url")).Order(StringComparer.Ordinal));
        Assert.False(TomlFile.Parse(Encoding.UTF8.GetBytes(exports[1].Text), "x").Root.Table("plugins")!.Table("a@b")!.Flag("enabled"));
        Assert.Equal("None", exports[1].Coverage.Single(line => line.RuleId == "R").Fidelity);
    }

    [Fact]
    public void A_path_in_capitals_is_listed_as_it_is_written_too()
    {
        _scene.Command(PolicyScene.Document(
            "{\"id\":\"A\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"https://github.com/Acme/M\"}]}"));

        var text = Assert.Single(new PolicyAuthor(_scene.Environment).Export([PolicyFormat.CodexRequirements], null, allowPartial: false)).Text;

        Assert.Contains("\"https://github.com/Acme/M.git\"", text, StringComparison.Ordinal);
        Assert.Contains("\"https://github.com/acme/m.git\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_has_no_words_is_not_written_as_an_empty_one()
    {
        _scene.Command(PolicyScene.Document(
            "{\"id\":\"A\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"https://github.com/acme/*\"}]}"));

        Assert.Empty(Assert.Single(new PolicyAuthor(_scene.Environment).Export([PolicyFormat.CodexRequirements], null, allowPartial: true)).Text);
    }

    [Fact]
    public void What_else_is_in_the_file_stays_and_a_second_export_replaces_the_first()
    {
        const string Own = "model = \"x\" # mine\n\n[features]\nplugins = true\n";
        var path = _scene.Shop.Scratch["requirements.toml"];
        _scene.Shop.Scratch.Write("requirements.toml", Own);
        _scene.Command(PolicyScene.Document("{\"id\":\"A\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"acme/m\"}]},"
            + "{\"id\":\"B\",\"kind\":\"capability\",\"effect\":\"deny\",\"match\":[{\"component\":[\"Hook\"]}]}"));

        new PolicyAuthor(_scene.Environment).Export([PolicyFormat.CodexRequirements], path, allowPartial: false);
        var first = File.ReadAllText(path);
        new PolicyAuthor(_scene.Environment).Export([PolicyFormat.CodexRequirements], path, allowPartial: false);

        Assert.Equal(first, File.ReadAllText(path));
        Assert.Contains(Own, first, StringComparison.Ordinal);
        var root = TomlFile.Parse(Encoding.UTF8.GetBytes(first), path).Root;
        Assert.True(root.Flag("allow_managed_hooks_only"));
        Assert.True(root.Table("marketplaces")!.Flag("restrict_to_allowed_sources"));
        Assert.Contains("# policy corp 1 of PluginMarket", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_another_hand_are_not_written_over()
    {
        var path = _scene.Shop.Scratch["requirements.toml"];
        _scene.Shop.Scratch.Write("requirements.toml", "[marketplaces]\nrestrict_to_allowed_sources = false\n");
        _scene.Command(PolicyScene.Document("{\"id\":\"A\",\"kind\":\"marketplace\",\"effect\":\"allow\",\"match\":[{\"url\":\"acme/m\"}]}"));

        var failure = Assert.Throws<PluginMarketException>(() =>
            new PolicyAuthor(_scene.Environment).Export([PolicyFormat.CodexRequirements], path, allowPartial: false));

        Assert.Equal(MarketErrorCode.ConfigFormUnsupported, failure.Code);
        Assert.Equal("[marketplaces]\nrestrict_to_allowed_sources = false\n", File.ReadAllText(path));
    }

    [Fact]
    public async Task A_policy_of_what_is_in_use_allows_exactly_that()
    {
        await _scene.Shop.InstallAsync("tool@shop");
        var path = _scene.Shop.Scratch["new.json"];

        new PolicyAuthor(_scene.Environment).Write(path, "corp", isAudit: false, null);

        _scene.Paths.Add(path);
        var tester = new PolicyTester(_scene.Environment);
        var git = PluginMarket.Sources.Git.GitOptions.Default;
        Assert.True((await tester.OfPluginAsync(PluginReference.Parse("tool@shop"), false, false, git, default)).IsAllowed);
        Assert.Equal("PLG-ALLOW", (await tester.OfPluginAsync(PluginReference.Parse("other@shop"), false, false, git, default)).RuleId);
        Assert.Equal("MKT-ALLOW", tester.OfSource(_scene.Shop.Scratch["home"], git).RuleId);
        Assert.Throws<PluginMarketException>(() => new PolicyAuthor(_scene.Environment).Write(path, "corp", isAudit: true, null));
    }
}
