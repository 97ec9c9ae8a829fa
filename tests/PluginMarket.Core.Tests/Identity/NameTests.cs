using System.Text.RegularExpressions;
using PluginMarket.Cache;
using PluginMarket.Files;
using Xunit;

namespace PluginMarket.Core.Tests;

[Trait("Category", "Fast")]
public sealed partial class NameTests
{
    private const string Alphabet = "aZ09-_.+@/\\ ~:\0\n\u001bé\u202e*";

    [Fact]
    public void Every_short_text_is_judged_as_the_contract_says()
    {
        var texts = 0;
        foreach (var text in ShortTexts(4))
        {
            texts++;
            Assert.True(PluginName.TryParse(text, out var plugin, out var problem) == PluginPattern().IsMatch(text), text);
            Assert.True(plugin is null ? problem is not null : plugin.Value == text && problem is null);
            Assert.True(MarketplaceName.TryParse(text, out _, out _) == MarketplacePattern().IsMatch(text), text);
            Assert.True(PluginVersion.TryParse(text, out _, out _) == (VersionPattern().IsMatch(text) && text is not ("." or "..")), text);
        }

        Assert.True(texts > 160_000);
    }

    [Fact]
    public void No_accepted_name_leaves_the_folder_it_names()
    {
        var layout = new CacheLayout(new StateLayout(Path.GetFullPath("/home/x/.codex")));
        var market = MarketplaceName.Parse("m");
        foreach (var text in ShortTexts(3))
        {
            if (PluginName.TryParse(text, out var plugin, out _))
            {
                Assert.Equal(layout.MarketplacePath(market),
                    Path.GetDirectoryName(Path.GetFullPath(layout.PluginPath(new PluginId(plugin, market)), Path.GetFullPath("/"))));
            }

            if (PluginVersion.TryParse(text, out var version, out _))
            {
                var id = PluginId.Parse("p@m");
                Assert.Equal(layout.PluginPath(id),
                    Path.GetDirectoryName(Path.GetFullPath(layout.VersionPath(id, version), Path.GetFullPath("/"))));
            }
        }
    }

    [Fact]
    public void A_name_that_is_none_is_a_typed_error_with_nothing_raw_in_it()
    {
        var failure = Assert.Throws<PluginMarketException>(() => PluginName.Parse("a\u001b[2J"));
        Assert.Equal(MarketErrorCode.NameInvalid, failure.Code);
        Assert.DoesNotContain('\u001b', failure.Message + failure.Target);
        Assert.Equal(MarketErrorCode.NameInvalid, Assert.Throws<PluginMarketException>(() => MarketplaceName.Parse("a.b")).Code);
        Assert.Equal(MarketErrorCode.NameInvalid, Assert.Throws<PluginMarketException>(() => PluginVersion.Parse("..")).Code);
        Assert.Equal(MarketErrorCode.NameInvalid, Assert.Throws<PluginMarketException>(() => PluginName.Parse(null)).Code);
    }

    [Fact]
    public void Names_are_equal_by_spelling_alone()
    {
        Assert.Equal(PluginName.Parse("foo"), PluginName.Parse("foo"));
        Assert.True(PluginName.Parse("foo") != PluginName.Parse("Foo"));
        Assert.Equal(PluginId.Parse("a@b").GetHashCode(), PluginId.Parse("a@b").GetHashCode());
        Assert.Equal("local", PluginVersion.Local.Value);
    }

    [Theory]
    [InlineData("p@m", "p", "m")]
    [InlineData("com.x.y@corp-tools", "com.x.y", "corp-tools")]
    public void An_id_is_a_plugin_and_a_marketplace(string text, string plugin, string marketplace)
    {
        var id = PluginId.Parse(text);
        Assert.Equal((plugin, marketplace, text), (id.Plugin.Value, id.Marketplace.Value, id.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("p")]
    [InlineData("@m")]
    [InlineData("p@")]
    [InlineData("p@m@n")]
    [InlineData("p @m")]
    public void An_invalid_id_is_refused(string? text)
    {
        Assert.False(PluginId.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_reference_is_a_plugin_with_or_without_its_marketplace()
    {
        Assert.Equal("p", PluginReference.Parse("p").Id);
        Assert.Null(PluginReference.Parse("p").PluginId);
        Assert.Equal(PluginId.Parse("p@m"), PluginReference.Parse("p@m").PluginId);
        Assert.False(PluginReference.TryParse("p@m.n", out _, out _));
        Assert.False(PluginReference.TryParse("*", out _, out _));
    }

    private static IEnumerable<string> ShortTexts(int longest)
    {
        IEnumerable<string> texts = [""];
        var all = texts;
        for (var length = 1; length <= longest; length++)
        {
            texts = [.. texts.SelectMany(t => Alphabet.Select(c => t + c))];
            all = all.Concat(texts);
        }

        return all;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PluginPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex MarketplacePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._+-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();
}
