using PluginMarket.Sources;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

[Trait("Category", "Fast")]
public sealed class MarketplaceSourceParserTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("owner/repo", "https://github.com/owner/repo.git", null)]
    [InlineData(" owner/repo@v1 ", "https://github.com/owner/repo.git", "v1")]
    [InlineData("owner/repo#feature/x", "https://github.com/owner/repo.git", "feature/x")]
    [InlineData("https://github.com/o/r/", "https://github.com/o/r.git", null)]
    [InlineData("https://github.com/o/r#v1", "https://github.com/o/r.git", "v1")]
    [InlineData("https://host/x.git@t1", "https://host/x.git@t1", null)]
    [InlineData("https://host/x/", "https://host/x", null)]
    [InlineData("git@host:o/r", "git@host:o/r", null)]
    [InlineData("git@host:o/r#t", "git@host:o/r", "t")]
    [InlineData("ssh://git@host/o/r", "ssh://git@host/o/r", null)]
    [InlineData("file:///srv/x", "file:///srv/x", null)]
    public void Git_sources_are_read(string text, string url, string? reference)
    {
        var source = Assert.IsType<GitMarketplaceSource>(Parse(text));

        Assert.Equal((url, reference, "git"), (source.Url.Value, source.Ref, source.SourceType));
    }

    [Fact]
    public void A_given_reference_wins_over_one_in_the_text() =>
        Assert.Equal("v2", Assert.IsType<GitMarketplaceSource>(MarketplaceSourceParser.Parse("o/r@v1", "v2", null, Environment)).Ref);

    [Fact]
    public void Folders_are_resolved_to_where_they_really_are()
    {
        var folder = _scratch.MakeFolder("work/market");
        Directory.CreateSymbolicLink(_scratch["work/link"], folder);
        _scratch.MakeFolder("home/mine");

        Assert.Equal(folder, Parse("./market").SourceText);
        Assert.Equal(folder, Parse("./link").SourceText);
        Assert.Equal(folder, Parse(folder + "/").SourceText);
        Assert.Equal(_scratch["work"], Parse(".").SourceText);
        Assert.Equal(_scratch["home"], Parse("../home").SourceText);
        Assert.Equal(_scratch["home/mine"], Parse("~/mine").SourceText);
        Assert.Equal("local", Parse(".").SourceType);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("host.example/org/repo", "https://host.example/org/repo")]
    [InlineData("github.com/o/r", "https://github.com/o/r")]
    [InlineData("git@host:org/repo@v1", "git@host:org/repo with -Ref v1")]
    [InlineData("github:o/r", "o/r")]
    [InlineData("git://host/x", "https://host/x")]
    [InlineData("owner/repo.git", "owner/repo")]
    [InlineData("bob@host:x", "ssh://bob@host/x")]
    [InlineData("word", "./word")]
    [InlineData("a/b/c", null)]
    [InlineData("https://github.com/o/r/tree/dev/plugins", "https://github.com/o/r with -Ref dev")]
    public void Misspelled_sources_are_refused_with_a_suggestion(string text, string? meant)
    {
        var failure = Assert.Throws<PluginMarketException>(() => Parse(text));

        Assert.Equal(MarketErrorCode.SourceInvalid, failure.Code);
        Assert.Contains(meant ?? "", failure.Message, StringComparison.Ordinal);
        Assert.Equal(meant is not null, failure.Message.Contains("Did you mean", StringComparison.Ordinal)
            || failure.Message.Contains("-Ref", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://user:canary@host/x", MarketErrorCode.CredentialInUrl)]
    [InlineData("https://host.example/x?token=canary", MarketErrorCode.CredentialInUrl)]
    [InlineData("host.example/o/x?token=canary", MarketErrorCode.SourceInvalid)]
    [InlineData("user:canary@host.example/o/x", MarketErrorCode.SourceInvalid)]
    [InlineData("http://host.example/x", MarketErrorCode.HttpNotAllowed)]
    [InlineData("./missing", MarketErrorCode.SourceUnreachable)]
    [InlineData("./file", MarketErrorCode.SourceInvalid)]
    [InlineData("./market#v1", MarketErrorCode.SourceInvalid)]
    [InlineData("o/r#--upload-pack=x", MarketErrorCode.SourceInvalid)]
    [InlineData("o/r#a..b", MarketErrorCode.SourceInvalid)]
    public void Refusals_have_their_own_ids(string text, MarketErrorCode code)
    {
        _scratch.Write("work/file", "x");
        _scratch.MakeFolder("work/market");

        var failure = Assert.Throws<PluginMarketException>(() => Parse(text));

        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain("canary", failure.ToString() + failure.Target, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_http_is_for_this_machine_or_by_leave()
    {
        Assert.Equal("http://127.0.0.1:80/x", Parse("http://127.0.0.1:80/x").SourceText);
        Assert.Equal("http://host.example/x",
            MarketplaceSourceParser.Parse("http://host.example/x", null, null, Environment, allowHttp: true).SourceText);
    }

    [Fact]
    public void Sparse_paths_are_for_git_and_stay_inside()
    {
        _scratch.MakeFolder("work/market");

        Assert.Throws<PluginMarketException>(() => MarketplaceSourceParser.Parse("./market", null, ["a"], Environment));
        Assert.Throws<PluginMarketException>(() => MarketplaceSourceParser.Parse("o/r", null, ["../a"], Environment));
        var source = Assert.IsType<GitMarketplaceSource>(MarketplaceSourceParser.Parse("o/r", null, [".agents", "plugins/x"], Environment));
        Assert.True(source.Selection.Includes(".agents/plugins/marketplace.json"));
        Assert.True(source.Selection.Includes("plugins/readme"));
        Assert.False(source.Selection.Includes("plugins/y/file"));
    }

    [Fact]
    public void Configuration_is_read_back_as_it_was_written()
    {
        var source = Assert.IsType<GitMarketplaceSource>(MarketplaceSourceParser.Parse("o/r@v1", null, ["a"], Environment));

        Assert.Equal(source,
            MarketplaceSourceParser.FromConfiguration(source.SourceType, source.SourceText, source.Ref, source.SparsePaths));
        Assert.Equal(new LocalMarketplaceSource("/no/such"), MarketplaceSourceParser.FromConfiguration("local", "/no/such", null, null));
        Assert.Throws<PluginMarketException>(() => MarketplaceSourceParser.FromConfiguration("svn", "/x", null, null));
    }

    private MarketEnvironment Environment => _scratch.Environment() with { WorkingDirectory = _scratch.MakeFolder("work") };

    private MarketplaceSource Parse(string text) => MarketplaceSourceParser.Parse(text, null, null, Environment);
}
