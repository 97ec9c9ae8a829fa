using System.Text;
using PluginMarket.Json;
using PluginMarket.Sources;
using PluginMarket.Sources.Git;
using PluginMarket.Sources.Local;
using PluginMarket.Sources.Npm;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

/// <summary>The answers in the tables are Codex 0.169's own, except where contract 8 differs.</summary>
[Trait("Category", "Fast")]
public sealed class PluginSourceReaderTests
{
    private const string Root = "/srv/market";

    [Theory]
    [InlineData("\"./a\"", "a")]
    [InlineData("\".\"", "")]
    [InlineData("\"./\"", "")]
    [InlineData("""{"source":"local","path":"./a/./b//c/"}""", "a/b/c")]
    [InlineData("""{"source":"local","path":"./~a","more":1}""", "~a")]
    [InlineData("\"./a \"", "a ")]
    public void Local_paths_are_normalised(string json, string expected) =>
        Assert.Equal(expected, Assert.IsType<LocalSource>(Read(json).Source).Path.Value);

    [Theory]
    [InlineData("""{"source":"url","url":"o/r"}""", "https://github.com/o/r.git")]
    [InlineData("""{"source":"url","url":" o/r.git "}""", "https://github.com/o/r.git")]
    [InlineData("""{"source":"url","url":"o/.."}""", "https://github.com/o/...git")]
    [InlineData("""{"source":"url","url":"-o/r"}""", "https://github.com/-o/r.git")]
    [InlineData("""{"source":"url","url":"https://github.com/o/r"}""", "https://github.com/o/r.git")]
    [InlineData("""{"source":"url","url":"https://github.com/o/r/"}""", "https://github.com/o/r/.git")]
    [InlineData("""{"source":"url","url":"https://github.com/o/r.git"}""", "https://github.com/o/r.git")]
    [InlineData("""{"source":"url","url":"https://GitHub.com/o/r"}""", "https://GitHub.com/o/r")]
    [InlineData("""{"source":"url","url":"http://github.com/o/r"}""", "http://github.com/o/r")]
    [InlineData("""{"source":"url","url":"https://h/x"}""", "https://h/x")]
    [InlineData("""{"source":"url","url":"https://[::1]/x"}""", "https://[::1]/x")]
    [InlineData("""{"source":"url","url":"ssh://git@h:99/x"}""", "ssh://git@h:99/x")]
    [InlineData("""{"source":"url","url":"git@h:x/y"}""", "git@h:x/y")]
    [InlineData("""{"source":"url","url":"file:///x"}""", "file:///x")]
    [InlineData("""{"source":"url","url":"/x"}""", "/x")]
    [InlineData("""{"source":"url","url":"./"}""", Root)]
    [InlineData("""{"source":"url","url":"./a/b.git","path":null}""", Root + "/a/b.git")]
    public void Git_urls_are_completed_as_Codex_does(string json, string expected) =>
        Assert.Equal(expected, Assert.IsType<GitSource>(Read(json).Source).Url.Value);

    [Theory]
    [InlineData("""{"source":"url","url":"o/r","path":"a"}""", "a", "a")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":" ./a/b "}""", "a/b", "a/b")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":"a/./b"}""", "a/b", "a/./b")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":"a//b/"}""", "a/b", "a//b/")]
    public void A_git_url_with_a_path_is_a_folder_of_the_repository(string json, string path, string spelling)
    {
        var source = Assert.IsType<GitSubdirectorySource>(Read(json).Source);

        Assert.Equal((path, spelling, "git-subdir"), (source.Path.Value, source.PathText, source.Kind));
    }

    [Fact]
    public void References_are_trimmed_and_empty_ones_absent()
    {
        var given = Assert.IsType<GitSource>(Read("""{"source":"url","url":"o/r","ref":" v1 ","sha":" abc "}""").Source);
        var empty = Assert.IsType<GitSource>(Read("""{"source":"url","url":"o/r","ref":" ","sha":""}""").Source);

        Assert.Equal(("v1", "abc"), (given.Ref, given.Sha));
        Assert.Equal((null, null), (empty.Ref, empty.Sha));
    }

    [Theory]
    [InlineData("""{"source":"npm","package":" a "}""", "a", null, null)]
    [InlineData("""{"source":"npm","package":"@s/_a","version":" ^1 || 2 "}""", "@s/_a", "^1 || 2", null)]
    [InlineData("""{"source":"npm","package":"-A","registry":" https://r/x/ "}""", "-A", null, "https://r/x/")]
    public void Npm_packages_are_read(string json, string package, string? version, string? registry) =>
        Assert.Equal(new NpmSource(package, version, registry), Read(json).Source);

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("\"\"")]
    [InlineData("\" ./a\"")]
    [InlineData("\"././a\"")]
    [InlineData("\"./.\"")]
    [InlineData("\".//a\"")]
    [InlineData("\"../a\"")]
    [InlineData("\"./a/../b\"")]
    [InlineData("\"/a\"")]
    [InlineData("\"./a\\\\b\"")]
    [InlineData("\"./C:/x\"")]
    [InlineData("\"LOCAL\"")]
    [InlineData("""{"source":"Local","path":"./a"}""")]
    [InlineData("""{"source":"local"}""")]
    [InlineData("""{"source":"local","path":5}""")]
    [InlineData("""{"source":"local","path":"./a","path":"./b"}""")]
    [InlineData("""{"source":"github","repo":"o/r"}""")]
    [InlineData("""{"source":"git","url":"o/r"}""")]
    [InlineData("""{"source":"url"}""")]
    [InlineData("""{"source":"url","url":""}""")]
    [InlineData("""{"source":"url","url":"ftp://h/x"}""")]
    [InlineData("""{"source":"url","url":"git://h/x"}""")]
    [InlineData("""{"source":"url","url":"HTTPS://h/x"}""")]
    [InlineData("""{"source":"url","url":"ext::sh -c touch% x"}""")]
    [InlineData("""{"source":"url","url":"--upload-pack=touch x"}""")]
    [InlineData("""{"source":"url","url":"word"}""")]
    [InlineData("""{"source":"url","url":"a/b/c"}""")]
    [InlineData("""{"source":"url","url":"bob@h:x"}""")]
    [InlineData("""{"source":"url","url":"git@h"}""")]
    [InlineData("""{"source":"url","url":"../a"}""")]
    [InlineData("""{"source":"url","url":"./a/../b"}""")]
    [InlineData("""{"source":"url","url":".\\a"}""")]
    [InlineData("""{"source":"url","url":"https://h/a\\b"}""")]
    [InlineData("""{"source":"url","url":"o/r","ref":5}""")]
    [InlineData("""{"source":"url","url":"o/r","path":""}""")]
    [InlineData("""{"source":"git-subdir","url":"o/r"}""")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":"."}""")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":"./"}""")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":"././a"}""")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":"/a"}""")]
    [InlineData("""{"source":"git-subdir","url":"o/r","path":"a/../b"}""")]
    [InlineData("""{"source":"npm","package":".a"}""")]
    [InlineData("""{"source":"npm","package":"_a"}""")]
    [InlineData("""{"source":"npm","package":"a/b"}""")]
    [InlineData("""{"source":"npm","package":"@s"}""")]
    [InlineData("""{"source":"npm","package":"@s/.."}""")]
    [InlineData("""{"source":"npm","package":"a","version":" "}""")]
    [InlineData("""{"source":"npm","package":"a","version":"file:x"}""")]
    [InlineData("""{"source":"npm","package":"a","version":"."}""")]
    [InlineData("""{"source":"npm","package":"a","version":".."}""")]
    [InlineData("""{"source":"npm","package":"a","version":"../x"}""")]
    [InlineData("""{"source":"npm","package":"a","registry":"http://r"}""")]
    [InlineData("""{"source":"npm","package":"a","registry":"https://u@r"}""")]
    [InlineData("""{"source":"npm","package":"a","registry":"https://r?"}""")]
    [InlineData("""{"source":"npm","package":"a","registry":"https://r#"}""")]
    [InlineData("""{"source":"npm","package":"a","registry":""}""")]
    public void What_cannot_be_used_is_a_problem_and_no_exception(string json)
    {
        var reading = Read(json);

        Assert.Null(reading.Source);
        Assert.False(string.IsNullOrWhiteSpace(reading.Refusal));
        Assert.NotNull(reading.Code);
    }

    [Theory]
    [InlineData("file:///x")]
    [InlineData("file://share/x")]
    [InlineData("/x")]
    public void A_catalog_from_the_network_may_not_name_paths_of_this_machine(string url)
    {
        var json = $$"""{"source":"url","url":"{{url}}"}""";

        Assert.Null(Read(json, isRemote: true).Source);
        Assert.NotNull(Read(json).Source);
    }

    [Fact]
    public void A_catalog_from_the_network_may_name_its_own_folders() =>
        Assert.True(Assert.IsType<GitSource>(Read("""{"source":"url","url":"./x"}""", isRemote: true).Source).Url.IsMarketplaceFolder);

    [Theory]
    [InlineData("https://user:secret-canary@h/x", MarketErrorCode.CredentialInUrl)]
    [InlineData("https://secret-canary@h/x", MarketErrorCode.CredentialInUrl)]
    [InlineData("ssh://git:secret-canary@h/x", MarketErrorCode.CredentialInUrl)]
    [InlineData("https://h/x?private_token=secret-canary", MarketErrorCode.CredentialInUrl)]
    [InlineData("https://", MarketErrorCode.SourceInvalid)]
    [InlineData("https://-h/x", MarketErrorCode.SourceInvalid)]
    [InlineData("https://h:99999/x", MarketErrorCode.SourceInvalid)]
    [InlineData("git@:x", MarketErrorCode.SourceInvalid)]
    [InlineData("git@-oProxyCommand=x:y", MarketErrorCode.SourceInvalid)]
    [InlineData("ssh://-oProxyCommand=x/y", MarketErrorCode.SourceInvalid)]
    [InlineData("git@h::x", MarketErrorCode.SourceInvalid)]
    [InlineData("https://h/a\\nb", MarketErrorCode.SourceInvalid)]
    public async Task A_url_that_Codex_lists_but_git_may_not_see_is_listed_and_refused_on_use(string url, MarketErrorCode code)
    {
        var source = Assert.IsType<GitSource>(Read($$"""{"source":"url","url":"{{url}}"}""").Source);
        await using var store = new GitStore(new MarketEnvironment { CodexHome = "/none", HomePath = "/none" }, "/none");
        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => store.ResolveAsync(source.Url, null, null, SourceOrigin.User, CancellationToken.None));

        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain("secret-canary",
            failure + source.Url.ToString() + source.Description + failure.Target, StringComparison.Ordinal);
    }

    private static SourceReading Read(string json, bool isRemote = false) =>
        PluginSourceReader.Read(
            JsonFile.Parse(Encoding.UTF8.GetBytes(json), "catalog", MarketErrorCode.CatalogUnreadable, tolerateDuplicates: true).Root,
            new SourceContext(Root, isRemote ? SourceOrigin.PublicCatalog : SourceOrigin.LocalCatalog));
}
