using System.Text;
using PluginMarket.Sources.Git;
using PluginMarket.TestKit;
using Xunit;

namespace PluginMarket.Core.Tests.Sources;

[Trait("Category", "Slow")]
public sealed class GitSshTests : IAsyncDisposable
{
    private readonly GitFixture _git = new();
    private readonly SshServer? _server;
    private readonly string _problem;

    public GitSshTests() => _server = SshServer.TryStart(_git.Scratch, out _problem);

    private SshServer Server
    {
        get
        {
            Assert.SkipWhen(_server is null, _problem);
            return _server;
        }
    }

    private string Url => Server.Url + _git.Repository.Folder;

    public async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        await _git.DisposeAsync();
    }

    [Fact]
    public async Task A_repository_is_read_with_the_users_key()
    {
        var tree = await GitFixture.Take(With(Server.Command(Server.UserKey, Server.KnownHosts)), Url);

        Assert.Equal("1", Encoding.UTF8.GetString(tree.ReadBytes(tree.Find("a/one")!, 10)));
    }

    [Fact]
    public async Task The_ssh_command_of_the_users_configuration_is_used()
    {
        _git.ConfigureUser($"[core]\n\tsshCommand = {Server.Command(Server.UserKey, Server.KnownHosts)}\n");

        Assert.Equal(40, (await GitFixture.Resolve(_git.Store(), Url)).Commit.Length);
    }

    [Fact]
    public async Task An_unknown_host_key_fails_without_a_question()
    {
        var failure = await Assert.ThrowsAsync<PluginMarketException>(() => GitFixture.Resolve(With(Server.Command(Server.UserKey)), Url));

        Assert.Equal(MarketErrorCode.SshHostKeyUnknown, failure.Code);
        Assert.Contains("ssh-keyscan", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_host_key_fails_likewise()
    {
        var key = File.ReadAllText(Server.StrangerKey + ".pub");
        var known = _git.Scratch.Write("changed", $"[127.0.0.1]:{Server.Port} {key}");

        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(With(Server.Command(Server.UserKey, known)), Url));

        Assert.Equal(MarketErrorCode.SshHostKeyUnknown, failure.Code);
        Assert.Contains("ssh-keygen -R", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_key_has_its_own_failure()
    {
        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(With(Server.Command(Server.StrangerKey, Server.KnownHosts)), Url));

        Assert.Equal(MarketErrorCode.SshKeyRefused, failure.Code);
        Assert.Contains("ssh-add", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_not_found()
    {
        var failure = await Assert.ThrowsAsync<PluginMarketException>(
            () => GitFixture.Resolve(With(Server.Command(Server.UserKey, Server.KnownHosts)), Server.Url + "/no/such"));

        Assert.Equal(MarketErrorCode.RepositoryNotFound, failure.Code);
    }

    private GitStore With(string command) => _git.Store(variables: new Dictionary<string, string> { ["GIT_SSH_COMMAND"] = command });
}
