using PluginMarket.Home;
using PluginMarket.Policies;
using Xunit;

namespace PluginMarket.Core.Tests.Policies;

/// <summary>The list of sources in Codex's requirements.toml, with what Codex itself was seen to do (contract 5).</summary>
[Trait("Category", "Fast")]
public sealed class CodexRestrictionTests
{
    private static readonly string[] Asked =
    [
        "https://github.com/acme/m.git", "https://GitHub.com/acme/m", "git@github.com:acme/m.git", "ssh://git@github.com/acme/m.git",
        "https://evilgithub.com/acme/m", "http://github.com/acme/m", "https://github.com:443/acme/m",
    ];

    [Theory]
    [InlineData("git", "https://github.com/acme/m", null, "1000000")]
    [InlineData("git", "git@github.com:acme/m.git", null, "0010000")]
    [InlineData("git", "acme/m", null, "1000000")]
    [InlineData("git", "https://github.com/acme/m", "main", "0000000")]
    [InlineData("host_pattern", "github", null, "1111111")]
    [InlineData("host_pattern", "^github\\.com$", null, "1111011")]
    [InlineData("host_pattern", "(", null, "0000000")]
    [InlineData("local", "/srv/catalog", null, "0000000")]
    [InlineData("local", "srv/catalog", null, "0000000")]
    public void Texts_are_compared_as_Codex_compares_them(string kind, string value, string? reference, string allowed)
    {
        var restriction = new CodexRestriction(
            new MarketplaceRequirements(true, [new AllowedSource("a", kind, value, reference)], null, "requirements.toml", null));

        Assert.Equal(allowed, string.Concat(Asked.Select(asked => restriction.Allows(Git(asked)) ? '1' : '0')));
        Assert.False(restriction.Allows(Git(Asked[0]) with { Scope = "Personal" }));
        Assert.False(restriction.Allows(Git(Asked[0]) with { Scope = "Repository" }));
    }

    [Fact]
    public void A_list_that_cannot_be_understood_allows_nothing_and_no_restriction_allows_all()
    {
        var broken = new MarketplaceRequirements(true, [new AllowedSource("a", "host_pattern", "github", null)], null, "x", "missing url");
        Assert.False(new CodexRestriction(broken).Allows(Git(Asked[0])));
        Assert.True(new CodexRestriction(broken with { Restricted = false, Refusal = null }).Allows(Git(Asked[4])));
        Assert.False(new CodexRestriction(broken with { Refusal = null, AllowedSources = [] }).Allows(Git(Asked[0])));
    }

    private static MarketplaceFacts Git(string source) => new() { SourceType = "git", SourceText = source };
}
