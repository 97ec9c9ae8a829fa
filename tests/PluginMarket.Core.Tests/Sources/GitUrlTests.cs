using System.Net;
using PluginMarket.Sources.Git;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

[Trait("Category", "Fast")]
public sealed class GitUrlTests
{
    [Theory]
    [InlineData("https://user:canary@host/r?token=canary", "https://***@host/r?***")]
    [InlineData("see https://canary@host/r", "see https://***@host/r")]
    [InlineData("ssh://git@host/r", "ssh://git@host/r")]
    [InlineData("see SSH://deploy@host/r", "see SSH://deploy@host/r")]
    [InlineData("ssh://deploy:canary@host/r", "ssh://***@host/r")]
    [InlineData("ssh://a@canary@host/r", "ssh://***@host/r")]
    [InlineData("deploy@host:o/r", "deploy@host:o/r")]
    [InlineData("deploy:canary@host:o/r", "***@host:o/r")]
    [InlineData("https://host/r?x=canary#y", "https://host/r?***")]
    [InlineData("https://a@canary@host/r", "https://***@host/r")]
    [InlineData("host/o/r?token=canary", "host/o/r?***")]
    [InlineData("user:canary@host/o/r", "***@host/o/r")]
    [InlineData("git@host:o/r@v1", "git@host:o/r@v1")]
    [InlineData("plain\u001b[2J", "plain\\u{001B}[2J")]
    public void Texts_are_shown_without_secrets_and_controls(string text, string shown) =>
        Assert.Equal(shown, GitUrl.Redact(text));

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("x.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("0")]
    [InlineData("[::1]")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    [InlineData("::")]
    [InlineData("intranet")]
    [InlineData("git.corp.internal")]
    [InlineData("printer.local")]
    public void Private_hosts_are_known_in_every_spelling(string host) => Assert.True(PrivateHosts.IsPrivate(host));

    [Theory]
    [InlineData("github.com")]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("localhost.example.com")]
    [InlineData("10.example.org")]
    public void Public_hosts_are_not_private(string host) => Assert.False(PrivateHosts.IsPrivate(host));

    [Theory]
    [InlineData("")]
    [InlineData("-upload-pack=x")]
    [InlineData("ext::sh -c x")]
    [InlineData("fd::3")]
    [InlineData("foo::https://h/x")]
    [InlineData("ftp://h/x")]
    [InlineData("git://h/x")]
    [InlineData("https:///x")]
    [InlineData("https://h:0/x")]
    [InlineData("https://h:/x")]
    [InlineData("https://[::1/x")]
    [InlineData("https://[x]/x")]
    [InlineData("https://h/\u0000")]
    [InlineData("https://h\n/x")]
    [InlineData("https://h%0a.evil/x")]
    [InlineData("ssh://-oProxyCommand=touch/x")]
    [InlineData("ssh://-l@h/x")]
    [InlineData("git@-oX:x")]
    [InlineData("git@h:-x")]
    [InlineData("word")]
    [InlineData("C:/x")]
    public void An_invalid_address_is_refused(string text)
    {
        Assert.False(GitUrl.TryParse(text, out var url, out var problem));
        Assert.Null(url);
        Assert.NotEmpty(problem!);
    }

    [Fact]
    public void The_parts_of_an_address_are_read()
    {
        var url = GitUrl.Parse("ssh://git@Host.example:2222/~o/r.git");

        Assert.Equal(("ssh", "git", "host.example", 2222, "/~o/r.git", "host.example:2222"),
            (url.Scheme, url.User, url.Host, url.Port, url.RepositoryPath, url.Authority));
        Assert.True(GitUrl.Parse("http://127.0.0.1:8080/x").IsLoopback);
        Assert.True(GitUrl.Parse("/srv/x").IsFile);
        Assert.Null(GitUrl.Parse("https://h:443/x").Port);
    }

    [Fact]
    public void Mapped_and_translated_addresses_count_as_what_they_carry()
    {
        Assert.True(PrivateHosts.IsPrivateAddress(IPAddress.Parse("64:ff9b::7f00:1")));
        Assert.False(PrivateHosts.IsPrivateAddress(IPAddress.Parse("64:ff9b::808:808")));
    }

    [Theory]
    [InlineData("https://host/r?private_token=canary")]
    [InlineData("https://host?canary")]
    [InlineData("ssh://git@host/r?x=canary")]
    [InlineData("https://canary@host/r")]
    [InlineData("https://user:canary@host/r")]
    public void An_address_that_may_hold_a_secret_is_none(string text)
    {
        var failure = Assert.Throws<PluginMarketException>(() => GitUrl.Parse(text));

        Assert.Equal(MarketErrorCode.CredentialInUrl, failure.Code);
        Assert.Contains("gh auth setup-git", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure + failure.Target, StringComparison.Ordinal);
    }
}
