using PluginMarket.Authoring;
using PluginMarket.Marketplaces;
using PluginMarket.TestKit;
using PluginMarket.Validation;
using Xunit;

namespace PluginMarket.Core.Tests;

/// <summary>What authoring writes passes our own checks.</summary>
[Trait("Category", "Fast")]
public sealed class CheckedAuthoringTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task What_is_made_has_no_finding()
    {
        var root = new EditMarketplace(_home.Environment).Create(
            new NewMarketplaceRequest { Path = _home.Scratch["m"], Name = "made", DisplayName = "Made" }).Root;
        var plugins = new CreatePlugin(_home.Environment);
        plugins.Create(new NewPluginRequest
        {
            Name = "full",
            MarketplacePath = root,
            Components = ["Skill", "App", "McpServer", "Hook"],
            Description = "Says \"a: b\"\n# and more",
            Author = "Ada <ada@example.com>",
            Entry = new CatalogEntryChange { Installation = "AVAILABLE", Authentication = "ON_USE", Category = "Tools" },
        });
        plugins.Create(new NewPluginRequest { Name = "bare", MarketplacePath = root });
        _home.Scratch.Write("skill/SKILL.md", "---\nname: tidy\ndescription: Tidies.\n---\nBody\n");
        plugins.Create(new NewPluginRequest { FromSkill = _home.Scratch["skill"], MarketplacePath = root });

        var listing = await new Validator(_home.Environment).CheckMarketplacesAsync(
            new ValidationRequest { Paths = [root!], ResolveSources = true }, TestContext.Current.CancellationToken);
        var checkedPlugins = new Validator(_home.Environment).CheckPlugins(new ValidationRequest
        {
            Paths = [.. Directory.GetDirectories(Path.Join(root, "plugins"))],
        }, TestContext.Current.CancellationToken);

        Assert.Equal(3, checkedPlugins.Results.Count);
        Assert.Empty(listing.Failures.Concat(checkedPlugins.Failures));
        Assert.Empty(listing.Results.Concat(checkedPlugins.Results).SelectMany(result => result.Diagnostics)
            .Select(finding => $"{finding.RuleId} {finding.File} {finding.Line} {finding.Message}"));
    }
}
